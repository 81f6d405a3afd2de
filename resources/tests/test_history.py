"""Every change that curators make in the library has an author, a time and what it changed, and can be taken back."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from alliance.core import history
from alliance.core.seeding import seed_all
from alliance.core.tests.admin_forms import complaints, filled_in, messages
from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from cohorts.tests.factories import make_jurisdiction
from members.partners.tests.factories import make_partner
from resources.models import Adoption, Collection, Resource, Topic

from .factories import make_adoption, make_item, make_resource, make_topic

pytestmark = pytest.mark.django_db

RESOURCES = "/admin/resources/resource/"


@pytest.fixture
def ada(client):
    ada = make_curator(name="Ada")
    sign_in(client, ada)
    return ada


def address(thing, *rest):
    return "/".join(["/admin/resources", thing._meta.model_name, str(thing.pk), *map(str, rest)]) + "/"


def save(client, thing, **changes):
    page = client.get(address(thing, "change"))
    response = client.post(address(thing, "change"), filled_in(page, **changes))
    assert response.status_code == 302, complaints(response)
    thing.refresh_from_db()


def versions(client, thing):
    return client.get(address(thing, "history")).context["versions"]


# --- What is kept ---


def test_one_save_is_one_version_with_author_time_and_what_changed_of_fields_and_ties(client, ada):
    housing, budgets = make_topic(name="Housing"), make_topic(name="Budgets")
    town, partner = make_jurisdiction(name="Govtown", state="MN"), make_partner(name="Equity Lab")
    resource = make_resource(title="Old title", kind="guide", authors=["Ida"], topics=[housing])
    before = resource.history.count()
    start = timezone.now()
    save(
        client,
        resource,
        title="New title",
        kind="report",
        authors="Ida\nPauli",
        year="",
        url_is_copy="on",
        topics=[budgets.pk],
        contributed_by_jurisdictions=[town.pk],
        contributed_by_partners=[partner.pk],
    )
    assert resource.history.count() == before + 1
    version = versions(client, resource)[0]
    assert (version.history_user, version.get_history_type_display()) == (ada, "Changed")
    assert start < version.history_date < timezone.now()
    assert set(version.changes) == {
        ("title", "Old title", "New title"),
        ("kind", "Guide", "Report"),
        ("authors", "Ida", "Ida; Pauli"),
        ("third-party copy", "No", "Yes"),
        ("topics", "Housing", "Budgets"),
        ("contributed by governments", "", "Govtown, MN"),
        ("contributed by partners", "", "Equity Lab"),
    }


def test_adding_a_resource_is_its_first_version_with_its_ties(client, ada):
    topic = make_topic()
    data = filled_in(client.get(RESOURCES + "add/"), title="New", slug="fresh", kind="guide", topics=[topic.pk])
    assert client.post(RESOURCES + "add/", data | {"url": "https://example.org"}).status_code == 302
    [version] = Resource.objects.get().history.all()
    assert (version.history_type, version.history_user, version.topics.count()) == ("+", ada, 1)


def test_saving_without_a_change_is_no_version(client, ada):
    resource = make_resource()
    save(client, resource)
    assert resource.history.count() == 1


def test_what_programs_write_has_no_author(client, ada):
    client.get(RESOURCES)
    seed_all()
    assert Resource.objects.exists()
    assert set(Resource.history.values_list("history_user", flat=True)) == {None}


def test_the_page_names_who_changed_what(client, ada):
    resource = make_resource(title="<b>Old</b>")
    save(client, resource, title="<i>New</i>", summary="long " * 100)
    page = client.get(address(resource, "history")).content.decode()
    assert '<span class="whole">&lt;b&gt;Old&lt;/b&gt;</span>' in page
    assert '<span class="whole">&lt;i&gt;New&lt;/i&gt;</span>' in page
    assert "<td>Ada</td>" in page
    assert "<td>A program of the site</td>" in page
    assert "<details><summary>after: long long" in page
    assert "style=" not in page


def test_a_topic_that_is_gone_stays_in_the_history_as_deleted(client, ada):
    topic = make_topic()
    resource = make_resource(topics=[topic])
    save(client, resource, topics=[])
    topic.delete()
    assert ("topics", "(deleted)", "") in versions(client, resource)[0].changes


def test_the_history_asks_the_same_questions_for_2_and_for_30_versions(client, ada, django_assert_num_queries):
    resource, topic = make_resource(), make_topic()
    save(client, resource, title="Other", topics=[topic.pk])
    client.get(RESOURCES)  # shows what the form said
    with django_assert_num_queries(15):
        assert len(versions(client, resource)) == 2
    for number in range(28):
        save(client, resource, title=f"Title {number}")
    client.get(RESOURCES)
    with django_assert_num_queries(15):
        assert len(versions(client, resource)) == 20


def test_the_last_version_of_a_page_of_the_history_is_compared_with_the_next_page(client, ada):
    resource = make_resource(title="Title 0")
    for number in range(1, 25):
        save(client, resource, title=f"Title {number}")
    first = versions(client, resource)
    second = client.get(address(resource, "history") + "?p=2").context["versions"]
    assert [len(first), len(second)] == [20, 5]
    assert first[-1].changes == [("title", "Title 4", "Title 5")]
    assert second[0].changes == [("title", "Title 3", "Title 4")]
    assert not hasattr(second[-1], "changes")


# --- The way back ---


def test_restoring_asks_first_and_is_itself_a_version_that_can_be_taken_back(client, ada):
    housing, budgets = make_topic(name="Housing"), make_topic(name="Budgets")
    resource = make_resource(title="Old title", summary="Old words", authors=["Ida"], topics=[housing], year=2014)
    save(client, resource, title="New title", summary="", authors="", topics=[budgets.pk], year="")
    old = resource.history.all()[1]
    page = client.get(address(resource, "history", old.pk))
    assert set(page.context["changes"]) == {
        ("title", "New title", "Old title"),
        ("summary", "", "Old words"),
        ("authors", "", "Ida"),
        ("topics", "Budgets", "Housing"),
        ("year", "", "2014"),
    }
    resource.refresh_from_db()
    assert resource.title == "New title"

    done = client.post(address(resource, "history", old.pk), follow=True)
    assert messages(done) == ["The older version was restored."]
    resource = Resource.objects.get()
    assert (resource.title, resource.summary, resource.authors, resource.year) == (
        "Old title",
        "Old words",
        ["Ida"],
        2014,
    )
    assert list(resource.topics.all()) == [housing]
    assert resource.history.first().history_user == ada

    client.post(address(resource, "history", resource.history.all()[1].pk))
    assert Resource.objects.get().title == "New title"


def test_restoring_publishes_nothing_and_hides_nothing(client, ada):
    resource = make_resource(title="Old", status="draft")
    save(client, resource, title="New")
    Resource.objects.publish()
    published_at = Resource.objects.get().published_at
    old = resource.history.last()
    assert client.get(address(resource, "history", old.pk)).context["changes"] == [("title", "New", "Old")]
    client.post(address(resource, "history", old.pk))
    restored = Resource.objects.get()
    assert (restored.title, restored.status, restored.published_at) == ("Old", "published", published_at)


def test_an_address_word_that_another_page_took_meanwhile_is_not_taken_back(client, ada):
    resource = make_resource(slug="good-word", title="Old")
    save(client, resource, slug="other-word", title="New")
    make_resource(slug="good-word")
    response = client.post(address(resource, "history", resource.history.last().pk))
    assert messages(response)[-1:] == ["Nothing was restored: Resource with this Address word already exists."]
    resource.refresh_from_db()
    assert (resource.title, resource.slug, resource.history.count()) == ("New", "other-word", 2)


def test_a_restored_address_word_answers_and_the_later_one_leads_to_it(client, ada):
    resource = make_resource(slug="first-word")
    save(client, resource, slug="second-word")
    client.post(address(resource, "history", resource.history.last().pk))
    assert client.get("/resources/first-word/").status_code == 200
    assert client.get("/resources/second-word/").headers["Location"] == "/resources/first-word/"


def test_a_file_comes_back_with_its_version_unless_it_is_no_longer_stored(client, ada, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    name = default_storage.save("plan.pdf", ContentFile(b"%PDF-1.7"))
    resource = make_resource(file=name)
    save(client, resource, **{"file-clear": "on"})
    assert resource.file.name == ""
    old = resource.history.last()
    client.post(address(resource, "history", old.pk))
    assert Resource.objects.get().file.name == name

    save(client, Resource.objects.get(), **{"file-clear": "on"})
    default_storage.delete(name)
    response = client.post(address(resource, "history", old.pk))
    assert messages(response)[-1:] == ["Nothing was restored: The file of this version is no longer stored."]
    assert Resource.objects.get().file.name == ""


def test_ties_to_what_is_gone_are_left_out(client, ada):
    stays, goes = make_topic(), make_topic()
    resource = make_resource(topics=[stays, goes])
    save(client, resource, topics=[])
    Topic.objects.filter(pk=goes.pk).delete()
    client.post(address(resource, "history", resource.history.all()[1].pk))
    assert list(resource.topics.all()) == [stays]


def test_a_version_that_says_the_same_as_now_offers_nothing_to_restore(client, ada):
    resource = make_resource()
    page = client.get(address(resource, "history", resource.history.get().pk)).content.decode()
    assert "there is nothing to restore" in page
    assert "<form method" not in page.split('id="content"')[1]


@pytest.mark.parametrize("who", ["nobody", "staff without rights", "curator"])
def test_versions_are_for_curators_of_this_resource_only(client, who):
    resource, other = make_resource(), make_resource()
    if who != "nobody":
        sign_in(client, make_curator() if who == "curator" else make_user(is_staff=True))
    version = resource.history.get().pk
    expected = {"nobody": 302, "staff without rights": 403, "curator": 200}[who]
    assert client.get(address(resource, "history")).status_code == expected
    assert client.get(address(resource, "history", version)).status_code == expected
    if who == "curator":
        assert client.get(address(other, "history", version)).status_code == 404
        assert client.get(address(resource, "history", 10**18)).status_code == 404
        assert client.get("/admin/resources/resource/no-number/history/").status_code == 302


def test_record_asks_a_fixed_number_of_questions(django_assert_num_queries):
    admin, topic = make_admin(), make_topic()
    for count in (1, 30):
        ids = [make_resource(topics=[topic]).pk for _ in range(count)]
        with django_assert_num_queries(8):
            history.record(Resource, ids, admin)
        assert set(Resource.history.filter(id__in=ids, history_user=admin).values_list("id", flat=True)) == set(ids)


def test_restoring_a_page_that_was_archived_meanwhile_publishes_nothing():
    resource = make_resource(title="Before")
    Resource.objects.filter(pk=resource.pk).update(title="After")
    history.record(Resource, [resource.pk], author=None)
    version = history.versions_of(Resource, resource.pk).last()
    Resource.objects.filter(pk=resource.pk).archive()
    Resource.objects.filter(pk=resource.pk).update(link_status="broken")
    history.restore(version, author=None)
    now = Resource.objects.get(pk=resource.pk)
    assert (now.title, now.status, now.link_status) == ("Before", "archived", "broken")


def test_the_reason_of_a_restored_version_is_a_sentence_in_local_time():
    resource = make_resource()
    Resource.history.update(history_date=datetime(2025, 11, 23, 5, 4, tzinfo=UTC))
    history.restore(history.versions_of(Resource, resource.pk).get(), author=None)
    assert resource.history.first().history_change_reason == "The version of Nov. 22, 2025, 11:04 p.m. was restored."


# --- Topics, reading lists, and who uses what ---


def restore(client, version):
    """Press the button of the page that shows what going back would change; return that page's changes."""
    page = client.get(address(version.instance, "history", version.pk))
    done = client.post(address(version.instance, "history", version.pk), follow=True)
    assert messages(done) == ["The older version was restored."]
    return page.context["changes"]


