"""What a government wants to work on, and what kinds of record show that another one has done it."""

from typing import NamedTuple

from alliance.core.vocabulary import Domain
from cohorts.models import Milestone
from resources.domains import TOPICS

Kind = Milestone.Kind
# What kinds of public acts show work in a domain; the other domains show in resources in use and in seats.
MILESTONES = {
    Domain.LEADERSHIP: (Kind.RESOLUTION, Kind.ORDINANCE),
    Domain.INFRASTRUCTURE: (Kind.OFFICE,),
    Domain.LEARNING: (Kind.TRAINING,),
    Domain.DATA: (Kind.REPORT,),
    Domain.TOOLS: (Kind.TOOL, Kind.BUDGET),
    Domain.PLANNING: (Kind.ACTION_PLAN,),
}


class Work(NamedTuple):
    """A domain of the readiness check, topics of the library by their address words, or both; nothing is any work."""

    domain: str = ""
    topics: tuple = ()

    @property
    def kinds(self):
        """The kinds of milestones that show it. A topic alone shows in resources, not in acts."""
        if self.domain:
            return MILESTONES.get(self.domain, ())
        return () if self.topics else tuple(Kind)

    @property
    def labels(self):
        """The labels of which a resource that helps with it bears one; None where every resource helps."""
        slugs = {*self.topics, *TOPICS.get(self.domain, ())}
        return sorted(f"topic:{slug}" for slug in slugs) if any(self) else None

    @property
    def is_shown_by_seats(self):
        """Whether a seat in a collaboration shows it."""
        return self.domain == Domain.COLLABORATION or not any(self)
