from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.core.notes.forms import PlainTextField
from cohorts.forms import WordsField

from .joining import holders_for
from .models import Collaboration


class HolderField(forms.ChoiceField):
    """A partner or a government, in one list; the value is the page chosen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, error_messages={"required": _("Choose whom you ask for.")}, **kwargs)

    def offer(self, partners, governments):
        self.pages = {f"partner-{one.pk}": one for one in partners} | {
            f"government-{one.pk}": one for one in governments
        }
        groups = {_("Organizations"): "partner-", _("Governments"): "government-"}
        listed = [
            (label, [(word, str(page)) for word, page in self.pages.items() if word.startswith(prefix)])
            for label, prefix in groups.items()
        ]
        self.choices = [("", "---------"), *((label, pages) for label, pages in listed if pages)]
        if len(self.pages) == 1:
            self.initial = next(iter(self.pages))

    def clean(self, value):
        return self.pages[super().clean(value)]


class AskForm(forms.Form):
    """What somebody says who asks for a seat."""

    holder = HolderField(label=_("For whom do you ask?"))
    title = PlainTextField(
        label=_("Your job title"), max_length=120, error_messages={"required": _("Say what your job there is.")}
    )
    message = WordsField(
        label=_("A few words to them"),
        help_text=_("What you work on, and what you would bring. They read your name, title and these words."),
        most=2000,
        required=False,
    )

    use_required_attribute = False

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["holder"].offer(*(holders.only("name", "state") for holders in holders_for(user)))


class AnswerForm(forms.Form):
    """An answer to a request; a refusal says why."""

    verdict = forms.ChoiceField(
        choices=[("accept", _("Accept")), ("decline", _("Decline"))],
        error_messages={"required": _("Choose an answer."), "invalid_choice": _("Choose an answer.")},
    )
    answer = WordsField(
        label=_("Words to who asked"),
        help_text=_("Where you decline, say why. They read it after signing in."),
        most=2000,
        required=False,
    )

    use_required_attribute = False

    def clean(self):
        super().clean()
        if self.cleaned_data.get("verdict") == "decline" and not self.cleaned_data.get("answer"):
            self.add_error("answer", _("Say why, in a sentence."))


class CloseForm(forms.ModelForm):
    class Meta:
        model = Collaboration
        fields = ["ended"]
        labels = {"ended": _("When did it end?")}
        error_messages = {"ended": {"required": _("Say when it ended.")}}

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ended"].required = True

    def _get_validation_exclusions(self):
        """The beginning is not asked for, but the end is held against it."""
        return super()._get_validation_exclusions() - {"founded"}
