"""The pages of notes in each state: what every page must carry, and what no text can break."""

import gzip
import re

import html5lib
import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance.core.models import Report, Tally
from alliance.core.tests.factories import make_curator, sign_in
from alliance.core.tests.note_factories import make_report
from resources.tests.factories import make_resource, make_suggestion

from .test_pages import BUDGET, served_bytes

pytestmark = pytest.mark.django_db

KEY = "k" * 32
LINK = f"/notes/{KEY}/"


@pytest.fixture
def states(client):
    """The answers in each state, by name."""
    make_suggestion(state="unconfirmed", key=KEY, why="<b>First</b>\nsecond line")
    return {
        "an empty report": client.get("/report/"),
        "a report about a page": client.get("/report/?page=/jurisdictions/%3Fstate=MN"),
        "a report with faults": client.post("/report/", {"page": "<b>", "source": "javascript:alert(1)"}),
        "an empty suggestion": client.get("/suggest/"),
        "a suggestion with faults": client.post("/suggest/", {"title": '"><script>', "link": "no address"}),
        "to confirm": client.get(LINK),
        "gone": client.get(f"/notes/{'z' * 32}/"),
    }


def test_every_state_is_valid_html(states, validate_html):
    pages = [(name, answer.content.decode()) for name, answer in states.items()]
    for _name, page in pages:
        html5lib.HTMLParser(strict=True).parse(page)
    validate_html(pages)


def test_every_state_keeps_to_the_budget_with_its_stylesheet(states, client):
    page = states["an empty report"].content.decode()
    (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    css = len(served_bytes(client, stylesheet, "br"))
    sizes = {name: len(gzip.compress(answer.content)) + css for name, answer in states.items()}
    assert {name: size for name, size in sizes.items() if size > BUDGET} == {}


def test_every_state_asks_nobody_else_has_nothing_inline_and_is_kept_by_nobody(states):
    for answer in states.values():
        page = answer.content.decode()
        assert re.findall(r"<script|<style|\sstyle=|\son[a-z]+=", page) == []
        assert [link for link in re.findall(r'(?:src|action|href)="([^"]*)"', page) if "//" in link] == []
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert '<meta name="robots" content="noindex">' in page


def test_the_page_behind_a_link_tells_its_key_to_nobody_else(states):
    page = states["to confirm"].content.decode()
    assert re.findall(f'([a-z]+)="[^"]*{KEY}', page) == ["action"]
    assert 'href="/report/?page=/notes/%28key%29/"' in page
    assert "&lt;b&gt;First&lt;/b&gt;<br>second line" in page


def test_reading_a_link_confirms_nothing_however_it_is_read(client):
    make_report(state="unconfirmed", key=KEY)
    assert [client.get(LINK).status_code, client.head(LINK).status_code] == [200, 200]
    methods = ("put", "delete", "patch", "options")
    assert [getattr(client, method)(LINK).status_code for method in methods] == [405] * 4
    assert Report.objects.get().state == "unconfirmed"


BOXES = ("page", "what", "source", "title", "link", "why", "publisher", "email", "homepage", "nothing")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(BOXES), st.text(st.characters(exclude_categories=["Cs"]))))
def test_no_text_anywhere_breaks_a_form(client, typed):
    Tally.objects.all().delete()
    expected = {303} if typed.get("homepage") else {303, 400}
    assert {client.post(address, typed).status_code for address in ("/report/", "/suggest/")} <= expected


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(what=WORDS, page=WORDS)
def test_what_is_taken_is_shown_as_text_and_leads_to_no_other_site(client, what, page):
    Tally.objects.all().delete()
    Report.objects.all().delete()
    answer = client.post("/report/", {"page": f"/{page}", "what": what, "email": "ada@example.org"})
    assert answer.status_code in (303, 400)
    for report in Report.objects.all():
        assert re.fullmatch(r"/(?![/\\])[!-~]*", report.page)
        shown = client.get(reverse("note", args=[report.key])).content.decode()
        assert shown.count("<bdi>") == shown.count("</bdi>") == 2


@pytest.mark.parametrize(
    ("address", "make"),
    [
        ("/admin/core/report/", lambda **fields: make_report(**fields)),
        ("/admin/resources/suggestion/", lambda **fields: make_suggestion(resource=make_resource(), **fields)),
    ],
)
def test_the_list_of_curators_takes_a_fixed_number_of_queries(address, make, client, django_assert_num_queries):
    curator = make_curator()
    sign_in(client, curator)
    for count in (1, 29):
        for _ in range(count):
            make(state="used", settled_by=curator)
        with django_assert_num_queries(7):
            client.get(address)
