"""From the check of authority to the answer that is released, and the way back in."""

import gzip
import re
import uuid
from datetime import timedelta

import html5lib
import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from alliance.core.models import OutgoingMail
from alliance.core.tests.factories import make_admin, make_user
from alliance.tests.test_pages import BUDGET, served_bytes
from alliance.tests.test_queries import queries_of
from cohorts.tests.factories import make_jurisdiction, make_place
from members.pathway import workflow
from members.pathway.models import Application, AuthorityCheck, Decision, InternalNote
from members.pathway.states import Status
from members.pathway.team import Role
from members.pathway.tests.factories import (
    assign,
    have_no_conflict,
    make_application_in,
    make_authority_check,
    make_chair,
    make_decision,
    make_member,
    make_review,
    make_reviewer,
    user_of,
)
from members.pathway.tests.test_scoring import client_of, hand_in_snapshot, page_of

pytestmark = pytest.mark.django_db

CONTACT = {
    "found_at": "https://www.leroy.example.gov/clerk",
    "contact": "Town clerk, 507 555 0100",
    "way": "phone",
    "asked_on": "2026-01-05",
    "is_confirmed": "yes",
    "words": "Yes, Rosa Diaz works for us.",
}


@pytest.fixture
def application():
    return in_review()


def in_review(**fields):
    """An application with two reviews that are in."""
    named = {"government_name": "Le Roy", "state": "MN", "kind": "city"} | fields
    one = make_application_in(Status.IN_REVIEW)
    identity = one.sections.get(section="identity")
    identity.answers |= {"name": named["government_name"], "state": named["state"], "kind": named["kind"]}
    identity.save()
    Application.objects.filter(pk=one.pk).update(**named)
    one.refresh_from_db()
    hand_in_snapshot(one, name=one.government_name)
    for level in (1, 2):
        make_review(one, level=level)
    return one


@pytest.fixture
def chair(application):
    return make_chair(application, name="Mae Chu")


@pytest.fixture
def client(chair):
    return client_of(chair)


def held(application, chair=None, **fields):
    """A decision that is confirmed and held."""
    Application.objects.filter(pk=application.pk).update(status=Status.DECIDED, came_from=Status.IN_REVIEW)
    application.refresh_from_db()
    return make_decision(application, chair or make_chair(application), make_chair(application), **fields)


def decide(application, outcome="accepted", **fields):
    """Release an answer; the application stands there afterwards."""
    if outcome == "not_yet":
        fields = {"back_on": timezone.localdate() + timedelta(days=100)} | fields
    chair = make_chair(application)
    held(application, outcome=outcome, **fields)
    make_authority_check(application, chair)
    workflow.release(application=application, actor=chair)
    application.refresh_from_db()
    return application.decisions.released().get(released_at=application.decisions.latest("released_at").released_at)


# --- the check of authority ---


def test_a_check_says_who_asked_whom_when_and_how(client, application, chair):
    answer = client.post(page_of(application, "review_authority"), CONTACT)
    assert (answer.status_code, answer.url) == (303, page_of(application, "review_authority"))
    check = AuthorityCheck.objects.get()
    assert (check.by, check.contact, check.way, str(check.asked_on), check.is_confirmed) == (
        chair, "Town clerk, 507 555 0100", "phone", "2026-01-05", True,
    )  # fmt: skip
    page = client.get(page_of(application, "review_authority")).content.decode()
    assert all(words in page for words in ("Mae Chu", "Town clerk", "By phone", "January 5, 2026", "Rosa Diaz works"))
    client.post(page_of(application, "review_authority"), CONTACT)
    assert (AuthorityCheck.objects.count(), application.history.filter(verb="check_authority").count()) == (1, 1)


GIVEN = {
    "an address of an answer": {"contact": "Clerk, Someone@Example.gov"},
    "the address of somebody in the team": {"contact": "Clerk, rosa@leroy.example.org"},
    "an address that was invited": {"contact": "ama@leroy.example.org"},
    "an address of a message": {"contact": "ask jo@elsewhere.example"},
    "a number of an answer": {"contact": "Clerk, (507) 555-0199"},
    "the same with its country": {"contact": "Clerk, +1 507.555.0199"},
    "the same without its area": {"contact": "Clerk, 555-0199"},
    "the same in wide digits": {"contact": "Clerk, ５０７ ５５５ ０１９９"},
    "a website that only the applicant names": {"found_at": "https://leroy-equity.example/clerk"},
    "a page below it": {"found_at": "https://www.city.leroy-equity.example/"},
    "an address at that website": {"contact": "clerk@leroy-equity.example"},
}


