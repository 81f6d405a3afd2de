"""The front page of the admin: what waits for whoever looks, how the network grew, and a search over everything."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.utils import timezone

from alliance.core.admin_base import PortalAdmin
from alliance.core.home import Chart
from alliance.core.models import OutgoingMail
from cohorts.models import Jurisdiction
from cohorts.tests.factories import (
    make_cohort,
    make_cohort_seat,
    make_jurisdiction,
    make_membership,
    make_milestone,
    make_proposal,
)
from cohorts.tests.test_admin_browser import OF_DJANGO
from members.collaborations.tests.factories import make_join_request, make_steward
from members.partners.tests.factories import make_partner
from members.pathway.tests.factories import make_chair, make_reviewer
from resources.tests.factories import make_resource, make_suggestion

from .factories import make_admin, make_curator, make_user, numbers, sign_in, sign_in_browser
from .note_factories import make_report

pytestmark = pytest.mark.django_db

HOME = "/admin/"
SEARCH = "/admin/search/"

CONTENT = {
    "Reports of mistakes": "/admin/core/report/?state=waiting",
    "Changes that members propose": "/admin/cohorts/proposal/?state__exact=open",
    "Requests to join a collaboration": "/admin/collaborations/joinrequest/?state__exact=asked",
    "Collaborations that somebody wants to join, without a steward": (
        "/admin/collaborations/collaboration/?missing=steward"
    ),
    "Suggestions for the library": "/admin/resources/suggestion/?state=waiting",
    "Resources with a broken link": "/admin/resources/resource/?look=broken",
    "Resources that nobody has verified for 12 months": "/admin/resources/resource/?look=unverified",
    "Resources that nobody has verified yet": "/admin/resources/resource/?look=never",
}
OF_ADMINS = {
    "Mail that failed": "/admin/core/outgoingmail/?state__exact=failed",
    "Ties to governments that nobody has verified": (
        "/admin/cohorts/membership/?verified_on__isempty=1&ended_on__isempty=1"
    ),
}


def make_failed():
    fields = {"kind": "old", "to": "a@example.org", "subject": "-", "message_id": f"<{next(numbers)}>"}
    return OutgoingMail.objects.create(state="failed", done_at=timezone.now(), **fields)


def make_waiting(times=1):
    """So many of everything that can wait for staff, beside one of each that waits for nobody."""
    today = timezone.localdate()
    for _time in range(times):
        make_report()
        make_proposal()
        make_suggestion()
        make_resource(link_status="broken", last_verified_on=today)
        make_resource(last_verified_on=today - timedelta(days=400))
        make_resource(last_verified_on=None)
        make_failed()
        make_membership()
        make_join_request()
    make_report(state="used")
    make_join_request(state="withdrawn")
    make_steward()
    make_suggestion(state="unconfirmed")
    make_resource(link_status="broken", status="archived")
    make_membership(ended_on=today)


@pytest.mark.parametrize("times", [1, 3])
def test_each_line_says_how_many_wait_and_leads_to_a_list_of_just_these(client, times):
    make_waiting(times)
    sign_in(client, make_admin())
    needs = client.get(HOME).context["needs"]
    assert {str(label): address for label, _count, address in needs} == CONTENT | OF_ADMINS
    for label, count, address in needs:
        assert (count, client.get(address).context["cl"].result_count) == (times, times), label


def test_curators_see_what_waits_for_them_only(client):
    make_waiting()
    sign_in(client, make_curator())
    page = client.get(HOME)
    assert {str(label): address for label, _count, address in page.context["needs"]} == CONTENT
    assert 'href="/admin/core/report/?state=waiting">Reports of mistakes</a> <b>1</b>' in page.content.decode()


def test_where_nothing_waits_it_says_so(client):
    sign_in(client, make_admin())
    page = client.get(HOME)
    assert page.context["needs"] == []
    assert "Nothing waits for you." in page.content.decode()


@pytest.mark.parametrize(
    ("make", "title"),
    [
        (make_curator, "What would you like to curate?"),
        (make_admin, "What would you like to curate?"),
        (make_reviewer, "Your work here"),
        (make_chair, "Your work here"),
    ],
)
def test_the_title_fits_whoever_reads_it(client, make, title):
    sign_in(client, make())
    assert f"<h1>{title}</h1>" in client.get(HOME).content.decode()


@pytest.mark.parametrize(("make", "queries"), [(make_curator, 14), (make_admin, 22)])
@pytest.mark.parametrize("times", [1, 30])
def test_the_number_of_queries_is_fixed(client, django_assert_num_queries, make, queries, times):
    make_waiting(times)
    sign_in(client, make())
    client.get(HOME)
    with django_assert_num_queries(queries):
        client.get(HOME)


# --- The chart ---


def test_a_government_counts_from_the_first_year_that_a_source_shows():
    make_jurisdiction(role_year=2016)
    seated = make_jurisdiction(role_year=2019)
    make_cohort_seat(jurisdiction=seated, cohort=make_cohort(start="2017"), joined="2018-05")
    early = make_jurisdiction(role_year=None)
    make_cohort_seat(jurisdiction=early, cohort=make_cohort(start="2014-01"), joined=None)
    make_cohort_seat(jurisdiction=early, cohort=make_cohort(start="2020"), joined=None)
    make_jurisdiction(role_year=None)
    make_jurisdiction(role_year=2011, status="draft")
    assert Jurisdiction.objects.by_first_year() == {2014: 1, 2016: 1, 2018: 1, None: 1}


def test_a_chart_adds_up_and_leaves_no_year_out():
    drawn = Chart("Title", "Note", lambda: {2016: 3, 2014: 1, None: 2}).drawn()
    assert [(one["year"], one["came"], one["total"], one["height"]) for one in drawn["years"]] == [
        (2014, 1, 1, 30),
        (2015, 0, 1, 30),
        (2016, 3, 4, 120),
    ]
    assert drawn["undated"] == 2
    assert all(one["y"] + one["height"] == drawn["floor"] for one in drawn["years"])
    assert Chart("Title", "Note", dict).drawn()["years"] == []


def test_the_page_shows_the_chart_with_a_table_that_says_the_same(client):
    sign_in(client, make_curator())
    assert "<svg viewBox" not in client.get(HOME).content.decode()
    for year in (2014, 2015, 2015, None):
        make_jurisdiction(role_year=year)
    page = client.get(HOME).content.decode()
    rows = re.findall(r'<tr><th scope="row">(\d+)</th><td>(\d+)</td><td>(\d+)</td></tr>', page)
    assert rows == [("2014", "1", "1"), ("2015", "2", "3")]
    assert page.count("<rect") == 2
    assert "1 more has no year on record." in page


# --- The search ---


def found(client, text):
    page = client.get(SEARCH, {"q": text})
    assert page.status_code == 200
    return {section["title"]: [str(name) for name, _address in section["hits"]] for section in page.context["sections"]}


def test_everything_is_found_that_whoever_asks_may_see(client):
    make_jurisdiction(name="Oakwood", state="MN", status="draft")
    make_cohort(name="Oakwood cohort")
    make_partner(name="Oakwood partner", status="archived")
    make_resource(title="Oakwood toolkit")
    person = make_user(name="Olive Oakwood")
    make_membership(user=person, jurisdiction=make_jurisdiction(name="Town", state="MN"))
    of_content = {
        "jurisdictions": ["Oakwood, MN"],
        "cohorts": ["Oakwood cohort"],
        "partners": ["Oakwood partner"],
        "resources": ["Oakwood toolkit"],
    }
    sign_in(client, make_curator())
    assert found(client, "oakwood") == of_content
    sign_in(client, make_admin())
    ties = {"people": ["Olive Oakwood"], "memberships": [f"Person {person.pk}, Town, MN"]}
    assert found(client, "oakwood") == of_content | ties


def test_of_each_kind_a_few_are_shown_and_the_list_has_the_others(client):
    for number in range(6):
        make_jurisdiction(name=f"Oakwood {number}", state="MN")
    sign_in(client, make_curator())
    page = client.get(SEARCH, {"q": "oakwood"})
    (section,) = page.context["sections"]
    assert len(section["hits"]) == 5
    assert section["more"] == "/admin/cohorts/jurisdiction/?q=oakwood"
    assert client.get(section["more"]).context["cl"].result_count == 6
    assert all(client.get(address).status_code == 200 for _name, address in section["hits"])


@pytest.mark.parametrize("text", ["", " ", "\0", "%", "x" * 10_000, "qz " * 5_000, "<script>", "' OR 1=1 --", "zzzzzz"])
def test_no_words_break_the_search(client, text):
    make_jurisdiction()
    sign_in(client, make_admin())
    page = client.get(SEARCH, {"q": text})
    assert (page.status_code, page.context["sections"]) == (200, [])
    assert "<script>" not in page.content.decode()


def test_the_search_reads_only_and_is_for_staff(client):
    sign_in(client, make_curator())
    assert client.post(SEARCH, {"q": "oakwood"}).status_code == 405
    sign_in(client, make_user())
    assert client.get(SEARCH).status_code == 403


@pytest.mark.parametrize("times", [1, 30])
def test_the_search_asks_the_same_questions_however_much_it_finds(client, django_assert_num_queries, times):
    for _time in range(times):
        make_jurisdiction(name="Oakwood")
        make_cohort(name="Oakwood")
        make_milestone(title="Oakwood")
        make_resource(title="Oakwood")
        make_user(name="Oakwood")
    sign_in(client, make_admin())
    found(client, "oakwood")
    with django_assert_num_queries(29):
        found(client, "oakwood")


def test_every_admin_is_one_of_ours():
    assert all(isinstance(model_admin, PortalAdmin) for model_admin in admin.site._registry.values())


# --- How it looks ---


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_no_accessibility_fault_and_fit_a_phone(live_server, page, scheme):
    make_waiting()
    make_cohort_seat(joined="2014-07")
    sign_in_browser(page, live_server, make_admin())
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 700})
    for address in (HOME, f"{SEARCH}?q=govtown"):
        page.goto(f"{live_server}{address}")
        violations = Axe().run(page).response["violations"]
        assert {violation["id"] for violation in violations} - OF_DJANGO == set(), address
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
