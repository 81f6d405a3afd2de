"""Opening an application: what was handed in and nothing newer, conflicts of interest, overrides, and their traces."""

import html5lib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import AuditEntry
from alliance.core.tests.factories import make_admin, make_user, sign_in
from alliance.core.tests.files import SAMPLES, pdf
from alliance.tests.test_pages import BUDGET, served_bytes
from alliance.tests.test_queries import queries_of
from cohorts.models import Membership
from cohorts.tests.factories import make_jurisdiction, make_place
from members.pathway import workflow
from members.pathway.models import Application, Declaration, HistoryEntry
from members.pathway.states import ENTRIES, Status
from members.pathway.team import Role
from members.pathway.timeline import AT_DESK

from .factories import (
    assign,
    make_application,
    make_application_in,
    make_chair,
    make_complete_application,
    make_review,
    make_reviewer,
    sign_and_hand_in,
    user_of,
)
from .test_handing_in import change, text_of

pytestmark = pytest.mark.django_db


def client_for(user):
    client = Client()
    sign_in(client, user)
    return client


def at(name, application, *more):
    return reverse(f"review_{name}" if name else "review", args=[application.pk, *more])


def page_of(user, application, name="", *more):
    return client_for(user).get(at(name, application, *more))


def add_file(application, name, content=SAMPLES["pdf"]):
    file = SimpleUploadedFile(name, content)
    return workflow.attach(application=application, user=user_of(application, Role.LEAD), file=file)


@pytest.fixture
def reviewer(submitted):
    reviewer = make_reviewer(name="Robin Reviewer")
    assign(submitted, reviewer)
    return reviewer


@pytest.fixture
def sent_back(submitted, chair):
    workflow.begin_screening(application=submitted, actor=chair)
    workflow.request_changes(application=submitted, actor=chair, questions={"goal": "Which residents?"})
    submitted.refresh_from_db()
    return submitted


# --- What was handed in ---


def test_the_page_shows_every_answer_the_team_the_sponsor_and_the_files(draft):
    file = add_file(draft, "Plan.pdf")
    sign_and_hand_in(draft)
    page = page_of(make_chair(draft), draft)
    html5lib.HTMLParser(strict=True).parse(page.content)
    text = text_of(page)
    for words in ("City of Lakeside", "Fewer evictions", "Lead Lee Lead", "Executive sponsor Sam Sponsor", "Signed"):
        assert words in text
    assert f'<a href="{at("file", draft, file.pk)}">Plan.pdf</a>' in page.content.decode()


def test_what_the_team_writes_while_changes_are_asked_for_is_not_shown_before_it_is_handed_in(sent_back, chair):
    change(sent_back, "goal", "Half as many evictions")
    text = text_of(page_of(chair, sent_back))
    assert ("Fewer evictions" in text, "Half as many evictions" in text, "Which residents?" in text) == (
        True,
        False,
        True,
    )
    sign_and_hand_in(sent_back)
    text = text_of(page_of(chair, sent_back))
    assert "Which residents? Before Fewer evictions Now Half as many evictions" in text


def test_what_is_written_before_a_withdrawal_is_not_shown_after_it(sent_back, chair):
    change(sent_back, "goal", "Half as many evictions")
    workflow.withdraw(application=sent_back, user=user_of(sent_back, Role.LEAD), reason="Not now")
    text = text_of(page_of(chair, sent_back))
    assert ("Fewer evictions" in text, "Half as many evictions" in text) == (True, False)


def test_what_is_a_draft_again_is_there_for_nobody_of_the_review(submitted, chair, reviewer):
    lead = user_of(submitted, Role.LEAD)
    workflow.withdraw(application=submitted, user=lead, reason="Not now")
    workflow.reopen(application=submitted, user=lead)
    assert [page_of(one, submitted).status_code for one in (chair, reviewer)] == [404, 404]


def test_files_that_were_added_and_removed_between_two_times_are_named(sent_back, chair):
    old = add_file(sent_back, "Old.pdf")
    sign_and_hand_in(sent_back)
    workflow.request_changes(application=sent_back, actor=chair, questions={"goal": "How many?"})
    lead = user_of(sent_back, Role.LEAD)
    workflow.detach(application=sent_back, user=lead, attachment=old)
    new = add_file(sent_back, "New.pdf", pdf(b"/Mark (01)"))
    assert [page_of(chair, sent_back, "file", one.pk).status_code for one in (old, new)] == [200, 404]
    sign_and_hand_in(sent_back)
    text = text_of(page_of(chair, sent_back))
    assert "Files added: New.pdf Files removed: Old.pdf" in text
    assert "How many? Before Fewer evictions Now Not changed" in text
    assert [page_of(chair, sent_back, "file", one.pk).status_code for one in (old, new)] == [200, 200]


