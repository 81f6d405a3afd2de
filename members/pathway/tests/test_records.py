"""An application that is given out as a public record names nobody, says nothing internal, and leaves a trace."""

import json
from datetime import timedelta

import html5lib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from alliance.core.models import AuditEntry
from alliance.core.tests.factories import make_admin, make_user, sign_in
from alliance.core.tests.files import SAMPLES
from members.pathway import workflow
from members.pathway.records import PERSONAL, PublicRecord
from members.pathway.states import Status
from members.pathway.team import Role

from .factories import (
    assign,
    have_no_conflict,
    make_application_in,
    make_chair,
    make_complete_application,
    make_decision,
    make_review,
    make_reviewer,
    user_of,
)

pytestmark = pytest.mark.django_db

NAMED = [
    "Rosa Diaz",
    "rosa@leroy.example.gov",
    "Ama Boateng",
    "ama@example.org",
    "Jo Public",
    "clerk@leroy.example.gov",
]
NUMBERS = ["612 555 0100", "(612) 555-0101", "612.555.0102"]
INTERNAL = "Snowdrop"


@pytest.fixture
def chair():
    return make_chair(name="Ama Boateng", email="ama@example.org")


@pytest.fixture
def application(chair):
    """Names, addresses and telephone numbers of people wherever somebody may write them; a note and a review."""
    lead = make_user(name="Rosa Diaz", email="rosa@leroy.example.gov")
    application = make_complete_application(lead)
    personal = {"lead_name": "Jo Public", "lead_title": "Chief of Joy"}
    everyone = ", ".join(NAMED + NUMBERS)
    for section in application.sections.all():
        for name in section.answers:
            if name in personal:
                section.answers[name] = personal[name]
        if section.section == "goals":
            section.answers["goal"] = f"Ask {everyone}. By 2027, 20 percent."
        section.save()
    workflow.attach(application=application, user=lead, file=SimpleUploadedFile("Rosa Diaz.pdf", SAMPLES["pdf"]))
    workflow.invite(application=application, user=lead, email="clerk@leroy.example.gov", role=Role.VIEWER)
    sponsor = user_of(application, Role.SPONSOR)
    workflow.sign_off(application=application, user=sponsor, digest=workflow.digest_now(application))
    workflow.submit(application=application, user=lead)
    have_no_conflict(application, chair)
    workflow.begin_screening(application=application, actor=chair)
    workflow.write(application=application, user=chair, text=f"Dear {everyone}", is_from_team=False)
    workflow.note(application=application, actor=chair, text=INTERNAL)
    make_review(application, summary=INTERNAL).scores.update(rationale=INTERNAL)
    application.change_requests.create(question="goal", words=f"{NAMED[0]}?", before=NAMED[0], asked_by=chair)
    make_decision(application, chair, letter=INTERNAL)
    application.refresh_from_db()
    return application


def export(client, application, form):
    return client.post(f"/review/{application.pk}/record/", {"form": form})


@pytest.mark.parametrize("form", ["page", "json"])
def test_it_names_nobody_and_says_nothing_internal(form, application, chair, client):
    sign_in(client, chair)
    answer = export(client, application, form)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert [one for one in [*NAMED, *NUMBERS, "Chief of Joy", "Rosa", INTERNAL] if one in text] == []
    assert "By 2027, 20 percent." in text
    assert application.reference in text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_data_says_what_was_handed_in_asked_written_and_done(application, chair, client):
    sign_in(client, chair)
    answer = export(client, application, "json")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{application.reference}-record.json"'
    record = json.loads(answer.content)
    said = {one["id"]: one["words"] for section in record["sections"] for one in section["questions"]}
    assert {said[name] for name in PERSONAL & set(said)} == {"[removed]"}
    assert said["goal"] == "Ask " + ", ".join(["[removed]"] * 9) + ". By 2027, 20 percent."
    assert (record["reference"], record["status"]) == (application.reference, "screening")
    assert [one["from"] for one in record["messages"]] == ["The Alliance"]
    assert [one["name"] for one in record["files"]] == ["[removed].pdf"]
    assert [(one["asked"], one["answer_before"]) for one in record["asked_again"]] == [("[removed]?", "[removed]")]
    assert record["decisions"] == []
    assert {one["by"] for one in record["history"]} == {"The applicant", "The Alliance"}


def test_a_held_decision_is_not_in_it_and_a_released_one_is(chair):
    held = make_application_in(Status.DECIDED)
    make_decision(held, chair, letter=INTERNAL)
    assert PublicRecord(held).as_data["status"] == "in_review"
    assert INTERNAL not in str(PublicRecord(held).as_data)
    released = make_application_in(Status.NOT_YET)
    make_decision(
        released, chair, make_user(), outcome="not_yet", back_on=timezone.localdate(), letter="Dear Ama Boateng, soon.",
        released_by=chair, released_at=timezone.now(),
    )  # fmt: skip
    (answer,) = PublicRecord(released).as_data["decisions"]
    assert (answer["outcome"], answer["letter"]) == ("not_yet", "Dear Ama Boateng, soon.")
    workflow.write(application=released, user=user_of(released, Role.LEAD), text="Hm", is_from_team=True)


def test_each_export_stands_in_the_history_and_in_the_audit_log_and_looking_does_not(application, chair, client):
    sign_in(client, chair)
    assert client.get(f"/review/{application.pk}/record/").status_code == 200
    assert client.post(f"/review/{application.pk}/record/", {}).status_code == 400
    assert client.post(f"/review/{application.pk}/record/", {"form": "csv"}).status_code == 400
    assert not application.history.filter(verb="export").exists()
    export(client, application, "json")
    export(client, application, "page")
    assert [one.actor for one in application.history.filter(verb="export")] == [chair, chair]
    assert AuditEntry.objects.about(application).filter(action="export", actor=chair).count() == 2
    assert "export" not in application.history.for_team().values_list("verb", flat=True)


def test_reviewers_and_whoever_has_a_conflict_find_no_such_page(application, client):
    reviewer, tied, admin = make_reviewer(), make_chair(application), make_admin()
    assign(application, reviewer)
    workflow.declare(application=application, user=tied, has_conflict=True)
    application.overrides.create(by=admin, reason="Why", until=timezone.now() + timedelta(hours=1))
    for person in (reviewer, tied, admin):
        sign_in(client, person)
        assert client.get(f"/review/{application.pk}/record/").status_code == 404
        assert export(client, application, "json").status_code == 404
    assert not application.history.filter(verb="export").exists()


def test_the_pages_are_valid(application, chair, client, validate_html):
    sign_in(client, chair)
    pages = {
        "before": client.get(f"/review/{application.pk}/record/").content.decode(),
        "refused": client.post(f"/review/{application.pk}/record/").content.decode(),
        "record": export(client, application, "page").content.decode(),
    }
    for page in pages.values():
        html5lib.HTMLParser(strict=True).parse(page)
    validate_html(list(pages.items()))
