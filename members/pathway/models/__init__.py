"""The models of the pathway: the readiness check, and the application."""

from .application import Application, SectionAnswers, latest_questions
from .assessment import Answer, Assessment, last_day, latest_version, new_key
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