def test_a_file_goes_out_as_a_download_that_nobody_keeps(draft):
    file = add_file(draft, "Plan.pdf")
    sign_and_hand_in(draft)
    answer = page_of(make_chair(draft), draft, "file", file.pk)
    assert answer.getvalue() == SAMPLES["pdf"]
    expected = {
        "Content-Disposition": 'attachment; filename="Plan.pdf"',
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    assert {name: answer.headers[name] for name in expected} == expected


def test_a_file_of_another_application_or_whose_content_is_gone_does_not_exist(draft, submitted):
    other = make_complete_application(make_user(), signed=False)
    theirs = add_file(other, "Plan.pdf")
    sign_and_hand_in(other)
    chair = make_chair(submitted)
    assert page_of(chair, submitted, "file", theirs.pk).status_code == 404
    other.attachments.update(file="")
    assert page_of(make_chair(other), other, "file", theirs.pk).status_code == 404


def test_the_history_has_everything_with_names(sent_back, chair, reviewer):
    text = text_of(page_of(chair, sent_back))
    assert "Chris Chair asked for changes Screening → Changes requested" in text
    assert "Chris Chair began screening Submitted → Screening" in text
    assert "Lee Lead handed it in Draft → Submitted" in text


def test_who_decided_stands_in_the_history_for_chairs_and_for_reviewers_whose_own_review_is_in():
    application = make_application_in(Status.IN_REVIEW)
    chair, reviewer = make_chair(application), make_reviewer()
    make_review(application), make_review(application)
    assign(application, reviewer)
    workflow.propose(application=application, actor=chair, outcome="accepted", letter="Dear colleagues")

    def verbs(user):
        return [entry.verb for entry, _words in page_of(user, application).context["history"]]

    assert verbs(chair)[0] == "propose"
    assert "propose" not in verbs(reviewer)
    make_review(application, reviewer)
    assert verbs(reviewer) == verbs(chair)


def test_every_entry_of_the_history_has_its_words_at_the_desk():
    assert set(AT_DESK) == set(ENTRIES)


def test_the_government_is_linked_in_the_network_and_in_the_register(submitted, chair):
    place, shown, hidden = make_place(name="Lakeside"), make_jurisdiction(), make_jurisdiction(status="draft")
    Application.objects.filter(pk=submitted.pk).update(place=place, jurisdiction=shown)
    page = page_of(chair, submitted).content.decode()
    assert f'<a href="{shown.get_absolute_url()}">{shown}</a>' in page
    assert f"&amp;id={place.pk}" in page
    Application.objects.filter(pk=submitted.pk).update(jurisdiction=hidden)
    page = page_of(chair, submitted).content.decode()
    assert f"{hidden} (its page is not shown)" in page


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_takes_the_same_queries_and_keeps_to_the_budget(rows, draft, client):
    for number in range(min(rows, 10)):
        add_file(draft, f"Plan {number}.pdf", pdf(b"/Mark (%02d)" % number))
    sign_and_hand_in(draft)
    chair = make_chair(draft, name="Chris Chair")
    for _number in range(rows):
        HistoryEntry.objects.create(
            application=draft, actor=chair, person=chair, verb="assign", source=draft.status, target=draft.status
        )
    workflow.begin_screening(application=draft, actor=chair)
    for number in range(min(rows, 3)):
        questions = {"goal": f"Which? {number}"}
        workflow.request_changes(application=draft, actor=chair, questions=questions)
        change(draft, "goal", f"Number {number}")
        sign_and_hand_in(draft)
    sign_in(client, chair)
    assert queries_of(client, at("", draft)) == 15
    page = served_bytes(client, at("", draft), "gzip")
    assert len(page) < BUDGET


# --- Conflicts of interest ---


def test_nothing_opens_before_somebody_has_declared(submitted):
    reviewer = make_reviewer()
    submitted.assignments.create(reviewer=reviewer, assigned_by=reviewer)
    answer = page_of(reviewer, submitted)
    assert (answer.status_code, answer.url) == (302, at("declare", submitted))
    text = text_of(page_of(reviewer, submitted, "declare"))
    assert ("Before you read City of Lakeside" in text, "Fewer evictions" in text) == (True, False)
    answer = client_for(reviewer).post(at("declare", submitted), {"has_conflict": "no"})
    assert (answer.status_code, answer.url) == (303, at("", submitted))
    assert page_of(reviewer, submitted).status_code == 200


def test_whoever_declares_a_conflict_finds_nothing_any_more(submitted):
    reviewer = make_reviewer()
    submitted.assignments.create(reviewer=reviewer, assigned_by=reviewer)
    client = client_for(reviewer)
    answer = client.post(at("declare", submitted), {"has_conflict": "yes", "words": "My sister works there."})
    assert (answer.status_code, answer.url) == (303, reverse("account"))
    assert [client.get(at(name, submitted)).status_code for name in ("", "declare")] == [404, 404]
    assert not submitted.assignments.current().exists()


def test_a_conflict_that_somebody_finds_later_closes_it_at_once_and_needs_its_words(submitted, reviewer):
    client = client_for(reviewer)
    assert at("declare", submitted) in client.get(at("", submitted)).content.decode()
    assert client.post(at("declare", submitted), {"has_conflict": "no"}).status_code == 400
    assert client.get(at("", submitted)).status_code == 200
    client.post(at("declare", submitted), {"words": "They have hired me."})
    assert client.get(at("", submitted)).status_code == 404
    kept = Declaration.objects.get(by=reviewer)
    assert (kept.has_conflict, kept.words) == (True, "They have hired me.")


def test_a_refused_read_stands_in_the_audit_log(submitted, chair):
    Membership.objects.create(user=chair, jurisdiction=make_jurisdiction())
    Application.objects.filter(pk=submitted.pk).update(jurisdiction=chair.memberships.get().jurisdiction)
    assert page_of(chair, submitted).status_code == 404
    assert page_of(chair, submitted, "declare").status_code == 404
    assert (
        list(AuditEntry.objects.about(submitted).filter(action="deny").values_list("actor", flat=True))
        == [chair.pk] * 2
    )


# --- Admins ---


def test_an_admin_who_reads_leaves_a_trace_for_the_lead_and_in_the_audit_log(submitted):
    admin = make_chair(submitted, is_superuser=True)
    for _again in range(2):
        assert page_of(admin, submitted).status_code == 200
    assert list(submitted.readings.values_list("by", "on")) == [(admin.pk, timezone.localdate())]
    assert AuditEntry.objects.about(submitted).filter(action="read").count() == 1


def test_an_override_opens_a_draft_for_an_hour_only_to_be_read(draft):
    admin = make_admin()
    client = client_for(admin)
    assert client.get(at("", draft)).status_code == 404
    assert client.post(at("override", draft), {"reason": ""}).status_code == 400
    answer = client.post(at("override", draft), {"reason": "The lead asked for help."})
    assert (answer.status_code, answer.url) == (303, at("", draft))
    page = client.get(at("", draft))
    text = text_of(page)
    assert ("This is a draft." in text, "Fewer evictions" in text, "you can only read" in text) == (True, True, True)
    assert AuditEntry.objects.about(draft).filter(action="override", actor=admin).count() == 1
    draft.overrides.update(at=timezone.now() - timezone.timedelta(hours=2), until=timezone.now())
    assert client.get(at("", draft)).status_code == 404


def test_an_override_opens_what_an_admin_has_a_conflict_with_and_lets_them_write_nothing(submitted):
    admin = make_admin()
    Declaration.objects.create(application=submitted, by=admin, has_conflict=True)
    client = client_for(admin)
    assert [client.get(at(name, submitted)).status_code for name in ("", "override")] == [404, 200]
    client.post(at("override", submitted), {"reason": "Nobody else can look."})
    assert client.get(at("", submitted)).status_code == 200
    assert client.get(at("override", submitted)).url == at("", submitted)
    assert client.post(at("declare", submitted), {"has_conflict": "no"}).status_code == 404


def test_nobody_but_an_admin_finds_the_override(submitted, chair, reviewer):
    assert [page_of(one, submitted, "override").status_code for one in (chair, reviewer)] == [404, 404]


def test_the_lead_alone_is_shown_when_admins_opened_it_and_why(submitted):
    admin = make_admin(name="Ada Admin")
    Declaration.objects.create(application=submitted, by=admin, has_conflict=True)
    client = client_for(admin)
    client.post(at("override", submitted), {"reason": "A records request."})
    client.get(at("", submitted))
    pages = {
        role: text_of(client_for(user_of(submitted, role)).get(submitted.get_absolute_url()))
        for role in (Role.LEAD, Role.SPONSOR)
    }
    assert {role: "A records request." in text for role, text in pages.items()} == {
        Role.LEAD: True,
        Role.SPONSOR: False,
    }
    assert "Ada Admin" not in pages[Role.LEAD]


def test_of_a_withdrawn_application_without_a_copy_nothing_is_shown(chair, submitted):
    bare = make_application(make_user(), status="withdrawn", submitted_at=timezone.now())
    assert "Nothing of it is kept." in text_of(page_of(make_chair(bare), bare))
