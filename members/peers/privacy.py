"""Everything that the peer network holds about a person: what they told of themselves, whom they met, and what staff
settled for them."""

from django.db.models.functions import Now

from .introductions import State, settle, with_others
from .models import AbuseReport, Block, Introduction, PeerProfile, TieRequest

COVERS = (
    "peers.AbuseReport.about",
    "peers.AbuseReport.reporter",
    "peers.AbuseReport.settled_by",
    "peers.Block.blocked",
    "peers.Block.blocker",
    "peers.Introduction.asked",
    "peers.Introduction.asker",
    "peers.PeerProfile.user",
    "peers.TieRequest.contact_page",
    "peers.TieRequest.settled_by",
    "peers.TieRequest.user",
)


def export(user):
    """Of what others did it holds nothing that the person may not see: not who blocked or reported them, and no state
    of an introduction that a block may have closed."""
    profiles = PeerProfile.objects.filter(user=user).select_related("membership__jurisdiction")
    ties = TieRequest.objects.order_by("pk")
    reports = AbuseReport.objects.order_by("pk")
    return {
        "your profile in the peer network": [
            {
                "government": str(one.membership.jurisdiction),
                "helps with": one.helps,
                "in the domains": one.helps_domains,
                "in the topics": [topic.name for topic in one.helps_topics.all()],
                "looks for": one.seeks,
                "looked for in the domains": one.seeks_domains,
                "looked for in the topics": [topic.name for topic in one.seeks_topics.all()],
                "languages": one.languages,
                "time": one.get_time_display(),
                "shown": one.shown,
                "others may find you": one.is_listed,
                "mail": one.get_digest_display(),
            }
            for one in profiles.prefetch_related("helps_topics", "seeks_topics")
        ],
        "ties to governments that you asked us to verify": [
            {
                "government": one.government,
                "job title": one.title,
                "when": one.created_at,
                "state": one.get_status_display(),
                "answer": one.answer,
            }
            for one in ties.filter(user=user)
        ],
        "requests for a tie that you settled": [
            {
                "government": one.government,
                "when": one.settled_at,
                "how": one.how,
                "answer": one.answer,
            }
            for one in ties.filter(settled_by=user)
        ],
        "introductions": [
            {
                "asked by you": one.asker_id == user.pk,
                "when": one.created_at,
                "state": one.get_state_display() if one.profile else "",
                "message": one.message,
            }
            for one in with_others(Introduction.objects.of(user).order_by("created_at", "pk"), user)
        ],
        "people that you blocked": Block.objects.filter(blocker=user).count(),
        "reports that you made of others": [
            {"when": one.created_at, "what happened": one.text, "state": one.get_state_display()}
            for one in reports.filter(reporter=user)
        ],
        "reports of others that you settled": [
            {"when": one.settled_at, "what was done": one.outcome} for one in reports.filter(settled_by=user)
        ],
    }


def erase(user):
    """The profile, the requests and the reports go, and whom they blocked. Introductions end and lose their words, in
    which either may name them; who met or blocked them finds the rest as of somebody who hid."""
    PeerProfile.objects.filter(user=user).delete()
    Block.objects.filter(blocker=user).delete()
    TieRequest.objects.filter(user=user).delete()
    settle(Introduction.objects.of(user).living(), State.ENDED)
    Introduction.objects.of(user).update(message="", updated_at=Now())
    AbuseReport.objects.filter(reporter=user).update(reporter=None, text="", updated_at=Now())
    AbuseReport.objects.filter(about=user).delete()