def test_a_topic_goes_back_and_stays_published(client, ada):
    topic = make_topic(name="Housing", description="Homes.", status="draft")
    save(client, topic, name="Homes", description="")
    client.post("/admin/resources/topic/", {"action": "publish", "_selected_action": [topic.pk]})
    newest, changed, _first = versions(client, topic)
    assert (newest.history_change_reason, newest.history_user) == ("Published.", ada)
    assert (changed.history_user, changed.changes) == (
        ada,
        [("name", "Housing", "Homes"), ("description", "Homes.", "")],
    )
    assert restore(client, topic.history.last()) == [("name", "Homes", "Housing"), ("description", "", "Homes.")]
    topic.refresh_from_db()
    assert (topic.name, topic.description, topic.status) == ("Housing", "Homes.", "published")
    assert versions(client, topic)[0].history_user == ada


@pytest.fixture
def reading_list():
    """A list of two, as its latest version says."""
    item = make_item(position=1, resource=make_resource(title="A first"), note="Begin here.")
    make_item(position=2, collection=item.collection, resource=make_resource(title="A second"), note="Go on.")
    history.record(Collection, [item.collection_id], author=None)
    return item.collection


def test_a_reading_list_goes_back_to_its_items_in_their_order_with_their_notes(client, ada, reading_list):
    before = "1 – A first – Begin here.\n2 – A second – Go on."
    items = list(reading_list.items.values_list("position", "resource__title", "note"))
    count = reading_list.history.count()
    save(client, reading_list, **{"items-0-DELETE": "on", "items-1-position": 1, "items-1-note": "Only this."})
    assert reading_list.history.count() == count + 1
    newest = versions(client, reading_list)[0]
    after = "1 – A second – Only this."
    assert (newest.history_user, newest.changes) == (ada, [("resources", before, after)])
    assert restore(client, reading_list.history.all()[1]) == [("resources", after, before)]
    assert list(reading_list.items.values_list("position", "resource__title", "note")) == items


