"""A filtered list: facets counted under each other's filters, chips, orders, pages and what to loosen."""

import pytest
from django.http import QueryDict

from cohorts.listings import JurisdictionListing
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_cohort, make_cohort_seat, make_jurisdiction
from members.collaborations.listings import CollaborationListing
from members.collaborations.models import Collaboration
from members.collaborations.tests.factories import make_collaboration

pytestmark = pytest.mark.django_db


@pytest.fixture
def governments():
    """Two cities and a county in Minnesota, a city and a county in Wisconsin; a cohort with one of each state."""
    made = {
        name: make_jurisdiction(name=name, slug=name.lower(), state=state, kind=kind)
        for name, state, kind in [
            ("Ada", "MN", "city"),
            ("Bemidji", "MN", "city"),
            ("Clay", "MN", "county"),
            ("Durand", "WI", "city"),
            ("Eau", "WI", "county"),
        ]
    }
    cohort = make_cohort(name="Lakes", slug="lakes")
    for name in ("Ada", "Eau"):
        make_cohort_seat(cohort=cohort, jurisdiction=made[name])
    make_cohort_seat(cohort=make_cohort(slug="hidden", status="draft"), jurisdiction=made["Clay"])


def listing(query="", kind=JurisdictionListing, model=Jurisdiction):
    rows = model.objects.published()
    return kind(rows.with_milestone_count() if model is Jurisdiction else rows.with_seat_count(), QueryDict(query))


def names(query):
    return [one.name for one in listing(query).page]


def counts(query, param):
    return {
        choice.value: choice.number
        for facet, choices in listing(query).choices
        if facet.param == param
        for choice in choices
    }


def test_filters_narrow_together(governments):
    assert names("state=MN&kind=city") == ["Ada", "Bemidji"]
    assert names("state=MN&cohort=lakes") == ["Ada"]
    assert names("cohort=hidden") == []


def test_each_facet_is_counted_under_all_filters_but_its_own(governments):
    assert counts("state=MN", "state") == {"MN": 3, "WI": 2}
    assert counts("state=MN", "kind") == {"city": 2, "county": 1}
    assert counts("state=MN&kind=city", "state") == {"MN": 2, "WI": 1}
    assert counts("cohort=lakes", "kind") == {"city": 1, "county": 1}
    assert counts("", "cohort") == {"lakes": 2}


def test_a_count_is_what_the_list_shows_when_its_link_is_followed(governments):
    for query in ("", "state=MN", "kind=city&state=WI", "cohort=lakes", "q=a"):
        for _facet, choices in listing(query).choices:
            for choice in choices:
                if not choice.is_active:
                    assert len(names(choice.url.removeprefix("?"))) == choice.number


def test_a_government_twice_in_a_cohort_is_one_row_and_one_count(governments):
    seat = Jurisdiction.objects.get(name="Ada").cohort_seats.get()
    seat.left = "2015"
    seat.joined = "2014"
    seat.save()
    make_cohort_seat(cohort=seat.cohort, jurisdiction=seat.jurisdiction, joined="2018")
    assert names("cohort=lakes") == ["Ada", "Eau"]
    assert counts("", "cohort") == {"lakes": 2}


def test_several_values_in_a_column_are_counted_each(governments):
    make_collaboration(states=["MN", "WI"])
    make_collaboration(states=["MN"])
    make_collaboration(states=[])
    found = listing("", CollaborationListing, Collaboration)
    assert [(c.value, c.number) for facet, choices in found.choices for c in choices if facet.param == "state"] == [
        ("MN", 2),
        ("WI", 1),
    ]
    assert listing("state=WI", CollaborationListing, Collaboration).total == 1


def test_a_chip_takes_off_its_own_filter_only(governments):
    chips = listing("state=MN&kind=city&q=ada&sort=state").chips
    assert [(str(label), url) for label, url in chips] == [
        ("“ada”", "?state=MN&kind=city&sort=state"),
        ("Minnesota", "?q=ada&kind=city&sort=state"),
        ("City", "?q=ada&state=MN&sort=state"),
    ]


@pytest.mark.parametrize(
    ("query", "tail"),
    [
        ("", ""),
        ("state=MN&kind=city", ": Minnesota, City"),
        ("page=2", ": page 2"),
        ("q=ada&page=3", ": “ada”, page 3"),
    ],
)
def test_the_title_says_what_the_list_was_narrowed_to(query, tail, governments):
    assert listing(query).title_tail == tail


def test_an_active_filter_that_matches_nothing_still_has_its_chip(governments):
    assert [(str(label), url) for label, url in listing("state=TX&kind=city").chips] == [
        ("Texas", "?kind=city"),
        ("City", "?state=TX"),
    ]


def test_where_nothing_matches_the_list_says_what_to_loosen(governments):
    empty = listing("state=WI&kind=county&q=ada")
    assert empty.total == 0
    assert [(label, number) for label, _url, number in empty.loosenings] == [("“ada”", 1)]
    assert empty.loosenings[0][1] == "?state=WI&kind=county"


def test_pages_keep_the_filters_and_hold_each_row_once(governments):
    for number in range(61):
        make_jurisdiction(name="Same name", slug=f"same-{number:02}", state="IA")
    pages = [listing(f"state=IA&page={number}") for number in (1, 2, 3)]
    assert [len(page.page) for page in pages] == [30, 30, 1]
    assert len({one.pk for page in pages for one in page.page}) == 61
    assert (pages[0].next_url, pages[1].previous_url) == ("?state=IA&page=2", "?state=IA&page=1")


def test_orders(governments):
    assert names("sort=state") == ["Ada", "Bemidji", "Clay", "Durand", "Eau"]
    assert names("q=eau&sort=name") == ["Eau"]
    assert list(listing("q=a").available_orders) == ["match", "name", "state", "milestones", "year"]
    assert listing("sort=match").notes == ["Order: we don't know “match”, so we left it out."]
