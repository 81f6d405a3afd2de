"""The life of an application: every verb from every status, and what the database itself refuses."""

import ast
import uuid
from datetime import date, timedelta
from importlib import import_module
from itertools import permutations

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.http import Http404
from django.utils import timezone

from alliance.core.models import AuditEntry, OutgoingMail
from alliance.core.tests.factories import make_admin, make_user
from alliance.core.tests.files import SAMPLES
from members.pathway import desk, workflow
from members.pathway.models import Application, HistoryEntry, SignOff, Snapshot, SnapshotAnswer
from members.pathway.states import VERBS, Status, pairs
from members.pathway.team import Role
from members.pathway.workflow import NotPossible, NotReady

from .factories import (
    have_no_conflict,
    make_application,
    make_application_in,
    make_chair,
    make_complete_application,
    make_decision,
    make_member,
    make_review,
    tick_everything,
    user_of,
)

pytestmark = pytest.mark.django_db

ALLOWED = import_module("members.pathway.migrations.0005_review_rules").ALLOWED
NEW = "clerk@leroy.example.gov"


def lead_of(application):
    return user_of(application, Role.LEAD)


REFERRED = {"outcome": "referred", "letter": "Dear team,\n\nask them.", "referred_to": "The county"}

# How each verb is said, by whoever says it.
CALLS = {
    "submit": lambda one, who: workflow.submit(application=one, user=who),
    "begin_screening": lambda one, who: workflow.begin_screening(application=one, actor=who),
    "begin_review": lambda one, who: workflow.begin_review(application=one, actor=who),
    "request_changes": lambda one, who: workflow.request_changes(
        application=one, actor=who, questions={"goal": "Which residents?"}
    ),
    "resubmit": lambda one, who: workflow.resubmit(application=one, user=who),
    "withdraw": lambda one, who: workflow.withdraw(application=one, user=who, reason="Later"),
    "reopen": lambda one, who: workflow.reopen(application=one, user=who),
    "propose": lambda one, who: workflow.propose(application=one, actor=who, **REFERRED),
    "confirm": lambda one, who: workflow.confirm(application=one, actor=who),
    "send_back": lambda one, who: workflow.send_back(application=one, actor=who),
    "release": lambda one, who: workflow.release(application=one, actor=who),
    "reconsider": lambda one, who: workflow.reconsider(application=one, actor=who, reason="New facts"),
}
BY_TEAM = {"submit", "resubmit", "withdraw", "reopen"}
# Where each verb leads, as DESIGN has it; where to after screening, and with another outcome, has tests of its own.
WAYS = {
    ("submit", "draft"): "submitted",
    ("begin_screening", "submitted"): "screening",
    ("begin_review", "screening"): "in_review",
    ("request_changes", "screening"): "changes_requested",
    ("request_changes", "in_review"): "changes_requested",
    ("resubmit", "changes_requested"): "in_review",
    ("withdraw", "draft"): "withdrawn",
    ("withdraw", "submitted"): "withdrawn",
    ("withdraw", "screening"): "withdrawn",
    ("withdraw", "in_review"): "withdrawn",
    ("withdraw", "changes_requested"): "withdrawn",
    ("withdraw", "decided"): "withdrawn",
    ("reopen", "withdrawn"): "draft",
    ("propose", "screening"): "decided",
    ("propose", "in_review"): "decided",
    ("confirm", "decided"): "decided",
    ("send_back", "decided"): "in_review",
    ("release", "decided"): "referred",
    ("reconsider", "not_yet"): "in_review",
    ("reconsider", "referred"): "in_review",
}
# What is said to the team, and to the reviewers, where a verb is not possible.
NOW = {
    "draft": ("It is “Draft” now. What is possible: submit it, withdraw it.", "It is “Draft” now."),
    "submitted": (
        "It is “Submitted” now. What is possible: withdraw it.",
        "It is “Submitted” now. What is possible: begin screening.",
    ),
    "screening": (
        "It is “Screening” now. What is possible: withdraw it.",
        "It is “Screening” now. What is possible: begin the review, ask for changes, propose a decision.",
    ),
    "in_review": (
        "It is “In review” now. What is possible: withdraw it.",
        "It is “In review” now. What is possible: ask for changes, propose a decision.",
    ),
    "changes_requested": (
        "It is “Changes requested” now. What is possible: hand in the changes, withdraw it.",
        "It is “Changes requested” now.",
    ),
    "decided": (
        "It is “In review” now. What is possible: withdraw it.",
        "It is “Decided, not yet released” now. What is possible: confirm the decision, send the decision back, "
        "release the decision.",
    ),
    "accepted": ("It is “Accepted” now.",) * 2,
    "not_yet": ("It is “Not yet” now.", "It is “Not yet” now. What is possible: reconsider the decision."),
    "referred": ("It is “Referred” now.", "It is “Referred” now. What is possible: reconsider the decision."),
    "withdrawn": ("It is “Withdrawn” now. What is possible: open it again.", "It is “Withdrawn” now."),
}