def test_two_items_that_change_places_are_a_change_that_goes_back(client, ada, reading_list):
    save(client, reading_list, **{"items-0-position": 2, "items-1-position": 1})
    restore(client, reading_list.history.all()[1])
    assert list(reading_list.items.values_list("resource__title", flat=True)) == ["A first", "A second"]


def test_an_item_whose_resource_is_gone_is_left_out_of_what_is_restored(client, ada, reading_list):
    reading_list.items.first().resource.delete()
    page = client.get(address(reading_list, "history")).content.decode()
    assert (page.count(">Restore<"), "as it is now" in page) == (reading_list.history.count(), False)
    now = "2 – A second – Go on."
    then = f"1 – (deleted) – Begin here.\n{now}"
    assert restore(client, reading_list.history.first()) == [("resources", now, then)]
    assert list(reading_list.items.values_list("position", "resource__title")) == [(2, "A second")]


def test_an_adoption_goes_back_with_what_it_leads_to(client, ada):
    old, new = make_resource(title="Old"), make_resource(title="New")
    adoption = make_adoption(resource=old, how="In budgets.", since="2019-07", sources=["https://example.org/a"])
    save(client, adoption, resource=new.pk, how="", since="", sources="")
    expected = [
        ("resource", "New", "Old"),
        ("since", "", "2019-07"),
        ("how it is used", "", "In budgets."),
        ("sources", "", "https://example.org/a"),
    ]
    assert sorted(restore(client, adoption.history.last())) == sorted(expected)
    adoption.refresh_from_db()
    assert (adoption.resource, adoption.how, adoption.since) == (old, "In budgets.", "2019-07")
    assert adoption.sources == ["https://example.org/a"]