@pytest.mark.parametrize("case", GIVEN)
def test_a_contact_that_the_applicant_gave_is_refused(case, client, application):
    section = application.sections.get(section="goals")
    section.answers |= {"obstacles": "Call 507-555-0199, or see https://www.leroy-equity.example/plan."}
    section.save()
    make_member(application, Role.EDITOR, make_user(email="rosa@leroy.example.org"))
    lead, tomorrow = user_of(application, Role.LEAD), timezone.now() + timedelta(days=1)
    application.invitations.create(
        email="ama@leroy.example.org", role="viewer", invited_by=lead, expires_at=tomorrow, key="k" * 32
    )
    application.messages.create(author=lead, is_from_team=True, text="Or ask jo@elsewhere.example")
    answer = client.post(page_of(application, "review_authority"), CONTACT | GIVEN[case])
    assert (answer.status_code, AuthorityCheck.objects.count()) == (400, 0)
    assert "Rosa Diaz works for us." in answer.content.decode()


def test_a_website_of_the_applicant_will_do_once_our_own_record_names_it(client, application):
    section = application.sections.get(section="identity")
    section.answers |= {"website": "leroy-mn.example", "name": "Le Roy, see https://leroy-mn.example"}
    section.save()
    found = CONTACT | {"found_at": "https://leroy-mn.example/clerk"}
    assert client.post(page_of(application, "review_authority"), found).status_code == 400
    application.jurisdiction = make_jurisdiction(website="https://www.leroy-mn.example", kind="city")
    application.save()
    assert client.post(page_of(application, "review_authority"), found).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"found_at": "javascript:alert(1)"},
        {"found_at": ""},
        {"contact": ""},
        {"contact": "x" * 201},
        {"way": "pigeon"},
        {"is_confirmed": ""},
        {"asked_on": "2999-01-01"},
        {"asked_on": "yesterday"},
        {"words": "a" * 4001},
    ],
)
def test_a_check_that_will_not_do_is_shown_again(wrong, client, application):
    answer = client.post(page_of(application, "review_authority"), CONTACT | wrong)
    assert (answer.status_code, AuthorityCheck.objects.count()) == (400, 0)


def test_a_reviewer_reads_the_checks_and_records_none(application):
    reviewer = make_reviewer()
    assign(application, reviewer)
    client = client_of(reviewer)
    page = client.get(page_of(application, "review_authority"))
    assert (page.status_code, "<form" in page.content.decode()) == (200, False)
    assert client.post(page_of(application, "review_authority"), CONTACT).status_code == 404


# --- to propose ---


def proposal(outcome="accepted", step="propose", **fields):
    return {"outcome": outcome, "letter": "Dear colleagues,\n\nwelcome.", "step": step} | fields


def test_the_letter_begins_from_the_template_of_the_outcome_with_name_day_and_levels(client, application):
    address = page_of(application, "review_decision")
    day = timezone.localdate() + timedelta(days=200)
    letters = {}
    for outcome, more in {
        "accepted": {},
        "conditions": {"conditions": "A budget <line> by May."},
        "not_yet": {"back_on": day.isoformat()},
        "referred": {"referred_to": "The League of Cities"},
    }.items():
        answer = client.post(address, {"outcome": outcome, "step": "letter", **more})
        assert (answer.status_code, Decision.objects.count()) == (200, 0)
        letters[outcome] = answer.context["letter"]["letter"].value()
    assert all(letter.startswith("Dear colleagues of Le Roy,\n\n") for letter in letters.values())
    assert all(application.reference in letter for letter in letters.values())
    assert "A budget <line> by May." in letters["conditions"]
    assert date_format(day, "F j, Y") in letters["not_yet"]
    assert "- Leadership: 1, beginning\n- Infrastructure: 1, beginning" in letters["not_yet"]
    assert "The League of Cities" in letters["referred"]
    assert all(re.search(r"\n\n\n|[ \t]\n|{", letter) is None for letter in letters.values())


