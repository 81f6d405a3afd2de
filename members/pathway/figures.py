"""How applications fare, in numbers: for the Alliance what is there for whoever looks, and what anybody may know.

Nobody can tell one application from the public figures, nor by taking one number from another: they count what was
decided before a quarter began, once in the quarter, and only in full fives. So no two of them, and no two days, differ
by one; and the page that shows them counts nothing.
"""

import statistics
from datetime import datetime, time
from typing import NamedTuple

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance.core.vocabulary import State
from cohorts.models import Jurisdiction

from . import desk
from .models import Application, QuarterFigures
from .states import OUTCOMES, UNDER_WAY, Status

# Of fewer, each could be told from the others.
FEWEST = 5
# The chart, in the units of its viewBox.
ROW, WIDTH = 62, 400

STEPS = {status: status for status in UNDER_WAY}
# As a team is told: the time for which a decision is held is part of the review.
PUBLIC_STEPS = {
    Status.SUBMITTED: "screening",
    Status.SCREENING: "screening",
    Status.IN_REVIEW: "review",
    Status.DECIDED: "review",
    Status.CHANGES_REQUESTED: "changes",
}
PUBLIC_LABELS = {
    "screening": gettext_lazy("Screening"),
    "review": gettext_lazy("Review, up to our answer"),
    "changes": gettext_lazy("Changes that we asked for"),
}

# For each application the days that it spent in each step that is over; of these, for each step, the median.
MEDIANS = """
SELECT step, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) / 86400
FROM (
  SELECT application_id, CASE {steps} END AS step, sum(extract(epoch FROM until - at)) AS seconds
  FROM (
    SELECT application_id, target, at, lead(at) OVER (PARTITION BY application_id ORDER BY at, id) AS until
    FROM pathway_historyentry
    WHERE source <> target AND application_id IN ({applications})
  ) AS entry
  WHERE until IS NOT NULL
  GROUP BY application_id, 2
) AS spent
WHERE step IS NOT NULL
GROUP BY step
"""


def medians(applications, steps):
    """{step: (how many applications, median of the days that each spent in it)}; one query. `steps` says for each
    status in which step it counts."""
    chosen, params = applications.order_by().values("pk").query.sql_with_params()
    cases = " ".join("WHEN target = %s THEN %s" for _step in steps)
    named = [str(word) for pair in steps.items() for word in pair]
    with connection.cursor() as cursor:
        cursor.execute(MEDIANS.format(steps=cases, applications=chosen), [*named, *params])
        return {step: (number, float(days)) for step, number, days in cursor.fetchall()}


def counts(applications):
    """({status: number}, {kind: number}, {state: number}) of applications; one query."""
    found = {}, {}, {}
    for *values, number in applications.order_by().values_list("status", "kind", "state").annotate(n=Count("pk")):
        for counted, value in zip(found, values, strict=True):
            counted[value] = counted.get(value, 0) + number
    return found


class Row(NamedTuple):
    """A line of a table, and of the chart beside it."""

    label: str
    words: str
    y: int
    width: int


class Table(NamedTuple):
    """A table and its chart."""

    name: str
    head: str
    rows: list

    @property
    def height(self):
        return ROW * len(self.rows)


def table(name, head, lines):
    """A table from (label, words, number) lines; the longest bar is the whole width."""
    most = max((number for _label, _words, number in lines), default=0) or 1
    rows = [
        Row(label, words, ROW * place, round((WIDTH - 1) * number / most))
        for place, (label, words, number) in enumerate(lines)
    ]
    return Table(name, head, rows)


def steps_table(days, labels):
    """The median of each step that has one, in days."""
    lines = []
    for step, label in labels.items():
        if step in days:
            whole = round(days[step])
            lines.append((str(label), ngettext("%(days)s day", "%(days)s days", whole) % {"days": whole}, whole))
    return table(_("Median time in each step"), _("Days"), lines)


