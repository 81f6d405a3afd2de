"""The queue of the review: what needs somebody now, and everything that is there for them.

Whatever is listed, counted or searched here begins at `desk.open_to`, so that nobody meets a trace of anything else.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.paginator import EmptyPage, Paginator
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core import search
from alliance.core.listing import Facet, Listing
from alliance.core.models import User
from alliance.core.vocabulary import State
from cohorts.models import Jurisdiction

from . import desk
from .models import Application, Assignment, Decision, Declaration, Message, Review, ReviewPolicy, Score
from .scoring import FAR_APART
from .states import CHECKED, OUTCOMES, UNDER_WAY, By, Status
from .timeline import TARGETS, working_days_after
from .workflow import FEWEST_REVIEWERS

SHOWN_OF_EACH = 3


def last_day_over(today, number):
    """The latest day after which `number` working days are over before `today`."""
    day = today
    while number:
        day -= timedelta(days=1)
        number -= day.weekday() < 5
    return day - timedelta(days=1)


def midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


# --- What an application may need -------------------------------------------------------------------------------------


def of_it(model, **conditions):
    """The rows of a model that belong to the application of the row outside."""
    return model.objects.filter(application=OuterRef("pk"), **conditions).order_by()


def number_of(rows):
    """SQL: how many there are of rows that `of_it` gives."""
    counted = rows.values("application").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def stands_at(*statuses):
    """Where it stands in one of these, as its team is told."""
    return Q(status__in=statuses) | Q(status=Status.DECIDED, came_from__in=statuses)


def is_mine(queue):
    return Q(Exists(of_it(Assignment, reviewer=queue.user, removed_at=None)))


def to_declare(queue):
    return Q(status__in=UNDER_WAY) & is_mine(queue) & ~Q(Exists(of_it(Declaration, by=queue.user)))


def to_score(queue):
    has_declared = Exists(of_it(Declaration, by=queue.user, has_conflict=False))
    is_in = Exists(of_it(Review, reviewer=queue.user, replaced_at=None, submitted_at__isnull=False))
    return Q(status=Status.IN_REVIEW) & is_mine(queue) & Q(has_declared) & ~Q(is_in)


def to_answer(queue):
    return ~Q(status=Status.WITHDRAWN) & Q(Exists(of_it(Message).unanswered()))


def to_screen(queue):
    return Q(status__in=(Status.SUBMITTED, Status.SCREENING))


def without_reviewers(queue):
    reading = number_of(of_it(Assignment, removed_at=None))
    return Q(status__in=CHECKED) & Q(LessThan(reading, FEWEST_REVIEWERS))


def is_overdue(queue):
    late = Q()
    for status, target in TARGETS.items():
        day = last_day_over(queue.today, getattr(queue.policy, target))
        late |= stands_at(status) & Q(since__lt=midnight(day + timedelta(days=1)))
    return late


def reviews_differ(queue):
    scores = Score.objects.filter(
        review__application=OuterRef("pk"), review__replaced_at=None, review__submitted_at__isnull=False
    )
    spread = scores.order_by().values("domain").annotate(spread=Max("level") - Min("level"))
    return Q(status=Status.IN_REVIEW) & Q(Exists(spread.filter(spread__gte=FAR_APART)))


def to_decide(queue):
    handed_in = number_of(of_it(Review).handed_in())
    return Q(status=Status.IN_REVIEW) & Q(GreaterThanOrEqual(handed_in, FEWEST_REVIEWERS))


def to_confirm(queue):
    held = of_it(Decision, confirmed_by=None).held().exclude(proposed_by=queue.user)
    return Q(status=Status.DECIDED) & Q(Exists(held))


def to_release(queue):
    return Q(status=Status.DECIDED) & Q(Exists(of_it(Decision, confirmed_by__isnull=False).held()))


def is_one_of_several(queue):
    named = Q(key=OuterRef("key"), state=OuterRef("state")) & ~Q(key="")
    same = Q(place=OuterRef("place")) | Q(jurisdiction=OuterRef("jurisdiction")) | named
    others = queue.there.filter(same).exclude(pk=OuterRef("pk")).exclude(status=Status.WITHDRAWN)
    return Q(status__in=UNDER_WAY) & Q(Exists(others.order_by()))


class Flag(NamedTuple):
    """Something that an application may need or stand out by. `by`: who may know of it."""

    label: str
    condition: object
    by: By = By.REVIEWER


FLAGS = {
    "declare": Flag(gettext_lazy("Say whether you have a conflict of interest"), to_declare),
    "score": Flag(gettext_lazy("Score it"), to_score),
    "screen": Flag(gettext_lazy("Screen it"), to_screen, By.CHAIR),
    "reviewers": Flag(gettext_lazy("Fewer than two reviewers"), without_reviewers, By.CHAIR),
    "overdue": Flag(gettext_lazy("Overdue"), is_overdue),
    "differ": Flag(gettext_lazy("Reviewers differ by two levels or more"), reviews_differ, By.CHAIR),
    "decide": Flag(gettext_lazy("Two reviews are in: propose a decision"), to_decide, By.CHAIR),
    "confirm": Flag(gettext_lazy("Confirm the decision"), to_confirm, By.CHAIR),
    "release": Flag(gettext_lazy("Release the decision"), to_release, By.CHAIR),
    "answer": Flag(gettext_lazy("Message without an answer"), to_answer),
    "several": Flag(gettext_lazy("More than one of this government"), is_one_of_several, By.CHAIR),
}
# What stands out by itself, and is nobody's to do.
NO_NEED = {By.REVIEWER: ("overdue",), By.CHAIR: ("several",), By.ADMIN: ("several",)}


# --- The list ---------------------------------------------------------------------------------------------------------

# Days since a step began, {word: (label, days from which on)}.
AGES = {
    "week": (gettext_lazy("Up to 7 days"), 0),
    "month": (gettext_lazy("8 to 30 days"), 8),
    "quarter": (gettext_lazy("31 to 90 days"), 31),
    "longer": (gettext_lazy("More than 90 days"), 91),
}


def name_of(person):
    """SQL: how people are called everywhere, by their name or, where they gave none, by their address."""
    return Coalesce(NullIf(f"{person}name", Value("")), f"{person}email", output_field=CharField())


@dataclass(frozen=True)
class OwnFacet(Facet):
    """A facet over what each row has itself, annotated or not."""

    number = Count("pk")

    def narrow(self, queryset, value):
        return queryset.filter(**{self.path: value})


class InOrder(OwnFacet):
    """One whose choices keep the order in which they are named."""

    def place(self, value, label, number):
        return list(self.choices).index(value)


@dataclass(frozen=True)
class FlagFacet(InOrder):
    """A facet over what a row may need. Each condition is asked by itself, of the rows alone where it can hold."""

    conditions: dict = None

    def narrow(self, queryset, value):
        return queryset.filter(self.conditions[value])

    def counts(self, queryset):
        first, *others = [
            self.narrow(queryset, name)
            .order_by()
            .values_list(Value(self.param), Value(name), Value(name))
            .annotate(number=self.number)
            for name in self.conditions
        ]
        return first.union(*others, all=True)


class ReviewerFacet(Facet):
    """Who reads it."""

    def label_expression(self):
        return name_of("assignments__reviewer__")


class Need(NamedTuple):
    """Something that waits for somebody: how many there are, where to see them all, and the first of them."""

    label: str
    url: str
    number: int
    first: list


class Row(NamedTuple):
    """An application in a list: its kind in words, the days that it stands where it does, the day by which the step
    should be done, and the labels of what it needs."""

    application: Application
    kind: str
    days: int
    due: date | None
    is_overdue: bool
    flags: list


class Queue(Listing):
    """The queue as somebody sees it, filtered as their query string asks. One query finds what it must know before,
    one each the rows, the choices with the total, and the needs, where they are used."""

    orders = {
        "waiting": (gettext_lazy("Longest wait first"), ["is_over", "since"]),
        "newest": (gettext_lazy("Newest first"), ["-submitted_at"]),
        "oldest": (gettext_lazy("Oldest first"), ["submitted_at"]),
        "name": (gettext_lazy("Name"), ["key", "state"]),
        "state": (gettext_lazy("State"), ["state", "key"]),
    }

    def __init__(self, user, params):
        self.user, self.today = user, timezone.localdate()
        known = self.known()
        self.policy, self.views = ReviewPolicy(**known["policy"] or {}), known["views"]
        self.there = desk.known_open_to(user, known["exceptions"])
        self.flags = {name: flag for name, flag in FLAGS.items() if desk.has_part(user, flag.by)}
        self.conditions = {name: flag.condition(self) for name, flag in self.flags.items()}
        labels = {name: flag.label for name, flag in self.flags.items()}
        self.facets = (
            InOrder("status", _("Status"), "status", {one.value: one.label for one in Status if one != Status.DRAFT}),
            FlagFacet("flag", _("Needs"), "flags", labels, conditions=self.conditions),
            InOrder("age", _("Waiting for"), "age", {age: label for age, (label, _days) in AGES.items()}),
            ReviewerFacet("assignee", _("Reviewer"), "assignments__reviewer", only=Q(assignments__removed_at=None)),
            OwnFacet("kind", _("Kind"), "kind", dict(Jurisdiction.Kind.choices)),
            OwnFacet("state", _("State"), "state", dict(State.choices)),
        )
        super().__init__(self.everything(), params)

    @property
    def for_chairs(self):
        return desk.has_part(self.user, By.CHAIR)

    def known(self):
        """What is there for them, the targets of the policy, and the views that they keep; one query."""
        policy = ReviewPolicy.objects.values(found=JSONObject(**{name: name for name in TARGETS.values()}))
        views = self.user.kept_views.values(found=JSONObject(pk="pk", name="name", query="query"))
        person = User.objects.filter(pk=self.user.pk)
        return person.values(
            exceptions=ArraySubquery(desk.exceptions(self.user)), policy=Subquery(policy), views=ArraySubquery(views)
        ).get()

    def everything(self):
        """All that is there for them, with what lists sort and filter by."""
        ages = [
            When(since__lt=midnight(self.today - timedelta(days=days - 1)), then=Value(age))
            for age, (_label, days) in reversed(AGES.items())
        ]
        return self.there.annotate(
            age=Case(*ages, default=Value(next(iter(AGES))), output_field=CharField()),
            is_over=Q(status__in=(*OUTCOMES, Status.WITHDRAWN)),
        )

    def _read_facets(self):
        active = super()._read_facets()
        if not active.get("assignee", "0").isdecimal():
            self._note_unknown(_("Reviewer"), active.pop("assignee"))
        return active

    def matching(self, queryset):
        """By reference or the name of the government."""
        return search.search(queryset, self.text, meant=Q(reference__istartswith=self.text))

    @cached_property
    def total(self):
        """Counted with the choices: every application has one status."""
        statuses = next(choices for facet, choices in self.choices if facet.param == "status")
        return sum(one.number for one in statuses if one.is_active or "status" not in self.active)

    @cached_property
    def page(self):
        readers = of_it(Assignment, removed_at=None).order_by("assigned_at", "pk").values_list(name_of("reviewer__"))
        flags = Func(
            *(Case(When(holds, then=Value(name)), output_field=CharField()) for name, holds in self.conditions.items()),
            template="array_remove(ARRAY[%(expressions)s], NULL)",
            output_field=ArrayField(CharField()),
        )
        rows = self._narrowed().order_by(*self.available_orders[self.order][1], "pk")
        paginator = Paginator(rows.values("pk"), self.per_page)
        paginator.count = self.total
        try:
            page = paginator.page(self.number)
        except EmptyPage:
            raise Http404 from None
        # What a row shows is asked of these alone, not of all those on the pages before.
        page.object_list = rows.filter(pk__in=page.object_list).annotate(readers=ArraySubquery(readers), flags=flags)
        return page

    @property
    def rows(self):
        for one in self.page:
            kind = Jurisdiction.Kind(one.kind).label if one.kind else ""
            labels = [self.flags[name].label for name in one.flags if name != "overdue"]
            yield Row(one, kind, self.days_since(one.since), self.due(one), "overdue" in one.flags, labels)

    def days_since(self, moment):
        return (self.today - timezone.localdate(moment)).days

    def due(self, application):
        target = TARGETS.get(application.status_for_team)
        if target:
            return working_days_after(timezone.localdate(application.since), getattr(self.policy, target))
        return None

    @cached_property
    def needs(self):
        """What waits for this person, whatever is filtered, with those that wait longest; one query."""
        names = [name for name in self.flags if name not in NO_NEED[desk.part_of(self.user)]]
        all_of_them = Window(Count("pk"))
        first, *others = [
            self.there.filter(self.conditions[name])
            .order_by("since", "pk")
            .values_list(Value(name), "since", "pk", "reference", "government_name", all_of_them)[:SHOWN_OF_EACH]
            for name in names
        ]
        found = {name: [] for name in names}
        for name, *row in first.union(*others, all=True):
            found[name].append(row)
        return [
            Need(
                self.flags[name].label,
                f"?flag={name}",
                rows[0][-1],
                [(pk, reference, title, self.days_since(since)) for since, pk, reference, title, _all in sorted(rows)],
            )
            for name, rows in found.items()
            if rows
        ]

    @property
    def query(self):
        """The words of the query string for this view, without what was not understood, and from page one."""
        return self.url()[1:]
