"""What a site must answer besides its pages: health, robots, sitemap, feed, moved addresses and errors."""

import xml.etree.ElementTree as ET

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import path

from alliance import urls, views
from cohorts.models import Milestone
from cohorts.tests.factories import make_jurisdiction, make_milestone
from resources.tests.factories import make_resource

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_health_says_that_the_process_is_up_and_keeps_nobody_from_asking_again(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, b"ok\n", "text/plain")
    assert "no-store" in answer.headers["Cache-Control"]


def test_ready_means_that_the_database_answers(client, monkeypatch):
    assert client.get("/readyz").status_code == 200

    def refuse(*_args, **_kwargs):
        raise OperationalError("the server is gone")

    monkeypatch.setattr(connection, "cursor", refuse)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_robots_may_read_everything_but_the_admin(client):
    assert client.get("/robots.txt").content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def addresses_in(client, address):
    return [element.text for element in ET.fromstring(client.get(address).content).iter(f"{SITEMAP}loc")]


def test_the_sitemap_leads_to_the_published_pages_only(client):
    make_jurisdiction(slug="draft-mn", status="draft")
    make_jurisdiction(slug="shown-mn")
    make_resource(slug="plan")
    sections = addresses_in(client, "/sitemap.xml")
    pages = {page for section in sections for page in addresses_in(client, section)}
    assert {page for page in pages if page.endswith(("-mn/", "/plan/"))} == {
        "http://testserver/jurisdictions/shown-mn/",
        "http://testserver/resources/plan/",
    }
    assert "http://testserver/" in pages


def test_a_section_that_the_sitemap_does_not_have_does_not_exist(client):
    assert client.get("/sitemaps/user.xml").status_code == 404


def test_the_feed_brings_the_latest_milestones_first(client):
    one = make_jurisdiction(name="Northfield")
    make_milestone(jurisdiction=one, title="Plan", date="2014")
    make_milestone(jurisdiction=one, title="Law <b>", date="2014-07-15")
    make_milestone(jurisdiction=make_jurisdiction(status="draft"))
    root = ET.fromstring(client.get("/feeds/milestones.atom").content)
    assert [entry.find(f"{ATOM}title").text for entry in root.iter(f"{ATOM}entry")] == [
        "Northfield: Law <b> (July 15, 2014)",
        "Northfield: Plan (2014)",
    ]


def test_an_entry_of_the_feed_keeps_its_id_when_its_page_moves_and_its_words_are_inert(client):
    milestone = make_milestone(description="More <b>than</b> that")

    def feed():
        return ET.fromstring(client.get("/feeds/milestones.atom").content)

    def entry():
        return feed().find(f"{ATOM}entry")

    before = entry().find(f"{ATOM}id").text
    milestone.jurisdiction.slug = "moved-mn"
    milestone.jurisdiction.save()
    assert before.startswith("urn:uuid:")
    assert entry().find(f"{ATOM}id").text == before
    assert (
        entry().find(f"{ATOM}link").get("href") == f"http://testserver/jurisdictions/moved-mn/#milestone-{milestone.pk}"
    )
    assert entry().find(f"{ATOM}summary").text == "More &lt;b&gt;than&lt;/b&gt; that"
    assert (
        ET.fromstring(client.get("/feeds/milestones.atom").content).find(f"{ATOM}author/{ATOM}name").text
        == "The Alliance"
    )


def test_an_old_act_that_comes_to_the_record_today_is_first_in_the_feed(client):
    old = make_milestone(title="Known for long", date="2024")
    Milestone.objects.filter(pk=old.pk).update(created_at="2020-01-01T12:00Z")
    make_milestone(title="Found today", date="2004")
    root = ET.fromstring(client.get("/feeds/milestones.atom").content)
    titles = [entry.find(f"{ATOM}title").text.split(": ")[1] for entry in root.iter(f"{ATOM}entry")]
    assert titles == ["Found today (2004)", "Known for long (2024)"]


def test_an_old_slug_leads_to_the_new_one_for_good(client):
    one = make_jurisdiction(slug="old-mn")
    one.slug = "new-mn"
    one.save()
    answer = client.get("/jurisdictions/old-mn/?a=1")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/jurisdictions/new-mn/?a=1")


def test_an_old_slug_says_nothing_of_a_page_that_is_not_published(client):
    one = make_jurisdiction(slug="old-mn")
    one.slug, one.status = "new-mn", "draft"
    one.save()
    assert client.get("/jurisdictions/old-mn/").status_code == 404


def test_a_live_page_comes_before_an_old_slug(client):
    one = make_jurisdiction(slug="old-mn")
    one.slug = "new-mn"
    one.save()
    make_jurisdiction(slug="old-mn", name="Successor")
    assert "Successor" in client.get("/jurisdictions/old-mn/").content.decode()


# --- errors ---


def broken(request):
    raise RuntimeError("broken on purpose")


@pytest.fixture
def broken_page(monkeypatch):
    """An address whose view fails; it takes the row of the about page in the access table."""
    monkeypatch.setattr(urls, "urlpatterns", [path("about/", broken, name="about"), *urls.urlpatterns])
    from django.urls import clear_url_caches

    clear_url_caches()
    yield
    clear_url_caches()


def test_a_fault_of_ours_gets_a_page_that_needs_no_database(broken_page, django_assert_num_queries):
    client = Client(raise_request_exception=False)
    with django_assert_num_queries(0):
        answer = client.get("/about/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_a_wrong_host_name_gets_a_page_and_not_a_fault(client):
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "We could not read this request" in answer.content.decode()


def test_a_page_that_is_not_there_leads_on(client):
    answer = client.get("/jurisdictions/nowhere/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert '<a href="/jurisdictions/peers/">Find a government</a>' in page
    assert '<meta name="robots" content="noindex">' in page


def test_a_form_from_elsewhere_is_refused_in_plain_words():
    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@example.org"})
    assert answer.status_code == 403
    assert "We could not check where this form came from" in answer.content.decode()


def test_a_missing_role_is_said_in_plain_words(rf):
    answer = views.forbidden(rf.get("/admin/"), PermissionError())
    assert answer.status_code == 403
    assert "This page is not open to you" in answer.content.decode()
