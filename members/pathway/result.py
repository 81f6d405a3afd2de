"""What a readiness check shows: a profile, strengths, where to start and why, and the roadmap."""

from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _

from alliance.core.vocabulary import Domain, Stage
from members.peers.finder import FEWEST_PEERS, PeerFinder
from resources.models import Collection, Resource

from .rubric import HIGHEST, NOT_STARTED, Question, Step

START_WITH = 2
MOST_STRENGTHS = 3
# From this level on an answer is shown as a strength.
STRONG = 2
MOST_RESOURCES = 3
# The others build on these two.
FOUNDATIONS = (Domain.LEADERSHIP, Domain.INFRASTRUCTURE)

# The chart: one row a domain, four segments a row; in the units of its viewBox.
ROW_HEIGHT, SEGMENT_STEP = 62, 102


class Row(NamedTuple):
    """A domain in the profile; `level` is None where it has not been answered."""

    question: Question
    level: int | None
    level_name: str
    y: int

    @property
    def segments(self):
        """(x, whether the level reaches it) of the four segments."""
        return [(n * SEGMENT_STEP, n < (self.level or NOT_STARTED)) for n in range(HIGHEST)]


class Section(NamedTuple):
    """The roadmap of one domain: the step to the next level (None at the highest), and who and what can help."""

    row: Row
    is_start: bool
    step: Step | None
    next_name: str
    next_text: str
    resources: list
    collections: list
    peers: list

    @property
    def has_few_peers(self):
        return len(self.peers) < FEWEST_PEERS


class Result:
    """The result of an assessment, whole or so far; it reads the rubric of the version that was answered."""

    def __init__(self, assessment):
        self.assessment = assessment
        self.rubric = assessment.rubric
        self.levels = assessment.levels

    @property
    def rows(self):
        for position, (domain, question) in enumerate(self.rubric.questions.items()):
            level = self.levels.get(domain)
            name = _("Not answered yet") if level is None else self.rubric.level_names[level]
            yield Row(question, level, name, position * ROW_HEIGHT)

    @property
    def missing(self):
        return [row for row in self.rows if row.level is None]

    @cached_property
    def start(self):
        """The domains to start with: the lowest levels, of equals those that come first, as others build on them."""
        open_ones = [domain for domain, level in self.levels.items() if level < HIGHEST]
        return sorted(open_ones, key=self.levels.get)[:START_WITH]

    @property
    def start_with(self):
        """(row, why in words) of the domains to start with."""
        rows = {row.question.domain: row for row in self.rows}
        return [(rows[domain], self._why(domain)) for domain in self.start]

    def _why(self, domain):
        level = self.levels[domain]
        lower = [other for other in self.levels if self.levels[other] < level]
        equal = [other for other in self.levels if self.levels[other] == level and other not in self.start]
        if lower:
            why = _("Only one answer stands lower than this one: %(domain)s.") % {"domain": lower[0].label}
        else:
            why = _("None of your answers stands lower.")
        if equal and domain in FOUNDATIONS:
            return f"{why} {_('What else stands at this level builds on this one.')}"
        if equal:
            return f"{why} {_('Of what stands at this level, this one comes first in the check.')}"
        return why

    @property
    def strengths(self):
        """Rows of the highest answers, from the level of a strength on; never one that is also a place to start."""
        strong = [row for row in self.rows if (row.level or 0) >= STRONG and row.question.domain not in self.start]
        return sorted(strong, key=lambda row: -row.level)[:MOST_STRENGTHS]

    @cached_property
    def roadmap(self):
        """A section for each answered domain, those to start with first."""
        finder = PeerFinder(self.assessment.government, self.assessment.state, self.assessment.name)
        collections = list(Collection.objects.published().exclude(domain="").order_by("pk"))
        answered = sorted(
            (row for row in self.rows if row.level is not None), key=lambda row: row.question.domain not in self.start
        )
        return [self._section(row, finder, collections) for row in answered]

    def _section(self, row, finder, collections):
        question, domain = row.question, row.question.domain
        step = question.step_from(row.level)
        stage = step.stage if step else Stage.OPERATIONALIZE
        library = Resource.objects.published().for_domain(domain).labelled("stage", stage).most_used()
        return Section(
            row=row,
            is_start=domain in self.start,
            step=step,
            next_name=self.rubric.level_names[row.level + 1] if step else "",
            next_text=question.describe(row.level + 1) if step else "",
            resources=library.only("title", "slug", "kind", "publisher", "year", "uses")[:MOST_RESOURCES],
            collections=[one for one in collections if one.domain == domain],
            peers=finder.find(domain, stage),
        )
