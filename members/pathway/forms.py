from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import Jurisdiction, Place

from .models import Assessment
from .rubric import HIGHEST, NOT_STARTED

NOT_IN_LIST = _("We could not read which government you picked. Look it up again.")


class GovernmentForm(forms.ModelForm):
    """The government of an assessment: one of the register, one of the network, a typed name, or none."""

    place = forms.ModelChoiceField(
        Place.objects.all(), required=False, error_messages={"invalid_choice": NOT_IN_LIST}, widget=forms.HiddenInput
    )
    jurisdiction = forms.ModelChoiceField(
        Jurisdiction.objects.published(),
        required=False,
        error_messages={"invalid_choice": NOT_IN_LIST},
        widget=forms.HiddenInput,
    )
    # Tells a name that was left empty from going on without one.
    is_typed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Assessment
        fields = ["place", "jurisdiction", "name", "state"]

    def clean(self):
        fields = super().clean()
        if fields.get("is_typed") and not fields.get("name") and "name" not in self.errors:
            self.add_error("name", _("Type the name of your government, or go on without it."))
        if (fields.get("is_typed") or fields.get("name")) and not fields.get("state") and "state" not in self.errors:
            self.add_error("state", _("Choose the state."))
        return fields


class LevelForm(forms.Form):
    level = forms.TypedChoiceField(
        choices=[(level, level) for level in range(NOT_STARTED, HIGHEST + 1)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the description that comes closest."),
            "invalid_choice": _("Choose one of the five descriptions."),
        },
    )
