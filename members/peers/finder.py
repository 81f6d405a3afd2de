"""The peer finder: governments that are further along in a domain and like a given one, each with true reasons.

Likeness (kind, size, distance) is `Jurisdiction.objects.like`. Further along is who has a public record of it: a
milestone of a fitting kind, a resource of the library in use, or a seat in a collaboration.
"""

from itertools import islice
from typing import NamedTuple

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils.translation import gettext as _

from alliance.core import dates
from alliance.core.vocabulary import Domain, Stage
from cohorts import likeness
from cohorts.models import Jurisdiction, Milestone
from members.collaborations.models import Seat
from resources.models import Adoption

from .work import MILESTONES, Work

# So many of the governments most like the given one are looked at for what they have done.
COMPARED = 150
FEWEST_PEERS, MOST_PEERS = 3, 5


class Peer(NamedTuple):
    """A government to learn from: what it did and the page that shows it, and in words why it is named here."""

    jurisdiction: Jurisdiction
    deed: str
    url: str
    reasons: list


class PeerFinder:
    """Peers of one government, domain by domain; five questions to the database in all.

    `government` is a Place or a Jurisdiction: those like it come first, and where a domain has fewer than three of
    them, others of its state and of the cohort at the forefront fill up to three. Where it is None, all come from
    `state` (a postal code or "") and from the forefront, none of them is the government called `name`, and no reason
    speaks of likeness.
    """

    def __init__(self, government=None, state="", name=""):
        self.government, self.name = government, name
        self.state = government.state if government else state
        is_itself = itself(government) if government else self._named()
        near = Jurisdiction.objects.published().near_or_at_the_forefront(self.state).exclude(is_itself)
        like = Jurisdiction.objects.like(government).exclude(is_itself) if government else []
        self.alike = [(one, why) for one in like[:COMPARED] if (why := likeness.reasons(one, government))]
        known = {one for one, _why in self.alike}
        self.others = [(one, self._why_near(one)) for one in near[:COMPARED] if one not in known]
        load_records([one for one, _why in self.alike + self.others])

    def find(self, domain, stage):
        """Up to five peers on record in the domain whose own stage, where it is known, is not before `stage`."""
        alike = list(islice(peers_among(self.alike, domain, stage), MOST_PEERS))
        enough = FEWEST_PEERS if self.government else MOST_PEERS
        return alike + list(islice(peers_among(self.others, domain, stage), max(0, enough - len(alike))))

    def _named(self):
        return Jurisdiction.objects.meaning(f"{self.name}, {self.state}") if self.name else Q(pk=None)

    def _why_near(self, one):
        in_state = [_("in the same state")] if one.state == self.state else []
        return in_state + ([_("in a cohort at the forefront")] if one.in_first_cohort else [])


def itself(government):
    """The condition under which a row is this Place or Jurisdiction, also where the register names it anew: San
    Francisco stands there as a place and as a county."""
    own = Q(pk=government.pk) if isinstance(government, Jurisdiction) else Q(place=government)
    return own | Jurisdiction.objects.meaning(str(government)) & Q(kind__in=likeness.kinds_like(government.kind))


def load_records(jurisdictions):
    """Load beside each what it has on record, for `deed`."""
    kinds = [kind for kinds in MILESTONES.values() for kind in kinds]
    milestones = Milestone.objects.filter(kind__in=kinds).latest_first()
    adoptions = Adoption.objects.published().in_use().select_related("resource").order_by("pk")
    adoptions = adoptions.only("jurisdiction", "resource__title", "resource__slug", "resource__labels")
    seats = Seat.objects.current().public().order_by("pk")
    prefetch_related_objects(
        jurisdictions,
        Prefetch("milestones", milestones, to_attr="acts"),
        Prefetch("adoptions", adoptions, to_attr="in_use"),
        Prefetch("seats", seats, to_attr="public_seats"),
    )


def peers_among(candidates, domain, stage):
    """Of (jurisdiction, reasons), yield those on record in the domain and not known to be before the stage."""
    for one, why in candidates:
        if not is_before(one.stage, stage) and (found := deed(one, domain)):
            at = [_("its work is at the stage “%(stage)s”") % {"stage": one.get_stage_display().lower()}]
            yield Peer(one, *found, [*why, *(at if one.stage else [])])


def is_before(stage, other):
    """Whether a stage is known and comes before another."""
    return bool(stage) and Stage.values.index(stage) < Stage.values.index(other)


def deed(jurisdiction, domain):
    """What a candidate has on record in a domain, as (words, address): the latest fitting act comes first; or None."""
    for act in jurisdiction.acts:
        if act.kind in MILESTONES.get(domain, ()):
            return f"{act.title} ({dates.describe(act.date)})", act.get_absolute_url()
    labels = Work(domain).labels
    for adoption in jurisdiction.in_use:
        if not {*labels}.isdisjoint(adoption.resource.labels):
            return _("uses “%(title)s”") % {"title": adoption.resource.title}, adoption.resource.get_absolute_url()
    if domain == Domain.COLLABORATION:
        for seat in jurisdiction.public_seats:
            words = _("has a seat in %(name)s") % {"name": seat.collaboration.name}
            return words, seat.collaboration.get_absolute_url()
    return None
