"""Whether decisions made at the same moment, and a release that is killed midway, lose or double anything.

    python bench/decisions.py [--pairs 200] [--held 500] [--kills 5]

Works on a database of its own, and drops that afterwards. First two chairs propose a decision about the same
application at the same moment, for each pair: one must win, the other must read who decided when. Then a process
releases held decisions one after the other, each in a transaction of its own, and is killed (SIGKILL) some times on the
way; another goes on. In the end each must be released once, with one line of history, one entry in the audit log and
one mail to each of its team.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.lookup import prepare
from dev.paths import ROOT

OUTCOMES = [
    {"outcome": "accepted"},
    {"outcome": "not_yet", "back_on": "2030-01-02"},
    {"outcome": "referred", "referred_to": "The county"},
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--held", type=int, default=500)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--release-as", type=int, help="only release what is held, as the chair with this number")
    options = parser.parse_args()
    prepare()
    if options.release_as:
        return release_all(options.release_as)
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = "bench_decisions"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        began = perf_counter()
        for name, number in propose_in_pairs(options.pairs).items():
            print(f"| pairs of proposals: {name} | {number} |")
        print(f"| pairs of proposals: seconds | {perf_counter() - began:.1f} |")
        chair, _held = hold(options.held)
        began = perf_counter()
        for name, number in release_and_kill(chair, options.held, options.kills).items():
            print(f"| releases: {name} | {number} |")
        print(f"| releases: seconds | {perf_counter() - began:.1f} |")
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def propose_in_pairs(number):
    """Let two chairs propose about each of `number` applications at once; count what came of it."""
    from django.utils import formats, timezone

    from alliance.core.models import AuditEntry
    from alliance.core.tests.threads import at_once
    from members.pathway import workflow
    from members.pathway.models import HistoryEntry
    from members.pathway.states import Status
    from members.pathway.tests import factories

    chairs = [factories.make_chair(name=name) for name in ("Ada First", "Bo Second")]
    reviewers = [factories.make_reviewer() for _ in range(2)]
    counted = Counter()
    for _ in range(number):
        application = factories.make_application_in(Status.IN_REVIEW)
        factories.have_no_conflict(application, *chairs)
        for reviewer in reviewers:
            factories.make_review(application, reviewer)

        def propose(chair, application=application):
            letter = f"Dear team, yours, {chair}"
            return workflow.propose(application=application, actor=chair, outcome="accepted", letter=letter)

        results = at_once(*[lambda chair=chair: propose(chair) for chair in chairs])
        (winner,) = [one for one in results if not isinstance(one, Exception)]
        (refusal,) = [one for one in results if isinstance(one, Exception)]
        told = str(refusal)
        when = formats.date_format(timezone.localtime(winner.proposed_at), "DATETIME_FORMAT")
        counted["winners"] += application.decisions.get() == winner
        counted["refusals that say who and when"] += (
            isinstance(refusal, workflow.AlreadyDecided)
            and refusal.decision == winner
            and told == f"On {when}, {winner.proposed_by} proposed “Accepted”."
        )
        proposals = HistoryEntry.objects.filter(application=application, verb="propose")
        counted["lines of history"] += proposals.count()
        counted["entries in the audit log"] += AuditEntry.objects.about(application).filter(action="propose").count()
    return counted


def hold(number):
    """Make `number` confirmed decisions that are held, of every kind; return the chair who may release them, and
    them."""
    from members.pathway.states import Status
    from members.pathway.tests import factories

    chair, proposer = factories.make_chair(), factories.make_chair()
    held = []
    for index in range(number):
        application = factories.make_application_in(Status.DECIDED)
        factories.have_no_conflict(application, chair, proposer)
        factories.make_authority_check(application, proposer)
        fields = OUTCOMES[index % len(OUTCOMES)]
        held.append(factories.make_decision(application, proposer, chair, **fields))
    return chair, held


def release_all(pk):
    """Release everything that is held and that this chair confirmed, one after the other; say so after each."""
    from alliance.core.models import User
    from members.pathway import workflow
    from members.pathway.models import Decision

    chair = User.objects.get(pk=pk)
    for decision in Decision.objects.held().filter(confirmed_by=chair).select_related("application").order_by("pk"):
        workflow.release(application=decision.application, actor=chair, decision=decision)
        print(decision.pk, flush=True)


def release_and_kill(chair, number, kills):
    """Release in a process that is killed `kills` times after some of the `number`, the last time never; count what
    stands in the database then."""
    killed, in_part = 0, 0
    for turn in range(kills + 1):
        process = start_releasing(chair)
        if turn < kills:
            for _ in range(max(1, number // (kills + 1))):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        counted = tally(chair)
        in_part += counted["released in part"]
    return {"killed": killed, **counted, "released in part": in_part}


def start_releasing(chair):
    from django.conf import settings
    from django.db import connection

    database = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": f"postgres://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "smtp://localhost:1",
        "DEBUG": "True",
    }
    command = [sys.executable, "bench/decisions.py", "--release-as", str(chair.pk)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def tally(chair):
    """What became of the decisions that this chair confirmed: whole releases, those in part, and what was doubled."""
    from alliance.core.models import AuditEntry, OutgoingMail
    from members.pathway.models import Decision
    from members.pathway.states import OUTCOMES as RELEASED

    counted = Counter({"released": 0, "held": 0, "released in part": 0, "done twice": 0})
    for decision in Decision.objects.filter(confirmed_by=chair).select_related("application"):
        application = decision.application
        team = [member.user.email for member in application.team.current().select_related("user")]
        mails = Counter(OutgoingMail.objects.filter(kind="decision_released", to__in=team).values_list("to", flat=True))
        signs = [
            application.history.filter(verb="release").count(),
            AuditEntry.objects.about(application).filter(action="release").count(),
            *(mails[address] for address in team),
        ]
        if decision.is_accepting:
            signs.append(int(hasattr(application, "onboarding")))
        is_released = decision.released_at is not None and application.status in RELEASED
        counted["released" if is_released else "held"] += 1
        counted["released in part"] += set(signs) != {int(is_released)}
        counted["done twice"] += max(signs) > 1
    return counted


if __name__ == "__main__":
    main()
