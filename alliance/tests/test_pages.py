"""The public pages with the first content: what they show, and what every page must carry."""

import gzip
import html
import itertools
import json
import math
import re

import html5lib
import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType

from alliance.core.seeding import read
from cohorts import map
from cohorts.models import Cohort, Jurisdiction
from members.collaborations.models import Collaboration
from members.partners.models import Partner
from members.partners.seed import FOLDER as PARTNERS
from resources.models import Collection, Resource, Topic

seeded = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
pytestmark = seeded

PAGES = [
    "/",
    "/about/",
    "/contact/",
    "/privacy/",
    "/accessibility/",
    "/pathway/",
    "/pathway/questions/",
    "/pathway/readiness/",
    "/notes/sent/",
    "/notes/confirmed/",
    "/notes/deleted/",
    "/data/",
    "/cohorts/",
    "/cohorts/first-cohort/",
    "/cohorts/minnesota-cohort/",
    "/jurisdictions/",
    "/jurisdictions/?state=MN&q=paul&sort=state&kind=zzz",
    "/jurisdictions/?state=MN&kind=court&stage=normalize",
    "/jurisdictions/seattle-wa/",
    "/jurisdictions/milwaukee-health-department-wi/",
    "/jurisdictions/fourth-judicial-district-mn/",
    "/jurisdictions/milestones/",
    "/jurisdictions/peers/",
    "/jurisdictions/peers/?place=northfield",
    "/jurisdictions/peers/?place=qqqqqqqq",
    "/jurisdictions/peers/?place=northfield, mn&domain=leadership&topic=contracting&topic=budgeting&near=0&alike=9",
    "/jurisdictions/peers/?government=saint-paul-mn&further=0",
    "/partners/",
    "/partners/?q=housing",
    "/partners/local-progress/",
    "/partners/loom-foundation/",
    "/collaborations/",
    "/collaborations/twin-cities-convening-on-racial-equity/",
    "/collaborations/southern-california-cohort/",
    "/collaborations/everybody-in/",
    "/collaborations/?state=MN",
    "/collaborations/measures/",
    "/collaborations/measures/?state=MN&topic=housing&q=race",
    "/collaborations/measures/unemployment-rate-minnesota/",
    "/collaborations/measures/graduation-rate-minnesota/",
    "/resources/",
    "/resources/?q=racial+equity+toolkit&stage=operationalize",
    "/resources/?q=comunity+engagment&sort=used",
    "/resources/?topic=housing&year=1850&kind=zzz",
    "/resources/racial-equity-toolkit-an-opportunity-to-operationalize-equity/",
    "/resources/citywide-racial-equity-goals-and-strategies/",
    "/resources/topics/data-and-measures/",
    "/resources/collections/start-here-your-first-ninety-days/",
    "/search/",
    "/search/?q=st+paul",
    "/search/?q=racial+equity",
    "/search/?q=comunity+engagment",
    "/search/?q=qqqqqqqq",
    "/no-such-page/",
]
# Bytes of HTML and CSS together, as served to a browser that takes gzip (and Brotli for the stylesheet).
BUDGET = 14 * 1024


@pytest.fixture
def get(client):
    def read_page(address):
        return client.get(address).content.decode()

    return read_page


def served_bytes(client, address, encoding):
    answer = client.get(address, headers={"accept-encoding": encoding})
    return b"".join(answer) if answer.streaming else answer.content


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_well_formed_html(address, get):
    html5lib.HTMLParser(strict=True).parse(get(address))


def test_the_html_is_valid(get, validate_html):
    validate_html([(address, get(address)) for address in PAGES])


@pytest.mark.parametrize("address", PAGES)
def test_a_page_with_its_stylesheet_keeps_to_the_budget(address, client, get):
    page = served_bytes(client, address, "gzip")
    assert gzip.decompress(page)
    stylesheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', get(address))
    css = sum(len(served_bytes(client, stylesheet, "br")) for stylesheet in stylesheets)
    assert len(page) + css <= BUDGET


