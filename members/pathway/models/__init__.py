"""The models of the pathway: the readiness check, the application, its review and decision, and the onboarding."""

from alliance.core.keys import new_key

from .application import Application, SectionAnswers, latest_questions
from .assessment import Answer, Assessment, NewerRubric, last_day, latest_version
from .attachment import Attachment
from .decision import Decision
from .desk import CannedText, KeptView, ReviewPolicy
from .figures import QuarterFigures
from .onboarding import Onboarding, OnboardingStep
from .record import ChangeRequest, HistoryEntry, Message, SignOff, Snapshot, SnapshotAnswer, SnapshotFile
from .review import (
    AdminReading,
    Assignment,
    AuthorityCheck,
    Declaration,
    InternalNote,
    Override,
    Review,
    Score,
    ScreeningCheck,
)
from .team import Invitation, TeamMember

__all__ = [
    "AdminReading",
    "Answer",
    "Application",
    "Assessment",
    "Assignment",
    "Attachment",
    "AuthorityCheck",
    "CannedText",
    "ChangeRequest",
    "Decision",
    "Declaration",
    "HistoryEntry",
    "InternalNote",
    "KeptView",
    "Invitation",
    "Message",
    "NewerRubric",
    "Onboarding",
    "OnboardingStep",
    "Override",
    "QuarterFigures",
    "Review",
    "ReviewPolicy",
    "Score",
    "ScreeningCheck",
    "SectionAnswers",
    "SignOff",
    "Snapshot",
    "SnapshotAnswer",
    "SnapshotFile",
    "TeamMember",
    # Named by the migrations:
    "last_day",
    "latest_questions",
    "latest_version",
    "new_key",
]