def test_a_letter_is_edited_previewed_proposed_and_the_note_stays_inside(client, application, chair):
    address = page_of(application, "review_decision")
    preview = client.post(address, proposal(step="preview", letter="Dear <b>all</b>,\r\n\r\ncome."))
    page = preview.content.decode()
    assert '<div class="letter"><p>Dear &lt;b&gt;all&lt;/b&gt;,</p>\n\n<p>come.</p></div>' in page
    assert Decision.objects.count() == 0
    answer = client.post(address, proposal(letter="Dear <b>all</b>,\r\n\r\ncome.", note="They are ready."))
    assert (answer.status_code, answer.url) == (303, address)
    decision = Decision.objects.get()
    assert (decision.proposed_by, decision.outcome, decision.letter) == (chair, "accepted", "Dear <b>all</b>,\n\ncome.")
    assert [note.text for note in InternalNote.objects.all()] == ["They are ready."]
    assert client.post(address, proposal(letter="Dear <b>all</b>,\r\n\r\ncome.")).status_code == 303
    assert (Decision.objects.count(), InternalNote.objects.count()) == (1, 1)


def test_beginning_the_letter_anew_replaces_it_and_nothing_else_does(client, application):
    address = page_of(application, "review_decision")
    kept = client.post(address, proposal(step="letter", letter="Mine")).context["letter"]
    anew = client.post(address, proposal(step="anew", letter="Mine")).context["letter"]
    assert kept["letter"].value() == "Mine"
    assert anew["letter"].value().startswith("Dear colleagues of Le Roy")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "never"}, "outcome"),
        ({"outcome": "conditions"}, "conditions"),
        ({"outcome": "accepted", "conditions": "Some"}, "conditions"),
        ({"outcome": "not_yet"}, "back_on"),
        ({"outcome": "not_yet", "back_on": "2020-01-01"}, "back_on"),
        ({"outcome": "not_yet", "back_on": "2999-01-01"}, "back_on"),
        ({"outcome": "not_yet", "back_on": "soon"}, "back_on"),
        ({"outcome": "referred"}, "referred_to"),
        ({"outcome": "referred", "referred_to": "x" * 201}, "referred_to"),
        ({"outcome": "accepted", "cohort": "x"}, "cohort"),
        ({"note": "a" * 4001}, "note"),
    ],
)
@pytest.mark.parametrize("step", ["letter", "preview", "propose"])
def test_what_does_not_go_together_is_said_beside_it_and_the_letter_stays(step, fields, wrong, client, application):
    answer = client.post(page_of(application, "review_decision"), proposal(step=step) | fields)
    assert (answer.status_code, list(answer.context["form"].errors), Decision.objects.count()) == (400, [wrong], 0)
    assert answer.context["letter"]["letter"].value() == "Dear colleagues,\n\nwelcome."


def test_an_empty_and_an_endless_letter_are_refused(client, application):
    for letter in ("", "a" * 20_001):
        answer = client.post(page_of(application, "review_decision"), proposal(letter=letter))
        assert (answer.status_code, Decision.objects.count()) == (400, 0)


def test_from_screening_one_can_only_refer(chair):
    application = make_application_in(Status.SCREENING)
    have_no_conflict(application, chair)
    client, address = client_of(chair), page_of(application, "review_decision")
    assert client.post(address, proposal()).status_code == 400
    assert client.post(address, proposal("referred", referred_to="The county")).status_code == 303


def test_with_fewer_than_two_reviews_the_words_stay(client, application):
    application.reviews.all()[0].scores.all().delete()
    application.reviews.filter(pk=application.reviews.first().pk).update(submitted_at=None)
    answer = client.post(page_of(application, "review_decision"), proposal(note="Because"))
    assert (answer.status_code, Decision.objects.count()) == (400, 0)
    assert "two reviews are handed in" in answer.content.decode()
    assert "Because" in answer.content.decode()


def test_a_chair_whose_own_review_is_not_in_sees_no_levels_and_no_form(client, application, chair):
    assign(application, chair)
    page = client.get(page_of(application, "review_decision")).content.decode()
    assert ("hand in your own review first" in page, 'name="outcome"' in page) == (True, False)


def test_whoever_decides_second_reads_who_was_first_and_their_words_are_kept(client, application, chair):
    first = make_chair(application, name="Ida First")
    workflow.propose(application=application, actor=first, outcome="accepted", letter="Welcome")
    back_on = (timezone.localdate() + timedelta(days=9)).isoformat()
    mine = proposal("not_yet", letter="My own letter", note="My own reason", back_on=back_on)
    for _time in range(2):
        answer = client.post(page_of(application, "review_decision"), mine)
        page = answer.content.decode()
        assert (answer.status_code, "My own letter" in page) == (409, True)
        assert "Ida First proposed “Accepted” on" in page
    (note,) = InternalNote.objects.all()
    assert (note.author, "My own letter" in note.text, "My own reason" in note.text) == (chair, True, True)
    assert Decision.objects.get().proposed_by == first


