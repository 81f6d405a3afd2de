"""The forms of a team: whom it asks in, and which files it adds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.core import emails

from .models import Attachment
from .team import Role

# Whom one can be asked to be, and what each may do.
PARTS = (
    (Role.EDITOR, _("Writes answers, and adds and removes files.")),
    (Role.VIEWER, _("Reads everything, changes nothing.")),
    (Role.SPONSOR, _("Reads everything and signs the answers off. Only then can the application be handed in.")),
)


class InviteForm(forms.Form):
    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_(
            "The mail goes to exactly this address, and only somebody who signs in with it can join. The words of the "
            "mail are ours; none of yours go along."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type the address of the person.")},
    )
    role = forms.ChoiceField(
        label=_("What may this person do?"),
        choices=[(role, role.label) for role, _may in PARTS],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what this person may do."),
            "invalid_choice": _("Choose one of the three parts."),
        },
    )

    def clean_email(self):
        return emails.clean(self.cleaned_data["email"])


class FileForm(forms.Form):
    """One file. What it may be, the model says; not a ModelForm, as a file may come with any name, however long."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF or Word (DOCX), up to 10 MB, without a password."),
        validators=Attachment._meta.get_field("file").validators,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Choose another one."),
            "invalid": _("The file did not get through. Choose it again."),
        },
    )
