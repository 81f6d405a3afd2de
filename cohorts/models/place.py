from django.contrib.postgres.indexes import GistIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.core.search import Fold
from alliance.core.vocabulary import State

from ..places import PlaceQuerySet

GEOID_HELP = _("Census identifier: 2 digits for a state, 5 for a county, 7 for a place, 10 for a county subdivision.")
# A CHECK lets through what is neither true nor false, so that neither coordinate is null must be said.
ON_EARTH = Q(latitude__isnull=False, longitude__isnull=False, latitude__range=(-90, 90), longitude__range=(-180, 180))
NO_POINT = Q(latitude=None, longitude=None)
GEOID_SHAPE = Q(geoid=None) | Q(geoid__regex=r"^(\d{2}|\d{5}|\d{7}|\d{10})$")


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

    # The kind of government (`Jurisdiction.Kind`) of those that say it. A village or a borough may be this or that.
    GOVERNMENT_KINDS = {
        Kind.COUNTY: "county",
        Kind.CITY: "city",
        Kind.TOWN: "town",
        Kind.TOWNSHIP: "town",
        Kind.CITY_COUNTY: "city_county",
    }

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
            models.CheckConstraint(condition=GEOID_SHAPE, name="cohorts_place_geoid"),
        ]
        indexes = [
            models.Index(OpClass("key", name="text_pattern_ops"), name="cohorts_place_prefix"),
            GistIndex(OpClass("key", name="gist_trgm_ops"), name="cohorts_place_trigram"),
            models.Index(fields=["state", "kind"], name="cohorts_place_state_kind"),
        ]

    def __str__(self):
        return f"{self.full_name}, {self.state}"

    @property
    def government_kind(self):
        """Which kind of government it is; None where the register does not say."""
        return self.GOVERNMENT_KINDS.get(self.kind)

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
        pattern = gettext("%(name)s Parish") if self.state == State.LA else gettext("%(name)s County")
        return pattern % {"name": self.name}
