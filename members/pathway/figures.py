"""How applications fare, in numbers: for the Alliance what is there for whoever looks, and what anybody may know.

Nobody can tell one application from the public figures, nor by taking one number from another: they count what was
decided before the present quarter, and only in full fives. So no two of them, and no two days, differ by one.
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
from .models import Application
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


def steps_table(found, labels, fewest=1):
    """The median of each step in which at least so many applications were."""
    lines = []
    for step, label in labels.items():
        number, days = found.get(step, (0, 0))
        if number >= fewest:
            whole = round(days)
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
        return [
            steps_table(medians(self.there, STEPS), {status: status.label for status in STEPS}),
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


def rounded_table(name, counted, labels):
    """How many of each, in full fives. Each has its line, also where there was none: that it has one tells nothing."""
    lines = []
    for value, label in labels:
        number = in_fives(counted.get(value, 0))
        words = _("%(number)s or more") if number else _("fewer than %(number)s")
        lines.append((str(label), words % {"number": number or FEWEST}, number))
    return table(name, _("Decisions"), lines)


class PublicFigures:
    """For everybody: of what was decided before the present quarter, in full fives."""

    def __init__(self):
        self.until = quarter_start()
        self.decided = Application.objects.filter(status__in=OUTCOMES, since__lt=self.until)

    @cached_property
    def days(self):
        return Application.objects.days_to_outcome(self.until)

    @property
    def usual(self):
        """The days that it usually takes from handing in to the answer; None while too few were decided."""
        return statistics.median_high(self.days) if len(self.days) >= FEWEST else None

    @property
    def number(self):
        """Of how many decisions at least."""
        return in_fives(len(self.days))

    @cached_property
    def tables(self):
        """Outcomes, steps, kinds, and those states that have enough; none at all while too few were decided. Two
        queries, one while there is nothing to show."""
        statuses, kinds, states = counts(self.decided)
        if sum(statuses.values()) < FEWEST:
            return []
        enough = [(code, label) for code, label in State.choices if states.get(code, 0) >= FEWEST]
        tables = [
            rounded_table(_("Our answers"), statuses, [(one, one.label) for one in OUTCOMES]),
            steps_table(medians(self.decided, PUBLIC_STEPS), PUBLIC_LABELS, FEWEST),
            rounded_table(_("By kind of government"), kinds, Jurisdiction.Kind.choices),
            rounded_table(_("States with five or more"), states, enough),
        ]
        return [one for one in tables if one.rows]
