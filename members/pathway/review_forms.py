"""The forms of the review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.core.fields import Words
from alliance.core.search import clean

from .afterwards_forms import LONGEST, MessageForm
from .answers import Boxes, Radios
from .models import CannedText
from .screening import POINTS


class DeclareForm(forms.Form):
    has_conflict = forms.TypedChoiceField(
        label=_("Do you have a conflict of interest?"),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        coerce=lambda value: value == "yes",
        widget=Radios,
        error_messages={"required": _("Choose one.")},
    )
    words = Words(
        label=_("What it is"),
        help_text=_("Only where you have one. Chairs read it, applicants never do."),
        max_length=LONGEST,
        required=False,
    )

    def __init__(self, *args, has_declared, **kwargs):
        super().__init__(*args, **kwargs)
        if has_declared:
            # Nobody takes back that they have one, and to say again that there is none says nothing.
            del self.fields["has_conflict"]
            self.fields["words"].required = True
            self.fields["words"].help_text = _("Chairs read it, applicants never do.")

    def clean(self):
        return {"has_conflict": True} | self.cleaned_data


class OverrideForm(forms.Form):
    reason = Words(
        label=_("Why do you open it?"),
        help_text=_("The lead of the application is shown these words, and when you opened it."),
        max_length=LONGEST,
        error_messages={"required": _("Say why, in a sentence.")},
    )


class KeepForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the view"), max_length=60, error_messages={"required": _("Give the view a name.")}
    )

    def clean_name(self):
        name = clean(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Give the view a name."))
        return name


class ChecklistForm(forms.Form):
    points = forms.MultipleChoiceField(
        label=_("What you have looked at"),
        choices=list(POINTS.items()),
        widget=Boxes,
        required=False,
    )


class AssignForm(forms.Form):
    """Whom to let read an application, of `people` who have `load` to do."""

    reviewers = forms.TypedMultipleChoiceField(
        label=_("By name"),
        coerce=int,
        widget=Boxes,
        error_messages={
            "required": _("Choose at least one."),
            "invalid_choice": _("Somebody whom you chose can't review this application any more."),
        },
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {one.pk: one for one in people}
        self.fields["reviewers"].choices = [
            (one.pk, _("%(name)s (%(load)d to review)") % {"name": one, "load": one.load}) for one in people
        ]

    @property
    def chosen(self):
        return [self.people[pk] for pk in self.cleaned_data["reviewers"]]


class TakeOffForm(forms.Form):
    """A reviewer who is taken off, of those `assigned` once: the second click finds done what the first one did."""

    off = forms.ModelChoiceField(queryset=None)

    def __init__(self, *args, assigned, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["off"].queryset = assigned


class ChangesForm(forms.Form):
    """Questions to ask again, of the `rows` of an application, and for each chosen one what is asked."""

    ask = forms.MultipleChoiceField(
        label=_("Questions to ask again"),
        error_messages={"required": _("Choose at least one question."), "invalid_choice": _("Choose again.")},
    )

    def __init__(self, data=None, initial=None, *, rows):
        super().__init__(data, initial=initial)
        self.rows = {row.question.id: row for row in rows}
        self.fields["ask"].choices = [(name, row.question.label) for name, row in self.rows.items()]
        given = data if data is not None else initial
        self.asked = [name for name in self.rows if given and name in given.getlist("ask")]
        for name in self.asked:
            label = self.rows[name].question.label
            self.fields[f"words_{name}"] = Words(
                label=_("What do you ask about “%(question)s”?") % {"question": label},
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": _("Write what you ask about “%(question)s”.") % {"question": label}},
            )

    @property
    def fields_asked(self):
        """(the row of the question, the field for what is asked) of each chosen question."""
        return [(self.rows[name], self[f"words_{name}"]) for name in self.asked]

    @property
    def questions(self):
        return {name: self.cleaned_data[f"words_{name}"] for name in self.asked}


class AnswerForm(MessageForm):
    """A message to the team, which can begin from a text that admins keep."""

    canned = forms.ModelChoiceField(
        label=_("Texts to begin from"), queryset=CannedText.objects.all(), required=False, empty_label=_("None")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _(
            "Plain text, at most 4,000 characters. The whole team of the applicant reads it."
        )


class NoteForm(MessageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Your note")
        self.fields["text"].help_text = _("For the people of the review only, at most 4,000 characters.")
        self.fields["text"].error_messages["required"] = _("Write a note.")


class ExportForm(forms.Form):
    form = forms.ChoiceField(
        label=_("Export it as"),
        choices=[("page", _("A page to print")), ("json", _("Data (JSON)"))],
        widget=Radios,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
