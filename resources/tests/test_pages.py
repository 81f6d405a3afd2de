"""What the pages of the library say, of made-up things and of the first content."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from django.core.files.base import ContentFile

from alliance.core.tests.files import pdf
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_jurisdiction
from members.partners.tests.factories import make_partner
from resources.models import Adoption, Collection, Resource, Topic

from .factories import make_adoption, make_collection, make_item, make_resource, make_topic

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def get(client):
    def read_page(address):
        answer = client.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    return read_page


def section(page, heading):
    """The part of a page under a heading of the second level, up to the next one."""
    return re.split(r"<h2", page.split(f">{heading}</h2>")[1])[0]


# --- the list ---


def test_the_form_asks_for_best_match_unless_another_order_is_chosen(get):
    make_resource(title="Budgets", year=2010)
    make_resource(title="Streets", summary="Also budgets.", year=2020)
    orders = r'<option value="([^"]*)"( selected)?>(Newest|Most used|Best match)'
    assert re.findall(orders, get("/resources/")) == [("", " selected", "Newest"), ("used", "", "Most used")]
    found = get("/resources/?q=budgets&sort=")
    assert re.findall(orders, found)[:2] == [("", " selected", "Best match"), ("newest", "", "Newest")]
    titles = re.findall(r'<h2><a href="[^"]+">(.+?)</a>', found)
    assert [re.sub("<.+?>", "", title) for title in titles] == ["Budgets", "Streets"]


def test_words_that_nothing_has_are_named_and_may_be_looked_for_in_the_whole_site(get):
    make_resource()
    page = get("/resources/?q=zzz+%26")
    assert "We found nothing for “zzz &amp;”. Try fewer words or another spelling." in page
    assert '<a href="/search/?q=zzz%20%26">Search the whole site</a>' in page


def test_the_library_leads_to_the_page_of_each_topic(get):
    make_item(resource=make_resource(topics=[make_topic(name="Parks", slug="parks")]))
    topics = section(get("/resources/"), "Topics")
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', topics) == [("/resources/topics/parks/", "Parks")]


# --- one resource ---


def test_a_page_says_who_uses_it_since_when_how_and_whom_to_ask(get):
    resource = make_resource(slug="plan")
    town = make_jurisdiction(name="Town", slug="town-mn")
    make_adoption(
        resource=resource, jurisdiction=town, since="2016-07", how="In budgets.", outcome="Two parks.",
        contact="equity@town.example", contact_visibility="public",
    )  # fmt: skip
    make_adoption(
        resource=resource, jurisdiction=make_jurisdiction(name="Village"), since="2010", until="2012",
        contact="mayor@village.example", contact_visibility="members",
    )  # fmt: skip
    users = section(get("/resources/plan/"), "Who uses it")
    assert re.findall(r"<h3><a href=\"[^\"]+\">([^<]+)</a>", users) == ["Town, MN", "Village, MN"]
    assert re.findall(r'<p class="kind">([^<]+)</p>', users) == [
        "Since July 2016", "Ask: equity@town.example", "2010 to 2012",
    ]  # fmt: skip
    assert "In budgets." in users
    assert "Two parks." in users


def test_a_contact_for_members_is_on_no_public_page(get):
    adoption = make_adoption(contact="mayor@village.example", contact_visibility="members")
    for page in (adoption.resource, adoption.jurisdiction):
        assert "mayor@village.example" not in get(page.get_absolute_url())


def test_who_made_it_comes_before_whom_it_is_about_and_is_named_once(get):
    town, other = make_jurisdiction(name="Town"), make_jurisdiction(name="Ville")
    resource = make_resource(
        slug="plan", contributed_by_jurisdictions=[town], mentions=[town, other],
        contributed_by_partners=[make_partner(name="Helpers")],
    )  # fmt: skip
    make_item(collection=make_collection(title="Start"), resource=resource)
    ties = section(get("/resources/plan/"), "Belongs with")
    assert re.findall(r'<p class="kind">([^<]+)</p><h3><a [^>]+>([^<]+)</a>', ties) == [
        ("Made by", "Town"), ("Made by", "Helpers"), ("It is about", "Ville"), ("In the reading list", "Start"),
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["failing", "broken"])
def test_a_link_in_doubt_is_said_and_leads_to_the_archive(status, get):
    make_resource(slug="plan", url="https://example.org/p")
    Resource.objects.update(link_status=status, link_checked_at="2026-11-02T12:00:00Z")
    page = get("/resources/plan/")
    assert "It did not answer when we tried it on November 2, 2026." in page
    assert 'href="https://web.archive.org/web/https://example.org/p"' in page


def test_a_link_that_works_is_not_in_doubt(get):
    make_resource(slug="plan", last_verified_on="2026-05-01")
    Resource.objects.update(link_status="ok", link_checked_at="2026-11-02T12:00:00Z")
    page = get("/resources/plan/")
    assert "<dd>Works, tried Nov 2, 2026</dd>" in page
    assert "<dd>May 1, 2026</dd>" in page
    assert "web.archive.org" not in page


def test_a_copy_is_called_a_copy(get):
    make_resource(slug="plan", url_is_copy=True)
    assert "The link leads to a copy on somebody else&#x27;s site." in get("/resources/plan/").replace("'", "&#x27;")


def test_the_text_of_a_resource_is_rendered_and_harmless(get):
    make_resource(slug="plan", url="", body="# Steps\n\n1. **Ask** <script>alert(1)</script>")
    text = section(get("/resources/plan/"), "Text")
    assert "<h3>Steps</h3>" in text
    assert "<strong>Ask</strong> &lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_file_is_offered_with_its_type_and_size_and_comes_as_an_attachment(get, client):
    content = pdf()
    make_resource(slug="plan", url="", file=ContentFile(content, name="Our plan.exe"))
    assert f'<a class="btn" href="/resources/plan/file/">Download PDF, {len(content)}\xa0bytes</a>' in get(
        "/resources/plan/"
    )
    answer = client.get("/resources/plan/file/")
    assert b"".join(answer) == content
    headers = ("Content-Type", "Content-Disposition", "Content-Length", "X-Content-Type-Options")
    assert {name: answer.headers[name] for name in headers} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="Our plan.pdf"',
        "Content-Length": str(len(content)),
        "X-Content-Type-Options": "nosniff",
    }


def test_a_resource_without_a_file_has_no_file_to_give(client):
    make_resource(slug="plan")
    assert client.get("/resources/plan/file/").status_code == 404


def test_the_description_for_machines_is_that_of_a_creative_work(get):
    make_resource(
        slug="plan", title="</script>Plan", authors=["Ann Lee"], year=2016, topics=[make_topic(name="Housing")],
        url="https://example.org/p", summary="What & why", license="CC BY 4.0",
    )  # fmt: skip
    page = get("/resources/plan/")
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(block) == {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": "http://testserver/resources/plan/",
        "name": "</script>Plan",
        "url": "https://example.org/p",
        "mainEntityOfPage": "http://testserver/resources/plan/",
        "description": "What & why",
        "author": [{"@type": "Person", "name": "Ann Lee"}],
        "publisher": {"@type": "Organization", "name": "City of Govtown"},
        "datePublished": "2016",
        "inLanguage": "en",
        "about": ["Housing"],
        "genre": "Toolkit",
        "license": "CC BY 4.0",
    }


def test_an_old_address_leads_to_the_new_one(client):
    resource = make_resource(slug="plan")
    resource.slug = "new-plan"
    resource.save()
    assert client.get("/resources/plan/").headers["Location"] == "/resources/new-plan/"
    assert client.get("/resources/plan/file/").headers["Location"] == "/resources/new-plan/"


# --- topics, reading lists, governments, partners ---


def test_a_topic_shows_what_is_used_most_then_what_is_newest(get):
    topic = make_topic(slug="housing")
    old, new, used = (make_resource(title=title, topics=[topic]) for title in ("Old", "New", "Used"))
    make_resource(title="Elsewhere")
    Resource.objects.filter(pk=new.pk).update(year=2020)
    Resource.objects.filter(pk=old.pk).update(year=2001)
    make_adoption(resource=used)
    titles = re.findall(r"<h3><a [^>]+>([^<]+)</a>", section(get("/resources/topics/housing/"), "Resources"))
    assert titles == ["Used", "New", "Old"]


def test_a_reading_list_keeps_its_order_and_leaves_out_what_is_not_published(get):
    one = make_collection(slug="start")
    for position, (title, status) in enumerate([("Z", "published"), ("B", "draft"), ("A", "published")], 1):
        make_item(collection=one, position=position, resource=make_resource(title=title, status=status))
    page = get("/resources/collections/start/")
    assert re.findall(r'<b aria-hidden="true">(\d)</b><h3><a [^>]+>([^<]+)</a>', page) == [("1", "Z"), ("2", "A")]


def test_a_government_shows_its_tools_in_use_first_and_each_resource_once(get):
    town = make_jurisdiction(slug="town-mn")
    both = make_resource(title="Both", contributed_by_jurisdictions=[town], mentions=[town])
    make_resource(title="About it", mentions=[town])
    make_resource(title="Made here", contributed_by_jurisdictions=[town])
    make_adoption(resource=both, jurisdiction=town, since="2016", how="Each year.")
    library = section(get("/jurisdictions/town-mn/"), "Tools and resources")
    assert re.findall(r'<p class="kind">([^<]+)</p><h3><a [^>]+>([^<]+)</a>', library) == [
        ("In use since 2016", "Both"), ("Made here", "Made here"), ("About this government", "About it"),
    ]  # fmt: skip
    assert "<p>Each year.</p>" in library


def test_a_partner_shows_what_it_gave_to_the_library(get):
    partner = make_partner(slug="helpers")
    make_resource(title="Handbook", contributed_by_partners=[partner])
    make_resource(title="Quiet", contributed_by_partners=[partner], status="draft")
    assert re.findall(r"<h3><a [^>]+>([^<]+)</a>", section(get("/partners/helpers/"), "In the library")) == ["Handbook"]


# --- feeds ---


def entries(client, address):
    return list(ET.fromstring(client.get(address).content).iter(f"{ATOM}entry"))


def test_the_feed_brings_what_was_published_last_with_inert_words(client):
    housing = make_topic(name="Housing", slug="housing")
    make_resource(title="First", published_at="2026-01-01T00:00Z", topics=[housing])
    make_resource(title="Last <b>", published_at="2026-02-01T00:00Z", summary="More <i>than</i>")
    make_resource(title="Draft", status="draft")
    found = entries(client, "/feeds/resources.atom")
    assert [entry.find(f"{ATOM}title").text for entry in found] == ["Last <b>", "First"]
    assert found[0].find(f"{ATOM}summary").text == "More &lt;i&gt;than&lt;/i&gt;"
    assert [category.get("term") for category in found[1].iter(f"{ATOM}category")] == ["toolkit", "Housing"]
    (of_the_topic,) = entries(client, "/feeds/topics/housing.atom")
    assert of_the_topic.find(f"{ATOM}title").text == "First"


def test_what_xml_cannot_hold_is_left_out_of_the_feed(client):
    make_resource(title="Soft\x0bbreak", summary="a\x02b\x1fc\ufffe", topics=[make_topic(name="To\x03pic")])
    (entry,) = entries(client, "/feeds/resources.atom")
    assert [entry.find(f"{ATOM}{name}").text for name in ("title", "summary")] == ["Softbreak", "abc"]


def test_an_entry_keeps_its_id_when_its_page_moves(client):
    resource = make_resource()
    (before,) = entries(client, "/feeds/resources.atom")
    resource.slug = "moved"
    resource.save()
    (after,) = entries(client, "/feeds/resources.atom")
    assert after.find(f"{ATOM}id").text == before.find(f"{ATOM}id").text
    assert after.find(f"{ATOM}link").get("href") == "http://testserver/resources/moved/"


def test_the_feed_of_an_unknown_topic_does_not_exist(client):
    make_topic(slug="quiet", status="draft")
    assert [client.get(f"/feeds/topics/{slug}.atom").status_code for slug in ("quiet", "nothing")] == [404, 404]


# --- the first content ---


@pytest.mark.usefixtures("seeded")
class TestFirstContent:
    def test_it_is_whole(self):
        assert [model.objects.count() for model in (Topic, Resource, Collection, Adoption)] == [16, 100, 12, 22]

    def test_a_use_is_on_record_only_where_the_government_published_its_own_instrument(self):
        for adoption in Adoption.objects.select_related("resource", "jurisdiction"):
            resource = adoption.resource
            assert resource.kind in ("toolkit", "policy", "action_plan")
            assert adoption.jurisdiction in resource.contributed_by_jurisdictions.all()

    def test_names_that_matched_nothing_created_nothing(self):
        assert not Jurisdiction.objects.filter(name__in=["Salinas", "Mankato", "Iowa City", "Providence"]).exists()

    def test_seattle_shows_its_own_tools(self, get):
        library = section(get("/jurisdictions/seattle-wa/"), "Tools and resources")
        assert [
            words for words in re.findall(r'<p class="kind">([^<]+)</p>', library) if words.startswith("In use")
        ] == ["In use since March 31, 2008", "In use"]

    def test_what_the_alliance_would_search_for_answers_with_right_facets(self, client):
        listing = client.get("/resources/?q=racial+equity+toolkit&stage=operationalize").context["listing"]
        words = ("'racial'", "'equiti'", "'toolkit'")
        everywhere = [one for one in Resource.objects.published() if all(word in one.search for word in words)]
        expected = [one for one in everywhere if one.stage == "operationalize"]
        counts = {
            facet.param: {choice.value: choice.number for choice in choices if choice.number}
            for facet, choices in listing.choices
        }
        assert listing.total == len(expected) == 8
        assert {one.pk for one in listing.page} == {one.pk for one in expected}
        assert counts["kind"] == Counter(one.kind for one in expected)
        assert counts["year"] == Counter(str(one.year) for one in expected if one.year)
        assert counts["stage"] == Counter(one.stage for one in everywhere)
