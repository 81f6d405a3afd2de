"""Every page on which people write for long keeps what they typed: after the end of a session, a refusal, a late click.

A form with a long field that stands on none of these pages fails here.
"""

import inspect
import re
from datetime import timedelta
from typing import NamedTuple

import pytest
from django import forms
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.access import LONG_FORMS
from alliance.core.notes import forms as notes
from alliance.core.tests.factories import make_user, sign_in
from alliance.urls import urlpatterns  # noqa: F401 - whatever form a page has is imported with it
from cohorts import forms as proposals
from cohorts.proposals import kinds
from cohorts.tests.factories import make_jurisdiction, make_member, make_milestone
from members.collaborations import joining_forms
from members.collaborations.admin.people import JoinRequestForm
from members.collaborations.kinds import KINDS
from members.collaborations.tests.factories import make_collaboration, make_join_request, make_steward
from members.collaborations.views.pasting import PasteForm
from members.partners.tests.factories import make_partner
from members.pathway import admin as pathway_admin
from members.pathway import workflow
from members.pathway.afterwards_forms import MessageForm, WithdrawForm
from members.pathway.answers import SectionForm, SectionPageForm
from members.pathway.decision_forms import AuthorityForm, DecisionForm, LetterForm, ReasonForm
from members.pathway.questions import SECTIONS
from members.pathway.review_forms import AnswerForm, ChangesForm, DeclareForm, NoteForm, OverrideForm
from members.pathway.score_forms import ScoreForm
from members.pathway.states import Status
from members.pathway.team import Role
from members.pathway.team_forms import InviteForm
from members.pathway.tests.factories import (
    assign,
    make_application_in,
    make_chair,
    make_review,
    make_reviewer,
    user_of,
)
from members.pathway.tests.test_handing_in import hidden, text_of
from members.peers import introduction_forms
from members.peers.admin import TieRequestForm
from members.peers.forms import ProfileForm
from members.peers.report_admin import SettleForm
from members.peers.tests.factories import make_introduction, make_profile
from members.peers.tests.factories import make_member as make_peer
from resources.forms import ResourceForm, SuggestionForm

pytestmark = pytest.mark.django_db

TYPED, SHOWN = "Typed <b>in vain</b>", "Typed &lt;b&gt;in vain&lt;/b&gt;"
SIGNED_OUT = "You were signed out before this was saved. Here are your words"
DISCARD = '<button class="btn quiet" name="discard" value="1">Discard these words</button>'
TOKEN = "8a6e0804-2bd0-4672-b79d-d97027f9071a"


class Page(NamedTuple):
    """`who` writes `words` into the `forms` of a page of an application that stands at `status`; `rest` is what its
    address names besides."""

    forms: list
    status: Status
    who: str
    words: dict
    rest: tuple = ()

    @property
    def long_field(self):
        return next(name for name, word in self.words.items() if word == TYPED)


AUTHORITY = {"found_at": "https://www.example.gov/clerk", "contact": "City clerk", "way": "phone"} | {
    "asked_on": "2026-01-05", "is_confirmed": "yes"
}  # fmt: skip
MILESTONE = {
    "kind": "training",
    "title": "All trained",
    "date": "2016-03",
    "sources": "https://example.gov/training",
} | {"token": TOKEN}
GOALS = next(section for section in SECTIONS if section.id == "goals")
PROPOSED = [kind.form for kind in kinds().values()]

