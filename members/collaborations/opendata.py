"""Open data of this app: collaborations, measures and their figures."""

from django.utils.translation import gettext_lazy as _

from alliance.core.opendata import ID_MEANING, Column, Dataset
from cohorts.opendata import point_of

from . import figures
from .models import Collaboration, SharedMeasure

COLLABORATIONS = Dataset(
    name="collaborations",
    title=_("Collaborations"),
    rows=lambda: Collaboration.objects.published().with_members().order_by("pk"),
    columns=(
        Column("id", ID_MEANING, lambda one: one.pk),
        Column("slug", _("Last word of the page's address"), lambda one: one.slug),
        Column("name", _("Name"), lambda one: one.name),
        Column("kind", _("Local or regional"), lambda one: one.kind),
        Column("region", _("Region in words"), lambda one: one.region),
        Column("states", _("States, postal codes"), lambda one: one.states),
        Column("founded", _("When it was founded, as exact as known"), lambda one: one.founded),
        Column("ended", _("When it ended, as exact as known; empty while it goes on"), lambda one: one.ended),
        Column("result", _("Common agenda: the result that its members work for"), lambda one: one.result),
        Column("agreed_on", _("When they agreed on it, as exact as known"), lambda one: one.agreed_on),
        Column("agenda", _("Public page that shows the agenda"), lambda one: one.agenda),
        Column("summary", _("What it is, in our words"), lambda one: one.summary),
        Column("note", _("What is uncertain in the record"), lambda one: one.note),
        Column("members", _("Names of its members today"), lambda one: [str(seat) for seat in one.seats.all()]),
        Column("sources", _("Pages that show these facts"), lambda one: one.sources),
    ),
    points=lambda one: [
        spot for seat in one.seats.all() if seat.government and seat.government.is_published
        for spot in point_of(seat.government)
    ],
)  # fmt: skip

MEASURES = Dataset(
    name="measures",
    title=_("Shared measures"),
    rows=lambda: SharedMeasure.objects.published().select_related("reference", "collaboration").order_by("pk"),
    columns=(
        Column("id", ID_MEANING, lambda one: one.pk),
        Column("slug", _("Last word of the page's address"), lambda one: one.slug),
        Column("name", _("Name"), lambda one: one.name),
        Column(
            "result", _("The result it belongs to: the condition of people that should change"), lambda one: one.result
        ),
        Column("topic", _("Topic"), lambda one: one.topic),
        Column("unit", _("What is counted"), lambda one: one.unit),
        Column("format", _("How values are printed: percent, dollars or number"), lambda one: one.format),
        Column("geography", _("Of where, in words"), lambda one: one.geography),
        Column("state", _("State, postal code"), lambda one: one.state),
        Column("direction", _("Whether a lower or a higher value is better"), lambda one: one.direction),
        Column("interval", _("How often a figure is due"), lambda one: one.interval),
        Column("reference_group", _("The group that each gap is the difference from"), lambda one: one.reference.name),
        Column("baseline", _("Where the work began, in the unit"), lambda one: number(one.baseline)),
        Column("baseline_period", _("Period of the baseline"), lambda one: one.baseline_period),
        Column("target", _("Where every group should be, in the unit"), lambda one: number(one.target)),
        Column("target_period", _("Period of the target"), lambda one: one.target_period),
        Column(
            "collaboration", _("Slug of the collaboration that uses it"),
            lambda one: one.collaboration and one.collaboration.slug,
        ),
        Column("method_note", _("How the figures came about, and what they cannot say"), lambda one: one.method_note),
        Column("sources", _("Pages that show these facts"), lambda one: one.sources),
    ),
)  # fmt: skip


def number(value):
    """A Decimal as a number that both CSV and JSON can hold: a cell that begins with a minus is no formula then."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


class FigureRows:
    """(point, gap) of each figure of some measures, for a Dataset: the gap is read from all figures of a measure."""

    def __init__(self, measures):
        self.measures = measures.with_figures().order_by("pk")

    def iterator(self, chunk_size):
        for measure in self.measures.iterator(chunk_size):
            yield from figures.read(measure).pairs


def figures_of(measures, name):
    """The figures of the measures of a QuerySet as a Dataset of this name."""
    return Dataset(
        name=name,
        title=_("Figures of the measures"),
        rows=lambda: FigureRows(measures),
        columns=(
            Column("id", ID_MEANING, lambda row: row[0].pk),
            Column("measure", _("Slug of the measure"), lambda row: row[0].measure.slug),
            Column(
                "period", _("Year (2012), quarter (2012-Q3), month (2012-07) or span of years (2015/2019)"),
                lambda row: row[0].period,
            ),
            Column(
                "group", _("Group of people, by the federal standard of 2024 where that has it"),
                lambda row: row[0].group.name,
            ),
            Column(
                "group_as_published", _("The source's own words for the group, where they differ"),
                lambda row: row[0].group_as_published,
            ),
            Column(
                "value", _("Value in the unit of the measure; empty where its publisher withheld it"),
                lambda row: number(row[0].value),
            ),
            Column("margin_of_error", _("Margin of error as published"), lambda row: number(row[0].margin)),
            Column("approximate", _("Whether the source says “about”"), lambda row: row[0].is_approximate),
            Column("suppressed", _("Whether its publisher withheld it"), lambda row: row[0].is_suppressed),
            Column(
                "reference_group", _("The group that the gap is the difference from"),
                lambda row: row[0].measure.reference.name,
            ),
            Column(
                "gap", _("Value less that of the reference group, where both have one for the period and the method"),
                lambda row: row[1] and number(row[1].value),
            ),
            Column("method", _("How the figure came about"), lambda row: row[0].method),
            Column("note", _("Note"), lambda row: row[0].note),
            Column("source", _("The page that shows it"), lambda row: row[0].source),
        ),
    )  # fmt: skip


DATASETS = (COLLABORATIONS, MEASURES, figures_of(SharedMeasure.objects.published(), "data-points"))