def counted_table(name, counted, labels):
    """How many of each that occurs, the most first; those of which nothing is said last."""
    lines = sorted((-number, str(labels[value])) for value, number in counted.items() if value in labels)
    unsaid = sum(number for value, number in counted.items() if value not in labels)
    lines += [(-unsaid, _("Not said"))] if unsaid else []
    return table(name, _("Applications"), [(label, str(-number), -number) for number, label in lines])


class Figures:
    """For the Alliance: exact, of all that is there for somebody."""

    def __init__(self, user):
        self.there = desk.known_open_to(user)

    @cached_property
    def tables(self):
        """Two queries, beside the one for what is there."""
        statuses, kinds, states = counts(self.there)
        days = {step: days for step, (_number, days) in medians(self.there, STEPS).items()}
        return [
            steps_table(days, {status: status.label for status in STEPS}),
            counted_table(_("Where applications stand"), statuses, dict(Status.choices)),
            counted_table(_("By kind of government"), kinds, dict(Jurisdiction.Kind.choices)),
            counted_table(_("By state"), states, dict(State.choices)),
        ]


def quarter_start():
    """The first moment of the present quarter of the year."""
    today = timezone.localdate()
    first = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    return timezone.make_aware(datetime.combine(first, time.min))


def in_fives(number):
    return number - number % FEWEST


def fives(counted):
    """Of each how many, in full fives; without those of which there are fewer."""
    return {value: in_fives(number) for value, number in counted.items() if number >= FEWEST}


def public_numbers(until):
    """What anybody may read of what was decided before a moment. Nothing exact is in it, so that it can be kept."""
    decided = Application.objects.filter(status__in=OUTCOMES, since__lt=until)
    statuses, kinds, states = counts(decided)
    steps = medians(decided, PUBLIC_STEPS).items()
    days = Application.objects.days_to_outcome(until)
    return {
        "usual": statistics.median_high(days) if len(days) >= FEWEST else None,
        "answered": in_fives(len(days)),
        "decided": in_fives(sum(statuses.values())),
        "outcomes": fives(statuses),
        "steps": {step: round(median) for step, (number, median) in steps if number >= FEWEST},
        "kinds": fives(kinds),
        "states": fives(states),
    }


def count_quarter():
    """Count what was decided before the present quarter, once a quarter; three queries, else one."""
    until = quarter_start()
    QuarterFigures.objects.get_or_create(until=until.date(), defaults={"numbers": lambda: public_numbers(until)})


def rounded_table(name, counted, labels):
    """How many of each, in full fives. Each has its line, also where there was none: that it has one tells nothing."""
    lines = []
    for value, label in labels:
        number = counted.get(value, 0)
        words = _("%(number)s or more") if number else _("fewer than %(number)s")
        lines.append((str(label), words % {"number": number or FEWEST}, number))
    return table(name, _("Decisions"), lines)


class PublicFigures:
    """For everybody: of what was decided before the quarter that was counted last, in full fives. One query."""

    def __init__(self):
        last = QuarterFigures.objects.last()
        self.until, self.numbers = (last.until, last.numbers) if last else (None, {})

    @property
    def usual(self):
        """The days that it usually takes from handing in to the answer; None while too few were decided."""
        return self.numbers.get("usual")

    @property
    def number(self):
        """Of how many decisions at least."""
        return self.numbers.get("answered", 0)

    @property
    def tables(self):
        """Outcomes, steps, kinds, and those states that have enough; none at all while too few were decided."""
        if not self.numbers.get("decided"):
            return []
        outcomes, steps, kinds, states = (self.numbers[name] for name in ("outcomes", "steps", "kinds", "states"))
        tables = [
            rounded_table(_("Our answers"), outcomes, [(one, one.label) for one in OUTCOMES]),
            steps_table(steps, PUBLIC_LABELS),
            rounded_table(_("By kind of government"), kinds, Jurisdiction.Kind.choices),
            rounded_table(_("States with five or more"), states, [one for one in State.choices if one[0] in states]),
        ]
        return [one for one in tables if one.rows]
