"""What of the peer network waits for staff."""

from django.utils.translation import gettext_lazy as _

from alliance.core.home import Need, is_admin, list_of

from .models import TieRequest

NEEDS = [
    Need(
        _("People who ask to join the peer network"),
        is_admin,
        lambda user: TieRequest.objects.open().exclude(user=user),
        lambda: list_of(TieRequest, status__exact=TieRequest.Status.ASKED),
    ),
]
