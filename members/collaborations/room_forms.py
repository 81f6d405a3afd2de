"""The forms in which the stewards of a collaboration keep its page."""

import uuid
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.postgres.validators import ArrayMaxLengthValidator
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import DecimalValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.fields import NO_WEB_ADDRESS, AddressLinesField, WebAddressField
from alliance.core.notes.forms import PlainAddressField, PlainTextField
from alliance.core.pages import free_slug
from cohorts.forms import MOST_SOURCES, OPEN_AGAIN, WordsField
from cohorts.models import Jurisdiction
from members.partners.models import Partner

from . import reading
from .models import Activity, Collaboration, DataPoint, Gathering, Seat, SharedMeasure, Update
from .models.measures import DIGITS

# Characters of a text that has no limit of its own.
LONGEST_TEXT = 4000
# Beside which field it stands what the database says against a row, by the end of the constraint's name.
BESIDE = {
    "collaboration_dates": "founded",
    "collaboration_agenda": "result",
    "sharedmeasure_once": "name",
    "sharedmeasure_baseline": "baseline",
    "sharedmeasure_target": "target",
    "datapoint_once": "period",
    "datapoint_value": "value",
    "datapoint_margin": "margin",
    "activity_dates": "ended",
    "seat_of_one": "partner",
    "seat_partner_once": "partner",
    "seat_jurisdiction_once": "jurisdiction",
    "seat_name_once": "name_as_printed",
    "seat_dates": "ended",
    "seat_functions": "functions",
}


def box(field, **kwargs):
    """The box of a model's field: texts and addresses without what nobody sees."""
    if isinstance(field, WebAddressField):
        kwargs |= {"form_class": PlainAddressField, "error_messages": {"invalid": NO_WEB_ADDRESS}}
    elif isinstance(field, models.TextField):
        most = field.max_length or LONGEST_TEXT
        own = {"label": capfirst(field.verbose_name), "help_text": field.help_text, "required": not field.blank}
        return WordsField(most=most, rows=3 if most < 1000 else 6, **own | kwargs)
    elif type(field) is models.CharField and not field.null:
        kwargs["form_class"] = PlainTextField
    return field.formfield(**kwargs)