PAGES = {
    "application_section": Page(
        [SectionPageForm], Status.DRAFT, "lead", {"goal": TYPED, "version": "1"}, (GOALS,)
    ),
    "application_messages": Page([MessageForm], Status.IN_REVIEW, "lead", {"text": TYPED, "token": TOKEN}),
    "application_withdraw": Page([WithdrawForm], Status.IN_REVIEW, "lead", {"reason": TYPED}),
    "collaboration_edit": Page(
        [kind.form for kind in KINDS.values() if kind.name not in ("point", "seat")], None, "steward",
        {"title": "We met", "text": TYPED, "posted_on": "2026-05-04", "seen": "0", "token": TOKEN}, ("update",),
    ),
    "collaboration_join": Page(
        [joining_forms.AskForm], None, "partner", {"holder": "partner-77", "title": "Chief", "message": TYPED}
    ),
    "collaboration_request": Page(
        [joining_forms.AnswerForm], None, "steward", {"verdict": "decline", "answer": TYPED}
    ),
    "introduction_report": Page([introduction_forms.ReportForm], None, "peer", {"text": TYPED}),
    "peer_ask": Page([introduction_forms.AskForm], None, "peer", {"message": TYPED}),
    "peer_report": Page([introduction_forms.ReportForm], None, "peer", {"text": TYPED}),
    "peer_profile": Page([ProfileForm], None, "member", {"helps": TYPED, "digest": "never"}),
    "propose": Page(PROPOSED, None, "member", {"summary": TYPED, "token": TOKEN}, ("summary",)),
    "propose_change": Page(PROPOSED, None, "member", MILESTONE | {"description": TYPED}, ("milestone",)),
    "review_authority": Page([AuthorityForm], Status.IN_REVIEW, "chair", {**AUTHORITY, "words": TYPED}),
    "review_changes": Page(
        [ChangesForm], Status.IN_REVIEW, "chair", {"ask": "goal", "words_goal": TYPED, "send": "1"}
    ),
    "review_decision": Page(
        [DecisionForm, LetterForm], Status.IN_REVIEW, "chair",
        {"outcome": "referred", "referred_to": "The county", "letter": TYPED, "step": "propose"},
    ),
    "review_declare": Page([DeclareForm], Status.IN_REVIEW, "newcomer", {"has_conflict": "yes", "words": TYPED}),
    "review_messages": Page([AnswerForm], Status.IN_REVIEW, "chair", {"text": TYPED, "token": TOKEN}),
    "review_notes": Page([NoteForm], Status.IN_REVIEW, "chair", {"text": TYPED, "token": TOKEN}),
    "review_override": Page([OverrideForm], Status.DRAFT, "admin", {"reason": TYPED}),
    "review_reconsider": Page([ReasonForm], Status.NOT_YET, "admin", {"reason": TYPED}),
    "review_score": Page([ScoreForm], Status.IN_REVIEW, "reviewer", {"summary": TYPED, "version": "0"}),
}  # fmt: skip
# No long field, but an address that somebody looked up, or cells that stand in their spreadsheet: they wait, too.
SHORT = {"application_team", "collaboration_paste"}
# Forms with a long field elsewhere: of people without an account, whose session can't end; with cells of a
# spreadsheet; and in the admin.
ELSEWHERE = {
    notes.ReportForm, SuggestionForm,
    JoinRequestForm, PasteForm, notes.AnswerForm,
    proposals.AcceptForm, proposals.DeclineForm, pathway_admin.LeadForm, ResourceForm,
    TieRequestForm, SettleForm,
}  # fmt: skip
# What others are made of, and what checks answers without ever being shown.
NOT_SHOWN = {proposals.ProposalForm, SectionForm}


def subclasses(kind):
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def is_long(kind):
    """Whether it has a field of several lines, or makes one for each question."""
    declared = any(isinstance(field.widget, forms.Textarea) for field in kind.base_fields.values())
    return declared or re.search(r"\b(Words|Textarea)\b|= field\(", inspect.getsource(kind)) is not None


def test_every_form_with_a_long_field_stands_on_a_page_that_keeps_it():
    ours = ("alliance", "cohorts", "members", "resources")
    found = {one for one in subclasses(forms.BaseForm) if one.__module__.split(".")[0] in ours}
    long = {one for one in found if ".tests." not in one.__module__ and is_long(one)}
    assert long == {form for page in PAGES.values() for form in page.forms} | ELSEWHERE | NOT_SHOWN
    assert not is_long(InviteForm)


def test_every_such_page_has_a_row():
    assert sorted({*PAGES, *SHORT}) == sorted(LONG_FORMS)


class Case:
    """A page, ready to be written on: its address, the person, and the application where there is one."""

    def __init__(self, name):
        self.page = page = PAGES[name]
        if page.who == "partner":
            make_partner(pk=77)
            self.user, self.address = make_user(), reverse(name, args=[make_collaboration().slug])
            return
        if page.who == "steward":
            steward = make_steward()
            self.user = steward.user
            if name == "collaboration_request":
                self.address = make_join_request(collaboration=steward.collaboration).get_absolute_url()
                return
            self.address = reverse(name, kwargs={"slug": steward.collaboration.slug, "kind": page.rest[0]})
            return
        if page.who == "peer":
            self.user, other = (make_profile(make_peer(make_user(name="Rosa"))).user for _ in range(2))
            number = make_introduction(other, self.user).pk if name == "introduction_report" else other.peer_profile.pk
            self.address = reverse(name, args=[number])
            return
        if name == "peer_profile":
            self.user, self.address = make_member(make_jurisdiction()), reverse(name)
            return
        if page.status is None:
            town = make_jurisdiction(name="Oakwood", summary="It has an office.")
            rest = {"milestone": (make_milestone(jurisdiction=town).pk,)}.get(page.rest[0], ())
            self.user, self.address = make_member(town), reverse(name, args=[town.slug, *page.rest, *rest])
            return
        self.application = application = make_application_in(page.status)
        if page.status == Status.IN_REVIEW:
            make_review(application), make_review(application)
        if page.who == "reviewer":
            self.user = make_reviewer()
            assign(application, self.user)
        else:
            make = {
                "lead": lambda: user_of(application, Role.LEAD),
                "chair": lambda: make_chair(application),
                "newcomer": make_chair,
                "admin": lambda: make_chair(application, is_superuser=True),
            }
            self.user = make[page.who]()
        self.address = reverse(name, args=[application.pk, *page.rest])

    @property
    def client(self):
        client = Client()
        sign_in(client, self.user)
        return client