def everything():
    """Every row of the pathway, and all mail."""
    models = [*apps.get_app_config("pathway").get_models(), OutgoingMail]
    return {model: sorted(map(str, model.objects.values())) for model in models}


def test_the_tables_here_have_every_verb_and_every_status():
    assert set(CALLS) == set(VERBS) == {verb for verb, _source in WAYS}
    assert {name for name, verb in VERBS.items() if verb.by_team} == BY_TEAM
    assert set(NOW) == set(Status.values)
    sources = {(verb.name, source) for verb in VERBS.values() for source in verb.sources}
    assert sources == set(WAYS)
    assert pairs() == {(source, target) for (_verb, source), target in WAYS.items() if source != target} | {
        ("changes_requested", "screening"),
        ("decided", "screening"),
        ("decided", "accepted"),
        ("decided", "not_yet"),
    }


def standing_at(status, verb=""):
    """An application at this status with what the Alliance wrote on the way there, and what `verb` asks for."""
    application = make_application_in(status)
    somebody = make_user()
    if verb == "begin_review":
        tick_everything(application, somebody)
    if status in (Status.IN_REVIEW, Status.DECIDED):
        for _ in range(workflow.FEWEST_REVIEWERS):
            make_review(application)
    if status == Status.DECIDED:
        make_decision(application, somebody, make_user() if verb == "release" else None, **REFERRED)
    return application


def actor_of(verb, application):
    """Somebody who may do it: the lead, or an admin who has declared no conflict of interest."""
    if verb in BY_TEAM:
        return lead_of(application)
    admin = make_admin()
    have_no_conflict(application, admin)
    return admin


@pytest.mark.parametrize(("verb", "source"), WAYS)
def test_an_allowed_verb_leads_on_and_writes_one_line_of_history(verb, source):
    application = standing_at(source, verb)
    actor = actor_of(verb, application)
    CALLS[verb](application, actor)
    application.refresh_from_db()
    entry = application.history.get()
    target = WAYS[verb, source]
    assert application.status == target
    assert (entry.verb, entry.source, entry.target, entry.actor) == (verb, source, target, actor)
    came_from = {"request_changes": source, "propose": source, "confirm": "in_review"}
    assert application.came_from == came_from.get(verb, "")
    logged = list(AuditEntry.objects.about(application).values_list("action", "actor", "facts"))
    facts = {"from": source, "to": target} if source != target else {}
    assert logged == ([] if verb in BY_TEAM else [(verb, actor.pk, facts)])


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("source", Status.values)
def test_any_other_verb_says_what_is_possible_and_changes_nothing(verb, source):
    if (verb, source) in WAYS:
        return
    application = standing_at(source)
    actor = actor_of(verb, application)
    before = everything()
    # The Alliance knows of nothing that was never handed in.
    refused = NotPossible if verb in BY_TEAM or application.submitted_at else Http404
    with pytest.raises(refused) as refusal:
        CALLS[verb](application, actor)
    if refused == NotPossible:
        was_first = (verb, source) == ("propose", "decided")
        assert was_first or str(refusal.value) == NOW[source][verb not in BY_TEAM]
        assert isinstance(refusal.value, workflow.AlreadyDecided) == was_first
    assert everything() == before


