from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from alliance.core.tests.admin_forms import complaints, filled_in, messages, new_row
from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from alliance.core.tests.files import pdf
from cohorts.tests.factories import make_jurisdiction
from members.partners.tests.factories import make_partner
from resources.models import Adoption, LinkCheck, Resource

from .factories import make_adoption, make_collection, make_item, make_resource, make_topic

pytestmark = pytest.mark.django_db

RESOURCES = "/admin/resources/resource/"


@pytest.fixture
def curator(client):
    sign_in(client, make_curator(name="Ada"))
    return client


@pytest.fixture
def admin(client):
    sign_in(client, make_admin())
    return client


def make_check(**fields):
    values = {"resource": None, "url": "https://example.org", "checked_at": timezone.now(), "outcome": "ok"}
    return LinkCheck.objects.create(**values | {"resource": fields.pop("resource", None) or make_resource()} | fields)


def change(page):
    return f"/admin/{page._meta.app_label}/{page._meta.model_name}/{page.pk}/change/"


def act(client, action, objects, **data):
    data |= {"action": action, "_selected_action": [one.pk for one in objects]}
    return client.post(RESOURCES, data, follow=True)


def rows(response):
    return list(response.context["cl"].result_list)


# --- Lists ---


@pytest.mark.parametrize(
    ("name", "make", "queries"),
    [
        ("topic", make_topic, 5),
        ("resource", make_resource, 7),
        ("collection", make_collection, 5),
        ("adoption", make_adoption, 6),
        ("linkcheck", make_check, 5),
    ],
)
def test_a_list_asks_the_same_questions_at_1_and_at_30_rows(admin, django_assert_num_queries, name, make, queries):
    make()
    with django_assert_num_queries(queries):
        assert len(rows(admin.get(f"/admin/resources/{name}/"))) == 1
    for _ in range(29):
        make()
    with django_assert_num_queries(queries):
        assert len(rows(admin.get(f"/admin/resources/{name}/"))) == 30


# --- Forms ---


def test_a_curator_drafts_a_resource_with_everything_that_belongs_to_it(curator):
    housing, minneapolis, partner = make_topic(), make_jurisdiction(), make_partner()
    address = RESOURCES + "add/"
    data = filled_in(
        curator.get(address),
        title="A guide to fair budgets",
        slug="fair-budgets",
        kind="guide",
        authors="Ida B. Wells, Jr.\n Pauli Murray ",
        year="2021",
        url="https://example.org/budgets",
        topics=[housing.pk],
        contributed_by_jurisdictions=[minneapolis.pk],
        contributed_by_partners=[partner.pk],
        mentions=[minneapolis.pk],
    )
    response = curator.post(address, data)
    assert response.status_code == 302, complaints(response)
    made = Resource.objects.get()
    assert (made.title, made.status, made.authors, made.year) == (
        "A guide to fair budgets",
        "draft",
        ["Ida B. Wells, Jr.", "Pauli Murray"],
        2021,
    )
    assert [list(getattr(made, name).all()) for name in ("topics", "mentions")] == [[housing], [minneapolis]]
    assert list(made.contributed_by_jurisdictions.all()) == [minneapolis]
    assert list(made.contributed_by_partners.all()) == [partner]


# --- What needs a look ---


GOOD = {"last_verified_on": timezone.localdate(), "year": 2020}


@pytest.mark.parametrize(
    ("reason", "words", "fields"),
    [
        ("never", "Never verified", {"last_verified_on": None}),
        ("unverified", "Not verified for 12 months", {"last_verified_on": timezone.localdate() - timedelta(days=366)}),
        ("broken", "Broken link", {"link_status": "broken"}),
        ("refused", "Address that is never asked", {"link_checked_at": timezone.now()}),
        ("topic", "No topic", {"topics": []}),
        ("year", "No year", {"year": None}),
        ("copy", "Third-party copy", {"url_is_copy": True}),
    ],
)
def test_each_reason_for_a_look_is_found_by_itself_and_said_in_the_list(curator, reason, words, fields):
    topic = make_topic()
    make_resource(**GOOD, topics=[topic], link_status="failing")
    make_resource(**GOOD | {"topics": [topic]} | fields, status="archived")
    needy = make_resource(**GOOD | {"topics": [topic]} | fields)
    response = curator.get(f"{RESOURCES}?look={reason}")
    assert rows(response) == rows(curator.get(f"{RESOURCES}?look=any")) == [needy]
    assert f'<td class="field-reasons">{words}</td>' in response.content.decode()
    others = {"never", "unverified", "broken", "refused", "topic", "year", "copy"} - {reason}
    assert [rows(curator.get(f"{RESOURCES}?look={other}")) for other in others] == [[]] * 6


