"""What of the peer network waits for staff."""

from django.utils.translation import gettext_lazy as _

from alliance.core.home import Need, is_admin, list_of

from .models import AbuseReport, TieRequest

NEEDS = [
    Need(
        _("People who ask to join the peer network"),
        is_admin,
        lambda user: TieRequest.objects.open().exclude(user=user),
        lambda: list_of(TieRequest, status__exact=TieRequest.Status.ASKED),
    ),
    Need(
        _("Reports of people in the peer network"),
        is_admin,
        lambda user: AbuseReport.objects.for_staff(user).open(),
        lambda: list_of(AbuseReport, state__exact=AbuseReport.State.OPEN),
    ),
]
