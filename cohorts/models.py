from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GistIndex, OpClass
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Greatest, Left, Length
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.core.dates import FirstDay, PartialDateField
from alliance.core.fields import SourcesField, WebAddressField
from alliance.core.models import Publishable, Timestamped
from alliance.core.search import Fold
from alliance.core.vocabulary import Stage, State

from .places import PlaceQuerySet
from .querysets import CohortQuerySet, CohortSeatQuerySet, JurisdictionQuerySet, MembershipQuerySet, MilestoneQuerySet

GEOID_HELP = _("Census identifier: 2 digits for a state, 5 for a county, 7 for a place, 10 for a county subdivision.")
# A CHECK lets through what is neither true nor false, so that neither coordinate is null must be said.
ON_EARTH = Q(latitude__isnull=False, longitude__isnull=False, latitude__range=(-90, 90), longitude__range=(-180, 180))
NO_POINT = Q(latitude=None, longitude=None)


def not_before(first, last):
    """Condition: the period `last` (a partial date) does not end before the period `first` begins; unknown is fine."""
    return Q(**{f"{last}__gte": Left(F(first), Length(F(last)))})


class Place(models.Model):
    """A populated place or county of the United States: the register in which governments are looked up.

    Population is a count of people, null where the register has none (counties). Coordinates are degrees.
    """

    class Source(models.TextChoices):
        GEONAMES = "geonames", _("GeoNames")
        CENSUS = "census", _("US Census Bureau")
        OCD = "ocd", _("Open Civic Data")

    class Kind(models.TextChoices):
        COUNTY = "county", _("County")
        PLACE = "place", _("City or town")
        CITY = "city", _("City")
        TOWN = "town", _("Town")
        TOWNSHIP = "township", _("Township")
        VILLAGE = "village", _("Village")
        BOROUGH = "borough", _("Borough")
        CITY_COUNTY = "city_county", _("City and county")

    source = models.CharField(max_length=8, choices=Source)
    source_id = models.CharField(max_length=160)
    name = models.CharField(max_length=120, help_text=_("Without its legal suffix: Hennepin, not Hennepin County."))
    county = models.CharField(
        max_length=160, blank=True,
        help_text=_("Tells governments of one name in a state apart: Dane County. Empty where nothing needs telling."),
    )  # fmt: skip
    state = models.CharField(max_length=2, choices=State)
    kind = models.CharField(max_length=12, choices=Kind)
    population = models.PositiveIntegerField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    geoid = models.CharField("GEOID", max_length=10, null=True, blank=True, unique=True, help_text=GEOID_HELP)
    key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("source", "source_id", name="cohorts_place_source_once"),
            models.CheckConstraint(condition=ON_EARTH | NO_POINT, name="cohorts_place_on_earth"),
        ]
        indexes = [
            models.Index(OpClass("key", name="text_pattern_ops"), name="cohorts_place_prefix"),
            GistIndex(OpClass("key", name="gist_trgm_ops"), name="cohorts_place_trigram"),
            models.Index(fields=["state", "kind"], name="cohorts_place_state_kind"),
        ]

    def __str__(self):
        return f"{self.full_name}, {self.state}"

    @property
    def is_county_equivalent(self):
        """County-level, but not called a county: an Alaskan borough or census area, or an independent city.

        Independent cities carry the county codes from 510 on (Census Bureau, FIPS 6-4).
        """
        return self.kind == self.Kind.COUNTY and (self.state == State.AK or (self.geoid or "")[2:] >= "510")

    @property
    def full_name(self):
        if self.county:
            details = {"name": self.name, "kind": self.get_kind_display().lower(), "county": self.county}
            return gettext("%(name)s (%(kind)s, %(county)s)") % details
        if self.kind != self.Kind.COUNTY or self.state == State.DC:
            return self.name
        if self.is_county_equivalent:
            return gettext("%(name)s (county equivalent)") % {"name": self.name}
        return f"{self.name} {'Parish' if self.state == State.LA else 'County'}"