def test_the_first_content_is_its_own_first_versions():
    seed_all()
    for model in (Topic, Collection, Adoption, Resource):
        for thing in model.objects.all():
            latest = history.versions_of(model, thing.pk).first()
            assert (history.changes(latest, thing), latest.history_user) == ([], None)


def test_what_was_here_before_the_history_gets_a_first_version(reading_list):
    make_adoption()
    for model in (Topic, Collection, Adoption):
        model.history.all().delete()
    Collection.history.model.resources.all().delete()
    import_module("resources.migrations.0006_history").begin(apps, None)
    for model in (Topic, Collection, Adoption):
        for thing in model.objects.all():
            version = history.versions_of(model, thing.pk).get()
            assert (version.history_type, history.changes(version, thing)) == ("+", [])


# --- What was deleted ---

DELETED = "/admin/resources/adoption/deleted/"


def delete(client, *things):
    data = {"action": "delete_selected", "_selected_action": [thing.pk for thing in things], "post": "yes"}
    assert client.post(f"/admin/resources/{things[0]._meta.model_name}/", data).status_code == 302


def deletions(client, page=DELETED):
    return list(client.get(page).context["page_obj"])


def test_a_deleted_adoption_is_found_and_comes_back_as_it_was(client, ada):
    resource = make_resource(title="Toolkit")
    adoption = make_adoption(resource=resource, how="In budgets.", contact="Ida", contact_visibility="members")
    as_it_was = {
        field: getattr(adoption, field) for field in ("pk", "jurisdiction_id", "resource_id", "how", "contact")
    }
    delete(client, adoption)
    listed = client.get("/admin/resources/adoption/").content.decode()
    assert f'<a href="{DELETED}">Deleted</a>' in listed
    [gone] = deletions(client)
    assert (gone.history_user, dict(gone.words)["resource"], dict(gone.words)["contact"]) == (ada, "Toolkit", "Ida")
    assert f'href="{address(adoption_of(gone), "history")}"' in client.get(DELETED).content.decode()

    newest, version = versions(client, adoption_of(gone))
    assert newest.get_history_type_display() == "Deleted"
    page = client.get(address(adoption_of(gone), "history")).content.decode()
    assert (page.count(">Restore<"), address(adoption_of(gone), "history", version.pk) in page) == (1, True)
    assert ("how it is used", "", "In budgets.") in restore(client, version)
    back = Adoption.objects.get()
    assert {field: getattr(back, field) for field in as_it_was} == as_it_was
    assert deletions(client) == []
    resource.refresh_from_db()
    assert resource.uses == 1

    delete(client, back)
    assert len(deletions(client)) == 1