class FigureField(forms.Field):
    """A number as people write it, with its sign of percent or dollars if they like."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_validators = [DecimalValidator(DIGITS["max_digits"], DIGITS["decimal_places"])]

    def to_python(self, value):
        return reading.number(value) if value and value.strip() else None

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else f"{value.normalize():f}"


class PeriodBox(forms.CharField):
    """A period as people write it: “July 2019”, “Q3 2019”, “2015-2019”."""

    def __init__(self, **kwargs):
        help_text = gettext_lazy("2019, July 2019, Q3 2019 or 2015-2019.")
        super().__init__(**{"empty_value": None, "max_length": 60, "help_text": help_text} | kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return value and reading.period(value)


class RoomForm(forms.ModelForm):
    """One row of a collaboration. The form carries the version of the row that it was opened with, and a number of its
    own: whoever sends it twice has made one row."""

    seen = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), OPEN_AGAIN),
    )  # fmt: skip
    token = forms.UUIDField(
        initial=uuid.uuid4, widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), OPEN_AGAIN),
    )  # fmt: skip

    use_required_attribute = False
    owner = "collaboration"
    # Fields of the form that are no part of what a row says.
    stamps = ("seen", "token")

    class Meta:
        formfield_callback = box

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version
        for name, field in self.fields.items():
            field.show_hidden_initial = False
            if name not in self.stamps:
                # The list on top of the page names the field with it.
                field.error_messages["required"] = _("“%(field)s” is missing.") % {"field": self[name].label}
            if isinstance(field, AddressLinesField):
                field.validators.append(ArrayMaxLengthValidator(MOST_SOURCES))

    def _get_validation_exclusions(self):
        """Whose row it is is not asked for, but what they may have only once is told now."""
        return super()._get_validation_exclusions() - {self.owner}

    def _update_errors(self, errors):
        """What a constraint says against the row stands beside the field that it is about."""
        constraints = {str(one.violation_error_message): one.name for one in self._meta.model._meta.constraints}
        for error in getattr(errors, "error_dict", {}).pop(NON_FIELD_ERRORS, ()):
            name = BESIDE.get(constraints.get(str(error.message), "").removeprefix("collaborations_"))
            self.add_error(name if name in self.fields else None, error)
        super()._update_errors(errors)

    @property
    def says(self):
        """The names of the fields that say something about the row."""
        return [name for name in self.fields if name not in self.stamps]


class AgendaForm(RoomForm):
    class Meta(RoomForm.Meta):
        model = Collaboration
        fields = ["summary", "region", "result", "agreed_on", "agenda", "founded", "note", "sources"]
        labels = {"founded": gettext_lazy("Founded"), "note": gettext_lazy("What is uncertain")}


class MeasureForm(RoomForm):
    baseline = FigureField(required=False, help_text=gettext_lazy("Where you began."))
    baseline_period = PeriodBox(required=False)
    target = FigureField(required=False, help_text=gettext_lazy("Where you want to be, for every group."))
    target_period = PeriodBox(required=False)

    class Meta(RoomForm.Meta):
        model = SharedMeasure
        fields = [
            *("name", "result", "topic", "unit", "format", "geography", "state", "direction", "interval", "reference"),
            *("baseline", "baseline_period", "target", "target_period", "method_note", "sources", "status"),
        ]
        labels = {"status": gettext_lazy("Who sees it")}
        help_texts = {
            "status": gettext_lazy("A draft is seen by its stewards only; what is archived has left the page.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["status"] = SharedMeasure.Status.PUBLISHED

    def save(self, commit=True):
        self.instance.slug = self.instance.slug or free_slug(SharedMeasure, self.instance.name)
        return super().save(commit)


class PointForm(RoomForm):
    period = PeriodBox()
    value = FigureField(
        required=False,
        help_text=gettext_lazy("In the unit of the measure. Empty only where its publisher withheld it."),
    )
    margin = FigureField(label=gettext_lazy("Margin of error"), required=False)

    owner = "measure"

    class Meta(RoomForm.Meta):
        model = DataPoint
        fields = [
            *("period", "group", "group_as_published", "value", "margin", "is_approximate", "is_suppressed"),
            *("method", "note", "source"),
        ]


class ActivityForm(RoomForm):
    class Meta(RoomForm.Meta):
        model = Activity
        fields = [
            *("title", "description", "lead", "joined_by", "measure", "status", "began", "ended", "source"),
        ]
        widgets = {"joined_by": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        collaboration = self.instance.collaboration
        self.fields["lead"].queryset = self.fields["joined_by"].queryset = seats_of(collaboration)
        self.fields["measure"].queryset = collaboration.measures.all()


def seats_of(collaboration):
    """All seats: whoever has left since did lead, join or come."""
    return collaboration.seats.with_members()


class SeatForm(RoomForm):
    """A new seat is somebody's; an old one only changes its role, and ends."""

    functions = forms.MultipleChoiceField(
        label=gettext_lazy("What the backbone does"), choices=Seat.Function, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=Seat._meta.get_field("functions").help_text,
    )  # fmt: skip

    class Meta(RoomForm.Meta):
        model = Seat
        fields = ["partner", "jurisdiction", "name_as_printed", "role", "functions", "began", "ended"]
        help_texts = {"ended": gettext_lazy("When it ended. The page then names it among the former members.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["partner"], self.fields["jurisdiction"], self.fields["name_as_printed"]
        else:
            del self.fields["ended"]
            self.fields["partner"].queryset = Partner.objects.published()
            self.fields["jurisdiction"].queryset = Jurisdiction.objects.published()


DAY = {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
HOUR = {"widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}
DAY["validators"] = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2200, 1, 1))]


class GatheringForm(RoomForm):
    """Times are asked for as a clock on the wall shows them there, and stored as moments."""

    day = forms.DateField(label=gettext_lazy("Day"), **DAY)
    begins = forms.TimeField(label=gettext_lazy("Begins"), **HOUR)
    ends = forms.TimeField(label=gettext_lazy("Ends"), **HOUR)
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Only where it ends on another day."),
        **DAY,
    )

    field_order = ["title", "day", "begins", "ends", "last_day"]

    class Meta(RoomForm.Meta):
        model = Gathering
        fields = [
            *("title", "time_zone", "location", "link", "is_public", "is_cancelled", "agenda", "notes", "attended_by"),
        ]
        widgets = {"attended_by": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["attended_by"].queryset = seats_of(self.instance.collaboration)
        if self.instance.pk:
            begin, end = self.instance.local_start, self.instance.local_end
            self.initial |= {"day": begin.date(), "begins": begin.time(), "ends": end.time()}
            if end.date() != begin.date():
                self.initial["last_day"] = end.date()

    def clean(self):
        super().clean()
        told = self.cleaned_data
        if not {"day", "begins", "ends", "last_day", "time_zone"} <= told.keys():
            return
        zone = ZoneInfo(told["time_zone"])
        moments = {"begins": (told["day"], told["begins"]), "ends": (told["last_day"] or told["day"], told["ends"])}
        for name, (day, time) in moments.items():
            try:
                moments[name] = moment(day, time, zone)
            except ValidationError as error:
                self.add_error(name, error)
        if self.errors:
            return
        if moments["ends"] <= moments["begins"]:
            self.add_error("ends", _("The end comes after the beginning."))
        self.instance.starts_at, self.instance.ends_at = moments["begins"], moments["ends"]


def moment(day, time, zone):
    """The moment at which a clock in `zone` shows this time on this day; ValidationError where the change of clocks
    leaves it out, or makes it come twice."""
    local = datetime.combine(day, time, zone)
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    words = {"time": date_format(time, "P"), "day": date_format(day, "F j, Y")}
    if timezone.localtime(first, zone).time() != time:
        complaint = _("On %(day)s the clocks there are set ahead, and %(time)s is left out. Choose an hour later.")
    else:
        complaint = _("On %(day)s the clocks there are set back, and %(time)s comes twice. Choose another hour.")
    raise ValidationError(complaint % words)


class UpdateForm(RoomForm):
    class Meta(RoomForm.Meta):
        model = Update
        fields = ["title", "text", "posted_on", "source"]
        widgets = {"posted_on": DAY["widget"]}
