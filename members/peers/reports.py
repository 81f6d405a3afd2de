"""What people tell staff of how others behave in the peer network, and what staff do. Staff read what was told, never
the messages of the two; the audit log holds neither."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import audit, mail
from alliance.core.models import User

from .introductions import Refused, lock_two
from .models import AbuseReport

State = AbuseReport.State


@transaction.atomic
def report(*, user, about, text, introduction=None):
    """Tell staff of a person, who may have left, and tell admins by mail that there is a report. Sending the same words
    twice is one report."""
    lock_two(user, about)
    words = {"reporter": user, "about": about, "text": text}
    if there := AbuseReport.objects.open().filter(**words).first():
        return there
    made = AbuseReport.objects.create(introduction=introduction, **words)
    for admin in User.objects.admins().exclude(pk__in=(user.pk, about.pk)).order_by("pk"):
        link = mail.address_of("admin:peers_abusereport_change", made.pk)
        mail.send("abuse_reported", admin.email, user=admin, link=link)
    return made


@transaction.atomic
def settle(*, report, by, outcome, hides):
    """Say what was done; with `hides`, nobody finds the person in the peer network any more. A settled report can be
    settled again, with other words or to let them be found; the same once more changes nothing. Refused where `by`
    wrote it, or it is about them."""
    # The person first, as everywhere: who asks them at this moment comes before or after.
    User.objects.select_for_update(no_key=True).get(pk=report.about_id)
    report = get_object_or_404(AbuseReport.objects.select_for_update(), pk=report.pk)
    if by.pk in (report.about_id, report.reporter_id):
        raise Refused(_("This is your own report, or about you. Another admin settles it."))
    if (report.state, report.outcome, report.hides) == (State.SETTLED, outcome, hides):
        return report
    if report.hides != hides:
        audit.record("hide_peer" if hides else "show_peer", actor=by, about=report)
    audit.record("settle_abuse_report", actor=by, about=report)
    report.state, report.outcome, report.hides = State.SETTLED, outcome, hides
    report.settled_at, report.settled_by = timezone.now(), by
    report.save()
    return report
