"""The mail that tells somebody, once a month where they want it, how many new people may be of use to them. It names
nobody: whoever it counts may hide before it is read."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from alliance.core import mail

from .models import PeerProfile

EVERY = timedelta(days=30)


def send_digests():
    """Write the mail to everybody whose last one is 30 days old. Each person is one transaction, and their row says
    when: of two runs at once one writes, and what was broken off midway goes on where it was."""
    today = timezone.localdate()
    for pk in PeerProfile.objects.due_for_digest(today - EVERY).values_list("pk", flat=True):
        with transaction.atomic():
            # Asked again, now that the row is locked.
            due = PeerProfile.objects.due_for_digest(today - EVERY).filter(pk=pk)
            if profile := due.select_for_update(of=("self",), skip_locked=True).select_related("user").first():
                tell(profile, today)


def tell(profile, today):
    """Write the mail, where there is somebody new since the day of the last one; of today the next one tells."""
    since = profile.digest_on or today - EVERY
    count = PeerProfile.objects.new_for(profile, since, today).count()
    profile.digest_on = today
    profile.save(update_fields=["digest_on"])
    if count:
        links = {"link": mail.address_of("peer_list"), "choice": mail.address_of("peer_profile")}
        mail.send("peers_digest", profile.user.email, user=profile.user, count=count, **links)
