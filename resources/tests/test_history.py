"""Every change of a resource has an author, a time and what it changed, and can be taken back."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from alliance.core.seeding import seed_all
from alliance.core.tests.admin_forms import filled_in, messages
from alliance.core.tests.factories import make_admin, make_curator, make_user
from cohorts.tests.factories import make_jurisdiction
from members.partners.tests.factories import make_partner
from resources import history
from resources.models import Resource, Topic

from .factories import make_resource, make_topic

pytestmark = pytest.mark.django_db

RESOURCES = "/admin/resources/resource/"


@pytest.fixture
def ada(client):
    ada = make_curator(name="Ada")
    client.force_login(ada)
    return ada


def address(resource, *rest):
    return "/".join(["/admin/resources/resource", str(resource.pk), *map(str, rest)]) + "/"


def save(client, resource, **changes):
    page = client.get(address(resource, "change"))
    response = client.post(address(resource, "change"), filled_in(page, **changes))
    assert response.status_code == 302
    resource.refresh_from_db()


def versions(client, resource):
    return client.get(address(resource, "history")).context["versions"]


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
    with django_assert_num_queries(11):
        assert len(versions(client, resource)) == 2
    for number in range(28):
        save(client, resource, title=f"Title {number}")
    client.get(RESOURCES)
    with django_assert_num_queries(11):
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
    newest = resource.history.first()
    assert (newest.history_user, newest.history_change_reason[:25]) == (ada, "Restored the version of N")

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
        client.force_login(make_curator() if who == "curator" else make_user(is_staff=True))
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
            history.record(ids, admin)
        assert set(Resource.history.filter(id__in=ids, history_user=admin).values_list("id", flat=True)) == set(ids)


def test_restoring_a_page_that_was_archived_meanwhile_publishes_nothing():
    resource = make_resource(title="Before")
    Resource.objects.filter(pk=resource.pk).update(title="After")
    history.record([resource.pk], author=None)
    shown = Resource.objects.get(pk=resource.pk)
    Resource.objects.filter(pk=resource.pk).archive()
    Resource.objects.filter(pk=resource.pk).update(link_status="broken")
    history.restore(shown, history.versions_of(resource.pk).last(), author=None)
    now = Resource.objects.get(pk=resource.pk)
    assert (now.title, now.status, now.link_status) == ("Before", "archived", "broken")