def test_static_files_are_hashed_immutable_and_compressed_ahead(client, get):
    (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', get("/"))
    answer = client.get(stylesheet, headers={"accept-encoding": "br"})
    assert re.fullmatch(r"/static/css/portal\.[0-9a-f]{12}\.css", stylesheet)
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_nobody_else_for_anything(address, get):
    own = re.findall(
        r'(?:src|href|action)="([^"]*)"', re.sub(r"<a [^>]*>|<link rel=\"canonical\"[^>]*>", "", get(address))
    )
    assert [value for value in own if "//" in value] == []


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_no_inline_script_style_or_handler(address, get):
    page = get(address)
    assert re.findall(r"<script(?! type=\"application/ld\+json\"| src=\"/static/)", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", page) == []


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_carries_the_security_headers(address, client):
    headers = client.get(address).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    expected = {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    assert {name: headers.get(name) for name in expected} == expected


def test_every_page_has_a_title_and_a_description_of_its_own(get):
    models = (Cohort, Jurisdiction, Partner, Collaboration, Resource, Topic, Collection)
    plain = [address for address in PAGES if "?" not in address and address != "/no-such-page/"]
    plain = {*plain, *(one.get_absolute_url() for model in models for one in model.objects.published())}
    for pattern in (r"<title>(.*?)</title>", r'<meta name="description" content="([^"]+)">'):
        found = [re.search(pattern, get(address), re.DOTALL).group(1) for address in plain]
        assert len(set(found)) == len(plain)


@pytest.mark.parametrize("address", ["/", "/jurisdictions/seattle-wa/", "/partners/?q=housing", "/data/"])
def test_a_shared_link_shows_the_title_and_description_of_the_page(address, get):
    page = get(address)
    shared = dict(re.findall(r'<meta property="og:(title|description)" content="([^"]*)">', page))
    assert f"<title>{shared['title']} | The Alliance</title>" in page
    assert f'<meta name="description" content="{shared["description"]}">' in page
    assert re.search(r'<meta property="og:image" content="http://testserver/static/img/card\.[0-9a-f]{12}\.png">', page)


def test_the_canonical_address_has_no_filters(get):
    canonical = '<link rel="canonical" href="http://testserver/jurisdictions/'
    assert f'{canonical}">' in get("/jurisdictions/?state=MN&sort=state")
    assert f'{canonical}?page=2">' in get("/jurisdictions/?page=2&sort=state")
    assert f'{canonical}">' in get("/jurisdictions/?page=2&kind=city")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_leads_to_the_form_that_reports_a_mistake_on_it(address, get):
    page, _question, _query = address.partition("?")
    assert f'<a href="/report/?page={page}">Something wrong here?</a>' in get(address)


# --- what the pages show ---


def test_every_government_with_a_place_is_on_the_map_and_every_other_beside_it(get):
    figure = re.search(r"<figure>.*?</figure>", get("/"), re.DOTALL).group()
    on_the_map, beside = figure.split("</svg>", 1)
    published = Jurisdiction.objects.published()
    assert set(re.findall(r'<a href="(/jurisdictions/[^"]+)" class="', on_the_map)) == {
        one.get_absolute_url() for one in published if one.figures.latitude
    }
    assert set(re.findall(r'<a href="(/jurisdictions/[^"]+)"', beside)) == {
        one.get_absolute_url() for one in published if not one.figures.latitude
    }


def test_the_real_crowds_on_the_map_can_be_told_apart_and_stay_near_home():
    jurisdictions = list(Jurisdiction.objects.for_map())
    drawn = map.draw(jurisdictions)
    by_url = {one.get_absolute_url(): one for one in jurisdictions}
    for one, other in itertools.combinations(drawn.points, 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) >= map.ROOM[one.look] + map.ROOM[other.look] - 0.1
    # Half of New Jersey: nobody looks for Seattle in Idaho.
    assert max(math.dist((point.x, point.y), map.spot_of(by_url[point.url])) for point in drawn.points) < 40


def test_the_list_by_state_says_the_same_as_the_map(get):
    by_state = get("/").split('<ul class="states">')[1].split("</main>")[0]
    assert set(re.findall(r'<li><a href="(/jurisdictions/[^"?]+)"', by_state)) == {
        one.get_absolute_url() for one in Jurisdiction.objects.published()
    }


def test_the_map_of_a_list_shows_what_the_filters_found_on_all_its_pages(client):
    maps = {
        query: client.get(f"/jurisdictions/?{query}").context["map"]
        for query in ("", "state=MN", "state=MN&kind=court")
    }
    assert {query: len(drawn.points) for query, drawn in maps.items()} == {
        "": 79,
        "state=MN": 15,
        "state=MN&kind=court": 0,
    }


def test_minnesota_lists_its_seventeen_governments_with_right_counts(client):
    listing = client.get("/jurisdictions/?state=MN").context["listing"]
    kinds = {
        choice.value: choice.number for facet, choices in listing.choices if facet.param == "kind" for choice in choices
    }
    assert (listing.total, kinds) == (17, {"city": 12, "county": 3, "court": 1, "regional_agency": 1})


def test_the_partners_stand_in_the_order_of_the_alliance_on_their_pages(client):
    shown = re.findall(
        r'<h2><a href="/partners/[^"]+">([^<]+)</a>', client.get("/partners/?sort=alliance").content.decode()
    )
    assert [html.unescape(name) for name in shown] == [record["name"] for record in read(PARTNERS, "partners")]


def test_seattle_shows_its_ten_milestones_in_order(get):
    line = get("/jurisdictions/seattle-wa/").split('<ol class="line">')[1].split("</ol>")[0]
    assert re.findall(r'<time datetime="([^"]+)">([^<]+)<', line) == [
        ("2004", "2004"),
        ("2008", "2008"),
        ("2008-03-31", "March 31, 2008"),
        ("2009-11-30", "November 30, 2009"),
        ("2014-04-03", "April 3, 2014"),
        ("2015", "2015"),
        ("2015-05", "May 2015"),
        ("2017-11-20", "November 20, 2017"),
        ("2020-09", "September 2020"),
        ("2023-04-18", "April 18, 2023"),
    ]


def test_the_twin_cities_convening_shows_its_52_seats_by_sector(client):
    sectors = client.get("/collaborations/twin-cities-convening-on-racial-equity/").context["sectors"]
    assert [(str(label), len(seats)) for label, seats in sectors] == [
        ("Government", 8),
        ("Association", 2),
        ("University", 3),
        ("Community", 36),
        ("Philanthropy", 3),
    ]


def test_a_department_names_its_government_and_links_to_it_only_if_it_has_a_page(get):
    assert 'Department of <a href="/jurisdictions/marin-county-ca/">Marin County</a>' in get(
        "/jurisdictions/marin-county-free-library-ca/"
    )
    assert "Department of Milwaukee, Wisconsin" in get("/jurisdictions/milwaukee-health-department-wi/")


def test_a_government_shows_the_collaborations_it_sits_in_itself_or_as_a_partner(client):
    shown = client.get("/jurisdictions/ramsey-county-mn/").context["collaborations"]
    assert [name for name, _slug, _role in shown] == [
        "Everybody In",
        "Minnesota Advancing Racial Equity cohorts",
        "Saint Paul, Ramsey County and Saint Paul Public Schools racial equity leadership group",
        "Twin Cities convening on racial equity",
    ]


def test_a_place_outside_the_network_gets_ten_peers_and_why(client):
    context = client.get("/jurisdictions/peers/?place=northfield, mn&domain=tools").context
    peers = context["peers"]
    assert (str(context["chosen"]), len(peers)) == ("Northfield, MN", 10)
    assert [(str(peer.jurisdiction), peer.reasons, peer.reading) for peer in (peers[2], peers[6])] == [
        (
            "Seattle, WA",
            [
                "a city", "38 times your population", "adopted two tools, the latest in 2015",
                "uses two resources on budgeting", "its work is at the stage “operationalize”",
            ],
            ("Four uses of the toolkit a year (2015)", milestone("seattle-wa", "Four uses of the toolkit a year")),
        ),
        (
            "Willmar, MN",
            ["a city", "about the same population", "in the same state", "103 miles away"],
            ("what Willmar has done", "/jurisdictions/willmar-mn/"),
        ),
    ]  # fmt: skip


def milestone(slug, title):
    return Jurisdiction.objects.get(slug=slug).milestones.get(title=title).get_absolute_url()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("st paul", "/jurisdictions/saint-paul-mn/"),
        ("Minneapolis, Minnesota", "/jurisdictions/minneapolis-mn/"),
        ("metropolitan council", "/jurisdictions/metropolitan-council-mn/"),
        ("seatle", "/jurisdictions/seattle-wa/"),
    ],
)
def test_a_government_of_the_network_is_found_by_what_people_type(typed, address, client):
    page = client.get("/jurisdictions/peers/", {"place": typed}).content.decode()
    assert f'<a href="{address}">' in page


def test_a_government_of_the_network_is_offered_once(client):
    context = client.get("/jurisdictions/peers/?place=saint paul").context
    offered = [place.jurisdiction for place in context["candidates"] if hasattr(place, "jurisdiction")]
    assert "Saint Paul, MN" in names_of(offered + [context["chosen"]])
    assert "Saint Paul, MN" not in names_of(context["in_network"])


def names_of(things):
    return [str(thing) for thing in things if thing]


def test_a_cohort_says_since_when_only_where_that_is_known(get):
    since = '<th scope="col">Since</th>'
    assert [since in get(f"/cohorts/{slug}/") for slug in ("first-cohort", "minnesota-cohort")] == [False, True]


def test_search_marks_the_words_that_it_found(get):
    assert "<mark>housing</mark>" in get("/partners/?q=housing")


# --- schema.org ---


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/jurisdictions/seattle-wa/", "GovernmentOrganization"),
        ("/partners/local-progress/", "Organization"),
        ("/collaborations/our-mpls/", "Organization"),
    ],
)
def test_a_page_describes_itself_in_schema_org_words(address, kind, get):
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', get(address))
    data = json.loads(block)
    # The properties of Organization that we use (https://schema.org/Organization), and those of JSON-LD itself.
    known = {"@context", "@type", "@id", "name", "alternateName", "url", "description", "address", "location"}
    known |= {"parentOrganization", "foundingDate", "areaServed"}
    assert (data["@context"], data["@type"], data["@id"]) == ("https://schema.org", kind, f"http://testserver{address}")
    assert set(data) <= known
    assert all(data.values())


