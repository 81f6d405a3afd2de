"""A person's ties to partners."""

from django.db.models import F
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone

from .models import Affiliation

COVERS = ("partners.Affiliation.user",)


def export(user):
    ties = Affiliation.objects.filter(user=user).select_related("partner").order_by("pk")
    return {
        "ties to partners": [
            {"partner": tie.partner.name, "began": tie.started_on, "ended": tie.ended_on} for tie in ties
        ]
    }


def erase(user):
    """The ties end: that they once barred a reviewer is part of a fair review."""
    today = timezone.localdate()
    Affiliation.objects.filter(user=user).update(
        ended_on=Coalesce(F("ended_on"), Greatest("started_on", today)), updated_at=Now()
    )
