from .collaboration import Collaboration, Seat
from .common_work import Activity, Gathering, Update
from .measures import DataPoint, PopulationGroup, SharedMeasure
from .people import JoinRequest, Steward

__all__ = [
    "Activity",
    "Collaboration",
    "DataPoint",
    "Gathering",
    "JoinRequest",
    "PopulationGroup",
    "Seat",
    "SharedMeasure",
    "Steward",
    "Update",
]
