"""The models of the ground floor."""

from .audit import AuditEntry
from .mail import OutgoingMail
from .note import PublicNote, Report
from .publishing import OldSlug, Publishable, SeedRecord, Timestamped
from .tally import Tally
from .user import User

__all__ = [
    "AuditEntry",
    "OldSlug",
    "OutgoingMail",
    "PublicNote",
    "Publishable",
    "Report",
    "SeedRecord",
    "Tally",
    "Timestamped",
    "User",
]
