"""What of the collaborations waits for staff."""

from django.utils.translation import gettext_lazy as _

from alliance.core.home import Need, holds, list_of

from .models import Collaboration, JoinRequest

NEEDS = [
    Need(
        _("Requests to join a collaboration"),
        holds("collaborations.change_joinrequest"),
        lambda user: JoinRequest.objects.open(),
        lambda: list_of(JoinRequest, state__exact=JoinRequest.State.ASKED),
    ),
    Need(
        _("Collaborations that somebody wants to join, without a steward"),
        holds("collaborations.add_steward"),
        lambda user: Collaboration.objects.wanting_a_steward(),
        lambda: list_of(Collaboration, missing="steward"),
    ),
]
