import uuid

from django import forms
from django.contrib.postgres.validators import ArrayMaxLengthValidator
from django.utils.translation import gettext_lazy as _

from alliance.core import emails
from alliance.core.fields import NO_WEB_ADDRESS, AddressLinesField, Words
from alliance.core.notes.forms import PlainAddressField, PlainTextField, plain

from .models import Jurisdiction, Milestone

MOST_SOURCES = 10
OPEN_AGAIN = _("Something in this form was lost. Open the page again and send it from there.")


class WordsField(Words):
    """Plain text of several lines and at most `most` characters."""

    def __init__(self, *, most, rows=4, **kwargs):
        super().__init__(max_length=most, widget=forms.Textarea(attrs={"rows": rows, "cols": 60}), **kwargs)

    def to_python(self, value):
        return plain(super().to_python(value))


class ProposalForm(forms.ModelForm):
    """What a member proposes, in the fields of the model that holds it. A curator who `settles` it edits only these."""

    note = WordsField(
        label=_("A note to the curator"),
        help_text=_("Why, or where we can see it. Only you and curators read it."),
        most=2000,
        required=False,
    )
    # One form, one proposal.
    token = forms.UUIDField(
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages={"required": OPEN_AGAIN, "invalid": OPEN_AGAIN},
    )

    use_required_attribute = False

    def __init__(self, *args, settles=False, **kwargs):
        super().__init__(*args, **kwargs)
        if settles:
            del self.fields["note"], self.fields["token"]
        for field in self.fields.values():
            field.show_hidden_initial = False
            if isinstance(field, AddressLinesField):
                field.validators.append(ArrayMaxLengthValidator(MOST_SOURCES))

    def _get_validation_exclusions(self):
        """The government is not asked for, but what it may have only once is told now."""
        return super()._get_validation_exclusions() - {"jurisdiction"}


class SummaryForm(ProposalForm):
    summary = WordsField(
        label=_("Summary"),
        help_text=_("Two or three sentences on what was done, in plain words; at most 1,000 characters."),
        most=1000,
        rows=6,
        error_messages={"required": _("Write a summary.")},
    )

    class Meta:
        model = Jurisdiction
        fields = ["summary"]


class WebsiteForm(ProposalForm):
    class Meta:
        model = Jurisdiction
        fields = ["website"]
        field_classes = {"website": PlainAddressField}
        labels = {"website": _("Website")}
        help_texts = {"website": _("Best, the page about this work.")}
        error_messages = {"website": {"invalid": NO_WEB_ADDRESS}}


class OfficeForm(ProposalForm):
    class Meta:
        model = Jurisdiction
        fields = ["office", "office_url", "office_email", "office_person", "office_person_agreed"]
        field_classes = {"office": PlainTextField, "office_url": PlainAddressField, "office_person": PlainTextField}
        labels = {
            "office": _("Office"),
            "office_url": _("Web page of the office"),
            "office_email": _("Mailbox of the office"),
            "office_person": _("Person to ask for"),
            "office_person_agreed": _("This person agreed that their name is public"),
        }
        help_texts = {
            "office_person": _("Best left empty: people who do this work are harassed, and an office answers as well.")
        }
        error_messages = {"office_url": {"invalid": NO_WEB_ADDRESS}}

    def clean_office_email(self):
        typed = self.cleaned_data["office_email"]
        return emails.clean(typed) if typed else ""

    def clean(self):
        super().clean()
        typed = {name: self.cleaned_data.get(name) for name in self._meta.fields}
        if typed["office_person"] and not typed["office_person_agreed"]:
            self.add_error("office_person_agreed", _("Tick this only if they agreed, or leave the name out."))
        if typed["office_person_agreed"] and not typed["office_person"]:
            self.add_error("office_person", _("Say who agreed, or leave the box below empty."))
        if not typed["office"] and any(typed.values()) and "office" not in self.errors:
            self.add_error("office", _("Name the office that this contact belongs to."))


class MilestoneForm(ProposalForm):
    description = WordsField(
        label=_("What it does"), help_text=_("A sentence or two, in plain words."), most=2000, required=False
    )

    class Meta:
        model = Milestone
        fields = ["kind", "title", "date", "description", "sources"]
        field_classes = {"title": PlainTextField}
        labels = {"kind": _("Kind of act"), "title": _("What it is called"), "date": _("Date"), "sources": _("Sources")}
        help_texts = {"sources": _("Public pages that show it: one web address on each line, the best one first.")}
        error_messages = {
            "kind": {"required": _("Choose what kind of act it is.")},
            "title": {"required": _("Say what it is called.")},
            "date": {"required": _("Say when it was.")},
            "sources": {"required": _("Give a public page that shows it.")},
        }


class AcceptForm(forms.Form):
    """What a curator says to a member whose proposal is accepted, and what they had before their eyes."""

    answer = WordsField(
        label=_("Words to the member"),
        help_text=_("They go by mail, so leave private things out. You may leave this empty."),
        most=2000,
        required=False,
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    use_required_attribute = False


class DeclineForm(forms.Form):
    answer = WordsField(
        label=_("Words to the member"),
        help_text=_("Say why, and what would help. They go by mail, so leave private things out."),
        most=2000,
        error_messages={"required": _("Say why, in a sentence.")},
    )

    use_required_attribute = False
