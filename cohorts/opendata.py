"""Open data of this app: jurisdictions, their milestones, and cohorts."""

from django.utils.translation import gettext_lazy as _

from alliance.core.opendata import ID_MEANING, Column, Dataset

from .models import Cohort, Jurisdiction, Milestone


def point_of(jurisdiction):
    figures = jurisdiction.figures
    return [(figures.longitude, figures.latitude)] if figures.latitude is not None else []


JURISDICTIONS = Dataset(
    name="jurisdictions",
    title=_("Jurisdictions"),
    rows=lambda: Jurisdiction.objects.published().select_related("place", "parent").with_cohorts().order_by("pk"),
    columns=(
        Column("id", ID_MEANING, lambda one: one.pk),
        Column("slug", _("Last word of the page's address"), lambda one: one.slug),
        Column("name", _("Name"), lambda one: one.name),
        Column("kind", _("Kind of government"), lambda one: one.kind),
        Column(
            "parent", _("For a department: the government it belongs to"), lambda one: one.parent and one.parent.name
        ),
        Column("state", _("State, postal code"), lambda one: one.state),
        Column("geoid", _("Census GEOID; empty for governments that have none"), lambda one: one.figures.geoid),
        Column("population", _("People, GeoNames"), lambda one: one.figures.population),
        Column("latitude", _("Degrees north, GeoNames or Census Bureau"), lambda one: one.figures.latitude),
        Column("longitude", _("Degrees east, GeoNames or Census Bureau"), lambda one: one.figures.longitude),
        Column("website", _("Web address"), lambda one: one.website),
        Column("summary", _("What it did, in our words"), lambda one: one.summary),
        Column("stage", _("Where its work stands: normalize, organize or operationalize"), lambda one: one.stage),
        Column("link", _("Strongest link to the Alliance that a source shows"), lambda one: one.role),
        Column("link_year", _("Year of that link"), lambda one: one.role_year),
        Column("link_words", _("What is on record of that link"), lambda one: one.role_words),
        Column("office", _("Office to ask about this work"), lambda one: one.office),
        Column("office_url", _("Web page of that office"), lambda one: one.office_url),
        Column("office_email", _("General mailbox of that office"), lambda one: one.office_email),
        Column("office_person", _("Person to ask for, who agreed to be named"), lambda one: one.office_person),
        Column("cohorts", _("Slugs of its cohorts"), lambda one: [seat.cohort.slug for seat in one.public_seats]),
        Column("sources", _("Pages that show these facts"), lambda one: one.sources),
    ),
    points=point_of,
)

COHORTS = Dataset(
    name="cohorts",
    title=_("Cohorts"),
    rows=lambda: Cohort.objects.published().with_public_seats().order_by("pk"),
    columns=(
        Column("id", ID_MEANING, lambda one: one.pk),
        Column("slug", _("Last word of the page's address"), lambda one: one.slug),
        Column("name", _("Name"), lambda one: one.name),
        Column("kind", _("Kind of cohort"), lambda one: one.kind),
        Column("start", _("When it began, as exact as known"), lambda one: one.start),
        Column("end", _("When it ended, as exact as known"), lambda one: one.end),
        Column("summary", _("What it is, in our words"), lambda one: one.summary),
        Column(
            "jurisdictions",
            _("Slugs of the governments with a seat"),
            lambda one: [seat.jurisdiction.slug for seat in one.public_seats],
        ),
        Column("sources", _("Pages that show these facts"), lambda one: one.sources),
    ),
    points=lambda one: [spot for seat in one.public_seats for spot in point_of(seat.jurisdiction)],
)

MILESTONES = Dataset(
    name="milestones",
    title=_("Milestones"),
    rows=lambda: Milestone.objects.public().select_related("jurisdiction__place").order_by("pk"),
    columns=(
        Column("id", ID_MEANING, lambda one: one.pk),
        Column("jurisdiction", _("Slug of the government"), lambda one: one.jurisdiction.slug),
        Column("date", _("When, as exact as known"), lambda one: one.date),
        Column("kind", _("Kind of act"), lambda one: one.kind),
        Column("title", _("What it is called"), lambda one: one.title),
        Column("description", _("What it does, in our words"), lambda one: one.description),
        Column("sources", _("Pages that show it"), lambda one: one.sources),
    ),
    points=lambda one: point_of(one.jurisdiction),
)

DATASETS = (JURISDICTIONS, MILESTONES, COHORTS)
