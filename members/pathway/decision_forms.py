"""The forms of a determination: the check of the applicant's authority, what is proposed, and its letter."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.fields import Words
from cohorts.models import Cohort

from .afterwards_forms import LONGEST
from .answers import Radios
from .models import AuthorityCheck, Decision

Outcome = Decision.Outcome
# Characters of a letter.
LONGEST_LETTER = 20_000
# “Not yet” usually invites back after this time, and at the latest within so many days.
USUAL_WAIT, LONGEST_WAIT = timedelta(days=182), timedelta(days=3 * 365)
INVALID_DAY = _("Write the day as year, month and day: 2027-01-15.")


def day_field(**more):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    messages = {"required": _("Choose a day."), "invalid": INVALID_DAY}
    return forms.DateField(widget=widget, error_messages=messages, **more)


class AuthorityForm(forms.ModelForm):
    is_confirmed = forms.TypedChoiceField(
        label=_("Did they confirm that the applicant speaks for the government?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=Radios,
        error_messages={"required": _("Choose one.")},
    )
    asked_on = day_field(label=_("When"))
    words = Words(label=_("What they said"), max_length=LONGEST, required=False)

    class Meta:
        model = AuthorityCheck
        fields = ["found_at", "contact", "way", "asked_on", "is_confirmed", "words"]
        labels = {
            "found_at": _("Page of the government’s own website with the contact"),
            "contact": _("Whom you asked"),
            "way": _("How"),
        }
        widgets = {"found_at": forms.TextInput(attrs={"inputmode": "url"})}
        error_messages = {
            "found_at": {"required": _("Give the page where you found the contact.")},
            "contact": {"required": _("Say whom you asked.")},
            "way": {"required": _("Choose how you asked.")},
        }

    def clean_asked_on(self):
        asked_on = self.cleaned_data["asked_on"]
        if asked_on > timezone.localdate():
            raise forms.ValidationError(_("Choose a day that has come."))
        return asked_on


class DecisionForm(forms.Form):
    """What is proposed, without its letter. A field that belongs to other outcomes is refused, never dropped."""

    # {field: the outcomes that it belongs to}; a seat may be left empty, the others not.
    BELONGS = {
        "conditions": (Outcome.CONDITIONS,),
        "referred_to": (Outcome.REFERRED,),
        "back_on": (Outcome.NOT_YET,),
        "cohort": Decision.ACCEPTING,
    }
    MISSING = {
        "conditions": _("Say which conditions."),
        "referred_to": _("Say to whom you refer them."),
        "back_on": _("Say from which day they are invited back."),
    }

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, widget=Radios, error_messages={"required": _("Choose one.")}
    )
    conditions = Words(
        label=_("Conditions, if it is accepted with conditions"),
        help_text=_("What they do by when. The team reads them as you write them here."),
        max_length=LONGEST,
        required=False,
    )
    cohort = forms.ModelChoiceField(
        Cohort.objects.none(),
        label=_("Seat in a cohort, if it is accepted"),
        help_text=_("Without one, the government joins the network as a member."),
        empty_label=_("None"),
        required=False,
    )
    back_on = day_field(label=_("Invited back from, if it is “not yet”"), required=False)
    referred_to = forms.CharField(label=_("To whom, if you refer them"), max_length=200, required=False)
    note = Words(
        label=_("Why, for the others"),
        help_text=_("It becomes an internal note. The applicant never reads it."),
        max_length=LONGEST,
        required=False,
    )

    def __init__(self, outcomes, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["outcome"].choices = [(value, Outcome(value).label) for value in outcomes]
        in_half_a_year = formats.date_format(today + USUAL_WAIT, "DATE_FORMAT")
        self.fields["back_on"].help_text = _("Half a year from now is %(day)s.") % {"day": in_half_a_year}
        open_ones = Q(end=None) | Q(end__gte=str(today.year))
        self.fields["cohort"].queryset = Cohort.objects.filter(open_ones).order_by("name")

    def clean(self):
        cleaned = super().clean()
        if not (outcome := cleaned.get("outcome")):
            return cleaned
        for name, outcomes in self.BELONGS.items():
            if name in self.errors:
                continue
            if cleaned.get(name) and outcome not in outcomes:
                self.add_error(name, _("This does not belong to the outcome that you chose: empty it."))
            elif name in self.MISSING and not cleaned.get(name) and outcome in outcomes:
                self.add_error(name, self.MISSING[name])
        return cleaned

    def clean_back_on(self):
        back_on, today = self.cleaned_data["back_on"], timezone.localdate()
        if back_on and not today < back_on <= today + LONGEST_WAIT:
            raise forms.ValidationError(_("Choose a day from tomorrow on, within three years."))
        return back_on

    @property
    def decision(self):
        """The fields of a `Decision`, without its letter."""
        return {name: self.cleaned_data[name] for name in ("outcome", *self.BELONGS)}


class NameGovernmentForm(forms.Form):
    """Which government it is, of those that were found: "record 12", "place 7", or "new"."""

    NEW = "new"

    which = forms.ChoiceField(
        label=_("Which government is it?"), widget=Radios, error_messages={"required": _("Choose one.")}
    )

    def __init__(self, records, places, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = {f"record {one.pk}": {"jurisdiction": one} for one in records}
        self.found |= {f"place {one.pk}": {"place": one} for one in places} | {self.NEW: {}}
        on_record = [(f"record {one.pk}", record_in_words(one)) for one in records]
        in_register = [
            (f"place {one.pk}", _("%(place)s, from the register") % {"place": place_in_words(one)}) for one in places
        ]
        new = (self.NEW, _("None of these: a new record, from the answers"))
        self.fields["which"].choices = [*on_record, *in_register, new]

    @property
    def chosen(self):
        """What `workflow.name_government` takes."""
        return self.found[self.cleaned_data["which"]]


def record_in_words(one):
    return _("%(government)s (%(kind)s), on record") % {"government": one, "kind": one.get_kind_display()}


def place_in_words(one):
    return f"{one} ({one.get_kind_display()})"


class LetterForm(forms.Form):
    letter = Words(
        label=_("Letter"),
        help_text=_("Plain text; an empty line begins a new paragraph. The team reads exactly this."),
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 24}),
        error_messages={"required": _("Write the letter.")},
    )


class ReasonForm(forms.Form):
    reason = Words(
        label=_("Why"),
        help_text=_("It becomes an internal note. The applicant never reads it."),
        max_length=LONGEST,
        error_messages={"required": _("Say why, in a sentence.")},
    )