def adoption_of(version):
    return Adoption(pk=version.id)


def test_a_deleted_reading_list_comes_back_as_a_draft_with_its_items(client, reading_list):
    sign_in(client, make_admin())
    was = list(reading_list.items.values_list("position", "resource__title", "note"))
    slug, version = reading_list.slug, reading_list.history.first()
    delete(client, reading_list)
    restore(client, version)
    back = Collection.objects.get()
    assert (back.slug, back.status) == (slug, "draft")
    assert list(back.items.values_list("position", "resource__title", "note")) == was


@pytest.mark.parametrize("what", ["taken", "gone"])
def test_a_deleted_adoption_that_no_longer_fits_stays_deleted_and_the_page_says_why(client, ada, what):
    adoption = make_adoption()
    version = adoption.history.get()
    delete(client, Adoption.objects.get())
    if what == "taken":
        make_adoption(resource=adoption.resource, jurisdiction=adoption.jurisdiction)
        why = "It is already on record that this government uses this resource."
    else:
        why = "The resource of this version was deleted. Bring that back first."
        adoption.resource.delete()
    response = client.post(address(Adoption(pk=version.id), "history", version.pk))
    assert messages(response)[-1:] == [f"Nothing was restored: {why}"]
    assert not Adoption.objects.filter(pk=version.id).exists()


def test_nobody_restores_from_a_deletion_itself(client, ada):
    adoption = make_adoption()
    pk = adoption.pk
    delete(client, adoption)
    deletion = Adoption.history.get(history_type="-")
    assert client.get(address(Adoption(pk=pk), "history", deletion.pk)).status_code == 404


def test_what_was_deleted_is_for_curators_only(client):
    sign_in(client, make_user(is_staff=True))
    assert client.get(DELETED).status_code == 403
    looker = make_user(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_adoption"))
    looker.refresh_from_db()
    sign_in(client, looker)
    adoption = make_adoption()
    version = adoption.history.get()
    Adoption.objects.all().delete()
    assert [gone.id for gone in deletions(client)] == [version.id]
    assert ">Restore<" not in client.get(address(adoption_of(version), "history")).content.decode()
    assert client.post(address(adoption_of(version), "history", version.pk)).status_code == 403


def test_the_pages_of_the_history_ask_the_same_questions_however_much_there_is(
    client, ada, reading_list, django_assert_num_queries
):
    adoption = make_adoption()
    delete(client, adoption)
    client.get(RESOURCES)  # shows what the form said
    asked = [
        (address(reading_list, "history"), 9),
        (address(reading_list, "history", reading_list.history.first().pk), 8),
        (DELETED, 6),
    ]
    for page, queries in asked:
        with django_assert_num_queries(queries):
            assert client.get(page).status_code == 200
    for position in range(3, 30):
        make_item(collection=reading_list, position=position)
        make_adoption()
        history.record(Collection, [reading_list.pk], author=ada)
    delete(client, *Adoption.objects.all())
    client.get(RESOURCES)
    for page, queries in asked:
        with django_assert_num_queries(queries):
            assert client.get(page).status_code == 200
