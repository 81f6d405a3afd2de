"""A person's ties to governments, those that they verified, and where a government names them as whom to ask."""

import re

from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone

from .models import Jurisdiction, Membership

COVERS = (
    "cohorts.Jurisdiction.office_email",
    "cohorts.Jurisdiction.office_person",
    "cohorts.Jurisdiction.office_person_agreed",
    "cohorts.Membership.user",
    "cohorts.Membership.title",
    "cohorts.Membership.verified_by",
)


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
        "governments that name you as whom to ask": [
            {"government": str(one), "office": one.office, "person": one.office_person, "mailbox": one.office_email}
            for one in naming(user, Jurisdiction.objects).order_by("pk")
        ],
    }


def naming(user, rows):
    """Those of the governments, or of their versions, whose public contact is this person: by their address, or by
    their full name. One name alone is no one's own."""
    by_name = (
        Q(office_person__iregex=rf"(^|\W){re.escape(user.name.strip())}($|\W)") if " " in user.name.strip() else Q()
    )
    return rows.filter(Q(office_email__iexact=user.email) | by_name)


def erase(user):
    """A tie that staff verified stays as ended, without the title; one that nobody verified is nobody's decision."""
    governments = Jurisdiction.objects.all()
    naming(user, governments).update(office_person="", office_person_agreed=False, updated_at=Now())
    governments.filter(office_email__iexact=user.email).update(office_email="", updated_at=Now())
    ties = Membership.objects.filter(user=user)
    ties.filter(verified_on=None).delete()
    today = timezone.localdate()
    ties.update(title="", ended_on=Coalesce("ended_on", Greatest("started_on", today)), updated_at=Now())