def test_the_same_letter_with_other_conditions_is_not_the_same_proposal(application, chair):
    """From another tab: whoever proposes must not take for proposed what is not."""
    given = {"application": application, "actor": chair, "outcome": "conditions", "letter": "Dear colleagues"}
    first = workflow.propose(**given, conditions="Name a lead.", cohort=None)
    assert workflow.propose(**given, conditions="Name a lead.", cohort=None) == first
    with pytest.raises(workflow.AlreadyDecided):
        workflow.propose(**given, conditions="Name a lead by June.", cohort=None)
    assert application.decisions.get().conditions == "Name a lead."


def test_what_was_decided_and_released_in_between_keeps_the_words_too(client, application):
    decide(application)
    for step in ("letter", "preview", "propose"):
        answer = client.post(page_of(application, "review_decision"), proposal(letter=f"Much later {step}", step=step))
        assert (answer.status_code, f"Much later {step}" in answer.content.decode()) == (409, True)
    assert InternalNote.objects.count() == 3


# --- held ---


def test_a_second_person_confirms_what_they_read(client, application, chair):
    address = page_of(application, "review_decision")
    client.post(address, proposal())
    decision = Decision.objects.get()
    own = client.get(address).content.decode()
    assert 'name="confirm"' not in own
    answer = client.post(address, {"confirm": decision.pk})
    assert (answer.status_code, "A second person confirms" in answer.content.decode()) == (400, True)
    other = client_of(make_chair(application))
    assert 'name="confirm"' in other.get(address).content.decode()
    for _click in range(2):
        assert other.post(address, {"confirm": decision.pk}).status_code == 303
    decision.refresh_from_db()
    assert decision.confirmed_by is not None


def test_a_page_of_a_decision_that_was_sent_back_confirms_no_other(client, application):
    address = page_of(application, "review_decision")
    client.post(address, proposal(letter="First"))
    old = Decision.objects.get()
    other = client_of(make_chair(application))
    for _click in range(2):
        assert other.post(address, {"send_back": old.pk}).status_code == 303
    begun = client.get(address).context
    assert (begun["letter"]["letter"].value(), begun["form"]["outcome"].value()) == ("First", "accepted")
    client.post(address, proposal(letter="Second"))
    for verb in ("confirm", "release"):
        assert other.post(address, {verb: old.pk}).status_code == 409
    new = Decision.objects.get(letter="Second")
    assert new.confirmed_by is None
    for strange in ("x", "", "9" * 30, "0"):
        assert other.post(address, {"confirm": strange}).status_code == 404


def test_an_acceptance_is_released_only_after_the_check(client, application, chair):
    decision = held(application)
    address = page_of(application, "review_decision")
    answer = client.post(address, {"release": decision.pk})
    assert (answer.status_code, "authority is checked" in answer.content.decode()) == (400, True)
    make_authority_check(application, chair)
    for _click in range(2):
        assert client.post(address, {"release": decision.pk}).status_code == 303
    application.refresh_from_db()
    assert application.status == Status.ACCEPTED
    assert OutgoingMail.objects.filter(kind="decision_released").count() == 2


def test_several_are_released_together_and_one_that_is_refused_stops_no_other(chair):
    good, bad, open_one, hidden = (in_review(government_name=name) for name in ("Ada", "Bly", "Cass", "Dell"))
    for one in (good, bad, open_one):
        have_no_conflict(one, chair)
    decisions = [held(one) for one in (good, bad)]
    Application.objects.filter(pk=open_one.pk).update(status=Status.DECIDED, came_from=Status.IN_REVIEW)
    decisions += [make_decision(open_one, chair), held(hidden)]
    make_authority_check(good, chair)
    client, address = client_of(chair), reverse("review_decisions")
    page = client.get(address).content.decode()
    assert [name in page for name in ("Ada", "Bly", "Cass", "Dell")] == [True, True, True, False]
    assert hidden.reference in page
    answer = client.post(address, {"decision": [one.pk for one in decisions] + ["x", ""]})
    assert answer.status_code == 409
    assert [one.application for one in answer.context["released"]] == [good]
    assert [(one.application, reasons[0][:20]) for one, reasons in answer.context["refused"]] == [
        (bad, "Before an acceptance"),
        (open_one, "A second person conf"),
    ]
    statuses = [Application.objects.get(pk=one.pk).status for one in (good, bad, open_one, hidden)]
    assert statuses == [Status.ACCEPTED, Status.DECIDED, Status.DECIDED, Status.DECIDED]
    assert "Choose at least one" in client.post(address).content.decode()


