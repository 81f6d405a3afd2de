from .cohort import Cohort, CohortSeat
from .jurisdiction import Jurisdiction
from .membership import Membership
from .milestone import Milestone
from .place import Place
from .proposal import Proposal

__all__ = ["Cohort", "CohortSeat", "Jurisdiction", "Membership", "Milestone", "Place", "Proposal"]
