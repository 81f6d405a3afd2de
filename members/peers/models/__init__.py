from .introduction import AbuseReport, Block, Introduction
from .profile import PeerProfile
from .tie import TieRequest

__all__ = ["AbuseReport", "Block", "Introduction", "PeerProfile", "TieRequest"]