def test_the_held_list_is_for_chairs(application):
    reviewer = make_reviewer()
    assign(application, reviewer)
    held(application)
    for name in ("review_decision", "review_government"):
        assert client_of(reviewer).get(page_of(application, name)).status_code == 404
    assert client_of(reviewer).get(reverse("review_decisions")).status_code == 404


@pytest.mark.parametrize("rows", [1, 24])
def test_the_pages_ask_the_database_as_often_for_one_row_as_for_many(rows, client, chair, application):
    for _number in range(rows):
        one = make_application_in(Status.IN_REVIEW)
        have_no_conflict(one, chair)
        held(one)
    held(application)
    for _number in range(rows):
        make_authority_check(application, chair)
    names = ("review_authority", "review_decision", "review_government")
    counts = [queries_of(client, reverse("review_decisions"))]
    counts += [queries_of(client, page_of(application, name)) for name in names]
    decide_again = in_review()
    have_no_conflict(decide_again, chair)
    counts.append(queries_of(client, page_of(decide_again, "review_decision")))
    decide(decide_again, "not_yet")
    team = client_of(user_of(decide_again, Role.LEAD))
    counts.append(queries_of(team, page_of(decide_again, "application_answer")))
    assert counts == [5, 5, 13, 8, 12, 5]


# --- to reconsider ---


def test_an_admin_takes_a_not_yet_back_into_review_with_a_reason(application):
    decide(application, "not_yet")
    admin = make_admin()
    have_no_conflict(application, admin)
    client, address = client_of(admin), page_of(application, "review_reconsider")
    chair = make_chair(application)
    assert client_of(chair).get(address).status_code == 404
    assert "Reconsider it" in client.get(page_of(application, "review_decision")).content.decode()
    assert client.post(address, {"reason": " "}).status_code == 400
    assert client.post(address, {"reason": "New facts"}).status_code == 303
    application.refresh_from_db()
    assert (application.status, application.notes.get().text) == (Status.IN_REVIEW, "New facts")
    assert client.get(address).status_code == 409


# --- what the team reads ---


def team_client(application, role=Role.LEAD):
    return client_of(user_of(application, role))


