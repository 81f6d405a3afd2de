import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.dates import PartialDateField, not_before
from alliance.core.fields import WebAddressField
from alliance.core.models import Timestamped

from ..querysets import ActivityQuerySet, GatheringQuerySet
from .collaboration import Collaboration, Seat
from .measures import SharedMeasure
from .versioned import MadeOnce


class Activity(MadeOnce, Timestamped):
    """Something that members do so that what the others do counts for more. The database holds `lead` against the seats
    of the same collaboration."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    collaboration = models.ForeignKey(Collaboration, models.CASCADE, related_name="activities")
    title = models.CharField(max_length=200)
    description = models.TextField(max_length=2000, blank=True)
    lead = models.ForeignKey(
        Seat, models.PROTECT, null=True, blank=True, related_name="activities_led", verbose_name=_("who leads")
    )
    joined_by = models.ManyToManyField(Seat, blank=True, related_name="activities_joined", verbose_name=_("who joins"))
    measure = models.ForeignKey(
        SharedMeasure, models.SET_NULL, null=True, blank=True, related_name="activities",
        verbose_name=_("which measure it should move"),
    )  # fmt: skip
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    began = PartialDateField(null=True, blank=True)
    ended = PartialDateField(_("ends or ended"), null=True, blank=True)
    source = WebAddressField(blank=True)

    history = HistoricalRecords(excluded_fields=["token", "version"], m2m_fields=["joined_by"])

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("activities")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=not_before("began", "ended"), name="collaborations_activity_dates",
                violation_error_message=_("The end cannot come before the beginning."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.title


class Gathering(MadeOnce, Timestamped):
    """A meeting of a collaboration. Times are stored as moments; `time_zone` is where they are told."""

    class Zone(models.TextChoices):
        """The zones of the United States and its territories, by their names in the tz database."""

        EASTERN = "America/New_York", _("Eastern time")
        CENTRAL = "America/Chicago", _("Central time")
        MOUNTAIN = "America/Denver", _("Mountain time")
        ARIZONA = "America/Phoenix", _("Mountain time without daylight saving (Arizona)")
        PACIFIC = "America/Los_Angeles", _("Pacific time")
        ALASKA = "America/Anchorage", _("Alaska time")
        HAWAII = "Pacific/Honolulu", _("Hawaii time")
        PUERTO_RICO = "America/Puerto_Rico", _("Atlantic time (Puerto Rico)")
        GUAM = "Pacific/Guam", _("Chamorro time (Guam)")
        SAMOA = "Pacific/Pago_Pago", _("Samoa time (American Samoa)")

    collaboration = models.ForeignKey(Collaboration, models.CASCADE, related_name="gatherings")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(max_length=24, choices=Zone, default=Zone.CENTRAL)
    location = models.CharField(max_length=200, blank=True)
    link = WebAddressField(_("address to join online"), blank=True)
    is_public = models.BooleanField(
        _("everyone may see it"), default=False, help_text=_("Otherwise only the people of its members see it.")
    )
    is_cancelled = models.BooleanField(_("called off"), default=False)
    agenda = models.TextField(max_length=5000, blank=True)
    notes = models.TextField(max_length=20000, blank=True, help_text=_("What was said and agreed."))
    attended_by = models.ManyToManyField(
        Seat, blank=True, related_name="gatherings", verbose_name=_("which organizations came")
    )

    history = HistoricalRecords(excluded_fields=["token", "version"], m2m_fields=["attended_by"])

    objects = GatheringQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="collaborations_gathering_times",
                violation_error_message=_("The end comes after the beginning."),
            ),
            # What lies beyond the year 9999 in another time zone, Python can't read back.
            models.CheckConstraint(
                condition=Q(
                    starts_at__gte=datetime(1900, 1, 1, tzinfo=UTC), ends_at__lt=datetime(2201, 1, 1, tzinfo=UTC)
                ),
                name="collaborations_gathering_our_time",
                violation_error_message=_("Choose days between 1900 and 2200."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("gathering", args=[self.collaboration.slug, self.pk])

    @property
    def zone(self):
        return ZoneInfo(self.time_zone)

    @property
    def local_start(self):
        return timezone.localtime(self.starts_at, self.zone)

    @property
    def local_end(self):
        return timezone.localtime(self.ends_at, self.zone)

    @property
    def when(self):
        """Its day and hours in words, as they are told where it is: "June 3, 2026, 9 a.m. to 10:30 a.m. CDT"."""
        begins, ends = self.local_start, self.local_end
        first, last = format_date(begins, "F j, Y, P"), format_date(ends, "F j, Y, P")
        if begins.date() == ends.date():
            last = format_date(ends, "P")
        # Where the clocks change in between, each has its own.
        if begins.tzname() != ends.tzname():
            first = f"{first} {begins.tzname()}"
        return gettext("%(begins)s to %(ends)s") % {"begins": first, "ends": f"{last} {ends.tzname()}"}

    @property
    def place(self):
        """Where it is, in a few words."""
        return self.location or (gettext("Online") if self.link else "")


class Update(MadeOnce, Timestamped):
    """News of a collaboration, for everyone."""

    collaboration = models.ForeignKey(Collaboration, models.CASCADE, related_name="updates")
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=5000)
    posted_on = models.DateField(default=timezone.localdate)
    source = WebAddressField(blank=True)

    history = HistoricalRecords(excluded_fields=["token", "version"])

    class Meta:
        ordering = ["-posted_on", "-pk"]

    def __str__(self):
        return self.title
