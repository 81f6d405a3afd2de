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


class ApplyForm(GovernmentForm):
    """The start of an application: its government, looked up, typed, or taken from a readiness check that `user` keeps.

    `key` is made with the page, so that a form that is sent twice begins one application.
    """

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("The form was not complete. Choose once more.")),
    )
    assessment = forms.ModelChoiceField(
        None,
        required=False,
        to_field_name="key",
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("This readiness check is no longer in your account.")},
    )

    def __init__(self, user, data=None):
        super().__init__(data)
        self.fields["assessment"].queryset = user.kept_assessments.current().with_government()

    def clean(self):
        fields = super().clean()
        if not (self.errors or any(fields.get(name) for name in ("place", "jurisdiction", "name", "assessment"))):
            raise forms.ValidationError(_("Choose your government."))
        return fields

    @property
    def chosen(self):
        """The readiness check that was taken, or an unsaved one that names the government."""
        return self.cleaned_data["assessment"] or self.instance


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