def test_the_answer_is_not_there_before_it_is_released(application):
    held(application, outcome="not_yet", back_on=timezone.localdate(), letter="Secret letter")
    client = team_client(application)
    answer = client.get(page_of(application, "application_answer"))
    nobody = str(uuid.uuid4())
    missing = client.get(reverse("application_answer", args=[nobody]))
    assert (answer.status_code, answer.content.replace(str(application.pk).encode(), b"")) == (
        404,
        missing.content.replace(nobody.encode(), b""),
    )
    assert "application_answer" not in client.get(application.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", [Role.LEAD, Role.SPONSOR, Role.VIEWER, Role.EDITOR])
def test_the_whole_team_reads_the_letter_and_its_roadmap(role, application):
    decision = decide(application, "not_yet", letter="Dear <i>team</i>,\n\nnot yet.")
    if role not in (Role.LEAD, Role.SPONSOR):
        make_member(application, role)
    client = team_client(application, role)
    answer = client.get(page_of(application, "application_answer"))
    page = answer.content.decode()
    assert '<div class="letter"><p>Dear &lt;i&gt;team&lt;/i&gt;,</p>\n\n<p>not yet.</p></div>' in page
    assert date_format(decision.back_on, "F j, Y") in page
    assert reverse("readiness_shared", args=[decision.roadmap.share_key]) in page
    assert decision.roadmap.key not in page
    assert ("Begin again with your answers" in page) == (role in (Role.LEAD, Role.EDITOR))
    assert not any(str(person) in page for person in (decision.proposed_by, decision.released_by))
    home = client.get(application.get_absolute_url()).content.decode()
    assert home.count(page_of(application, "application_answer")) == 2


def test_the_mail_leads_to_the_answer(application):
    decide(application)
    mail = OutgoingMail.objects.filter(kind="decision_released").first()
    assert page_of(application, "application_answer") in str(vars(mail))


def test_a_letter_that_was_taken_back_stays_readable_as_an_earlier_one(application):
    decide(application, "not_yet", letter="The first letter")
    admin = make_admin()
    have_no_conflict(application, admin)
    workflow.reconsider(application=application, actor=admin, reason="New facts")
    client = team_client(application)
    page = client.get(page_of(application, "application_answer")).content.decode()
    assert ("Our earlier answer" in page, "The first letter" in page, "New facts" in page) == (True, True, False)
    assert "Begin again" not in page
    decide(application, letter="The second letter")
    context = client.get(page_of(application, "application_answer")).context
    assert (context["decision"].letter, [one.letter for one in context["earlier"]]) == (
        "The second letter",
        ["The first letter"],
    )


def test_a_new_application_begins_with_the_answers_that_were_handed_in(application):
    place = make_place(name="Le Roy", kind="city")
    Application.objects.filter(pk=application.pk).update(place=place)
    decision = decide(application, "not_yet")
    client, key = team_client(application), str(uuid.uuid4())
    for _click in range(2):
        answer = client.post(page_of(application, "application_answer"), {"key": key})
        assert (answer.status_code, answer.url) == (303, reverse("application", args=[key]))
    draft = Application.objects.get(pk=key)
    assert (draft.status, draft.place, draft.assessment, draft.government_name) == (
        Status.DRAFT, place, decision.roadmap, "Le Roy",
    )  # fmt: skip
    kept = {one.section: one.answers for one in draft.sections.all()}
    assert kept["goals"]["goal"] == "Some words,\nin two lines."
    assert "consent" not in kept
    assert [one.user for one in draft.team.all()] == [user_of(application, Role.LEAD)]
    assert team_client(application, Role.SPONSOR).post(
        page_of(application, "application_answer"), {"key": str(uuid.uuid4())}
    ).status_code == 404  # fmt: skip
    assert client.post(page_of(application, "application_answer"), {"key": "x"}).status_code == 400


def test_nobody_begins_again_from_an_acceptance(application):
    decide(application)
    client = team_client(application)
    answer = client.post(page_of(application, "application_answer"), {"key": str(uuid.uuid4())})
    assert (answer.status_code, Application.objects.count()) == (409, 1)


def test_the_pages_are_valid_and_keep_to_the_budget(client, application, chair, validate_html):
    check, decide_at = page_of(application, "review_authority"), page_of(application, "review_decision")
    make_review(application, level=4)
    states = {"no check": client.get(check).content, "wrong check": client.post(check, {}).content}
    client.post(check, CONTACT)
    states |= {
        "check": client.get(check).content,
        "proposal": client.get(decide_at).content,
        "wrong proposal": client.post(decide_at, proposal("conditions", step="preview")).content,
        "letter": client.post(decide_at, {"outcome": "accepted", "step": "letter"}).content,
        "preview": client.post(decide_at, proposal(step="preview")).content,
        "government": client.get(page_of(application, "review_government")).content,
        "none held": client.get(reverse("review_decisions")).content,
    }
    client.post(decide_at, proposal())
    states |= {
        "held by me": client.get(decide_at).content,
        "refused": client.post(decide_at, {"confirm": Decision.objects.get().pk}).content,
        "overtaken": client.post(decide_at, proposal(letter="Another")).content,
        "held": client.get(reverse("review_decisions")).content,
        "none chosen": client.post(reverse("review_decisions")).content,
    }
    other = in_review(government_name="Adams")
    decide(other, "not_yet")
    admin = make_admin()
    have_no_conflict(other, admin)
    team = team_client(other)
    states |= {
        "answer": team.get(page_of(other, "application_answer")).content,
        "application": team.get(other.get_absolute_url()).content,
        "decided": client_of(admin).get(page_of(other, "review_decision")).content,
        "reconsider": client_of(admin).get(page_of(other, "review_reconsider")).content,
    }
    pages = {name: page.decode() for name, page in states.items()}
    for page in pages.values():
        html5lib.HTMLParser(strict=True).parse(page)
    (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', pages["held"])
    css = len(served_bytes(client, stylesheet, "br"))
    sizes = {name: len(gzip.compress(page)) + css for name, page in states.items()}
    assert {name: size for name, size in sizes.items() if size > BUDGET} == {}
    validate_html(list(pages.items()))
