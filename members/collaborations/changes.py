"""What changed in a collaboration: the versions of its page and of all that belongs to it, in one row of time."""

from django.core.paginator import Paginator
from django.db.models import Max, OuterRef, Subquery, Value

from alliance.core import history

from . import periods
from .models import Activity, Collaboration, DataPoint, Gathering, Seat, SharedMeasure, Update

PER_PAGE = 30

# What a version holds beside what somebody wrote.
UNSAID = history.CLOCKS | {"collaboration", "published_at", "slug", "uid"}

# How the versions of each model lead to the collaboration, and what a version is called by.
MODELS = {
    Collaboration: ("id", lambda one: one.name),
    SharedMeasure: ("collaboration_id", lambda one: one.name),
    DataPoint: (
        "measure__collaboration_id",
        lambda one: f"{one.measure}, {one.group}, {periods.describe(one.period)}",
    ),
    Activity: ("collaboration_id", lambda one: one.title),
    Gathering: ("collaboration_id", lambda one: one.title),
    Update: ("collaboration_id", lambda one: one.title),
    Seat: ("collaboration_id", lambda one: one.partner or one.jurisdiction or one.name_as_printed),
}


def of(collaboration):
    """Where each version stands, (place of its model, its number, when), as a QuerySet with the latest first."""
    first, *others = [
        model.history.filter(**{path: collaboration.pk})
        .order_by()
        .annotate(place=Value(place))
        .values_list("place", "history_id", "history_date")
        for place, (model, (path, _name)) in enumerate(MODELS.items())
    ]
    return first.union(*others, all=True).order_by("-history_date", "-place", "-history_id")


def page_of(collaboration, number):
    """A page of versions, each with its `changes` since the one before it; what is new is compared with nothing. `what`
    and `name_then` say what it is a version of."""
    page = Paginator(of(collaboration), PER_PAGE).get_page(number)
    places = [(place, pk) for place, pk, _when in page.object_list]
    found = {}
    for place, model in enumerate(MODELS):
        if numbers := [pk for one, pk in places if one == place]:
            found |= {(place, version.pk): version for version in with_changes(model, numbers)}
    page.object_list = [found[one] for one in places]
    return page


def with_changes(model, numbers):
    older = model.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by()
    before = older.values("id").annotate(last=Max("history_id")).values("last")
    chosen = list(history.loaded(model.history.filter(pk__in=numbers).annotate(before=Subquery(before))))
    earlier = {one.pk: one for one in history.loaded(model.history.filter(pk__in=[one.before for one in chosen]))}
    name = MODELS[model][1]
    for version in chosen:
        version.what, version.name_then = model._meta.verbose_name, name(version)
        if version.history_type == history.DELETED:
            version.changes = []
        elif version.before:
            version.changes = history.changes(earlier[version.before], version, but=UNSAID)
        else:
            said = history.state(version, but=UNSAID)
            version.changes = [history.Change(label, "", words) for label, words in said.items() if words]
    return chosen
