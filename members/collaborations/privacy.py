"""Who changed what of the collaborations."""

from alliance.core.privacy import changes_by

from .models import Collaboration, Seat

COVERS = ("collaborations.HistoricalCollaboration.history_user", "collaborations.HistoricalSeat.history_user")

# What the rows of each model that has a history are called by.
NAMED_BY = {Collaboration: "name", Seat: "collaboration__name"}


def export(user):
    return {"changes that you made to collaborations": changes_by(user, NAMED_BY)}


def erase(user):
    """Nothing: a version holds the number of who made it, and their row forgets the rest."""