def test_what_was_verified_a_year_ago_today_is_still_good(curator):
    make_resource(**GOOD | {"last_verified_on": timezone.localdate() - timedelta(days=364)}, topics=[make_topic()])
    assert rows(curator.get(f"{RESOURCES}?look=any")) == []


def test_the_list_says_how_many_need_a_look(curator):
    assert "queue" not in curator.get(RESOURCES).content.decode()
    for _ in range(2):
        make_resource()
    assert '<a href="?look=any">2 resources need a look</a>' in curator.get(RESOURCES).content.decode()


def test_a_resource_with_two_reasons_names_both(curator):
    make_resource(last_verified_on=timezone.localdate())
    assert '<td class="field-reasons">No topic, No year</td>' in curator.get(RESOURCES).content.decode()


# --- Many at once ---


def latest(resource):
    """Author's name, reason and status of the latest version, and how many versions there are."""
    version = resource.history.first()
    return version.history_user.name, version.history_change_reason, version.status, resource.history.count()


def test_publishing_many_is_in_the_history_of_each(curator):
    draft, archived = make_resource(status="draft"), make_resource(status="archived")
    assert messages(act(curator, "publish", [draft, archived])) == ["2 pages were published."]
    draft.refresh_from_db()
    assert (draft.status, draft.published_at is None) == ("published", False)
    assert latest(draft) == latest(archived) == ("Ada", "Published.", "published", 2)


def test_archiving_many_is_in_the_history_of_each(curator):
    public = make_resource()
    assert messages(act(curator, "archive", [public])) == ["1 page was archived."]
    public.refresh_from_db()
    assert public.status == "archived"
    assert latest(public) == ("Ada", "Archived.", "archived", 2)


def test_marking_as_verified_sets_today_and_is_in_the_history(curator):
    old, new = make_resource(last_verified_on="2019-01-01"), make_resource(last_verified_on=timezone.localdate())
    assert messages(act(curator, "verify", [old, new])) == ["1 resource was verified."]
    old.refresh_from_db()
    assert (old.last_verified_on, latest(old)[1], new.history.count()) == (timezone.localdate(), "Verified.", 1)


@pytest.mark.parametrize("action", ["publish", "archive", "verify"])
def test_an_action_on_what_is_so_already_leaves_no_version(curator, action):
    status = "archived" if action == "archive" else "published"
    resource = make_resource(status=status, last_verified_on=timezone.localdate())
    act(curator, action, [resource])
    assert resource.history.count() == 1
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("action", ["publish", "archive", "verify", "set_topics"])
def test_an_action_asks_the_same_questions_for_2_and_for_30(curator, django_assert_max_num_queries, action):
    topic, other = make_topic(), make_topic()
    status = "draft" if action == "publish" else "published"
    asked = []
    for count in (2, 30):
        resources = [make_resource(status=status, topics=[other]) for _ in range(count)]
        with django_assert_max_num_queries(60) as queries:
            data = {"action": action, "_selected_action": [one.pk for one in resources], "add": topic.pk, "set": "yes"}
            assert curator.post(RESOURCES, data | {"remove": other.pk}).status_code == 302
        asked.append(len(queries))
        assert [resource.history.first().history_user.name for resource in resources] == ["Ada"] * count
    assert asked[0] == asked[1]


