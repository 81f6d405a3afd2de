"""What the application asks: twelve sections of questions, as data. Forms, pages, checks and exports are made from it.

An answer is stored by the id of its question, so an id never changes its meaning: a question that is asked differently
gets a new id. `VERSION` goes up whenever a question is added, taken away or asked differently; an application keeps the
version that it was submitted with.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.core.vocabulary import Visibility
from cohorts.models import Jurisdiction

VERSION = 1

# Characters of an answer.
A_LINE = 200
A_PARAGRAPH = 1_500


class Kind(StrEnum):
    """How a question is answered, and so which field its form has."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    NUMBER = "number"
    LINK = "link"
    EMAIL = "email"
    STATE = "state"
    GEOID = "geoid"
    CONSENT = "consent"


@dataclass(frozen=True)
class Question:
    """One question. `limit` counts characters, or for a number its highest value; `visibility` says who sees the
    answer once the government is in the network (while it applies, its own team and the reviewers do).

    With `only_if`, a pair (question id, answers), it is asked only where that question has one of those answers.
    """

    id: str
    kind: Kind
    label: str
    help: str = ""
    required: bool = False
    limit: int = A_LINE
    choices: tuple = ()
    visibility: Visibility = Visibility.STAFF
    only_if: tuple | None = None

    @property
    def is_set(self):
        """Whether it is a set of boxes to choose from, and no single field."""
        return self.kind in (Kind.CHOICE, Kind.CHOICES)

    @property
    def seen_by(self):
        """Who sees the answer once the government has joined."""
        return dict(WHO_MAY_SEE)[self.visibility]

    @property
    def condition(self):
        """The question and the labels of its answers under which this one is asked; None for always."""
        if self.only_if:
            other = BY_ID[self.only_if[0]]
            return {"label": other.label, "answers": [dict(other.choices)[value] for value in self.only_if[1]]}


@dataclass(frozen=True)
class Section:
    """Questions that belong together, the minutes they take, and who is good to have in the room."""

    id: str
    label: str
    about: str
    minutes: int
    who: str
    questions: tuple


WHO_MAY_SEE = (
    (Visibility.STAFF, _("Alliance staff")),
    (Visibility.MEMBERS, _("Members of the network")),
    (Visibility.PUBLIC, _("Everyone")),
)


def person(id, who, about, required=False):
    """What is asked about one person, and whether their name may be shown."""
    return (
        Question(f"{id}_name", Kind.LINE, format_lazy(_("{who}: name"), who=who), about, required),
        Question(f"{id}_title", Kind.LINE, format_lazy(_("{who}: title"), who=who), required=required),
        Question(f"{id}_email", Kind.EMAIL, format_lazy(_("{who}: e-mail address"), who=who), required=required),
        Question(
            f"{id}_visibility",
            Kind.CHOICE,
            format_lazy(_("{who}: who may see the name and title once you have joined"), who=who),
            _("The e-mail address is never shown. “Alliance staff” is chosen unless you change it."),
            choices=WHO_MAY_SEE,
        ),
    )


YES_PARTLY_NO = (("yes", _("Yes")), ("partly", _("In part")), ("no", _("Not yet")))

