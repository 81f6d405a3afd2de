from django.contrib.postgres.indexes import GistIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.fields import SourcesField, WebAddressField
from alliance.core.models import Publishable
from alliance.core.search import Fold
from alliance.core.vocabulary import Stage, State

from ..querysets import JurisdictionQuerySet
from .place import GEOID_HELP, GEOID_SHAPE, NO_POINT, ON_EARTH, Place


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
    role_words = models.CharField(_("what is on record of the link"), max_length=300, blank=True)
    sources = SourcesField(blank=True)
    office = models.CharField(
        _("office to ask"), max_length=160, blank=True, help_text=_("As it calls itself: Office of Racial Equity.")
    )
    office_url = WebAddressField(_("web page of the office"), blank=True)
    office_email = models.EmailField(
        _("mailbox of the office"), blank=True, help_text=_("A general one, not that of a person.")
    )
    office_person = models.CharField(_("person to ask for"), max_length=120, blank=True)
    office_person_agreed = models.BooleanField(
        _("this person agreed that their name is public"), default=False,
        help_text=_("On the page and in the open data."),
    )  # fmt: skip
    key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    history = HistoricalRecords(excluded_fields=["key"])

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
                condition=GEOID_SHAPE,
                name="cohorts_jurisdiction_geoid",
                violation_error_message=_("A GEOID has 2, 5, 7 or 10 digits."),
            ),
            models.CheckConstraint(
                condition=Q(role_year=None) | Q(role_year__range=(1900, 2100)),
                name="cohorts_jurisdiction_role_year",
                violation_error_message=_("Enter the year of the link with four digits."),
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
                condition=~Q(office="") | Q(office_url="", office_email="", office_person=""),
                name="cohorts_jurisdiction_office",
                violation_error_message=_("Name the office that this contact belongs to."),
            ),
            models.CheckConstraint(
                condition=Q(office_person="", office_person_agreed=False)
                | ~Q(office_person="") & Q(office_person_agreed=True),
                name="cohorts_jurisdiction_office_person",
                violation_error_message=_("A person is named here only if they agreed: give both, or neither."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | ~Q(role="") & Q(sources__len__gte=1),
                name="cohorts_jurisdiction_on_record",
                violation_error_message=_("A published page needs a link to the Alliance and at least one source."),
            ),
        ]
        # For the names that the site's search offers while somebody types. Long signatures find nothing much sooner.
        indexes = [
            models.Index(Collate("key", "C"), name="cohorts_jurisdiction_begins", condition=Q(status="published")),
            GistIndex(
                OpClass("key", name="gist_trgm_ops(siglen=256)"),
                name="cohorts_jurisdiction_alike",
                condition=Q(status="published"),
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.state}"

    def clean(self):
        if self.place and self.place.state != self.state:
            raise ValidationError({"place": _("This place lies in another state.")})

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
