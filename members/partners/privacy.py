"""A person's ties to partners, and what they changed on pages of partners."""

from django.db.models import F
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone

from alliance.core.privacy import changes_by

from .models import Affiliation, Partner

COVERS = ("partners.Affiliation.user", "partners.HistoricalPartner.history_user")


def export(user):
    ties = Affiliation.objects.filter(user=user).select_related("partner").order_by("pk")
    return {
        "ties to partners": [
            {"partner": tie.partner.name, "began": tie.started_on, "ended": tie.ended_on} for tie in ties
        ],
        "changes that you made to partners": changes_by(user, {Partner: "name"}),
    }


def erase(user):
    """The ties end: that they once barred a reviewer is part of a fair review."""
    today = timezone.localdate()
    Affiliation.objects.filter(user=user).update(
        ended_on=Coalesce(F("ended_on"), Greatest("started_on", today)), updated_at=Now()
    )
