"""The forms of the review."""

from django import forms
from django.utils.translation import gettext_lazy as _

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