class Jurisdiction(Publishable):
    """A government. One that has a public page is in the network; the others are unpublished.

    Population (people), coordinates (degrees) and GEOID come from `place`; own values stand only where there is none.
    """

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        COUNTY = "county", _("County")
        CITY_COUNTY = "city_county", _("City and county")
        TOWN = "town", _("Town or township")
        SCHOOL_DISTRICT = "school_district", _("School district")
        SPECIAL_DISTRICT = "special_district", _("Special district")
        REGIONAL_AGENCY = "regional_agency", _("Regional agency")
        STATE_AGENCY = "state_agency", _("State agency")
        DEPARTMENT = "department", _("Department of a government")
        COURT = "court", _("Court")
        TRIBAL_NATION = "tribal_nation", _("Tribal nation")
        STATE = "state", _("State")

    class Role(models.TextChoices):
        """The strongest link to the Alliance that a source shows for the year given, no more."""

        CORE_MEMBER = "core_member", _("Core member")
        MEMBER = "member", _("Member")
        COHORT_PARTICIPANT = "cohort_participant", _("Took part in a cohort")
        NETWORK_PARTICIPANT = "network_participant", _("Shared its work in the network")
        MEETING_PARTICIPANT = "meeting_participant", _("Took part in a member meeting")
        TRAINING_PARTNER = "training_partner", _("Partner in training")
        GRANT_PARTNER = "grant_partner", _("Took part in a grant")
        EARLY_ADOPTER = "early_adopter", _("Named as an early adopter")

    MEMBER_ROLES = (Role.CORE_MEMBER, Role.MEMBER)

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=16, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="departments",
        help_text=_("The government that a department belongs to; only for departments."),
    )  # fmt: skip
    state = models.CharField(max_length=2, choices=State)
    place = models.OneToOneField(
        Place, models.PROTECT, null=True, blank=True, related_name="jurisdiction",
        help_text=_("Its entry in the register gives GEOID, population and coordinates."),
    )  # fmt: skip
    geoid = models.CharField("GEOID", max_length=10, null=True, blank=True, unique=True, help_text=GEOID_HELP)
    population = models.PositiveIntegerField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    website = WebAddressField(blank=True)
    summary = models.TextField(blank=True)
    stage = models.CharField(max_length=16, choices=Stage, blank=True)
    stage_reason = models.TextField(
        _("why this stage"), blank=True, help_text=_("One or two sentences that rest on its milestones.")
    )
    role = models.CharField(_("link to the Alliance"), max_length=20, choices=Role, blank=True)
    role_year = models.PositiveSmallIntegerField(_("year of the link"), null=True, blank=True)
    role_words = models.CharField(_("what the source says of the link"), max_length=300, blank=True)
    sources = SourcesField(blank=True)
    key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    objects = JurisdictionQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["name", "state"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="department", parent__isnull=False) | ~Q(kind="department") & Q(parent=None),
                name="cohorts_jurisdiction_parent",
                violation_error_message=_("A department needs the government it belongs to; no other kind has one."),
            ),
            models.CheckConstraint(
                condition=Q(place=None) | NO_POINT & Q(geoid=None, population=None),
                name="cohorts_jurisdiction_own_values",
                violation_error_message=_("The place gives GEOID, population and coordinates: leave these empty."),
            ),
            models.CheckConstraint(
                condition=ON_EARTH | NO_POINT,
                name="cohorts_jurisdiction_on_earth",
                violation_error_message=_("Enter latitude and longitude in degrees, both or neither."),
            ),
            models.CheckConstraint(
                condition=Q(stage="", stage_reason="") | ~Q(stage="") & ~Q(stage_reason=""),
                name="cohorts_jurisdiction_stage_reason",
                violation_error_message=_("A stage needs the reason for it, and a reason its stage."),
            ),
            models.CheckConstraint(
                condition=~Q(role="") | Q(role_year=None, role_words=""),
                name="cohorts_jurisdiction_role",
                violation_error_message=_("Choose the link to the Alliance that this year and these words speak of."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | ~Q(role="") & Q(sources__len__gte=1),
                name="cohorts_jurisdiction_on_record",
                violation_error_message=_("A published page needs a link to the Alliance and at least one source."),
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.state}"

    def get_absolute_url(self):
        return reverse("jurisdiction_detail", args=[self.slug])

    @property
    def figures(self):
        """Where geoid, population, latitude and longitude stand: on its place, or on itself where there is none."""
        return self.place or self

    @property
    def stages(self):
        """(value, label, whether the work is past it) of the three stages, in their order."""
        reached = Stage.values.index(self.stage)
        return [(value, label, position < reached) for position, (value, label) in enumerate(Stage.choices)]

    @property
    def is_member(self):
        return self.role in self.MEMBER_ROLES

    @property
    def role_in_words(self):
        """The link to the Alliance as its source puts it: "Took part in a cohort, 2018"."""
        label = self.get_role_display()
        return f"{label}, {self.role_year}" if label and self.role_year else label


class Membership(Timestamped):
    """A person's tie to a government. A *member* is someone whose tie is current and verified."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="memberships")
    title = models.CharField(_("job title"), max_length=120, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="verified_memberships"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "user", "jurisdiction", condition=Q(ended_on=None), name="cohorts_membership_one_open",
                violation_error_message=_("This person already has a current tie to this government."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")), name="cohorts_membership_dates",
                violation_error_message=_("The end cannot come before the start."),
            ),
            models.CheckConstraint(
                condition=Q(verified_on=None, verified_by=None)
                | Q(verified_on__isnull=False, verified_by__isnull=False),
                name="cohorts_membership_verified",
                violation_error_message=_("Say both when the tie was verified and by whom, or neither."),
            ),
            models.CheckConstraint(
                condition=~Q(verified_by=F("user")), name="cohorts_membership_not_by_self",
                violation_error_message=_("Nobody verifies their own tie."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.user}, {self.jurisdiction}"


class Cohort(Publishable):
    """A named group of governments that learn together over a period."""

    class Kind(models.TextChoices):
        FOREFRONT = "forefront", _("Cohort at the forefront")
        REGIONAL = "regional", _("Regional learning cohort")
        STATE_AGENCIES = "state_agencies", _("Learning cohort of state agencies")
        NATIONAL = "national", _("National learning cohort")

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=16, choices=Kind)
    summary = models.TextField(blank=True)
    start = PartialDateField(null=True, blank=True)
    end = PartialDateField(null=True, blank=True)
    sources = SourcesField(blank=True)
    key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    objects = CohortQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["name"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=not_before("start", "end"), name="cohorts_cohort_dates",
                violation_error_message=_("The end cannot come before the start."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cohort_detail", args=[self.slug])


class Span(Func):
    """SQL: the days from the first of `joined` up to, but without, the first of `left`; at least one day.

    Unknown dates leave the range open. With bare years, a seat left in 2016 and one joined in 2016 do not overlap.
    """

    function = "daterange"

    def __init__(self, joined, left):
        next_day = Func(FirstDay(joined), template="(%(expressions)s + 1)", output_field=models.DateField())
        end = Case(
            When(Q(**{f"{left}__isnull": False}), then=Greatest(FirstDay(left), next_day)),
            default=Value(None),
            output_field=models.DateField(),
        )
        super().__init__(FirstDay(joined), end)


class CohortSeat(Timestamped):
    """A government's place in a cohort. The same pair may come again later, but never at the same time."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="seats")
    jurisdiction = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="cohort_seats")
    joined = PartialDateField(null=True, blank=True)
    left = PartialDateField(null=True, blank=True)
    sources = SourcesField(blank=True)

    objects = CohortSeatQuerySet.as_manager()

    class Meta:
        ordering = ["jurisdiction__name", "joined"]
        constraints = [
            models.CheckConstraint(
                condition=not_before("joined", "left"), name="cohorts_cohortseat_dates",
                violation_error_message=_("The seat cannot be left before it was joined."),
            ),
            ExclusionConstraint(
                name="cohorts_cohortseat_no_overlap",
                expressions=[
                    ("cohort", RangeOperators.EQUAL),
                    ("jurisdiction", RangeOperators.EQUAL),
                    (Span("joined", "left"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This government already has a seat in this cohort at that time."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.jurisdiction} in {self.cohort}"


class Milestone(Timestamped):
    """A dated, sourced public act of a government."""

    class Kind(models.TextChoices):
        RESOLUTION = "resolution", _("Resolution")
        ORDINANCE = "ordinance", _("Ordinance")
        OFFICE = "office", _("Office opened")
        ACTION_PLAN = "action_plan", _("Action plan")
        TOOL = "tool", _("Tool adopted")
        TRAINING = "training", _("Training")
        BUDGET = "budget", _("Budget")
        REPORT = "report", _("Report")
        OTHER = "other", _("Other act")

    # Acts of the governing body itself; the timeline fills their points.
    ACTS_OF_LAW = (Kind.RESOLUTION, Kind.ORDINANCE)

    jurisdiction = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    date = PartialDateField()
    sources = SourcesField()

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sources__len__gte=1), name="cohorts_milestone_sourced",
                violation_error_message=_("A milestone needs at least one source."),
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["-date", "-id"], name="cohorts_milestone_latest")]

    def __str__(self):
        return f"{self.title} ({self.date})"

    def get_absolute_url(self):
        return f"{self.jurisdiction.get_absolute_url()}#milestone-{self.pk}"

    @property
    def is_act_of_law(self):
        return self.kind in self.ACTS_OF_LAW
