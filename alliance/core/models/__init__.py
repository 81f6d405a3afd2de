"""The models of the ground floor."""

from .mail import OutgoingMail
from .publishing import OldSlug, Publishable, SeedRecord, Timestamped
from .tally import Tally
from .user import User

__all__ = ["OldSlug", "OutgoingMail", "Publishable", "SeedRecord", "Tally", "Timestamped", "User"]
