"""Every address of the review × everybody, as DESIGN.md §7 has it. An address without a row here fails.

And nothing that the Alliance writes among its own reaches the team, in whatever form.
"""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from alliance.core import audit
from alliance.core.models import AuditEntry, OutgoingMail
from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from alliance.core.tests.files import SAMPLES
from cohorts.models import Membership
from cohorts.tests.factories import make_jurisdiction
from members.pathway import workflow
from members.pathway.models import Application, CannedText
from members.pathway.questions import SECTIONS
from members.pathway.screening import POINTS
from members.pathway.states import Status
from members.pathway.team import Role

from .factories import (
    assign,
    make_authority_check,
    make_chair,
    make_complete_application,
    make_member,
    make_review,
    make_reviewer,
    sign_and_hand_in,
    user_of,
)

pytestmark = pytest.mark.django_db

UNKNOWN = "00000000-0000-4000-8000-000000000000"
# Those to whom it is open.
DESK = ("reviewer", "chair", "admin")
# Those for whom it is not there: the team, people with another part in the house, and of the review whoever is not
# assigned, or has a conflict of interest, whatever their part.
OUTSIDE = (
    "lead", "editor", "viewer", "sponsor", "member", "curator", "unassigned", "conflicted", "tied chair",
    "conflicted chair", "conflicted admin",
)  # fmt: skip

# Of an application in review: what an assigned reviewer, a chair and an admin get who open the address, and what who
# send an empty form to it. 400: their form, refused; 409: theirs, but not now; 405: no form.
TABLE = {
    "review": ("200 200 200", "405 405 405"),
    "review_authority": ("200 200 200", "404 400 400"),
    "review_changes": ("200 200 200", "200 200 200"),
    "review_decision": ("404 200 200", "404 400 400"),
    "review_declare": ("200 200 200", "400 400 400"),
    "review_file": ("200 200 200", "405 405 405"),
    "review_government": ("404 200 200", "404 400 400"),
    "review_messages": ("200 200 200", "400 400 400"),
    "review_notes": ("200 200 200", "400 400 400"),
    "review_onboarding": ("404 404 404", "404 404 404"),
    "review_override": ("404 404 302", "404 404 302"),
    "review_reconsider": ("404 404 409", "404 404 409"),
    "review_records": ("404 200 200", "404 400 400"),
    "review_reviewers": ("404 200 200", "404 400 400"),
    "review_score": ("200 404 404", "400 404 404"),
    "review_scores": ("200 200 200", "405 405 405"),
    "review_screening": ("404 200 200", "404 409 409"),
}
# The addresses of no one application: lists of what is there for whoever asks, and what is their own.
LISTS = {
    "review_decisions": ("404 200 200", "404 200 200"),
    "review_figures": ("404 200 200", "405 405 405"),
    "review_onboardings": ("404 200 200", "405 405 405"),
    "review_queue": ("200 200 200", "400 400 400"),
    "review_view_forget": ("405 405 405", "404 404 404"),
}
# What opens also before somebody has declared, and what an override opens though somebody has a conflict.
BEFORE_DECLARING = ("review_declare", "review_override")
NAME, SECRET = "City of Lakeside", "Zanzibar"


def names():
    found = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    return sorted(name for name in found if name.split("_")[0] == "review")


def test_every_address_of_the_review_has_a_row():
    assert sorted(TABLE | LISTS) == names()