def test_a_department_names_its_government_to_machines_too(get):
    (block,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', get("/jurisdictions/milwaukee-health-department-wi/")
    )
    assert json.loads(block)["parentOrganization"] == {"@type": "GovernmentOrganization", "name": "Milwaukee"}


def test_what_is_uncertain_is_said_on_the_page(get):
    assert "Only Lynnwood is named on the stored page" in get("/collaborations/northwest-cohort/")
    assert "Our reading of the milestones below." in get("/jurisdictions/seattle-wa/")


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("/jurisdictions/?sort=milestones", "Seattle"),
        ("/jurisdictions/?sort=year&q=county", "Dane County"),
        ("/jurisdictions/?sort=state", "Alameda County"),
        ("/cohorts/", "First cohort"),
        ("/cohorts/?sort=size", "Minnesota cohort"),
        ("/collaborations/?sort=founded", "EquityNow Twin Cities"),
        ("/collaborations/?sort=size", "Twin Cities convening on racial equity"),
        ("/partners/?sort=name", "African American Leadership Forum"),
        ("/partners/?sort=sector", "League of Minnesota Cities"),
        ("/jurisdictions/milestones/", "Workforce Equity Strategic Plan 2024-2028"),
        ("/jurisdictions/milestones/?sort=oldest", "Race and Social Justice Initiative launched"),
    ],
)
def test_a_list_begins_as_its_order_says(address, first, client):
    row = client.get(address).context["listing"].page[0]
    assert str(row.title if hasattr(row, "title") else row.name) == first


