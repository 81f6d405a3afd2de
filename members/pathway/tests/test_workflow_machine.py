"""Whatever a team and the Alliance do in whatever order: a small model says what must come of it."""

from collections import Counter

import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import INVARIANT_MARKER, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from alliance.core.models import AuditEntry, OutgoingMail
from alliance.core.tests.factories import make_admin, make_user
from alliance.core.vocabulary import Domain
from members.pathway import desk, workflow
from members.pathway.models import Application, Decision
from members.pathway.screening import POINTS
from members.pathway.states import BY_ALLIANCE, EDITABLE, TOLD, UNDER_WAY, VERBS, By, Status, pairs, possible
from members.pathway.team import Role, find
from members.pathway.timeline import NEXT, Timeline
from members.pathway.workflow import FEWEST_REVIEWERS, NotPossible, NotReady, Stale

from .factories import make_chair, make_complete_application, make_member, make_reviewer

# The first five may be of the team. The last of them is a chair as well, and bars themselves by joining.
PEOPLE = range(5)
BOTH = 4
DESK = {BOTH: By.CHAIR, 5: By.REVIEWER, 6: By.REVIEWER, 7: By.REVIEWER, 8: By.CHAIR, 9: By.CHAIR, 10: By.ADMIN}
MAKERS = {By.REVIEWER: make_reviewer, By.CHAIR: make_chair, By.ADMIN: make_admin}
people = st.sampled_from(PEOPLE)
staff = st.sampled_from(sorted(DESK))
anybody = st.sampled_from(sorted({*PEOPLE, *DESK}))
roles = st.sampled_from([Role.EDITOR, Role.VIEWER, Role.SPONSOR])

SECRET = "What nobody of the team may read"
# Nothing follows an acceptance, so it is rare.
outcomes = st.sampled_from(["not_yet", "referred", "accepted", "not_yet", "referred", "conditions"])
OUTCOMES = {
    "accepted": {},
    "conditions": {"conditions": SECRET},
    "not_yet": {"back_on": "2030-01-02"},
    "referred": {"referred_to": SECRET},
}
# What is mailed to each of the team when it is done.
MAILS = {
    "submit": "application_received",
    "resubmit": "changes_received",
    "withdraw": "application_withdrawn",
    "request_changes": "changes_requested",
    "release": "decision_released",
    "reconsider": "decision_reconsidered",
}