def test_topics_are_added_and_taken_away_and_the_others_stay(curator):
    stays, comes, goes = make_topic(name="Stays"), make_topic(name="Comes"), make_topic(name="Goes")
    one, two, same = (make_resource(topics=topics) for topics in ([stays, goes], [stays, comes, goes], [stays, comes]))
    page = act(curator, "set_topics", [one, two, same])
    assert list(page.context["form"].fields) == ["add", "remove"]
    assert page.context["chosen"] == [str(resource.pk) for resource in (one, two, same)]
    done = act(curator, "set_topics", [one, two, same], add=[comes.pk], remove=[goes.pk], set="yes")
    assert messages(done) == ["2 resources were changed."]
    assert [list(resource.topics.all()) for resource in (one, two, same)] == [[comes, stays]] * 3
    assert latest(one)[:2] == ("Ada", "Set topics.")
    assert one.history.first().topics.count() == 2
    assert same.history.first().history_user is None


def test_no_topic_at_all_or_one_both_added_and_taken_away_is_asked_again(curator):
    topic, resource = make_topic(name="Housing"), make_resource()
    page = act(curator, "set_topics", [resource], set="yes")
    assert page.context["form"].non_field_errors() == ["Choose at least one topic."]
    page = act(curator, "set_topics", [resource], set="yes", add=[topic.pk], remove=[topic.pk])
    assert page.context["form"].non_field_errors() == ["You chose to add and to take away: Housing"]
    assert not resource.topics.exists()


def test_an_action_that_the_database_refuses_changes_nothing_and_says_so(curator):
    good, bad = make_resource(status="draft"), make_resource(status="draft", title="Never")
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE resources_resource ADD CONSTRAINT never CHECK (title <> 'Never' OR status = 'draft')"
        )
    response = act(curator, "publish", [good, bad])
    assert messages(response) == [
        "Someone else saved something at the same moment that does not go with this. Look at it and save again."
    ]
    assert set(Resource.objects.values_list("status", flat=True)) == {"draft"}
    assert good.history.count() == 1


def test_who_may_only_look_has_no_actions(client):
    looker = make_user(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_resource"))
    looker.refresh_from_db()
    sign_in(client, looker)
    draft = make_resource(status="draft")
    for action in ("publish", "verify", "set_topics"):
        act(client, action, [draft])
    draft.refresh_from_db()
    assert (draft.status, draft.last_verified_on, draft.history.count()) == ("draft", None, 1)


# --- Resources that resemble one that is here ---


def attempt(client, **values):
    values = {"title": "Racial Equity Toolkit", "slug": "fresh", "kind": "toolkit", "url": "https://new.org"} | values
    return client.post(RESOURCES + "add/", filled_in(client.get(RESOURCES + "add/"), **values))


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Anything else", "http://www.example.org/toolkit/?utm_source=mail#top"),
        ("Racial equity tool-kit", "https://new.org"),
        ("Rácial Equity Toolkits", "https://new.org"),
    ],
)
def test_a_resource_that_resembles_one_is_asked_about_with_everything_typed_kept(curator, title, url):
    present = make_resource(
        title="Racial Equity Toolkit", url="https://example.org/toolkit", publisher="City of Seattle"
    )
    response = attempt(curator, title=title, url=url, summary="All that I typed.")
    [complaint] = complaints(response)["__all__"]
    assert f'<a href="{change(present)}" target="_blank">Racial Equity Toolkit</a>' in complaint
    assert "(City of Seattle, published, https://example.org/toolkit)." in complaint
    assert '<input type="checkbox" name="is_another">' in complaint
    assert filled_in(response)["summary"] == "All that I typed."
    assert Resource.objects.get() == present
    assert attempt(curator, title=title, url=url, is_another="on").status_code == 302
    assert Resource.objects.count() == 2


def test_a_resource_like_no_other_is_saved_at_once(curator):
    make_resource(title="Budgeting for Equity", url="https://example.org/toolkit?page=2")
    make_resource(title="A text of ours", url="", body="Words")
    assert attempt(curator, url="", body="Words").status_code == 302


def test_a_title_with_markup_is_inert_in_the_question(curator):
    make_resource(title="<script>alert(1)</script>")
    response = attempt(curator, title="<script>alert(1)</script>")
    assert "<script>alert(1)" not in response.content.decode()


