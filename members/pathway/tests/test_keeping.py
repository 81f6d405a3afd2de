"""The content of applications goes when the policy says so; that there was one, and how it ended, stays."""

from datetime import timedelta

import pytest
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.formats import date_format

from alliance.core.tests.factories import make_user, sign_in
from alliance.core.tests.files import SAMPLES
from members.pathway import models, workflow
from members.pathway.models import ReviewPolicy
from members.pathway.states import Status
from members.pathway.team import Role
from members.pathway.tidy import empty_old_applications

from .factories import (
    make_application_in,
    make_authority_check,
    make_chair,
    make_complete_application,
    make_decision,
    make_review,
    user_of,
)

pytestmark = pytest.mark.django_db

SAID = "Rosebud"


def years_ago(years, days=0):
    return timezone.now() - timedelta(days=365.25 * years + days)


def make_decided(outcome="conditions"):
    """An application with something written in every place, and an outcome that was released."""
    application = make_complete_application(make_user())
    lead = user_of(application, Role.LEAD)
    section = application.sections.get(section="goals")
    section.answers["goal"] = SAID
    section.save()
    workflow.attach(application=application, user=lead, file=SimpleUploadedFile(f"{SAID}.pdf", SAMPLES["pdf"]))
    workflow.sign_off(
        application=application, user=user_of(application, Role.SPONSOR), digest=workflow.digest_now(application)
    )
    workflow.invite(application=application, user=lead, email=f"{SAID}@example.gov", role=Role.VIEWER)
    workflow.submit(application=application, user=lead)
    chair = make_chair(application)
    workflow.begin_screening(application=application, actor=chair)
    workflow.request_changes(application=application, actor=chair, questions={"goal": SAID})
    application.change_requests.update(answered_at=timezone.now())
    workflow.write(application=application, user=chair, text=SAID, is_from_team=False)
    workflow.note(application=application, actor=chair, text=SAID)
    review = make_review(application, summary=SAID)
    review.scores.update(rationale=SAID)
    application.declarations.update(words=SAID)
    application.overrides.create(by=chair, reason=SAID, until=timezone.now() + timedelta(hours=1))
    check = make_authority_check(application, chair, contact=SAID, words=SAID, found_at=f"https://{SAID}.example.gov/")
    more = {"conditions": SAID} if outcome == "conditions" else {"referred_to": "The county"}
    make_decision(
        application, chair, make_user(), outcome=outcome, letter=SAID, released_by=chair, released_at=timezone.now(),
        authority_check=check, **more,
    )  # fmt: skip
    return application


def end(application, status, since):
    """Let it stand at an end since then; one step at a time, as the database wants it."""
    steps = {Status.ACCEPTED: [Status.SCREENING, Status.DECIDED, status], Status.WITHDRAWN: [status]}[status]
    for step in steps:
        came_from = Status.SCREENING if step == Status.DECIDED else ""
        models.Application.objects.filter(pk=application.pk).update(status=step, came_from=came_from, since=since)
    application.refresh_from_db()


def everything(application):
    """All rows of the pathway as text, but for the accounts."""
    found = []
    for model in vars(models).values():
        if isinstance(model, type) and hasattr(model, "_meta") and not model._meta.abstract:
            found.append(serializers.serialize("json", model._base_manager.all()))
    return "\n".join(found)


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.WITHDRAWN])
def test_what_was_written_goes_and_what_happened_stays(status, django_capture_on_commit_callbacks):
    application = make_decided()
    stored = application.attachments.get().file
    end(application, status, years_ago(7, 3))
    history = list(application.history.values())
    levels = list(models.Score.objects.order_by("pk").values_list("domain", "level"))
    kept = {name: getattr(application, name) for name in ("reference", "status", "submitted_at", "government_name")}
    with django_capture_on_commit_callbacks(execute=True):
        empty_old_applications()
    assert SAID.lower() not in everything(application).lower()
    assert not application.sections.exists()
    assert set(models.SnapshotAnswer.objects.values_list("answer", flat=True)) == {None}
    assert not stored.storage.exists(stored.name)
    application.refresh_from_db()
    assert {name: getattr(application, name) for name in kept} == kept
    assert list(application.history.values()) == history
    assert list(models.Score.objects.order_by("pk").values_list("domain", "level")) == levels
    assert list(application.decisions.values_list("outcome", "conditions")) == [("conditions", "–")]
    assert application.snapshots.count() == application.messages.count() == application.notes.count() == 1


@pytest.mark.parametrize(
    ("status", "since"),
    [
        (Status.ACCEPTED, years_ago(6.99)),
        (Status.WITHDRAWN, years_ago(1)),
        (Status.IN_REVIEW, years_ago(20)),
        (Status.DECIDED, years_ago(20)),
        (Status.DRAFT, years_ago(20)),
    ],
)
def test_before_its_time_nothing_goes(status, since):
    fields = {"submitted_at": since, "reference": "A-1"} if status == Status.WITHDRAWN else {}
    application = make_application_in(status, since=since, **fields)
    before = everything(application)
    empty_old_applications()
    assert everything(application) == before


def test_the_policy_says_after_how_many_years():
    ReviewPolicy.objects.create(pk=1, years_kept=3)
    gone, kept = (make_application_in(Status.NOT_YET, since=years_ago(years)) for years in (3.01, 2.99))
    empty_old_applications()
    assert (gone.sections.exists(), kept.sections.exists()) == (False, True)


def test_what_was_emptied_is_not_touched_again_unless_it_was_opened_since():
    application = make_application_in(Status.NOT_YET, since=years_ago(8))
    empty_old_applications()
    application.refresh_from_db()
    emptied = application.emptied_at
    empty_old_applications()
    application.refresh_from_db()
    assert application.emptied_at == emptied
    models.Application.objects.filter(pk=application.pk).update(emptied_at=years_ago(20), since=years_ago(8))
    application.sections.create(section="goals", answers={"goal": SAID}, saved_at=timezone.now())
    empty_old_applications()
    assert not application.sections.exists()


def test_the_years_stand_on_the_page_about_privacy(client):
    for years, words in ((7, "7 years after our answer"), (1, "1 year after our answer")):
        ReviewPolicy.objects.update_or_create(pk=1, defaults={"years_kept": years})
        assert words in client.get("/privacy/").content.decode()


def test_its_pages_say_what_is_gone_since_when_and_by_which_setting(client):
    ReviewPolicy.objects.create(pk=1, years_kept=3)
    application = make_decided()
    end(application, Status.WITHDRAWN, years_ago(3, 3))
    lead, admin = user_of(application, Role.LEAD), make_chair(application, is_superuser=True)
    pages = {
        lead: [application.get_absolute_url(), f"{application.get_absolute_url()}messages/"],
        admin: [f"/review/{application.pk}/", f"/review/{application.pk}/scores/"],
    }
    gone = f"On {date_format(timezone.localtime(), 'F j, Y')} we deleted what was written for this application: answers"
    kept = "Our review policy says how long we keep it: 3 years after our answer, or after it was withdrawn."
    more = '<a href="/privacy/">What we keep, and for how long</a>'

    def told():
        for person, addresses in pages.items():
            sign_in(client, person)
            for address in addresses:
                text = client.get(address).content.decode()
                yield [words in text for words in (gone, kept, more)]

    assert list(told()) == [[False] * 3] * 4
    empty_old_applications()
    assert list(told()) == [[True] * 3] * 4
    application.refresh_from_db()
    workflow.reopen(application=application, user=lead)
    pages.pop(admin)
    assert list(told()) == [[False] * 3] * 2