@pytest.fixture(params=PAGES)
def case(request):
    return Case(request.param)


def test_what_was_sent_after_the_end_of_a_session_waits_until_it_is_sent_again(case):
    words = hidden(case.client.get(case.address)) | case.page.words
    visitor = Client()
    assert visitor.post(case.address, words).url == f"/account/login/?next={case.address}"
    sign_in(visitor, case.user)
    for _ in range(2):
        page = visitor.get(case.address).content.decode()
        assert [page.count(one) for one in (SIGNED_OUT, DISCARD, SHOWN)] == [1, 1, 1]
    again = hidden(visitor.get(case.address)) | words
    assert visitor.post(case.address, again).status_code == 303
    assert case.address not in visitor.session["forms sent while signed out"]


def test_what_waited_can_be_discarded(case):
    visitor = Client()
    visitor.post(case.address, case.page.words)
    sign_in(visitor, case.user)
    answer = visitor.post(case.address, {"discard": "1"})
    assert (answer.status_code, answer.url) == (303, case.address)
    page = visitor.get(case.address).content.decode()
    assert [one in page for one in (SIGNED_OUT, DISCARD, SHOWN)] == [False] * 3


def test_a_colleague_on_the_same_computer_neither_sees_nor_sends_the_words(case):
    words = case.page.words | {"writer": "0"}
    visitor = Client()
    visitor.post(case.address, words)
    sign_in(visitor, case.user)
    assert SHOWN not in visitor.get(case.address).content.decode()
    answer = visitor.post(case.address, words)
    assert answer.status_code in (400, 403)
    assert "somebody else had signed in when this page was opened" in text_of(answer)
    assert SHOWN in answer.content.decode()


def test_the_page_has_the_script_that_keeps_words_on_the_device_and_tells_the_end_of_the_session(case):
    client = case.client
    page = client.get(case.address).content.decode()
    place = f'data-draft="{case.user.pk} {case.address}"'
    assert [page.count(one) for one in (place, 'id="saved"', "js/drafts", "data-ends", "data-sent")] == [1, 1, 1, 0, 0]
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=300))
    (left,) = re.findall('data-ends="([^"]*)"', client.get(case.address).content.decode())
    assert 200 <= int(left) <= 300


def test_text_that_is_too_long_is_refused_whole_with_how_long_it_is(case):
    words = hidden(case.client.get(case.address)) | case.page.words | {case.page.long_field: "x" * 30_000}
    answer = case.client.post(case.address, words)
    page = answer.content.decode()
    assert (answer.status_code, page.count("x" * 30_000)) == (400, 1)
    said = "has more than 20000 characters" if case.page.forms == [SectionPageForm] else "There are 30000 now."
    assert said in page
    assert not re.search("<textarea[^>]*maxlength", page)


def overtake(case):
    """What the page was opened for is not possible any more."""
    application = case.application
    if case.page.status == Status.NOT_YET:
        workflow.reconsider(application=application, actor=case.user, reason="-")
    else:
        workflow.withdraw(application=application, user=user_of(application, Role.LEAD), reason="-")


LATE = [name for name in PAGES if name.split("_")[-1] in ("section", "authority", "changes", "decision", "score")]


@pytest.mark.parametrize("name", [*LATE, "review_reconsider"])
def test_whoever_comes_too_late_can_copy_what_they_typed(name):
    case = Case(name)
    client = case.client
    words = hidden(client.get(case.address)) | case.page.words
    overtake(case)
    answer = client.post(case.address, words)
    assert (answer.status_code, SHOWN in answer.content.decode()) == (409, True)


def decide(case):
    """Somebody else is first."""
    other = make_chair(case.application)
    workflow.propose(application=case.application, actor=other, outcome="referred", referred_to="-", letter="-")


@pytest.mark.parametrize(
    ("name", "meanwhile"),
    [
        ("review_authority", overtake),
        ("review_changes", overtake),
        ("review_reconsider", overtake),
        ("review_decision", overtake),
        ("review_decision", decide),
    ],
)
def test_what_waited_can_be_copied_where_it_is_too_late_by_the_time_they_sign_in(name, meanwhile):
    case = Case(name)
    words = hidden(case.client.get(case.address)) | case.page.words
    visitor = Client()
    visitor.post(case.address, words)
    meanwhile(case)
    sign_in(visitor, case.user)
    assert SHOWN in visitor.get(case.address).content.decode()
