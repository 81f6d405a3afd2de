"""The forms of the review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.core.search import clean

from .afterwards_forms import LONGEST, Words


class DeclareForm(forms.Form):
    has_conflict = forms.TypedChoiceField(
        label=_("Do you have a conflict of interest?"),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
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
