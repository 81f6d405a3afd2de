"""A person's ties to governments, and those that they verified."""

from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone

from .models import Membership

COVERS = ("cohorts.Membership.user", "cohorts.Membership.title", "cohorts.Membership.verified_by")


def export(user):
    ties = Membership.objects.select_related("jurisdiction").order_by("pk")
    return {
        "ties to governments": [
            {
                "government": str(tie.jurisdiction),
                "job title": tie.title,
                "began": tie.started_on,
                "ended": tie.ended_on,
                "verified": tie.verified_on,
                "written down": tie.created_at,
            }
            for tie in ties.filter(user=user)
        ],
        "ties that you verified": [
            {"government": str(tie.jurisdiction), "verified": tie.verified_on} for tie in ties.filter(verified_by=user)
        ],
    }


def erase(user):
    """A tie that staff verified stays as ended, without the title; one that nobody verified is nobody's decision."""
    ties = Membership.objects.filter(user=user)
    ties.filter(verified_on=None).delete()
    today = timezone.localdate()
    ties.update(title="", ended_on=Coalesce("ended_on", Greatest("started_on", today)), updated_at=Now())
