"""Whatever stands in an address, the answer is a page that says what to do: 200, or 404; never a fault of ours."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts.tests.factories import make_jurisdiction, make_place
from members.collaborations.tests.factories import make_collaboration
from members.partners.tests.factories import make_partner
from resources.tests.factories import make_resource

pytestmark = pytest.mark.django_db

LISTS = [
    "/jurisdictions/",
    "/cohorts/",
    "/partners/",
    "/collaborations/",
    "/jurisdictions/milestones/",
    "/resources/",
    "/collaborations/measures/",
]

BAD_QUERIES = {
    "page zero": "page=0",
    "a page that is no number": "page=zzz",
    "a negative page": "page=-1",
    "a page in Arabic digits": "page=%D9%A1",
    "a very long page number": "page=" + "0" * 5000,
    "a state that does not exist": "state=XX",
    "a state in brackets": "state[]=MN&kind[]=1",
    "a state twice": "state=MN&state=WI",
    "a kind with a NUL byte": "kind=%00",
    "a cohort with a NUL byte": "cohort=a%00b&collaboration=a%00b&jurisdiction=a%00b",
    "a search with NUL bytes": "q=%00a%00",
    "ten kilobytes of text": "q=" + "equity%20" * 1280,
    "ten kilobytes of one word": "q=" + "a" * 10_240,
    "invalid UTF-8": "q=%ff%fe&state=%c3%28",
    "half a surrogate pair": "q=%ed%a0%80",
    "only punctuation": "q=!!!%20%26%20%7C%20%3A*%20(",
    "operators of text search": "q=a%3A*%20%26%20!b%20%3C-%3E%20c",
    "many minus signs": "q=" + "-" * 200,
    "many minus signs apart": "q=" + "-%20" * 100,
    "an open quote": "q=%22racial equity",
    "wildcards of SQL": "q=%25_%5C",
    "an emoji": "q=%F0%9F%8F%9B",
    "an order that does not exist": "sort=%27%3B--",
    "a semicolon": "q=a;b&state;MN",
    "two hundred filters": "&".join(f"state={number}" for number in range(200)),
    "nothing at all": "&&&===",
}


@pytest.fixture(autouse=True)
def something_to_find():
    make_jurisdiction(place=make_place())
    make_partner()
    make_collaboration()
    make_resource(title="Racial equity & <b>a</b> :*", summary="a b ! equity")


@pytest.mark.parametrize(
    "address",
    [
        *LISTS,
        "/jurisdictions/peers/",
        "/search/",
        "/search/names/",
        "/pathway/readiness/start/",
        "/report/",
        "/suggest/",
        "/account/login/",
        "/account/signup/",
        "/",
    ],
)
@pytest.mark.parametrize("query", BAD_QUERIES.values(), ids=BAD_QUERIES)
def test_a_bad_query_string_gets_a_page(query, address, client):
    assert client.get(f"{address}?{query}").status_code == 200


@pytest.mark.parametrize("address", LISTS)
def test_a_page_past_the_end_does_not_exist(address, client):
    assert [client.get(f"{address}?page={page}").status_code for page in (2, 10**30)] == [404, 404]


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("page=0", "Page: we don&#x27;t know “0”, so we left it out."),
        ("state=XX", "State: we don&#x27;t know “XX”, so we left it out."),
        ("sort=up", "Order: we don&#x27;t know “up”, so we left it out."),
        ("kind[]=city", "kind: we don&#x27;t know “kind[]”, so we left it out."),
        ("q=%00", "Search: we left out characters that cannot be searched."),
        ("state=%ff", "State: we left out characters that cannot be searched."),
        ("q=" + "a" * 300, "We searched for the first 200 characters only."),
    ],
)
def test_what_we_left_out_is_said_in_a_plain_note(query, note, client):
    page = client.get(f"/jurisdictions/?{query}").content.decode()
    assert f'<p class="note">{note}</p>' in page


@pytest.mark.parametrize("query", ["page=", "q=", "state=&kind=", "utm_source=mail", "q=%20%20st%20%20paul%20"])
def test_what_needs_no_note_gets_none(query, client):
    assert client.get(f"/jurisdictions/?{query}").context["listing"].notes == []


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999999999999999999", "1e3", "%00", ""])
def test_a_bad_number_of_a_place_or_a_weight_gets_a_page(number, client):
    place = make_place(name="Northfield").pk
    assert client.get(f"/jurisdictions/peers/?id={number}").status_code == 200
    assert client.get(f"/jurisdictions/peers/?id={place}&alike={number}&near={number}").status_code == 200


@pytest.mark.parametrize("slug", ["a" * 4000, "%00", "..%2f..%2fetc%2fpasswd", "ünïcode", "<script>", "%ff"])
def test_a_bad_address_does_not_exist(slug, client):
    assert client.get(f"/jurisdictions/{slug}/").status_code == 404


def test_what_was_typed_comes_back_inert(client):
    typed = "\"><script>alert('x')</script>"
    for address in (
        "/jurisdictions/?q=",
        "/search/?q=",
        "/jurisdictions/peers/?place=",
        "/partners/?collaboration=",
        "/cohorts/?kind=",
        "/pathway/readiness/start/?q=",
    ):
        page = client.get(address + quote(typed)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(" in page


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            ["q", "state", "kind", "sort", "page", "cohort", "place", "id", "topic", "jurisdiction", "year", "after"]
        ),
        st.text(),
    )
)
def test_no_text_anywhere_breaks_a_list(client, params):
    params.pop("page", None)
    assert client.get("/resources/", params).status_code == 200
    assert client.get("/jurisdictions/", params).status_code == 200
    assert client.get("/jurisdictions/peers/", params).status_code == 200