@pytest.mark.parametrize("verb", sorted(set(VERBS) - BY_TEAM))
def test_what_was_withdrawn_and_opened_again_is_not_there_for_the_alliance_until_it_is_handed_in_again(verb):
    application = make_application_in(Status.SUBMITTED)
    lead, actor = lead_of(application), actor_of(verb, application)
    workflow.withdraw(application=application, user=lead, reason="Later")
    with pytest.raises(NotPossible, match="^It is “Withdrawn” now.$"):
        CALLS[verb](application, actor)
    workflow.reopen(application=application, user=lead)
    with pytest.raises(Http404):
        CALLS[verb](application, actor)
    workflow.submit(application=application, user=lead)
    assert desk.find(actor, application.pk) == application


@pytest.mark.parametrize("verb", sorted(BY_TEAM))
@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER, Role.SPONSOR, None])
def test_the_lead_alone_does_what_is_the_teams(verb, role):
    application = make_application_in(VERBS[verb].sources[0])
    user = make_user()
    if role:
        make_member(application, role, user)
    before = everything()
    with pytest.raises(Http404):
        CALLS[verb](application, user)
    assert everything() == before


def test_changes_go_back_to_the_step_that_asked_for_them():
    application = make_application_in(Status.CHANGES_REQUESTED, came_from=Status.SCREENING)
    workflow.resubmit(application=application, user=lead_of(application))
    application.refresh_from_db()
    assert (application.status, application.came_from) == ("screening", "")


# --- What the database refuses by itself ---


def test_the_migration_allows_exactly_the_pairs_of_the_table():
    assert set(ast.literal_eval(f"[{ALLOWED}]")) == pairs()


def test_the_trigger_refuses_every_other_change_of_status_by_hand():
    went, refused = set(), set()
    for source in Status.values:
        application = make_application_in(source)
        for target in set(Status.values) - {source}:
            came_from = "screening" if target in ("changes_requested", "decided") else ""
            fields = {"status": target, "came_from": came_from, "reference": "A-1", "submitted_at": timezone.now()}
            try:
                with transaction.atomic():
                    Application.objects.filter(pk=application.pk).update(**fields)
                    transaction.set_rollback(True)
                went.add((source, target))
            except IntegrityError as error:
                refused.add((source, target, str(error).partition("\n")[0]))
    assert went == pairs()
    assert refused == {
        (source, target, f"an application does not go from {source} to {target}")
        for source, target in permutations(Status.values, 2)
        if (source, target) not in went
    }


@pytest.fixture
def handed_in():
    application = make_complete_application(make_user())
    return workflow.submit(application=application, user=lead_of(application))


def refuses(change):
    with pytest.raises(IntegrityError, match="are written once"), transaction.atomic():
        change()


@pytest.mark.parametrize("model", [HistoryEntry, Snapshot, SignOff])
def test_what_is_written_once_is_never_changed_nor_deleted(model, handed_in):
    rows = model.objects.filter(application=handed_in)
    other = make_user()
    before = everything()
    values = {
        "application": make_application(),
        **dict.fromkeys(("actor", "by", "taken_by"), other),
        **dict.fromkeys(("at", "taken_at"), timezone.now()),
        "id": 0,
        "number": 7,
        "digest": "0",
        "verb": "reopen",
        "source": "draft",
        "target": "draft",
        "person": other,
    }
    for field in model._meta.concrete_fields:
        refuses(lambda name=field.name: rows.update(**{name: values[name]}))
    refuses(lambda: rows._raw_delete("default"))
    Application.objects.exclude(pk=handed_in.pk).delete()
    assert rows.count() == 1
    assert {name: rows for name, rows in everything().items() if name in (HistoryEntry, Snapshot, SignOff)} == {
        name: rows for name, rows in before.items() if name in (HistoryEntry, Snapshot, SignOff)
    }