class Life(RuleBasedStateMachine):
    """One application and eleven people. Everything but the application and the users is the model."""

    done = set()  # the verbs and deeds that were done in any run

    def __init__(self):
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.users = [MAKERS[DESK[who]]() if who in DESK else make_user() for who in range(len(PEOPLE) + len(DESK) - 1)]
        self.application = make_complete_application(self.users[0], self.users[1], signed=False)
        make_member(self.application, Role.EDITOR, self.users[2])
        self.parts = {0: Role.LEAD, 1: Role.SPONSOR, 2: Role.EDITOR}
        self.were_in_team = set(self.parts)
        self.status, self.came_from, self.was_handed_in = Status.DRAFT, "", False
        self.goal, self.version = "Some words,\nin two lines.", 1
        self.signed = set()  # (person, goal)
        self.entries, self.frozen = [], []
        self.declared = {}  # {person: whether they have a conflict}
        self.assigned = set()
        self.reviews, self.levels = {}, {}  # {person: "draft" or "in"}
        self.is_ticked, self.overridden = False, set()
        self.authority, self.held, self.released = [], None, []
        self.mails, self.moment = Counter(), 0

    def teardown(self):
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    def expect(self, refusal, way):
        """Do it; it must raise exactly this, or nothing where `refusal` is None. Return whether it was done."""
        if refusal is None:
            way()
            return True
        with pytest.raises(refusal) as refused:
            way()
        self.refused = refused.value
        return False

    @property
    def is_signed(self):
        return any(goal == self.goal and self.parts.get(who) == Role.SPONSOR for who, goal in self.signed)

    @property
    def lead(self):
        return next(who for who, role in self.parts.items() if role == Role.LEAD)

    @property
    def told_status(self):
        return self.came_from if self.status == Status.DECIDED else self.status

    # --- who may ---

    def has_conflict(self, who):
        return who in self.were_in_team or self.declared.get(who, False)

    def is_there(self, who, by=By.REVIEWER):
        """Whether the application is there for somebody in this part."""
        if who not in DESK or desk.RANK.index(DESK[who]) < desk.RANK.index(by):
            return False
        if not self.was_handed_in or self.status == Status.DRAFT or self.has_conflict(who):
            return False
        return DESK[who] != By.REVIEWER or who in self.assigned

    def may(self, who, by=By.REVIEWER):
        return self.is_there(who, by) and self.declared.get(who) is False

    def free(self, by):
        """Somebody who could do what is for this part, if anybody could."""
        ranks = {who for who, part in DESK.items() if desk.RANK.index(part) >= desk.RANK.index(by)}
        return sorted(who for who in ranks if not self.has_conflict(who))

    @property
    def fair(self):
        return [who for who, state in self.reviews.items() if state == "in" and not self.has_conflict(who)]

    # --- verbs ---

    @rule(verb=st.sampled_from(sorted(VERBS)), who=anybody, outcome=outcomes)
    def anybody_tries_a_verb(self, verb, who, outcome):
        self.do(verb, who, outcome)

    @rule()
    def a_sponsor_signs_and_leaves_and_the_lead_hands_in(self):
        sponsor = next((who for who, role in self.parts.items() if role == Role.SPONSOR), None)
        if sponsor is not None:
            self.sign(sponsor)
            self.leave(sponsor, sponsor)
        self.do("resubmit" if self.status == Status.CHANGES_REQUESTED else "submit", self.lead)

    @rule(data=st.data())
    def it_goes_on(self, data):
        """The right person does what is possible now; before handing in, a sponsor signs, and so on."""
        ways = sorted(verb.name for by_team in (True, False) for verb in possible(self.status, by_team))
        # Withdrawing is possible nearly everywhere, and would end most lives early.
        ways = [way for way in ways if way != "withdraw"] * 3 + ways
        if not ways:
            return
        verb = data.draw(st.sampled_from(ways))
        if VERBS[verb].by_team:
            if verb in ("submit", "resubmit"):
                self.make_signed()
            self.do(verb, self.lead)
        elif able := self.free(VERBS[verb].by):
            self.go_on_at_the_desk(verb, data.draw(st.sampled_from(able)), data)

    and_on = and_again = and_further = and_so_on = it_goes_on  # five times as often as anything else

    def make_signed(self):
        if self.is_signed:
            return
        sponsor = next((who for who, role in self.parts.items() if role == Role.SPONSOR), None)
        if sponsor is None:
            sponsor = next(who for who in (*(set(PEOPLE) - set(self.parts)), 1, 0) if who != self.lead)
            if sponsor in self.parts:
                self.leave(self.lead, sponsor)
            self.join(sponsor, Role.SPONSOR)
        self.sign(sponsor)

    def go_on_at_the_desk(self, verb, who, data):
        if DESK[who] == By.REVIEWER and who not in self.assigned and self.free(By.CHAIR):
            chair = self.free(By.CHAIR)[0]
            self.declare(chair, False)
            self.assign(chair, who)
        self.declare(who, False)
        outcome = data.draw(outcomes)
        if verb == "begin_review":
            self.tick(who, True)
        elif verb == "propose" and self.status == Status.IN_REVIEW:
            for reviewer in self.free(By.REVIEWER)[:FEWEST_REVIEWERS]:
                self.assign(who, reviewer)
                self.declare(reviewer, False)
                if self.reviews.get(reviewer) != "in":
                    self.save_review(reviewer, 2)
                self.hand_in_review(reviewer)
                if data.draw(st.booleans()):
                    self.think_again(reviewer)
                    self.hand_in_review(reviewer)
            self.unassign(who, reviewer)  # what they handed in stays
        elif verb == "propose":
            outcome = "referred"
        elif verb == "release" and not self.held["confirmer"]:
            others = [one for one in self.free(By.CHAIR) if one != self.held["proposer"]]
            for second in others[:1]:
                self.declare(second, False)
                self.do("confirm", second)
            self.check_authority(who, True)
        self.do(verb, who, outcome)

    def do(self, verb, who, outcome="referred"):
        row = VERBS[verb]
        is_done_already = self.is_done_already(verb, who, outcome)
        refusal = None if is_done_already else self.refusal_of(verb, who, outcome)
        given = {
            "withdraw": {"reason": "Later"},
            "request_changes": {"questions": {"goal": "Which?"}},
            "propose": {"outcome": outcome, "letter": SECRET, **OUTCOMES[outcome]},
            "reconsider": {"reason": SECRET},
        }.get(verb, {})
        given |= {"user" if row.by_team else "actor": self.users[who]}
        if not self.expect(refusal, lambda: getattr(workflow, verb)(application=self.application, **given)):
            if refusal is NotPossible and row.by_team:
                assert str(self.refused) == str(NotPossible(self.told_status))
            return
        if is_done_already:
            return
        source = self.status
        if verb == "resubmit" or verb == "send_back":
            self.status = Status(self.came_from)
        elif verb == "release":
            self.status = Decision.STATUS[self.held["outcome"]]
            self.released.append((self.held["outcome"], self.held["proposer"], self.held["confirmer"]))
        elif row.targets:
            self.status = row.targets[0]
        if verb != "confirm":
            self.came_from = source if verb in ("request_changes", "propose") else ""
        self.note_decision(verb, who, outcome)
        self.entries.append((verb, source, self.status))
        self.done.add(verb)
        if verb in MAILS:
            self.mails[MAILS[verb]] += len(self.parts)
        if verb == "reopen":
            self.reviews = {one: state for one, state in self.reviews.items() if state == "draft"}
            self.levels = {one: level for one, level in self.levels.items() if one in self.reviews}
        if verb == "submit":
            self.authority = []
        if verb in ("submit", "resubmit"):
            self.was_handed_in = True
            self.frozen.append(self.goal)

    def refusal_of(self, verb, who, outcome):
        row = VERBS[verb]
        if not (self.parts.get(who) == Role.LEAD if row.by_team else self.may(who, row.by)):
            return Http404
        if self.status not in row.sources:
            return NotPossible
        is_short = {
            "submit": not self.is_signed,
            "resubmit": not self.is_signed,
            "begin_review": not self.is_ticked,
            "propose": len(self.fair) < FEWEST_REVIEWERS if self.status == Status.IN_REVIEW else outcome != "referred",
            "confirm": self.held and (self.held["confirmer"] is not None or self.held["proposer"] == who),
            "release": self.held and self.cannot_release(),
        }
        return NotReady if is_short.get(verb) else None

    def is_done_already(self, verb, who, outcome):
        """Whether this is the same click a second time."""
        if not self.held or not self.may(who, By.CHAIR):
            return False
        proposed = verb == "propose" and (who, outcome) == (self.held["proposer"], self.held["outcome"])
        return proposed or verb == "confirm" and who == self.held["confirmer"]

    def cannot_release(self):
        behind = [self.held["proposer"], self.held["confirmer"]]
        is_accepting = self.held["outcome"] in ("accepted", "conditions")
        return (
            behind[1] is None
            or any(self.has_conflict(who) for who in behind)
            or is_accepting
            and not (self.authority and self.authority[-1][1])
        )

    def note_decision(self, verb, who, outcome):
        if verb == "propose":
            self.held = {"proposer": who, "confirmer": None, "outcome": outcome}
        elif verb == "confirm":
            self.held["confirmer"] = who
        elif verb in ("release", "send_back", "withdraw"):
            self.held = None

    def note_deed(self, deed):
        self.entries.append((deed, self.status, self.status))
        self.done.add(deed)

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
            self.were_in_team.add(who)
            self.note_deed("invite")
            self.note_deed("join")
            self.mails["invitation"] += 1

    @rule(who=st.sampled_from(range(len(PEOPLE) - 1)), role=roles)
    def somebody_else_joins(self, who, role):
        """As `join`, without the one who is a chair."""
        self.join(who, role)

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
            self.note_deed("leave")

    @rule(by=people, who=people)
    def hand_over(self, by, who):
        if who not in self.parts:
            return
        is_lead = who == self.lead
        refusal = Http404 if by not in self.parts or self.lead not in (by, who) else None
        member = self.application.team.current().get(user=self.users[who])
        given = {"user": self.users[by], "member": member}
        if self.expect(refusal, lambda: workflow.hand_over(application=self.application, **given)) and not is_lead:
            self.parts |= {self.lead: Role.EDITOR, who: Role.LEAD}
            self.note_deed("hand_over")
            self.mails["new_lead"] += len(self.parts)

    @rule(who=people)
    def appoint(self, who):
        admin = self.users[max(DESK)]
        is_lead = who == self.lead
        workflow.appoint_lead(application=self.application, actor=admin, user=self.users[who], reason="Why")
        if not is_lead:
            self.parts |= {self.lead: Role.EDITOR, who: Role.LEAD}
            self.were_in_team.add(who)
            self.note_deed("appoint_lead")
            self.mails["lead_appointed"] += len(self.parts)

    # --- the Alliance ---

    @rule(data=st.data())
    def the_alliance_does_something(self, data):
        """Often somebody who may, now and then anybody."""
        deed = data.draw(st.sampled_from(self.DESK_DEEDS))
        by = By.CHAIR if deed in ("assign", "unassign", "tick", "check_authority") else By.REVIEWER
        able = [who for who in self.assigned if self.may(who)] if "review" in deed or deed == "think_again" else []
        able = able or [who for who in self.free(by) if self.may(who, by)]
        who = data.draw(st.sampled_from(sorted(able)) if able and data.draw(st.integers(0, 3)) else anybody)
        more = {
            "declare": st.sampled_from([False, False, False, True]),
            "assign": anybody,
            "unassign": st.sampled_from(sorted(self.assigned or DESK)),
            "tick": st.booleans(),
            "save_review": st.integers(0, 4),
            "check_authority": st.booleans(),
        }
        getattr(self, deed)(who, *([data.draw(more[deed])] if deed in more else []))

    and_the_alliance = the_alliance_does_something

    DESK_DEEDS = (
        "declare",
        "assign",
        "unassign",
        "tick",
        "save_review",
        "hand_in_review",
        "think_again",
        "check_authority",
        "note",
        "override",
    )

    def declare(self, who, has_conflict):
        refusal = None if self.is_there(who) else Http404
        given = {"application": self.application, "user": self.users[who], "has_conflict": has_conflict}
        if self.expect(refusal, lambda: workflow.declare(**given, words=SECRET)) and (
            who not in self.declared or has_conflict
        ):
            self.declared[who] = has_conflict
            self.note_deed("declare")
            if has_conflict and who in self.assigned:
                self.assigned.discard(who)
                self.note_deed("unassign")

    def assign(self, by, who):
        refusal = None
        if not self.may(by, By.CHAIR):
            refusal = Http404
        elif self.status not in UNDER_WAY:
            refusal = NotPossible
        elif who not in self.assigned and (DESK.get(who) in (None, By.ADMIN) or self.has_conflict(who)):
            refusal = NotReady
        given = {"actor": self.users[by], "reviewers": [self.users[who]]}
        if self.expect(refusal, lambda: workflow.assign(application=self.application, **given)) and (
            who not in self.assigned
        ):
            self.assigned.add(who)
            self.note_deed("assign")
            self.mails["review_assigned"] += 1

    def unassign(self, by, who):
        refusal = None if self.may(by, By.CHAIR) else Http404
        given = {"actor": self.users[by], "reviewer": self.users[who]}
        if self.expect(refusal, lambda: workflow.unassign(application=self.application, **given)) and (
            who in self.assigned
        ):
            self.assigned.discard(who)
            self.note_deed("unassign")

    def tick(self, who, all_of_it):
        refusal = None
        if not self.may(who, By.CHAIR):
            refusal = Http404
        elif self.status != Status.SCREENING:
            refusal = NotPossible
        given = {"actor": self.users[who], "points": list(POINTS) if all_of_it else list(POINTS)[1:]}
        if self.expect(refusal, lambda: workflow.tick(application=self.application, **given)):
            self.is_ticked = all_of_it

    def refusal_of_reviewing(self, who):
        if not self.may(who) or who not in self.assigned:
            return Http404
        return None if self.status in (Status.IN_REVIEW, Status.CHANGES_REQUESTED) else NotPossible

    def save_review(self, who, level):
        is_new = self.levels.get(who) != level
        refusal = self.refusal_of_reviewing(who) or (NotReady if self.reviews.get(who) == "in" and is_new else None)
        before = self.application.reviews.current().filter(reviewer=self.users[who]).first()
        scores = {domain: {"level": level, "rationale": SECRET, "evidence": []} for domain in Domain}
        given = {"actor": self.users[who], "scores": scores, "summary": SECRET}
        given["version"] = before.version if before else 0
        if self.expect(refusal, lambda: workflow.save_review(application=self.application, **given)) and is_new:
            self.reviews[who], self.levels[who] = "draft", level

    def hand_in_review(self, who):
        state = self.reviews.get(who)
        refusal = self.refusal_of_reviewing(who) or (None if state else NotReady)
        given = {"application": self.application, "actor": self.users[who]}
        if self.expect(refusal, lambda: workflow.hand_in_review(**given)) and state == "draft":
            self.reviews[who] = "in"
            self.note_deed("hand_in_review")

    def think_again(self, who):
        refusal = self.refusal_of_reviewing(who)
        given = {"application": self.application, "actor": self.users[who]}
        if self.expect(refusal, lambda: workflow.think_again(**given)) and self.reviews.get(who) == "in":
            self.reviews[who] = "draft"
            self.note_deed("think_again")

    def check_authority(self, who, is_confirmed):
        refusal = None
        if not self.may(who, By.CHAIR):
            refusal = Http404
        elif self.status not in UNDER_WAY:
            refusal = NotPossible
        given = {"found_at": "https://www.example.gov/clerk", "contact": SECRET, "way": "phone", "words": SECRET}
        given |= {"actor": self.users[who], "is_confirmed": is_confirmed}
        if self.expect(refusal, lambda: workflow.check_authority(application=self.application, **given)):
            if self.authority[-1:] != [(who, is_confirmed)]:
                self.note_deed("check_authority")
            self.authority.append((who, is_confirmed))

    def note(self, who):
        given = {"application": self.application, "actor": self.users[who], "text": SECRET}
        self.expect(None if self.may(who) else Http404, lambda: workflow.note(**given))

    def override(self, who):
        refusal = None if DESK.get(who) == By.ADMIN else Http404
        given = {"application": self.application, "actor": self.users[who], "reason": "A complaint"}
        if self.expect(refusal, lambda: workflow.override(**given)) and who not in self.overridden:
            self.overridden.add(who)
            self.note_deed("override")

    # --- what holds at every moment ---

    @invariant()
    def the_history_leads_to_the_status_by_declared_ways_only(self):
        entries = list(self.application.history.order_by("pk").values_list("verb", "source", "target"))
        assert entries == self.entries
        steps = [(source, target) for _verb, source, target in entries if source != target]
        assert set(steps) <= pairs()
        ways = ["draft", *(target for _source, target in steps)]
        assert [source for source, _target in steps] == ways[:-1]
        application = Application.objects.get(pk=self.application.pk)
        assert (application.status, application.status, application.came_from) == (
            ways[-1],
            self.status,
            self.came_from,
        )

    @invariant()
    def what_the_alliance_did_is_in_the_audit_log(self):
        logged = (
            AuditEntry.objects.about(self.application)
            .filter(action__in=BY_ALLIANCE)
            .order_by("pk")
            .values_list("action", flat=True)
        )
        assert list(logged) == [verb for verb, _source, _target in self.entries if verb in BY_ALLIANCE]

    @invariant()
    def there_is_at_most_one_submission_under_way(self):
        begun = sum(verb in ("submit", "reconsider") for verb, _source, _target in self.entries)
        ended = sum(verb == "withdraw" and source in UNDER_WAY for verb, source, _target in self.entries)
        ended += len(self.released)
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

    @invariant()
    def of_the_alliance_just_those_find_it_who_may(self):
        """Asks for one person at each moment, for everybody in turn: the question is a big one."""
        self.moment += 1
        who = sorted(DESK)[self.moment % len(DESK)]
        refusal = None
        if not self.may(who) and who not in self.overridden:
            refusal = desk.Undeclared if self.is_there(who) else Http404
        self.expect(refusal, lambda: desk.find(self.users[who], self.application.pk))

    @invariant()
    def a_decision_is_held_just_while_it_is_decided_and_released_by_two_people(self):
        decisions = self.application.decisions
        assert (decisions.held().count(), bool(self.held)) == ((self.status == Status.DECIDED),) * 2
        released = decisions.released().order_by("released_at", "pk")
        number = {user.pk: who for who, user in enumerate(self.users)}
        assert [
            (one.outcome, number[one.proposed_by_id], number[one.confirmed_by_id]) for one in released
        ] == self.released
        assert all(proposer != confirmer for _outcome, proposer, confirmer in self.released)
        assert all(one.authority_check.is_confirmed for one in released if one.is_accepting)
        assert hasattr(Application.objects.get(pk=self.application.pk), "onboarding") == (
            self.status == Status.ACCEPTED
        )

    @invariant()
    def the_team_is_told_nothing_of_the_review_nor_of_a_decision_that_is_held(self):
        application = Application.objects.get(pk=self.application.pk)
        told = [verb for verb, _source, _target in self.entries if verb in TOLD]
        assert [entry.verb for entry in application.history.for_team().order_by("pk")] == told
        timeline = Timeline(application)
        assert (application.status_for_team, timeline.next) == (self.told_status, NEXT[self.told_status])
        sent = list(OutgoingMail.objects.values_list("kind", "subject", "text"))
        assert Counter(kind for kind, _subject, _text in sent) == +self.mails
        shown = [str(sent), *(str(step.words) for step in timeline.steps)]
        shown += application.messages.values_list("text", flat=True)
        shown += application.change_requests.values_list("words", flat=True)
        assert SECRET not in "".join(shown)


