"""The peer finder: governments that are further along in a domain and like a given one, each with true reasons.

Likeness (kind, size, distance) is `Jurisdiction.objects.like`. Further along is who has a public record of it: a
milestone of a fitting kind, a resource of the library in use, or a seat in a collaboration.
"""

from typing import NamedTuple

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from alliance.core import dates
from alliance.core.vocabulary import Domain, Stage
from cohorts import likeness
from cohorts.models import Jurisdiction, Milestone
from members.collaborations.models import Seat
from resources.domains import TOPICS
from resources.models import Adoption

# So many of the governments most like the given one are looked at for what they have done.
COMPARED = 150
MOST_PEERS = 3

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


class Peer(NamedTuple):
    """A government to learn from: what it did and the page that shows it, and in words why it is named here."""

    jurisdiction: Jurisdiction
    deed: str
    url: str
    reasons: list


class PeerFinder:
    """Peers of one government, domain by domain; four questions to the database in all.

    `government` is a Place or a Jurisdiction. Where it is None, peers come from `state` (a postal code or "") and from
    the cohort at the forefront, and no reason speaks of likeness.
    """

    def __init__(self, government=None, state=""):
        self.government, self.state = government, state
        self.candidates = [(one, why) for one in self._candidates() if (why := self._reasons(one))]

    def find(self, domain, stage, count=MOST_PEERS):
        """The first `count` peers on record in the domain whose own stage, where it is known, is not before `stage`."""
        peers = []
        for one, why in self.candidates:
            if len(peers) < count and not is_before(one.stage, stage) and (found := deed(one, domain)):
                at = [_("its work is at the stage “%(stage)s”") % {"stage": one.get_stage_display().lower()}]
                peers.append(Peer(one, *found, [*why, *(at if one.stage else [])]))
        return peers

    def _candidates(self):
        if self.government:
            rows = Jurisdiction.objects.like(self.government)
        else:
            rows = Jurisdiction.objects.published().near_or_at_the_forefront(self.state)
        kinds = [kind for kinds in MILESTONES.values() for kind in kinds]
        milestones = Milestone.objects.filter(kind__in=kinds).latest_first()
        adoptions = Adoption.objects.published().in_use().select_related("resource").order_by("pk")
        adoptions = adoptions.only("jurisdiction", "resource__title", "resource__slug", "resource__labels")
        seats = Seat.objects.filter(collaboration__status="published").select_related("collaboration").order_by("pk")
        return rows.prefetch_related(
            Prefetch("milestones", milestones, to_attr="acts"),
            Prefetch("adoptions", adoptions, to_attr="in_use"),
            Prefetch("seats", seats, to_attr="public_seats"),
        )[:COMPARED]

    def _reasons(self, one):
        if self.government:
            return likeness.reasons(one, self.government)
        in_state = [_("in the same state")] if one.state == self.state else []
        return in_state + ([_("in a cohort at the forefront")] if one.in_first_cohort else [])


def is_before(stage, other):
    """Whether a stage is known and comes before another."""
    return bool(stage) and Stage.values.index(stage) < Stage.values.index(other)


def deed(jurisdiction, domain):
    """What a candidate has on record in a domain, as (words, address): the latest fitting act comes first; or None."""
    for act in jurisdiction.acts:
        if act.kind in MILESTONES.get(domain, ()):
            return f"{act.title} ({dates.describe(act.date)})", act.get_absolute_url()
    labels = {f"topic:{topic}" for topic in TOPICS[domain]}
    for adoption in jurisdiction.in_use:
        if labels & set(adoption.resource.labels):
            return _("uses “%(title)s”") % {"title": adoption.resource.title}, adoption.resource.get_absolute_url()
    if domain == Domain.COLLABORATION:
        for seat in jurisdiction.public_seats:
            words = _("has a seat in %(name)s") % {"name": seat.collaboration.name}
            return words, seat.collaboration.get_absolute_url()
    return None
