"""Open data of this app: collaborations."""

from django.utils.translation import gettext_lazy as _

from alliance.core.opendata import ID_MEANING, Column, Dataset
from cohorts.opendata import point_of

from .models import Collaboration

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

DATASETS = (COLLABORATIONS,)
