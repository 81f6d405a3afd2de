"""People of the peer network, listed with everything that they may show unless you say otherwise."""

from django.utils import timezone

from alliance.core.tests.factories import make_user
from cohorts.models import Membership
from cohorts.tests.factories import make_jurisdiction
from members.peers.models import AbuseReport, Introduction, PeerProfile, TieRequest


def make_member(user=None, jurisdiction=None, **fields):
    """A current, verified tie; of a new person to a new government, unless you give them."""
    values = {
        "title": "Clerk",
        "verified_on": timezone.localdate(),
        "verified_by": fields.pop("by", None) or make_user(),
    }
    return Membership.objects.create(
        user=user or make_user(), jurisdiction=jurisdiction or make_jurisdiction(), **values | fields
    )


def make_profile(membership=None, **fields):
    membership = membership or make_member()
    values = {
        "helps": "Writing a plan with residents.",
        "seeks": "Somebody who has trained a small staff.",
        "languages": ["en"],
        "time": PeerProfile.Time.CALL,
        "shown": list(PeerProfile.Part.values),
        "is_listed": True,
        "listed_at": timezone.now(),
    }
    return PeerProfile.objects.create(user=membership.user, membership=membership, **values | fields)


def make_introduction(asker=None, asked=None, **fields):
    """One that waits, unless you give another state, between two listed people."""
    asker, asked = asker or make_profile().user, asked or make_profile().user
    if fields.get("state", Introduction.State.ASKED) != Introduction.State.ASKED:
        fields.setdefault("settled_at", timezone.now())
    return Introduction.objects.create(asker=asker, asked=asked, **{"message": "How did you begin?"} | fields)


def make_tie_request(user=None, **fields):
    values = {"government_name": "Northfield", "kind": "city", "state": "MN", "title": "City clerk"}
    return TieRequest.objects.create(user=user or make_user(), **values | fields)


def make_abuse_report(**fields):
    fields["reporter"] = fields.get("reporter") or make_user()
    fields["about"] = fields.get("about") or make_user()
    return AbuseReport.objects.create(**{"text": "They wrote to me again and again."} | fields)
