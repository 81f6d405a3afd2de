"""How fast the pages of the review are at 10,000 applications, beside the cheapest page for the same person.

    python bench/review.py [--applications 10000] [--rounds 20]

Makes a database of its own and drops it. One in five applications is under way, each of these with two reviewers, some
with reviews, messages and held decisions; the others are over. A chair and a reviewer ask each page in turn with the
reference, the page of their mail, in the same process: figures are milliseconds of wall time, and the ratio is what can
be compared between computers. `size` is HTML in brotli.
"""

import argparse
import contextlib
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.lookup import prepare

REFERENCE = "/account/mail/"
PAGES = [
    "/review/",
    "/review/?page=300",
    "/review/?flag=overdue",
    "/review/?flag=several",
    "/review/?status=in_review&state=MN&kind=city&sort=name",
    "/review/?q=springfield",
    "/review/figures/",
    "/pathway/",
]
STATES = ["MN", "WI", "IA", "WA", "OR", "CA", "TX", "NY", "MA", "FL"]
KINDS = ["city", "county", "town", "school_district"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--applications", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    prepare()
    from django.db import connection

    from members.pathway.figures import count_quarter

    connection.settings_dict["TEST"]["NAME"] = "bench_review"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    with collected(), contextlib.ExitStack() as at_the_end:
        at_the_end.callback(connection.creation.destroy_test_db, connection.settings_dict["NAME"], verbosity=0)
        people = fill(options.applications)
        count_quarter()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print("| page | for | questions | size | p50 ms | p99 ms | p50 ÷ reference |")
        print("|---|---|--:|--:|--:|--:|--:|")
        for part, user in people.items():
            measure(part, user, options.rounds)


@contextlib.contextmanager
def collected():
    """Static files as production has them, in a folder of this run."""
    from django.conf import settings
    from django.core.management import call_command

    with tempfile.TemporaryDirectory() as folder:
        settings.STATIC_ROOT = folder
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


def fill(number):
    """Applications with their way so far; {part: somebody who has it}."""
    from django.contrib.auth.models import Group
    from django.utils import timezone

    from alliance.core.models import User
    from members.pathway.desk import CHAIRS, REVIEWERS
    from members.pathway.models import (
        Application,
        Assignment,
        Decision,
        Declaration,
        HistoryEntry,
        Message,
        Review,
        TeamMember,
    )
    from members.pathway.states import UNDER_WAY, Status

    staff = [User.objects.create_user(f"staff-{index}@example.org", is_staff=True) for index in range(22)]
    Group.objects.get(name=REVIEWERS).user_set.set(staff[2:])
    Group.objects.get(name=CHAIRS).user_set.set(staff[:2])
    leads = [User(email=f"lead-{index}@example.org") for index in range(200)]
    User.objects.bulk_create(leads)
    now, over = timezone.now(), [Status.ACCEPTED, Status.NOT_YET, Status.REFERRED, Status.WITHDRAWN]
    applications, entries = [], []
    for index in range(number):
        status = UNDER_WAY[index // 5 % 5] if index % 5 == 0 else over[index % 4]
        since = now - timedelta(days=index % 97 if index % 5 == 0 else 60 + index % 2000)
        applications.append(
            Application(
                reference=f"A-2026-{index:05}",
                status=status,
                came_from=Status.IN_REVIEW if status in (Status.DECIDED, Status.CHANGES_REQUESTED) else "",
                government_name=f"City of {'Springfield' if index % 50 == 0 else f'Example {index % 4000}'}",
                state=STATES[index % 10],
                kind=KINDS[index % 4],
                submitted_at=since - timedelta(days=30),
                since=since,
            )
        )
    Application.objects.bulk_create(applications, batch_size=1000)
    for index, one in enumerate(applications):
        way = [Status.DRAFT, Status.SUBMITTED, Status.SCREENING, Status.IN_REVIEW, Status.DECIDED, one.status]
        for place in range(len(way) - 1):
            at = one.submitted_at + timedelta(days=6 * place)
            entries.append(
                HistoryEntry(application=one, at=at, verb="submit", source=way[place], target=way[place + 1])
            )
        one.index = index
    HistoryEntry.objects.bulk_create(entries, batch_size=5000)
    TeamMember.objects.bulk_create(
        [TeamMember(application=one, user=leads[one.index % 200], role="lead") for one in applications], batch_size=5000
    )
    live = [one for one in applications if one.status in UNDER_WAY]
    readers = staff[2:]
    pairs = [(one, readers[(one.index // 5 + other) % 20]) for one in live for other in range(2)]
    Assignment.objects.bulk_create(
        [Assignment(application=one, reviewer=by, assigned_by=staff[0]) for one, by in pairs]
    )
    Declaration.objects.bulk_create([Declaration(application=one, by=by, has_conflict=False) for one, by in pairs[::2]])
    Review.objects.bulk_create(
        [
            Review(application=one, reviewer=by, submitted_at=now)
            for place, (one, by) in enumerate(pairs)
            if one.status == Status.IN_REVIEW and place % 3
        ]
    )
    Message.objects.bulk_create(
        [
            Message(application=one, author=leads[0], is_from_team=one.index % 3 > 0, text="When?", sent_at=now)
            for one in applications[::4]
        ]
    )
    Decision.objects.bulk_create(
        [
            Decision(application=one, outcome="accepted", letter="Welcome.", proposed_by=staff[0])
            for one in live
            if one.status == Status.DECIDED
        ]
    )
    return {"chair": staff[1], "reviewer": staff[2]}


class Counter:
    """Counts the questions that pass it."""

    asked = 0

    def __call__(self, execute, *given):
        self.asked += 1
        return execute(*given)


def measure(part, user, rounds):
    import brotli
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from alliance.core.tests.factories import SECRET, sign_in

    settings.ALLOWED_HOSTS.append("testserver")
    from allauth.mfa.totp.internal.auth import TOTP

    user.refresh_from_db()  # the new role has signed them out
    TOTP.activate(user, SECRET)
    client = Client(headers={"x-forwarded-proto": "https"})
    sign_in(client, user)

    def ask(page):
        began = perf_counter()
        answer = client.get(page, secure=True)
        return 1000 * (perf_counter() - began), answer

    for page in PAGES:
        count = Counter()
        with connection.execute_wrapper(count):
            _time, answer = ask(page)
        if answer.status_code != 200:
            continue  # not there for this part
        ask(REFERENCE)
        times, reference = [], []
        for _round in range(rounds):
            reference.append(ask(REFERENCE)[0])
            times.append(ask(page)[0])
        p99 = quantiles(times, n=100)[98]
        size = len(brotli.compress(answer.content))
        print(
            f"| `{page}` | {part} | {count.asked} | {size:,} | {median(times):.0f} | {p99:.0f} "
            f"| {median(times) / median(reference):.1f} |"
        )


if __name__ == "__main__":
    main()