SECTIONS = (
    Section(
        "eligibility",
        _("Who is applying"),
        _(
            "Any government in the United States can apply, of any size, and so can one department of it. You need no "
            "equity office and no plan yet."
        ),
        5,
        _("Whoever begins the application"),
        (
            Question(
                "whole",
                Kind.CHOICE,
                _("Does the whole government apply, or one department?"),
                _("A department can lead the way; the whole government can follow with its own application."),
                required=True,
                choices=(("whole", _("The whole government")), ("department", _("One department or office of it"))),
            ),
            Question(
                "department",
                Kind.LINE,
                _("Name of the department or office"),
                required=True,
                visibility=Visibility.PUBLIC,
                only_if=("whole", ("department",)),
            ),
            Question(
                "authority",
                Kind.CHOICE,
                _("May those who fill this in speak for the government?"),
                _("“Not yet” is a fine answer now. Before you can join, we check this with the government itself."),
                required=True,
                choices=YES_PARTLY_NO,
            ),
            Question(
                "why_now",
                Kind.TEXT,
                _("Why now?"),
                _("What has happened, in your government or among residents, that makes this the time?"),
                required=True,
                limit=A_PARAGRAPH,
            ),
        ),
    ),
    Section(
        "identity",
        _("Your government"),
        _("Look it up, and we fill in what the register knows. A body that stands in no register can type it."),
        5,
        _("Clerk or manager"),
        (
            Question("name", Kind.LINE, _("Official name"), required=True, limit=160, visibility=Visibility.PUBLIC),
            Question(
                "kind",
                Kind.CHOICE,
                _("Kind of government"),
                required=True,
                choices=tuple(Jurisdiction.Kind.choices),
                visibility=Visibility.PUBLIC,
            ),
            Question("state", Kind.STATE, _("State"), required=True, visibility=Visibility.PUBLIC),
            Question(
                "geoid",
                Kind.GEOID,
                _("GEOID"),
                _("The number that the Census Bureau gives to places and counties. Leave it empty if you have none."),
                visibility=Visibility.PUBLIC,
            ),
            Question(
                "population",
                Kind.NUMBER,
                _("People who live in the area you serve"),
                _("About is enough."),
                limit=400_000_000,
                visibility=Visibility.PUBLIC,
            ),
            Question("website", Kind.LINK, _("Website of the government"), required=True, visibility=Visibility.PUBLIC),
            Question(
                "communities",
                Kind.TEXT,
                _("Who lives there, and which communities bear the greatest gaps?"),
                _("In your own words. Numbers help where you have them; name their source."),
                required=True,
                limit=A_PARAGRAPH,
            ),
        ),
    ),
    Section(
        "contacts",
        _("People"),
        _(
            "Four people carry an application: a lead, an executive sponsor, an elected champion and a backup for the "
            "lead. One person can fill two places in a small government."
        ),
        10,
        _("Lead and manager"),
        (
            *person("lead", _("Lead"), _("Answers our questions and keeps the work moving."), required=True),
            *person(
                "sponsor",
                _("Executive sponsor"),
                _("Manager, chief executive or department head who signs this application off."),
                required=True,
            ),
            *person("champion", _("Elected champion"), _("A member of the council or board, if there is one yet.")),
            *person("backup", _("Backup"), _("Takes over when the lead is away or leaves.")),
        ),
    ),
    Section(
        "commitment",
        _("Commitment"),
        _("What your government has said in public. If there is nothing yet, say what stands in the way."),
        10,
        _("Clerk, sponsor, elected champion"),
        (
            Question(
                "commitment_kind",
                Kind.CHOICES,
                _("What is there?"),
                choices=(
                    ("resolution", _("A resolution")),
                    ("ordinance", _("An ordinance or code")),
                    ("order", _("An executive order or directive")),
                    ("plan", _("A plan that names racial equity")),
                    ("statement", _("A public statement")),
                    ("none", _("Nothing yet")),
                ),
                required=True,
                visibility=Visibility.PUBLIC,
            ),
            Question("commitment_date", Kind.DATE, _("Date of the strongest of these"), visibility=Visibility.PUBLIC),
            Question(
                "commitment_link",
                Kind.LINK,
                _("Public page that shows it"),
                _("Or add the document under “Files”."),
                visibility=Visibility.PUBLIC,
            ),
            Question(
                "commitment_words",
                Kind.TEXT,
                _("What does it commit you to, or what stands in the way of one?"),
                required=True,
                limit=A_PARAGRAPH,
            ),
        ),
    ),
    Section(
        "infrastructure",
        _("People, time and money"),
        _("Many governments begin without a staff person or a budget line. Say what is there, however little."),
        10,
        _("Sponsor, budget or personnel staff"),
        (
            Question(
                "staff",
                Kind.NUMBER,
                _("Paid hours a week for this work, all people together"),
                _("An honest guess. 0 is an answer."),
                required=True,
                limit=10_000,
            ),
            Question(
                "budget_line", Kind.CHOICE, _("Is there a budget line for it?"), required=True, choices=YES_PARTLY_NO
            ),
            Question(
                "reports_to",
                Kind.LINE,
                _("To whom does the person in charge report?"),
                _("For example: city manager."),
            ),
            Question(
                "core_team",
                Kind.CHOICE,
                _("Is there a racial equity core team?"),
                _("The officially authorized group that designs and coordinates the work."),
                required=True,
                choices=(
                    ("authorized", _("Yes, officially authorized")),
                    ("informal", _("A group meets, without being asked officially")),
                    ("no", _("Not yet")),
                ),
            ),
            Question("core_team_words", Kind.TEXT, _("Who is in it, and how often do you meet?"), limit=A_PARAGRAPH),
        ),
    ),
    Section(
        "learning",
        _("Learning"),
        _("How people in your government come to a shared understanding."),
        5,
        _("Personnel or training staff"),
        (
            Question(
                "trained",
                Kind.CHOICE,
                _("How many employees have had training on racial equity?"),
                required=True,
                choices=(
                    ("none", _("None that we know of")),
                    ("few", _("Fewer than one in ten")),
                    ("some", _("One in ten to one half")),
                    ("most", _("More than one half")),
                    ("unknown", _("We do not know")),
                ),
            ),
            Question(
                "learning_words",
                Kind.TEXT,
                _("What have you learned so far, and from whom?"),
                _("Training, reading, a visit, an elder’s story: all of it counts."),
                required=True,
                limit=A_PARAGRAPH,
            ),
        ),
    ),
    Section(
        "data",
        _("Data"),
        _("Whether you can see gaps between groups of residents."),
        5,
        _("Someone who makes reports: planning, finance, health, police"),
        (
            Question(
                "disaggregated",
                Kind.CHOICE,
                _("Do you look at any data split by race and ethnicity?"),
                required=True,
                choices=YES_PARTLY_NO,
            ),
            Question(
                "data_words",
                Kind.TEXT,
                _("Which, and what did it show?"),
                _("Or: which would you want to see first?"),
                required=True,
                limit=A_PARAGRAPH,
            ),
        ),
    ),
    Section(
        "practice",
        _("Practice"),
        _("What you do differently in daily decisions."),
        10,
        _("A department that has tried something"),
        (
            Question(
                "equity_tool",
                Kind.CHOICE,
                _("Do you use a racial equity tool in decisions?"),
                _("A set of questions asked before a policy, program or budget is decided."),
                required=True,
                choices=YES_PARTLY_NO,
            ),
            Question(
                "practice_words",
                Kind.TEXT,
                _("One decision that racial equity changed, or one where you wish it had"),
                required=True,
                limit=A_PARAGRAPH,
            ),
            Question(
                "action_plan",
                Kind.CHOICE,
                _("Is there a racial equity action plan?"),
                _("With results, indicators, actions, owners and measures."),
                required=True,
                choices=YES_PARTLY_NO,
            ),
        ),
    ),
    Section(
        "community",
        _("Community"),
        _("How the people who are most affected take part."),
        10,
        _("Community partners; someone who works with residents"),
        (
            Question(
                "participation",
                Kind.CHOICE,
                _("How do communities of color take part in your decisions today?"),
                _("The steps are those of the public participation spectrum: each gives residents more say."),
                required=True,
                choices=(
                    ("inform", _("We tell them what was decided")),
                    ("consult", _("We ask, and decide ourselves")),
                    ("involve", _("We work with them while we plan")),
                    ("collaborate", _("We decide together")),
                    ("empower", _("They decide some matters")),
                    ("none", _("Hardly at all so far")),
                ),
            ),
            Question(
                "compensation",
                Kind.CHOICE,
                _("Are residents paid for their time and knowledge?"),
                required=True,
                choices=YES_PARTLY_NO,
            ),
            Question(
                "decision_power",
                Kind.TEXT,
                _("Which decisions do residents make or share today?"),
                limit=A_PARAGRAPH,
            ),
            Question(
                "partners",
                Kind.TEXT,
                _("With whom do you work?"),
                _("Community organizations, tribes, schools, universities, businesses, foundations."),
                required=True,
                limit=A_PARAGRAPH,
            ),
        ),
    ),
    Section(
        "goals",
        _("Goals"),
        _("What should be different in a year."),
        15,
        _("Lead, sponsor and community partners together"),
        (
            Question(
                "goal",
                Kind.TEXT,
                _("One result that you want within 12 months"),
                _("As residents would notice it."),
                required=True,
                limit=A_PARAGRAPH,
            ),
            Question(
                "goal_measure",
                Kind.TEXT,
                _("How will you know?"),
                _("A measure, where it stands today, and where it should stand then."),
                required=True,
                limit=A_PARAGRAPH,
            ),
            Question("obstacles", Kind.TEXT, _("What could stand in the way?"), required=True, limit=A_PARAGRAPH),
        ),
    ),
    Section(
        "peers",
        _("Peers"),
        _("The network lives from what its members ask of each other and give."),
        5,
        _("Lead"),
        (
            Question(
                "want",
                Kind.TEXT,
                _("What do you want to learn from other governments?"),
                required=True,
                limit=A_PARAGRAPH,
                visibility=Visibility.MEMBERS,
            ),
            Question(
                "offer",
                Kind.TEXT,
                _("What can you offer them?"),
                _("Something that worked, or something that did not and why."),
                required=True,
                limit=A_PARAGRAPH,
                visibility=Visibility.MEMBERS,
            ),
        ),
    ),
    Section(
        "consent",
        _("Consent"),
        _("What you agree to. Afterwards the executive sponsor signs the whole off, on a page of their own."),
        5,
        _("Lead and sponsor"),
        (
            Question(
                "true",
                Kind.CONSENT,
                _("To the best of our knowledge, what we say here is true."),
                required=True,
            ),
            Question(
                "listing",
                Kind.CONSENT,
                _(
                    "If we join, our government’s name, kind, state and public commitments may be shown on the "
                    "public pages. We see our page before anybody else does."
                ),
                required=True,
            ),
            Question(
                "check",
                Kind.CONSENT,
                _("The Alliance may check with our government, by a contact on its own website, that we speak for it."),
                required=True,
            ),
        ),
    ),
)

BY_ID = {question.id: question for section in SECTIONS for question in section.questions}
SECTION_OF = {question.id: section for section in SECTIONS for question in section.questions}
MINUTES = sum(section.minutes for section in SECTIONS)


def is_asked(question, answers):
    """Whether a question is asked at all, given the answers so far."""
    if question.only_if is None:
        return True
    other, those = question.only_if
    return answers.get(other) in those


def asked(answers):
    """The ids of all questions that are asked, in their order."""
    return [question.id for question in BY_ID.values() if is_asked(question, answers)]