class Case:
    """An application in review with everything that an address can lead to, and everybody around it."""

    def __init__(self):
        application = make_complete_application(make_user(), signed=False)
        identity = application.sections.get(section="identity")
        answers = {**identity.answers, "name": NAME, "state": "MN"}
        lead = user_of(application, Role.LEAD)
        workflow.save_section(application=application, section="identity", answers=answers, version=1, user=lead)
        file = SimpleUploadedFile("plan.pdf", SAMPLES["pdf"])
        self.file = workflow.attach(application=application, user=lead, file=file)
        sign_and_hand_in(application)
        application.jurisdiction = make_jurisdiction(name="Lakeside", status="draft")
        application.save()
        self.application = application
        chair = make_chair(application, name=f"Chris {SECRET}")
        workflow.begin_screening(application=application, actor=chair)
        workflow.tick(application=application, actor=chair, points=list(POINTS))
        workflow.begin_review(application=application, actor=chair)
        self.people = {"lead": lead, "sponsor": user_of(application, Role.SPONSOR)}
        self.people |= {role: make_member(application, role).user for role in ("editor", "viewer")}
        self.people |= {"member": make_user(), "curator": make_curator(), "unassigned": make_reviewer()}
        Membership.objects.create(user=self.people["member"], jurisdiction=make_jurisdiction())
        self.people |= {"chair": chair, "admin": make_chair(application, is_superuser=True)}
        reviewer, undeclared, conflicted = (make_reviewer(name=f"{one} {SECRET}") for one in ("Robin", "Una", "Connie"))
        assign(application, reviewer)
        application.assignments.create(reviewer=undeclared, assigned_by=chair)
        application.assignments.create(reviewer=conflicted, assigned_by=chair)
        self.people |= {"reviewer": reviewer, "undeclared": undeclared, "conflicted": conflicted}
        self.people |= {"tied chair": make_chair(application), "conflicted chair": make_chair()}
        self.people |= {"conflicted admin": make_admin()}
        Membership.objects.create(user=self.people["tied chair"], jurisdiction=application.jurisdiction)
        for one in ("conflicted", "conflicted chair", "conflicted admin"):
            words = f"The reason: {SECRET}."
            application.declarations.create(by=self.people[one], has_conflict=True, words=words)
        CannedText.objects.create(title="Thanks", text="Thank you.")
        application.refresh_from_db()

    def address(self, name, pk=None):
        """The address, or the one like it of an application that there is not."""
        if name in LISTS:
            return reverse(name, args=[1] if name == "review_view_forget" else [])
        return reverse(name, args=[pk or self.application.pk, *([self.file.pk] if name == "review_file" else [])])

    def client(self, person):
        client = Client()
        if person != "visitor":
            sign_in(client, self.people[person])
        return client

    def ask(self, person, name, method, **other):
        """What somebody gets there. Nothing of it stays, so that the next one finds the same."""
        with transaction.atomic():
            answer = getattr(self.client(person), method)(self.address(name, **other))
            transaction.set_rollback(True)
        return answer


@pytest.fixture
def case():
    return Case()


@pytest.mark.parametrize("name", names())
def test_each_of_the_review_gets_what_their_part_allows_and_nobody_keeps_it(name, case):
    got = []
    for method in ("get", "post"):
        answers = [case.ask(person, name, method) for person in DESK]
        got.append(" ".join(str(answer.status_code) for answer in answers))
        for answer in answers:
            assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert got == list((TABLE | LISTS)[name])


@pytest.mark.parametrize("name", TABLE)
def test_whoever_may_not_open_it_gets_the_404_of_what_is_not_there_to_the_byte(name, case):
    for method in ("get", "post"):
        for person in OUTSIDE:
            answers = [case.ask(person, name, method), case.ask(person, name, method, pk=UNKNOWN)]
            if person == "conflicted admin" and name == "review_override":
                assert [answer.status_code for answer in answers] == [200 if method == "get" else 400, 404]
                continue
            # Whoever has a part in the review is told by an address without a form that it takes none.
            has_no_form = TABLE[name][1] == "405 405 405" and person in OUTSIDE[6:] and method == "post"
            assert [answer.status_code for answer in answers] == [405 if has_no_form else 404] * 2
            addresses = case.address(name), case.address(name, pk=UNKNOWN)
            pages = [one.content.decode().replace(to, "") for one, to in zip(answers, addresses, strict=True)]
            assert pages[0] == pages[1]
            assert answers[0].headers == answers[1].headers


def test_there_is_no_list_for_whoever_has_no_part_in_the_review(case):
    answers = [case.ask(person, name, method) for person in OUTSIDE[:6] for name in LISTS for method in ("get", "post")]
    assert {answer.status_code for answer in answers} == {404}


def test_the_lists_hold_nothing_of_what_is_not_open(case):
    decide(case)
    words, told = (case.application.reference, str(case.application.pk), NAME), []
    for person in OUTSIDE[6:]:
        for name in LISTS:
            page = case.ask(person, name, "get").content.decode()
            told += [(person, name, word) for word in words if word in page]
    assert told == []


def test_nothing_opens_before_somebody_has_declared(case):
    answers = {name: case.ask("undeclared", name, "get") for name in TABLE if name not in BEFORE_DECLARING}
    # What is for chairs does not exist for a reviewer, declared or not.
    expected = {name: None if TABLE[name][0].startswith("404") else case.address("review_declare") for name in answers}
    assert {name: answer.headers.get("Location") for name, answer in answers.items()} == expected
    assert {answer.status_code for answer in answers.values()} == {302, 404}


def test_a_visitor_signs_in_first_whether_it_is_there_or_not(case):
    for name in names():
        for method in ("get", "post"):
            for there in ({}, {"pk": UNKNOWN}):
                answer = case.ask("visitor", name, method, **there)
                assert (answer.status_code, answer.url) == (302, f"/account/login/?next={case.address(name, **there)}")


