"""What reviewers score by: which answers speak of which domain of the rubric, and how their levels compare."""

from typing import NamedTuple

from django.utils.functional import cached_property

from alliance.core.vocabulary import Domain

from .answers import in_words
from .models import Review, Score, Snapshot
from .questions import BY_ID
from .rubric import HIGHEST, LATEST, RUBRICS, Question

# The questions whose answers stand beside each domain. What names people or the government is none of them.
SPEAKS_OF = {
    Domain.LEADERSHIP: (
        "authority",
        "why_now",
        "commitment_kind",
        "commitment_date",
        "commitment_link",
        "commitment_words",
    ),
    Domain.INFRASTRUCTURE: ("staff", "budget_line", "reports_to", "core_team", "core_team_words"),
    Domain.LEARNING: ("trained", "learning_words"),
    Domain.DATA: ("communities", "disaggregated", "data_words"),
    Domain.TOOLS: ("equity_tool", "practice_words"),
    Domain.PARTNERSHIP: ("participation", "compensation", "decision_power", "partners"),
    Domain.PLANNING: ("action_plan", "goal", "goal_measure", "obstacles"),
    Domain.COLLABORATION: ("want", "offer"),
}
# From this difference on, reviewers talk before anybody decides.
FAR_APART = 2
# The chart, in the units of its viewBox: the height of a row, where level 0 stands, and the way to the next one.
ROW_HEIGHT, FIRST, STEP = 66, 20, 88
# Between two marks at one level.
BESIDE = 22


def said_of(application):
    """What the team handed in last of each domain, {domain: [(question, answer in words)]}; two queries."""
    latest = Snapshot.objects.filter(application=application).order_by("-number")[:1]
    answers = dict(application.snapshots.filter(pk__in=latest).values_list("answers__question", "answers__answer"))
    return {
        domain: [(BY_ID[name], in_words(BY_ID[name], answers[name])) for name in names if answers.get(name)]
        for domain, names in SPEAKS_OF.items()
    }


class Opinion(NamedTuple):
    """What one reviewer says of a domain; `letter` stands for them in the chart."""

    letter: str
    review: Review
    level: int
    level_name: str
    rationale: str
    evidence: list
    x: int = 0


class Row(NamedTuple):
    """A domain with every reviewer's opinion, for the table and the chart."""

    question: Question
    opinions: list
    y: int

    @property
    def lowest(self):
        return min(one.level for one in self.opinions)

    @property
    def highest(self):
        return max(one.level for one in self.opinions)

    @property
    def is_far_apart(self):
        return self.highest - self.lowest >= FAR_APART

    @property
    def span(self):
        """(x, width) of the line between the lowest and the highest."""
        return FIRST + self.lowest * STEP, (self.highest - self.lowest) * STEP


class Comparison:
    """The levels of all reviews that are handed in, side by side. Two queries."""

    ticks = [FIRST + level * STEP for level in range(HIGHEST + 1)]
    height = ROW_HEIGHT * len(Domain)

    def __init__(self, application):
        self.application = application
        self.rubric = RUBRICS[LATEST]

    @cached_property
    def reviews(self):
        """(letter, review) in the order in which they began."""
        reviews = self.application.reviews.handed_in().select_related("reviewer").prefetch_related("scores")
        return [(chr(ord("A") + number), one) for number, one in enumerate(reviews.order_by("begun_at", "pk"))]

    @cached_property
    def rows(self):
        return [self.row(number, question) for number, question in enumerate(self.rubric.questions.values())]

    def row(self, number, question):
        opinions, taken = [], {}
        for letter, review in self.reviews:
            given = next(one for one in review.scores.all() if one.domain == question.domain)
            place = taken[given.level] = taken.get(given.level, -1) + 1
            opinions.append(
                Opinion(
                    letter,
                    review,
                    given.level,
                    self.rubric.level_names[given.level],
                    given.rationale,
                    [Score.Evidence(value).label for value in given.evidence],
                    FIRST + given.level * STEP + place * BESIDE,
                )
            )
        return Row(question, opinions, number * ROW_HEIGHT)

    @property
    def far_apart(self):
        return [row for row in self.rows if row.opinions and row.is_far_apart]