def test_an_answer_in_a_snapshot_can_be_blanked_and_nothing_else(handed_in):
    one = SnapshotAnswer.objects.filter(snapshot__application=handed_in, question="goal")
    refuses(lambda: one.update(answer="Another goal"))
    refuses(lambda: one.update(question="obstacles"))
    refuses(lambda: one.update(id=0))
    refuses(lambda: one._raw_delete("default"))
    one.update(answer=None)
    refuses(lambda: one.update(answer="Some words,\nin two lines."))
    assert one.get().answer is None


def test_an_application_that_was_handed_in_is_never_deleted(handed_in):
    with pytest.raises(ProtectedError):
        handed_in.delete()
    Application.objects.filter(pk=handed_in.pk)._raw_delete("default")
    with pytest.raises(IntegrityError, match="violates foreign key"):
        connection.check_constraints()


@pytest.mark.parametrize("status", [status for status in Status if status not in ("changes_requested", "decided")])
def test_only_changes_and_a_held_decision_know_where_they_came_from(status):
    with pytest.raises(IntegrityError, match="came_from"):
        make_application_in(status, came_from=Status.SCREENING)


# --- Beginning and writing ---


def save(application, answers, user=None, section="goals", version=None):
    kept = application.sections.filter(section=section).first()
    return workflow.save_section(
        application=application,
        section=section,
        answers=answers,
        version=(kept.version if kept else 0) if version is None else version,
        user=user or lead_of(application),
    )


def test_the_key_of_an_application_of_others_begins_nothing():
    application, stranger = make_application(), make_user()
    before = everything()
    with pytest.raises(Http404):
        workflow.start(key=application.pk, user=stranger)
    assert everything() == before


def test_whoever_has_deleted_their_account_begins_and_joins_nothing():
    application = make_application()
    gone = make_user(email=NEW)
    ask = {"application": application, "user": lead_of(application), "email": NEW, "role": Role.EDITOR}
    invitation = workflow.invite(**ask)
    type(gone).objects.filter(pk=gone.pk).update(erased_at=timezone.now(), is_active=False)
    with pytest.raises(Http404):
        workflow.start(key=uuid.uuid4(), user=gone)
    with pytest.raises(Http404):
        workflow.accept(invitation=invitation, user=gone)
    with pytest.raises(Http404):
        workflow.appoint_lead(application=application, actor=make_admin(), user=gone, reason="")


def test_an_application_that_is_gone_is_not_found():
    application = make_application()
    user = lead_of(application)
    Application.objects.filter(pk=application.pk).delete()
    with pytest.raises(Http404):
        workflow.withdraw(application=application, user=user, reason="")


