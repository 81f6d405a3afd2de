"""The forms of the onboarding: the yes to a page, the guide, the days and owners of a plan."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .answers import Radios
from .models import OnboardingStep

MOST_DAYS_AHEAD = 365


class StepForm(forms.Form):
    """What a button of the plan says: which step, and whether it is done."""

    step = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    is_done = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")


class AgreeForm(forms.Form):
    list_from = forms.DateField(
        label=_("Show it from"),
        help_text=_("Leave this empty to show it at once, or choose a day within a year, as of a council meeting."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as year, month and day: 2027-01-15.")},
    )

    def clean_list_from(self):
        day, today = self.cleaned_data["list_from"], timezone.localdate()
        if day and not today <= day <= today + timedelta(days=MOST_DAYS_AHEAD):
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return day


class GuideForm(forms.Form):
    """`offers` are governments, the best first."""

    guide = forms.TypedChoiceField(label=_("Guide"), required=False, widget=Radios, empty_value=None)

    def __init__(self, *args, offers, **kwargs):
        super().__init__(*args, **kwargs)
        by_key = {str(one.pk): one for one in offers}
        self.fields["guide"].choices = [("", _("Nobody yet")), *((key, str(one)) for key, one in by_key.items())]
        self.fields["guide"].coerce = by_key.get


class PlanForm(forms.ModelForm):
    class Meta:
        model = OnboardingStep
        fields = ("due_on", "owner")
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        error_messages = {"due_on": {"required": _("Choose a day.")}}


PlanFormSet = forms.modelformset_factory(OnboardingStep, form=PlanForm, extra=0)
