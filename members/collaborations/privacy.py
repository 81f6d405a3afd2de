"""Whose page somebody keeps, what they asked of collaborations, and who changed what of them."""

from django.db.models import F
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone

from alliance.core.privacy import changes_by

from .models import (
    Activity,
    Collaboration,
    DataPoint,
    Gathering,
    JoinRequest,
    PopulationGroup,
    Seat,
    SharedMeasure,
    Steward,
    Update,
)

# What the rows of each model that has a history are called by.
NAMED_BY = {
    Collaboration: "name",
    Seat: "collaboration__name",
    SharedMeasure: "name",
    PopulationGroup: "name",
    DataPoint: "measure__name",
    Activity: "title",
    Gathering: "title",
    Update: "title",
}

COVERS = (
    *(f"collaborations.Historical{model.__name__}.history_user" for model in NAMED_BY),
    "collaborations.JoinRequest",
    "collaborations.Steward.appointed_by",
    "collaborations.Steward.user",
)


def export(user):
    stewards = Steward.objects.select_related("collaboration").order_by("pk")
    asked = JoinRequest.objects.select_related("collaboration", "partner", "jurisdiction").order_by("pk")
    return {
        "collaborations whose page you keep": [
            {"collaboration": one.collaboration.name, "began": one.started_on, "ended": one.ended_on}
            for one in stewards.filter(user=user)
        ],
        "stewards that you appointed": [
            {"collaboration": one.collaboration.name, "when": one.created_at}
            for one in stewards.filter(appointed_by=user)
        ],
        "seats in collaborations that you asked for": [
            told(one) | {"job title": one.title, "message": one.message, "answer": one.answer}
            for one in asked.filter(asked_by=user)
        ],
        "such requests that you answered": [
            told(one) | {"answer": one.answer} for one in asked.filter(answered_by=user)
        ],
        "changes that you made to collaborations": changes_by(user, NAMED_BY),
    }


def told(request):
    return {
        "collaboration": request.collaboration.name,
        "for": str(request.holder),
        "when": request.created_at,
        "state": request.get_state_display(),
        "answered": request.answered_at,
    }


def erase(user):
    """What waits is withdrawn, what they wrote is blanked, and they keep no page any more."""
    asked = JoinRequest.objects.filter(asked_by=user)
    asked.open().update(state=JoinRequest.State.WITHDRAWN)
    asked.update(title="", message="", answer="", updated_at=Now())
    today = timezone.localdate()
    Steward.objects.filter(user=user).update(
        ended_on=Coalesce(F("ended_on"), Greatest("started_on", today)), updated_at=Now()
    )