@pytest.mark.parametrize("status", Status)
def test_answers_signatures_and_files_are_taken_only_where_the_team_writes(status, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    application = make_application_in(status)
    sponsor, lead = user_of(application, Role.SPONSOR), lead_of(application)
    file = SimpleUploadedFile("resolution.pdf", SAMPLES["pdf"])
    kept = application.attachments.create(name="plan.pdf", size=1, added_by=lead)
    digest = workflow.digest_now(application)
    ways = {
        "sign": lambda: workflow.sign_off(application=application, user=sponsor, digest=digest),
        "save": lambda: save(application, {"goal": "Another"}),
        "attach": lambda: workflow.attach(application=application, user=lead, file=file),
        "detach": lambda: workflow.detach(application=application, user=lead, attachment=kept),
    }
    refused = {}
    for name, way in ways.items():
        try:
            way()
        except NotPossible as refusal:
            refused[name] = str(refusal)
    open_for_them = status in (Status.DRAFT, Status.CHANGES_REQUESTED)
    assert refused == ({} if open_for_them else dict.fromkeys(ways, NOW[status][0]))


@pytest.fixture
def sent_back():
    """Sent back with one question that others hang on, and with another of the same section."""
    application = make_application_in(Status.SCREENING)
    chair = make_chair(application)
    questions = {"whole": "Really?", "why_now": "Say more."}
    workflow.request_changes(application=application, actor=chair, questions=questions)
    application.refresh_from_db()
    return application


def test_of_one_sent_back_only_what_is_asked_again_is_taken_and_what_hangs_on_it(sent_back):
    before = sent_back.sections.get(section="eligibility").answers
    kept = save(
        sent_back,
        {"whole": "department", "department": "Parks", "authority": "no"},
        section="eligibility",
    )
    # Cleared where it is open; left alone where it is not.
    expected = before | {"whole": "department", "department": "Parks"}
    del expected["why_now"]
    assert kept.answers == expected
    assert save(sent_back, {"goal": "Another"}).answers == sent_back.sections.get(section="goals").answers
    assert workflow.answers_of(sent_back)["goal"] == "Some words,\nin two lines."


def test_changes_are_asked_for_with_at_least_one_question():
    application = make_application_in(Status.IN_REVIEW)
    chair = make_chair(application)
    before = everything()
    with pytest.raises(NotReady, match="at least one question"):
        workflow.request_changes(application=application, actor=chair, questions={})
    assert everything() == before


def test_what_was_asked_is_answered_by_handing_in_and_forgotten_by_starting_over(sent_back):
    sponsor, lead = user_of(sent_back, Role.SPONSOR), lead_of(sent_back)
    save(sent_back, {"whole": "whole", "why_now": "New words"}, section="eligibility")
    with pytest.raises(NotReady, match="has not signed"):
        workflow.resubmit(application=sent_back, user=lead)
    digest = workflow.digest_now(sent_back)
    workflow.sign_off(application=sent_back, user=sponsor, digest=digest)
    workflow.resubmit(application=sent_back, user=lead)
    assert sent_back.change_requests.filter(answered_at=None).count() == 0
    workflow.request_changes(application=sent_back, actor=make_chair(sent_back), questions={"goal": "Again?"})
    workflow.withdraw(application=sent_back, user=lead, reason="Later")
    workflow.reopen(application=sent_back, user=lead)
    assert sorted(sent_back.change_requests.values_list("question", flat=True)) == ["whole", "why_now"]


def test_a_reference_stays_through_withdrawing_and_handing_in_again(handed_in):
    lead, reference = lead_of(handed_in), handed_in.reference
    workflow.withdraw(application=handed_in, user=lead, reason="Later")
    workflow.reopen(application=handed_in, user=lead)
    again = workflow.submit(application=handed_in, user=lead)
    assert (again.reference, list(again.snapshots.order_by("number").values_list("number", flat=True))) == (
        reference,
        [1, 2],
    )


def test_a_draft_is_put_off_and_handing_in_or_withdrawing_ends_that():
    for verb in ("submit", "withdraw"):
        application = make_application_in(Status.DRAFT)
        workflow.defer(application=application, user=lead_of(application), until=date(2030, 1, 2))
        assert Application.objects.get(pk=application.pk).deferred_until == date(2030, 1, 2)
        CALLS[verb](application, lead_of(application))
        assert Application.objects.get(pk=application.pk).deferred_until is None


@pytest.mark.parametrize("status", [status for status in Status if status != Status.DRAFT])
def test_only_a_draft_is_put_off(status):
    application = make_application_in(status)
    with pytest.raises(NotPossible) as refusal:
        workflow.defer(application=application, user=lead_of(application), until=date(2030, 1, 2))
    assert str(refusal.value) == NOW[status][0]


# --- Signing ---


def is_signed(application):
    return workflow.is_signed_off(application, workflow.digest_now(application))


def test_a_signature_counts_for_exactly_these_answers_of_somebody_who_is_a_sponsor_still():
    application = make_complete_application(make_user())
    sponsor, lead = application.team.get(role=Role.SPONSOR), lead_of(application)
    assert is_signed(application)
    save(application, application.sections.get(section="goals").answers | {"goal": "Another"})
    assert not is_signed(application)
    save(application, application.sections.get(section="goals").answers | {"goal": "Some words,\nin two lines."})
    assert is_signed(application)
    workflow.leave(application=application, user=lead, member=sponsor)
    assert not is_signed(application)
    with pytest.raises(NotReady, match="has not signed"):
        workflow.submit(application=application, user=lead)


def test_whoever_becomes_the_lead_has_signed_nothing_as_the_sponsor():
    application = make_complete_application(make_user())
    sponsor = application.team.get(role=Role.SPONSOR)
    workflow.hand_over(application=application, user=lead_of(application), member=sponsor)
    assert not is_signed(application)


# --- The team ---


def test_what_belongs_to_another_application_is_not_found_there():
    mine, theirs = make_application(), make_application()
    lead = lead_of(mine)
    member = make_member(theirs, Role.EDITOR)
    ask = {"application": theirs, "user": lead_of(theirs), "email": NEW, "role": Role.EDITOR}
    invitation = workflow.invite(**ask)
    file = theirs.attachments.create(name="plan.pdf", size=1, added_by=member.user)
    before = everything()
    for way in (
        lambda: workflow.leave(application=mine, user=lead, member=member),
        lambda: workflow.hand_over(application=mine, user=lead, member=member),
        lambda: workflow.revoke(application=mine, user=lead, invitation=invitation),
        lambda: workflow.detach(application=mine, user=lead, attachment=file),
    ):
        with pytest.raises(Http404):
            way()
    assert everything() == before


def test_the_invitation_of_somebody_who_was_removed_does_not_let_them_in_again():
    application, invited = make_application(), make_user(email=NEW)
    lead = lead_of(application)
    ask = {"application": application, "user": lead, "email": NEW, "role": Role.EDITOR}
    invitation = workflow.invite(**ask)
    member = workflow.accept(invitation=invitation, user=invited)
    assert workflow.accept(invitation=invitation, user=invited) == member
    workflow.leave(application=application, user=lead, member=member)
    with pytest.raises(Http404):
        workflow.accept(invitation=invitation, user=invited)
    again = workflow.accept(invitation=workflow.invite(**ask), user=invited)
    assert (again != member, application.team.current().filter(user=invited).count()) == (True, 1)


def test_an_invitation_that_has_run_out_lets_nobody_in():
    application = make_application()
    ask = {"application": application, "user": lead_of(application), "email": NEW, "role": Role.EDITOR}
    invitation = workflow.invite(**ask)
    past = timezone.now() - timedelta(days=8)
    application.invitations.update(invited_at=past, expires_at=past + workflow.INVITATION_LASTS)
    with pytest.raises(Http404):
        workflow.accept(invitation=invitation, user=make_user(email=NEW))


@pytest.mark.parametrize("is_member", [True, False])
def test_staff_appoint_a_lead_and_the_team_is_told_and_finds_the_reason(is_member):
    application, heir, admin = make_application(), make_user(name="Rosa Diaz"), make_admin()
    old = lead_of(application)
    if is_member:
        make_member(application, Role.VIEWER, heir)
    appoint = {"application": application, "actor": admin, "user": heir, "reason": "She left the city."}
    workflow.appoint_lead(**appoint)
    workflow.appoint_lead(**appoint)  # the same click a second time
    assert dict(application.team.current().values_list("user", "role")) == {old.pk: "editor", heir.pk: "lead"}
    message = application.messages.get()
    assert (message.author, message.is_from_team, message.text) == (admin, False, "She left the city.")
    sent = OutgoingMail.objects.filter(kind="lead_appointed")
    assert set(sent.values_list("to", flat=True)) == {old.email, heir.email}
    assert all("Rosa Diaz" in one.text and "She left" not in one.text for one in sent)


# --- Messages ---


def test_a_thread_begins_when_the_application_is_handed_in():
    application = make_application_in(Status.DRAFT)
    lead, chair = lead_of(application), make_chair(application)
    with pytest.raises(NotPossible) as refusal:
        workflow.write(application=application, user=lead, text="Hello", is_from_team=True)
    assert str(refusal.value) == NOW["draft"][0]
    with pytest.raises(Http404):  # it is not there for the Alliance
        workflow.write(application=application, user=chair, text="Hello", is_from_team=False)
    workflow.submit(application=application, user=lead)
    workflow.write(application=application, user=chair, text="Hello", is_from_team=False)
    assert OutgoingMail.objects.filter(kind="message_waits").count() == 2
