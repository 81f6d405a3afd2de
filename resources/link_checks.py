"""Which links are due for a look, who is asked when, and what a finding does to the status of a link."""

from collections import defaultdict, deque
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta
from itertools import takewhile

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from .links import Turns, ask
from .models import LinkCheck, Resource

DAY = timedelta(days=1)
KEPT = timedelta(days=730)
THREADS = 8
WITNESSES = 3

LINKS = Resource.objects.published().exclude(url="").only("slug", "url", "link_status")


def due(older_than):
    """Links last checked that long ago, or a day ago if they failed then: the new first, then the longest ago."""
    now = timezone.now()
    return LINKS.filter(
        Q(link_checked_at=None)
        | Q(link_checked_at__lte=now - older_than)
        | Q(link_checked_at__lte=now - DAY, link_status=Resource.LinkStatus.FAILING)
    ).order_by(F("link_checked_at").asc(nulls_first=True), "pk")


def ask_all(links, pause):
    """Ask several hosts at a time, each for one link at a time, and yield (link, finding) as they answer."""
    turns = Turns(pause)
    hosts = defaultdict(deque)
    for link in links:
        hosts[link.url.lower().partition("://")[2].partition("/")[0]].append(link)
    idle, busy = deque(hosts.values()), {}
    pool = ThreadPoolExecutor(THREADS)
    try:
        while idle or busy:
            while idle and len(busy) < THREADS:
                host = idle.popleft()
                busy[pool.submit(ask, host[0].url, turns)] = host
            for answered in wait(busy, return_when=FIRST_COMPLETED).done:
                host = busy.pop(answered)
                yield host.popleft(), answered.result()
                if host:
                    idle.append(host)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class OfflineError(Exception):
    """No server answers, so the fault is our own."""


def believable(findings, pause):
    """Pass findings on, but the first failures to reach a server only after one was reached.

    When none is, a few links that worked last time are asked; raises OfflineError if they don't answer either. A single
    link is believed without.
    """
    online, held = False, []
    for link, finding in findings:
        online = online or finding.answered
        if online or finding.outcome == LinkCheck.Outcome.REFUSED:
            yield link, finding
        else:
            held.append((link, finding))
    if len(held) > 1 and not online:
        witnesses = LINKS.filter(link_status=Resource.LinkStatus.OK).order_by("-link_checked_at", "pk")[:WITNESSES]
        if not any(finding.answered for _link, finding in ask_all(witnesses, pause)):
            raise OfflineError
    yield from held


@transaction.atomic
def record(link, finding):
    """Keep what was found; return the new status of the link, or None where its address has been changed meanwhile.

    A link is broken when it fails a day or more after it failed, and did not work in between. An address that is not
    asked keeps its status. Checks are kept for two years.
    """
    now = timezone.now()
    link = LINKS.select_for_update().filter(pk=link.pk, url=link.url).first()
    if link is None:
        return None
    if finding.outcome == LinkCheck.Outcome.OK:
        link.link_status = Resource.LinkStatus.OK
    elif finding.outcome == LinkCheck.Outcome.FAILED:
        asked = link.link_checks.filter(url=link.url).exclude(outcome=LinkCheck.Outcome.REFUSED)
        failures = takewhile(lambda check: check.outcome == LinkCheck.Outcome.FAILED, asked)
        failed_before = any(check.checked_at <= now - DAY for check in failures)
        link.link_status = Resource.LinkStatus.BROKEN if failed_before else Resource.LinkStatus.FAILING
    link.link_checks.create(
        url=link.url,
        checked_at=now,
        outcome=finding.outcome,
        status_code=finding.status_code,
        detail=finding.detail,
        final_url=finding.final_url,
    )
    # Not save(): the history of a resource is that of its curators.
    LINKS.filter(pk=link.pk).update(link_status=link.link_status, link_checked_at=now)
    link.link_checks.filter(checked_at__lt=now - KEPT).delete()
    return Resource.LinkStatus(link.link_status)