def test_staff_without_the_second_step_open_nothing(case):
    client = Client()
    client.force_login(case.people["chair"])
    for name in TABLE:
        answer = client.get(case.address(name))
        assert (answer.status_code, "/account/" in answer.url) == (302, True)


def test_who_is_taken_off_or_loses_their_part_finds_it_closed_with_the_next_click(case):
    client = case.client("reviewer")
    assert client.get(case.address("review")).status_code == 200
    workflow.unassign(application=case.application, actor=case.people["chair"], reviewer=case.people["reviewer"])
    assert client.get(case.address("review")).status_code == 404
    client = case.client("chair")
    assert client.get(case.address("review")).status_code == 200
    Membership.objects.create(user=case.people["chair"], jurisdiction=case.application.jurisdiction)
    assert {name: client.get(case.address(name)).status_code for name in TABLE} == dict.fromkeys(TABLE, 404)


def test_who_asks_a_hundred_times_for_what_is_closed_to_them_fills_no_log(case, monkeypatch):
    monkeypatch.setattr(audit, "DENIALS", audit.DENIALS.__class__("tests", 2, timedelta(hours=1)))
    client, denied = case.client("conflicted chair"), AuditEntry.objects.filter(action="deny")
    answers = [client.get(case.address("review")).status_code for _ in range(4)]
    assert (answers, denied.about(case.application).count()) == ([404] * 4, 2)


# --- Nothing reaches the team ---


def decide(case):
    """Everything that the Alliance writes among its own, up to a decision that is held and confirmed."""
    application, chair = case.application, case.people["chair"]
    workflow.note(application=application, actor=chair, text=f"A note: {SECRET}.")
    for reviewer in (case.people["reviewer"], make_reviewer(name=f"Rene {SECRET}")):
        review = make_review(application, reviewer, summary=f"In short: {SECRET}.")
        review.scores.update(rationale=f"Because: {SECRET}.")
    make_authority_check(application, chair, contact=f"{SECRET} clerk", words=f"They said: {SECRET}.")
    given = {"outcome": "conditions", "letter": f"Dear {SECRET}", "conditions": f"First: {SECRET}."}
    workflow.propose(application=application, actor=chair, **given)
    workflow.confirm(application=application, actor=make_chair(application, name=f"Second {SECRET}"))
    assert Application.objects.get(pk=application.pk).status == Status.DECIDED


TEAM = ("lead", "editor", "viewer", "sponsor")
PUBLIC = ("/", "/search/?q=Lakeside", "/pathway/", "/feeds/resources.atom", "/sitemap.xml", "/jurisdictions/", "/data/")


def team_addresses(case):
    """Every address of the team's side that takes a GET, and the pages around it."""
    found = {name for name in get_resolver().reverse_dict if isinstance(name, str) and name.startswith("application")}
    behind = {"application_section": [SECTIONS[0]], "application_file": [case.file.pk]}
    of_numbers = {"application_member_remove", "application_hand_over", "application_invitation_revoke"}
    names = sorted(found - of_numbers - {"application_file_remove"})
    pages = [reverse(name, args=[case.application.pk, *behind.get(name, [])]) for name in names]
    return [*pages, "/account/", reverse("account_data"), *PUBLIC]


def what_they_read(case, person):
    client, read = case.client(person), {}
    for address in team_addresses(case):
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = re.sub(r'name="(csrfmiddlewaretoken|token)" value="[^"]*"', "", content.decode(errors="replace"))
        # The time of an empty feed is that of its making; each look signs in anew.
        read[address] = answer.status_code, re.sub(r'<updated>[^<]*|"last signed in": .*', "", text)
    return read


@pytest.mark.parametrize("person", TEAM)
def test_a_held_decision_changes_nothing_that_the_team_can_read(person, case):
    OutgoingMail.objects.all().delete()
    before = what_they_read(case, person)
    decide(case)
    after = what_they_read(case, person)
    assert [address for address in before if before[address] != after[address]] == []
    assert [address for address, (_status, text) in after.items() if SECRET in text] == []
    to_team = OutgoingMail.objects.filter(
        user__in=[case.people[one] for one in ("lead", "editor", "viewer", "sponsor")]
    )
    assert not to_team.exists()


def test_no_mail_of_the_review_has_the_government_or_a_word_of_what_was_written(case):
    decide(case)
    workflow.write(application=case.application, user=case.people["chair"], is_from_team=False, text=f"Dear {SECRET}")
    workflow.write(application=case.application, user=case.people["lead"], is_from_team=True, text=f"Dear {SECRET}")
    said = [f"{one.subject} {one.text} {one.html}" for one in OutgoingMail.objects.all()]
    assert said
    assert [text for text in said if SECRET in text or NAME in text] == []
