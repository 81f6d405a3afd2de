"""Every change of what curators write, wherever they write it, has an author and can be taken back."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import RequestFactory

from alliance.core import history
from alliance.core.models import PublicNote
from alliance.core.tests.admin_forms import complaints, filled_in, messages, new_row
from alliance.core.tests.factories import make_admin, make_curator, sign_in
from cohorts.models import Cohort, CohortSeat, Jurisdiction, Milestone
from cohorts.tests.factories import (
    SOURCE,
    make_cohort,
    make_cohort_seat,
    make_jurisdiction,
    make_milestone,
    make_place,
)
from members.collaborations.models import Activity, Collaboration, DataPoint, Gathering, Seat, SharedMeasure, Update
from members.collaborations.tests.factories import (
    make_activity,
    make_collaboration,
    make_gathering,
    make_measure,
    make_point,
    make_seat,
    make_update,
)
from members.partners.models import Partner
from members.partners.tests.factories import make_partner

pytestmark = pytest.mark.django_db

# How to make one, what somebody types, and what the history says of that.
CHANGES = {
    Jurisdiction: (
        lambda: make_jurisdiction(name="Old", place=make_place(name="Oldtown"), sources=[SOURCE]),
        {"name": "New", "place": "", "geoid": "2743000", "stage": "organize", "stage_reason": "An office."},
        {
            ("name", "Old", "New"),
            ("place", "Oldtown, MN", ""),
            ("GEOID", "", "2743000"),
            ("stage", "", "Organize"),
            ("why this stage", "", "An office."),
        },
    ),
    Milestone: (
        lambda: make_milestone(title="Old", date="2015-07"),
        {"title": "New", "date": "2015", "kind": "office"},
        {("title", "Old", "New"), ("date", "2015-07", "2015"), ("kind", "Resolution", "Office opened")},
    ),
    Cohort: (
        lambda: make_cohort(name="Old"),
        {"name": "New", "start": "2014"},
        {("name", "Old", "New"), ("start", "", "2014")},
    ),
    CohortSeat: (
        lambda: make_cohort_seat(joined="2014"),
        {"joined": "2015-01", "sources": SOURCE},
        {("joined", "2014", "2015-01"), ("sources", "", SOURCE)},
    ),
    Partner: (
        lambda: make_partner(name="Old"),
        {"name": "New", "sector": "university"},
        {("name", "Old", "New"), ("sector", "Community", "University")},
    ),
    Collaboration: (
        lambda: make_collaboration(name="Old"),
        {"name": "New", "states": ["MN", "WI"], "note": "Unsure."},
        {("name", "Old", "New"), ("states", "MN", "MN; WI"), ("note", "", "Unsure.")},
    ),
    Seat: (
        lambda: make_seat(name_as_printed="Old"),
        {"name_as_printed": "New", "role": "backbone"},
        {("name as printed", "Old", "New"), ("role", "Member", "Backbone")},
    ),
    SharedMeasure: (
        lambda: make_measure(name="Old"),
        {"name": "New", "target": "5.5", "target_period": "2030"},
        {("name", "Old", "New"), ("target", "", "5.5"), ("target period", "", "2030")},
    ),
    DataPoint: (
        lambda: make_point(value="9.7", measure=make_measure()),
        {"value": "9.8", "is_approximate": "on", "note": "Revised."},
        {("value", "9.7", "9.8"), ("approximate", "No", "Yes"), ("note", "", "Revised.")},
    ),
    Activity: (
        lambda: make_activity(title="Old", status="planned"),
        {"title": "New", "status": "done", "ended": "2020-05"},
        {("title", "Old", "New"), ("status", "Planned", "Done"), ("ends or ended", "", "2020-05")},
    ),
    Gathering: (
        lambda: make_gathering(title="Old"),
        {"title": "New", "location": "City Hall", "is_public": ""}
        | {"starts_at_0": "2026-06-03", "starts_at_1": "09:00", "ends_at_0": "2026-06-03", "ends_at_1": "10:30"},
        {("title", "Old", "New"), ("location", "", "City Hall"), ("everyone may see it", "Yes", "No")},
    ),
    Update: (
        lambda: make_update(title="Old"),
        {"title": "New", "text": "We met again."},
        {("title", "Old", "New"), ("text", "We met.", "We met again.")},
    ),
}
PAGES = (Jurisdiction, Cohort, Partner, Collaboration, SharedMeasure)


@pytest.fixture
def ada(client):
    ada = make_admin(name="Ada")
    sign_in(client, ada)
    return ada


def address(model, *rest):
    return "/".join(["/admin", model._meta.app_label, model._meta.model_name, *map(str, rest)]) + "/"


def save(client, thing, **changes):
    page = address(type(thing), thing.pk, "change")
    response = client.post(page, filled_in(client.get(page), **changes))
    assert response.status_code == 302, complaints(response)


def versions(client, thing, pk):
    return client.get(address(type(thing), pk, "history")).context["versions"]


def columns(thing):
    """What a row holds; a restored one is saved anew."""
    held = {name: value for name, value in vars(thing).items() if not name.startswith("_")}
    return held | {"updated_at": None, "version": None}


def test_whatever_curators_may_change_in_the_admin_has_a_history():
    request = RequestFactory().get("/")
    request.user = make_curator()
    without = {
        model._meta.label
        for model, pages in admin.site._registry.items()
        if pages.has_change_permission(request) and not hasattr(model, "history")
    }
    # What is settled and never changed, and the terms of stewards, which the audit log keeps.
    settled = {model._meta.label for model in apps.get_models() if issubclass(model, PublicNote)}
    assert without <= settled | {"cohorts.Proposal", "collaborations.JoinRequest", "collaborations.Steward"}
    assert set(CHANGES) <= set(admin.site._registry)


@pytest.mark.parametrize("model", CHANGES)
def test_a_change_is_one_version_by_its_author_and_goes_back(client, ada, model):
    make, typed, said = CHANGES[model]
    thing = make()
    before = columns(model.objects.get())
    save(client, thing, **typed)
    newest, first = versions(client, thing, thing.pk)
    assert (newest.history_user, first.history_user) == (ada, None)
    assert set(newest.changes) == said
    offered = client.get(address(model, thing.pk, "history", first.pk)).context["changes"]
    assert {(label, now, then) for label, then, now in offered} == said
    done = client.post(address(model, thing.pk, "history", first.pk), follow=True)
    assert messages(done) == ["The older version was restored."]
    assert columns(model.objects.get()) == before
    assert model.history.count() == 3


@pytest.mark.parametrize("model", CHANGES)
def test_what_was_deleted_comes_back_under_its_number(client, ada, model):
    make, _typed, _said = CHANGES[model]
    thing = make()
    pk, before = thing.pk, columns(model.objects.get())
    kept = model.history.get()
    client.post(address(model, pk, "delete"), {"post": "yes"})
    assert not model.objects.exists()
    [gone] = client.get(address(model, "deleted")).context["page_obj"]
    assert (gone.id, gone.history_user) == (pk, ada)
    client.post(address(model, pk, "history", kept.pk))
    expected = before | {"created_at": None}
    if "published_at" in expected:
        expected |= {"status": "draft", "published_at": None}
    assert columns(model.objects.get()) | {"created_at": None} == expected


@pytest.mark.parametrize("model", CHANGES)
def test_the_history_asks_the_same_questions_for_2_and_for_19_versions(client, ada, model, django_assert_num_queries):
    make, typed, _said = CHANGES[model]
    thing = make()
    save(client, thing, **typed)
    client.get("/admin/")  # shows what the form said
    loaded = {
        Seat: 6,
        CohortSeat: 7,
        Milestone: 6,
        SharedMeasure: 6,
        DataPoint: 7,
        Activity: 8,
        Gathering: 8,
        Update: 6,
    }
    queries = loaded.get(model, 5)
    with django_assert_num_queries(queries):
        assert len(versions(client, thing, thing.pk)) == 2
    for _ in range(17):
        history.record(model, [thing.pk], ada)
    with django_assert_num_queries(queries):
        assert len(versions(client, thing, thing.pk)) == 19


@pytest.mark.parametrize("model", PAGES)
def test_publishing_and_archiving_many_are_versions_of_each(client, ada, model):
    things = [CHANGES[model][0]()]
    makers = {
        Jurisdiction: make_jurisdiction, Cohort: make_cohort, Partner: make_partner, SharedMeasure: make_measure,
    }  # fmt: skip
    things.append(makers.get(model, make_collaboration)())
    for action in ("archive", "publish"):
        client.post(address(model), {"action": action, "_selected_action": [thing.pk for thing in things]})
    for thing in things:
        kept = model.history.filter(id=thing.pk).values_list("status", "history_user", "history_change_reason")
        assert list(kept) == [("published", ada.pk, "Published."), ("archived", ada.pk, "Archived."),
                              ("published", None, None)]  # fmt: skip


def test_a_row_on_the_page_of_a_government_has_a_version_of_its_own(client, ada):
    milestone = make_milestone(title="Old")
    government = milestone.jurisdiction
    save(client, government, **{"milestones-0-title": "New"} | new_row(
        "cohort_seats", 0, cohort=make_cohort().pk, joined="2014"
    ))  # fmt: skip
    assert [version.history_user for version in milestone.history.all()] == [ada, None]
    assert [version.history_user for version in CohortSeat.history.all()] == [ada]
    assert government.history.count() == 1


def test_a_milestone_does_not_come_back_before_its_government(client, ada):
    milestone = make_milestone()
    government = milestone.jurisdiction
    kept, page = milestone.history.get(), government.history.get()
    client.post(address(Jurisdiction, government.pk, "delete"), {"post": "yes"})
    refused = client.post(address(Milestone, kept.id, "history", kept.pk))
    assert messages(refused)[-1] == (
        "Nothing was restored: The jurisdiction of this version was deleted. Bring that back first."
    )
    for version in (page, kept):
        client.post(address(type(version.instance), version.id, "history", version.pk))
    assert Milestone.objects.get().jurisdiction_id == Jurisdiction.objects.get().pk == page.id


def test_a_place_that_another_government_took_meanwhile_is_not_taken_back(client, ada):
    government = CHANGES[Jurisdiction][0]()
    place = government.place
    save(client, government, place="")
    make_jurisdiction(place=place)
    response = client.post(address(Jurisdiction, government.pk, "history", government.history.last().pk))
    assert messages(response)[-1] == "Nothing was restored: Jurisdiction with this Place already exists."
    assert government.history.count() == 2


@pytest.mark.parametrize(
    ("migration", "models"),
    [
        ("cohorts.migrations.0006_history", (Jurisdiction, Milestone, Cohort, CohortSeat)),
        ("members.partners.migrations.0004_history", (Partner,)),
        ("members.collaborations.migrations.0003_history", (Collaboration, Seat)),
    ],
)
def test_what_was_here_before_the_history_gets_a_first_version(migration, models):
    for model in models:
        CHANGES[model][0]()
    for model in models:
        model.history.all().delete()
    [*_made, begin] = import_module(migration).Migration.operations
    begin.code(apps, None)
    for model in models:
        for thing in model.objects.all():
            version = history.versions_of(model, thing.pk).get()
            assert (version.history_type, version.history_user, history.changes(version, thing)) == ("+", None, [])