def test_a_saved_duplicate_is_not_asked_about_again_until_its_title_or_address_changes(curator):
    make_resource(title="Racial Equity Toolkit")
    other = make_resource(title="Racial Equity Toolkit", kind="guide", slug="other")
    data = filled_in(curator.get(change(other)), publisher="City of Portland")
    assert curator.post(change(other), data).status_code == 302
    response = curator.post(change(other), data | {"title": "Racial Equity Toolkits"})
    assert len(complaints(response)["__all__"]) == 1
    other.refresh_from_db()
    assert (other.publisher, other.title) == ("City of Portland", "Racial Equity Toolkit")


def test_a_resource_does_not_resemble_itself(curator):
    resource = make_resource(title="Racial Equity Toolkit")
    data = filled_in(curator.get(change(resource)), title="Racial Equity Toolkits")
    assert curator.post(change(resource), data).status_code == 302


# --- What the form shows ---


def test_the_form_shows_the_text_as_readers_see_it_the_last_checks_and_who_uses_it(curator):
    resource = make_resource(body="# Steps\n\nGo <b>on</b>.", link_status="failing")
    make_check(resource=resource, outcome="failed", status_code=503, detail="Service Unavailable")
    make_adoption(resource=resource)
    page = curator.get(change(resource)).content.decode()
    assert "<b>on" not in page.split('class="preview"')[1]
    assert "It does not answer as it should (503), Service Unavailable" in page
    assert f'<a href="/admin/resources/adoption/?resource={resource.pk}">1 government</a>' in page
    assert rows(curator.get(f"/admin/resources/adoption/?resource={resource.pk}")) == list(Adoption.objects.all())


def test_the_form_of_a_new_resource_shows_nothing_that_only_a_saved_one_has(curator):
    resource = make_resource()
    boxes = {}
    for address in (RESOURCES + "add/", change(resource)):
        fieldsets = curator.get(address).context["adminform"].fieldsets
        boxes[address] = {field for _title, options in fieldsets for field in options["fields"]}
    added, changed = boxes.values()
    assert changed - added == {"link", "checks", "preview", "used_by"}


@pytest.mark.parametrize(
    ("name", "title"),
    [("collection", "Select reading list to change"), ("adoption", "Select use of a resource to change")],
)
def test_the_admin_calls_things_as_the_public_pages_do(curator, name, title):
    assert str(curator.get(f"/admin/resources/{name}/").context["title"]) == title


def test_nobody_writes_what_the_link_checker_saw(admin):
    check = make_check()
    assert admin.get(change(check)).status_code == 200
    assert admin.post(change(check), {"outcome": "failed"}).status_code == 403
    assert admin.get("/admin/resources/linkcheck/add/").status_code == 403


# --- Reading lists ---


def test_a_reading_list_is_put_in_order_in_one_form(curator):
    item, other = make_item(position=1), make_resource()
    collection = item.collection
    data = filled_in(curator.get(change(collection))) | new_row(
        "items", 1, resource=other.pk, position=1, note="First."
    )
    response = curator.post(change(collection), data | {"items-0-position": 2, "items-0-note": "Then."})
    assert response.status_code == 302, complaints(response)
    assert list(collection.items.values_list("position", "resource", "note")) == [
        (1, other.pk, "First."),
        (2, item.resource_id, "Then."),
    ]


def test_a_place_taken_twice_is_said_in_words(curator):
    item, other = make_item(position=1), make_resource()
    data = filled_in(curator.get(change(item.collection)))
    data |= new_row("items", 1, resource=other.pk, position=1, note="Too.")
    response = curator.post(change(item.collection), data)
    assert complaints(response) == {"items-1-__all__": ["Two items have the same place in the list."]}
    assert item.collection.items.count() == 1


def test_the_file_of_a_draft_is_for_curators_only(curator):
    draft = make_resource(status="draft", file=ContentFile(pdf(), name="plan.pdf"))
    address = draft.file.url
    assert address == f"{RESOURCES}{draft.pk}/file/"
    assert b"".join(curator.get(address)) == pdf()
    assert curator.get(f"{RESOURCES}{make_resource().pk}/file/").status_code == 404
    sign_in(curator, make_user(is_staff=True))
    assert curator.get(address).status_code == 403
    curator.logout()
    assert curator.get(address).status_code == 302


def test_the_file_of_a_published_resource_is_at_its_public_address():
    assert make_resource(slug="plan", file=ContentFile(pdf(), name="plan.pdf")).file.url == "/resources/plan/file/"
