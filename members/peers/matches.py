"""Whom somebody may want to meet: who can help with what they look for, at a government like theirs; each with reasons
that are true of what the other shows."""

from django.db.models import Case, Count, FloatField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from alliance.core.vocabulary import Domain
from cohorts import likeness
from cohorts.models import Jurisdiction

from .face import face_of
from .models import PeerProfile
from .querysets import shows

MOST = 5
# What each domain or topic adds that one looks for and the other can help with; a government like one's own adds up to
# 1 (`cohorts.likeness`). Likeness alone must be at least this much to be worth a word.
SHARED, ENOUGH = 2.0, 0.5


def suggested(profile):
    """[(profile, face, reasons)] of at most `MOST` people for the person of `profile`, the best match first."""
    mine = profile.membership.jurisdiction
    topics = set(profile.seeks_topics.published())
    found = ranked(profile, mine, topics).with_people()[:MOST]
    return [(one, face_of(one), reasons(one, profile, mine, topics)) for one in found if one.score >= ENOUGH]


def ranked(profile, mine, topics):
    """Those whom the person may see, by how much speaks for meeting them: `score`; `miles` is null where unknown."""
    zero = Value(0.0, output_field=FloatField())
    score = zero
    for domain in profile.seeks_domains:
        score += Case(When(shows("helps") & Q(helps_domains__contains=[domain]), then=SHARED), default=zero)
    links = PeerProfile.helps_topics.through.objects.filter(peerprofile=OuterRef("pk"), topic__in=topics).order_by()
    links = links.values("peerprofile").annotate(count=Count("pk")).values("count")
    score += Case(When(shows("helps"), then=Coalesce(Subquery(links), 0) * SHARED), default=zero)
    other = Jurisdiction.objects.filter(pk=OuterRef("membership__jurisdiction"))
    like = likeness.rank(other, mine).order_by()
    score += Case(When(shows("government"), then=Coalesce(Subquery(like.values("likeness")), zero)), default=zero)
    people = PeerProfile.objects.visible_to(profile.user)
    people = people.annotate(score=score, miles=Subquery(like.values("miles")))
    return people.order_by("-score", "-listed_at", "pk")


def reasons(one, profile, mine, topics):
    """Why somebody may want to meet `one`, a row of `ranked`, in words."""
    words = []
    if "helps" in one.shown:
        shared = [str(Domain(domain).label) for domain in profile.seeks_domains if domain in one.helps_domains]
        shared += [topic.name for topic in one.helps_in if topic in topics]
        words += [_("can help with what you look for: %(fields)s") % {"fields": ", ".join(shared)}] if shared else []
    theirs = one.membership.jurisdiction
    if "government" in one.shown and theirs != mine:
        theirs.miles = one.miles
        words += likeness.reasons(theirs, mine)
    return words