@pytest.mark.django_db
def test_whatever_is_done_in_whatever_order_the_rules_hold():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=16,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # to make what it finds shorter would take minutes
        ),
    )
    assert Life.done >= {
        "submit",
        "begin_screening",
        "begin_review",
        "request_changes",
        "propose",
        "confirm",
        "release",
    }


# A life that goes every way of the table: (what, by whom or on whom, more).
A_WHOLE_LIFE = [
    ("sign", 1), ("do", "submit", 0), ("declare", 8, False), ("declare", 9, False), ("declare", 10, False),
    ("do", "begin_screening", 8), ("do", "begin_review", 8), ("tick", 8, True), ("do", "begin_review", 8),
    ("assign", 8, 5), ("declare", 5, False), ("save_review", 5, 2), ("hand_in_review", 5),
    ("assign", 8, 6), ("declare", 6, False), ("save_review", 6, 3), ("do", "propose", 8, "not_yet"),
    ("hand_in_review", 6), ("think_again", 5), ("hand_in_review", 5), ("unassign", 8, 6),
    ("do", "propose", 8, "not_yet"), ("do", "propose", 9, "referred"), ("do", "send_back", 9),
    ("do", "propose", 9, "not_yet"), ("do", "release", 8), ("do", "confirm", 9), ("do", "confirm", 8),
    ("do", "release", 9), ("do", "reconsider", 9), ("do", "reconsider", 10),
    ("do", "request_changes", 5), ("sign", 1), ("do", "resubmit", 0),
    ("do", "propose", 8, "accepted"), ("do", "confirm", 9), ("do", "release", 10), ("check_authority", 9, False),
    ("do", "release", 10), ("do", "withdraw", 0), ("do", "release", 10), ("do", "reopen", 0), ("declare", 6, True),
    ("do", "submit", 0), ("do", "begin_screening", 10), ("do", "begin_review", 10), ("do", "propose", 9, "accepted"),
    ("assign", 9, 7), ("declare", 7, False), ("save_review", 7, 4), ("hand_in_review", 7),
    ("do", "propose", 9, "accepted"), ("save_review", 5, 2), ("hand_in_review", 5),
    ("do", "propose", 9, "accepted"), ("check_authority", 9, True), ("do", "confirm", 8), ("do", "release", 8),
]  # fmt: skip


@pytest.mark.django_db
def test_one_life_goes_every_way_of_the_table():
    life = Life()
    invariants = [one for one in vars(Life).values() if hasattr(one, INVARIANT_MARKER)]
    assert len(invariants) == 9
    for what, *given in A_WHOLE_LIFE:
        getattr(life, what)(*given)
        for holds in invariants:
            holds(life)
    life.teardown()
    assert (life.status, len(life.released)) == (Status.ACCEPTED, 2)
    assert {verb for verb, _source, _target in life.entries} >= {*VERBS, "assign", "unassign", "think_again"}
