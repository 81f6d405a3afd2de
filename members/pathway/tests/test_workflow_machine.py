"""Whatever a team and the reviewers do in whatever order: a small model says what must come of it."""

import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from alliance.core.tests.factories import make_admin, make_user
from members.pathway import workflow
from members.pathway.models import Application
from members.pathway.states import EDITABLE, UNDER_WAY, VERBS, Status, pairs, possible
from members.pathway.team import Role, find
from members.pathway.workflow import NotPossible, NotReady, Stale

from .factories import make_complete_application, make_member

PEOPLE = range(5)
people = st.sampled_from(PEOPLE)
roles = st.sampled_from([Role.EDITOR, Role.VIEWER, Role.SPONSOR])


class Life(RuleBasedStateMachine):
    """One application and five people. `status`, `parts`, `goal`, `version` and `signed` are the model."""

    done = set()  # the verbs that were done in any run

    def __init__(self):
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.users, self.chair = [make_user() for _ in PEOPLE], make_admin()
        self.application = make_complete_application(self.users[0], self.users[1], signed=False)
        make_member(self.application, Role.EDITOR, self.users[2])
        self.parts = {0: Role.LEAD, 1: Role.SPONSOR, 2: Role.EDITOR}
        self.status, self.came_from = Status.DRAFT, ""
        self.goal, self.version = "Some words,\nin two lines.", 1
        self.signed = set()  # (person, goal)
        self.entries, self.frozen = [], []

    def teardown(self):
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    def expect(self, refusal, way):
        """Do it; it must raise exactly this, or nothing where `refusal` is None. Return whether it was done."""
        if refusal is None:
            way()
            return True
        with pytest.raises(refusal):
            way()
        return False

    @property
    def is_signed(self):
        return any(goal == self.goal and self.parts.get(who) == Role.SPONSOR for who, goal in self.signed)

    @property
    def lead(self):
        return next(who for who, role in self.parts.items() if role == Role.LEAD)

    # --- verbs ---

    @rule(verb=st.sampled_from(sorted(VERBS)), who=people)
    def anybody_tries_a_verb(self, verb, who):
        self.do(verb, who)

    @rule()
    def a_sponsor_signs_and_leaves_and_the_lead_hands_in(self):
        sponsor = next((who for who, role in self.parts.items() if role == Role.SPONSOR), None)
        if sponsor is not None:
            self.sign(sponsor)
            self.leave(sponsor, sponsor)
        self.do("resubmit" if self.status == Status.CHANGES_REQUESTED else "submit", self.lead)

    @rule(data=st.data())
    def it_goes_on(self, data):
        """The right person does what is possible now; before handing in, a sponsor signs."""
        ways = sorted(verb.name for by_team in (True, False) for verb in possible(self.status, by_team))
        # Withdrawing is possible nearly everywhere, and would end most lives early.
        verb = data.draw(st.sampled_from([way for way in ways if way != "withdraw"] * 3 + ways))
        if verb in ("submit", "resubmit") and not self.is_signed:
            sponsor = next((who for who, role in self.parts.items() if role == Role.SPONSOR), None)
            if sponsor is None:
                sponsor = next(who for who in (*(set(PEOPLE) - set(self.parts)), 1, 0) if who != self.lead)
                if sponsor in self.parts:
                    self.leave(self.lead, sponsor)
                self.join(sponsor, Role.SPONSOR)
            self.sign(sponsor)
        self.do(verb, self.lead)

    and_it_goes_on = it_goes_on  # twice as often as anything else

    def do(self, verb, who):
        row, refusal = VERBS[verb], None
        if row.by_team and self.parts.get(who) != Role.LEAD:
            refusal = Http404
        elif self.status not in row.sources:
            refusal = NotPossible
        elif verb in ("submit", "resubmit") and not self.is_signed:
            refusal = NotReady
        given = {"user" if row.by_team else "actor": self.users[who] if row.by_team else self.chair}
        given |= {"withdraw": {"reason": "Later"}, "request_changes": {"questions": {"goal": "Which?"}}}.get(verb, {})
        if not self.expect(refusal, lambda: getattr(workflow, verb)(application=self.application, **given)):
            return
        target = Status(self.came_from) if verb == "resubmit" else row.targets[0]
        self.came_from = self.status if verb == "request_changes" else ""
        self.entries.append((verb, self.status, target))
        self.done.add(verb)
        self.status = target
        if verb in ("submit", "resubmit"):
            self.frozen.append(self.goal)

    # --- answers ---

    @rule(who=people, goal=st.sampled_from(["A", "B", "C"]), behind=st.integers(0, 2))
    def save(self, who, goal, behind):
        version = max(self.version - behind, 0)
        refusal = None
        if self.parts.get(who) not in (Role.LEAD, Role.EDITOR):
            refusal = Http404
        elif self.status not in EDITABLE:
            refusal = NotPossible
        elif goal != self.goal and version != self.version:
            refusal = Stale
        kept = self.application.sections.get(section="goals").answers
        given = {"section": "goals", "answers": kept | {"goal": goal}, "version": version, "user": self.users[who]}
        if self.expect(refusal, lambda: workflow.save_section(application=self.application, **given)):
            self.version += goal != self.goal
            self.goal = goal

    @rule(who=people)
    def sign(self, who):
        digest = workflow.digest_now(self.application)
        refusal = None
        if self.parts.get(who) != Role.SPONSOR:
            refusal = Http404
        elif self.status not in EDITABLE:
            refusal = NotPossible
        given = {"user": self.users[who], "digest": digest}
        if self.expect(refusal, lambda: workflow.sign_off(application=self.application, **given)):
            self.signed.add((who, self.goal))

    # --- the team ---

    @rule(who=people, role=roles)
    def join(self, who, role):
        given = {"application": self.application, "user": self.users[self.lead], "role": role}
        refusal = NotReady if who in self.parts else None
        if self.expect(refusal, lambda: workflow.invite(**given, email=self.users[who].email)):
            invitation = self.application.invitations.open().get(email=self.users[who].email)
            workflow.accept(invitation=invitation, user=self.users[who])
            self.parts[who] = role

    @rule(by=people, who=people)
    def leave(self, by, who):
        if who not in self.parts:
            return
        refusal = None
        if by not in self.parts or by != who and by != self.lead:
            refusal = Http404
        elif who == self.lead:
            refusal = NotReady
        member = self.application.team.current().get(user=self.users[who])
        given = {"user": self.users[by], "member": member}
        if self.expect(refusal, lambda: workflow.leave(application=self.application, **given)):
            del self.parts[who]

    @rule(by=people, who=people)
    def hand_over(self, by, who):
        if who not in self.parts:
            return
        refusal = Http404 if by not in self.parts or self.lead not in (by, who) else None
        member = self.application.team.current().get(user=self.users[who])
        given = {"user": self.users[by], "member": member}
        if self.expect(refusal, lambda: workflow.hand_over(application=self.application, **given)):
            self.parts |= {self.lead: Role.EDITOR, who: Role.LEAD}

    @rule(who=people)
    def appoint(self, who):
        workflow.appoint_lead(application=self.application, actor=self.chair, user=self.users[who], reason="Why")
        self.parts |= {self.lead: Role.EDITOR, who: Role.LEAD}

    # --- what holds at every moment ---

    @invariant()
    def the_history_leads_to_the_status_by_declared_ways_only(self):
        entries = list(self.application.history.order_by("pk").values_list("verb", "source", "target"))
        assert entries == self.entries
        assert {(source, target) for _verb, source, target in entries} <= pairs()
        ways = ["draft", *(target for _verb, _source, target in entries)]
        assert [source for _verb, source, _target in entries] == ways[:-1]
        application = Application.objects.get(pk=self.application.pk)
        assert (application.status, application.status, application.came_from) == (
            ways[-1],
            self.status,
            self.came_from,
        )

    @invariant()
    def there_is_at_most_one_submission_under_way(self):
        begun = sum(verb == "submit" for verb, _source, _target in self.entries)
        ended = sum(verb == "withdraw" and source in UNDER_WAY for verb, source, _target in self.entries)
        assert begun - ended == (self.status in UNDER_WAY)

    @invariant()
    def what_was_handed_in_never_changes(self):
        snapshots = self.application.snapshots.order_by("number")
        assert [one.answers.get(question="goal").answer for one in snapshots] == self.frozen

    @invariant()
    def nothing_saved_is_lost(self):
        kept = self.application.sections.get(section="goals")
        assert (kept.answers["goal"], kept.version) == (self.goal, self.version)

    @invariant()
    def the_team_is_who_it_should_be_with_one_lead_and_nobody_else_finds_anything(self):
        current = self.application.team.current().values_list("user", "role")
        assert sorted(current) == sorted((self.users[who].pk, role) for who, role in self.parts.items())
        assert sum(role == Role.LEAD for _user, role in current) == 1
        for who in set(PEOPLE) - set(self.parts):
            with pytest.raises(Http404):
                find(self.users[who], self.application.pk)


@pytest.mark.django_db
def test_whatever_is_done_in_whatever_order_the_rules_hold():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=22,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Life.done == set(VERBS)