def test_the_places_are_credited_where_their_data_is_given_away(get):
    assert '<a href="https://www.geonames.org/">GeoNames</a>, Creative Commons Attribution 4.0' in get("/data/")


def test_a_name_cannot_end_the_data_block(get):
    Jurisdiction.objects.filter(slug="seattle-wa").update(summary="</script><script>alert(1)</script>&amp;")
    page = get("/jurisdictions/seattle-wa/")
    assert "<script>alert" not in page
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(block)["description"] == "</script><script>alert(1)</script>&amp;"


# --- translation ---


def words_outside_translation(source):
    """Pieces of a template's own text, tags taken off, that still hold letters and that no translation tag covers."""
    source = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", source, flags=re.DOTALL)
    text = "".join(token.contents if token.token_type == TokenType.TEXT else "\0" for token in Lexer(source).tokenize())
    attributes = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"\0]*[A-Za-z]{2}[^"\0]*)"', text)
    body = re.sub(r"<[^>]*>", " ", text)
    return attributes + re.findall(r"[A-Za-z]{2,}", body)


# Words that are the same in every language.
NAMES = {"BibTeX", "GEOID", "GeoJSON", "GeoNames", "nbsp", "amp"}


@pytest.mark.parametrize(
    "template",
    [path for path in (settings.BASE_DIR / "templates").rglob("*.html") if "admin" not in path.parts],
    ids=lambda path: path.name,
)
def test_every_word_of_a_template_can_be_translated(template):
    assert set(words_outside_translation(template.read_text(encoding="utf-8"))) - NAMES == set()
