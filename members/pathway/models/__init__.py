"""The models of the pathway: the readiness check, and the application."""

from alliance.core.keys import new_key

from .application import Application, SectionAnswers, latest_questions
from .assessment import Answer, Assessment, NewerRubric, last_day, latest_version
from .attachment import Attachment
from .record import ChangeRequest, HistoryEntry, Message, SignOff, Snapshot, SnapshotAnswer
from .team import Invitation, TeamMember

__all__ = [
    "Answer",
    "Application",
    "Assessment",
    "Attachment",
    "ChangeRequest",
    "HistoryEntry",
    "Invitation",
    "Message",
    "NewerRubric",
    "SectionAnswers",
    "SignOff",
    "Snapshot",
    "SnapshotAnswer",
    "TeamMember",
    # Named by the migrations:
    "last_day",
    "latest_questions",
    "latest_version",
    "new_key",
]
