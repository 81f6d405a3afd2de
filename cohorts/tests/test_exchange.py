"""Which government, cohort or seat a row of a table means, and what is said where that is not clear."""

import pytest

from alliance.core.models import AuditEntry
from alliance.core.tests.admin_forms import messages
from alliance.core.tests.factories import make_curator, sign_in
from alliance.core.tests.tables import address, confirm, counts, csv_of_dicts, errors, refusal, upload
from cohorts.models import Cohort, CohortSeat, Jurisdiction

from .factories import make_cohort, make_cohort_seat, make_jurisdiction, make_place

pytestmark = pytest.mark.django_db

TOWN = {"name": "Springfield", "state": "MN", "kind": "city"}


@pytest.fixture
def ada(client):
    ada = make_curator(name="Ada")
    sign_in(client, ada)
    return ada


def given(client, *rows, model=Jurisdiction):
    return upload(client, model, csv_of_dicts(*rows))


def changes(response):
    return {row.thing: row.changes for row in response.context["plan"].of("changed")}


def candidates(response):
    return {row.number: row.candidates for row in response.context["plan"].ambiguous}


# --- Governments ---


def test_a_government_is_known_by_its_own_geoid_or_that_of_its_place(client, ada):
    own = make_jurisdiction(name="Lake schools", kind="school_district", geoid="2743000")
    placed = make_jurisdiction(name="Birmingham", state="AL", place=make_place(geoid="0107000", state="AL"))
    response = given(
        client,
        {"geoid": "2743000", "summary": "Schools."},
        {"geoid": "107000", "summary": "A city."},  # as a spreadsheet leaves it
    )
    assert changes(response) == {own: [("summary", "", "Schools.")], placed: [("summary", "", "A city.")]}
    confirm(client, Jurisdiction, response)
    placed.refresh_from_db()
    assert (placed.summary, placed.geoid, placed.figures.geoid) == ("A city.", None, "0107000")


def test_a_government_is_known_by_name_state_and_kind_however_the_name_is_spelled(client, ada):
    paul = make_jurisdiction(name="Saint Paul", slug="saint-paul-mn")
    make_jurisdiction(name="Saint Paul", state="TX")
    make_jurisdiction(name="Saint Paul", kind="school_district")
    response = given(client, {"name": "Saint Paul", "state": "Minnesota", "kind": "City", "population": "311527"})
    assert changes(response) == {paul: [("population", "", "311527")]}
    assert changes(given(client, {"name": "ST. PAUL", "state": "MN", "kind": "city"})) == {
        paul: [("name", "Saint Paul", "ST. PAUL")]
    }


def test_what_is_known_by_its_geoid_is_renamed_and_not_made_anew(client, ada):
    town = make_jurisdiction(name="Old name", geoid="2743000")
    response = given(
        client, {"geoid": "2743000", "name": "New name", "state": "MN", "kind": "city", "slug": "new-name-mn"}
    )
    assert changes(response) == {town: [("name", "Old name", "New name"), ("address word", town.slug, "new-name-mn")]}


@pytest.mark.parametrize("missing", ["name", "state", "kind"])
def test_fewer_than_all_three_say_nothing(client, ada, missing):
    make_jurisdiction(**TOWN)
    row = {name: value for name, value in TOWN.items() if name != missing}
    assert refusal(given(client, row)) == (
        "A column is missing by which we know a row again: slug, or else geoid, or else name + state + kind."
    )
    label = {"name": "name", "state": "state", "kind": "kind"}[missing]
    assert errors(given(client, row | {missing: ""})) == {2: [(label, "What is new needs it.")]}


def test_two_of_one_name_are_named_and_neither_is_guessed(client, ada):
    first, second = (make_jurisdiction(**TOWN, slug=slug, summary="Old") for slug in ("first-mn", "second-mn"))
    row = TOWN | {"summary": "New"}
    response = given(client, row, {"name": "Fair", "state": "MN", "kind": "city"})
    assert (counts(response), candidates(response)) == ({"ambiguous": 1, "new": 1}, {2: [first, second]})
    page = response.content.decode()
    for town in (first, second):
        link = f'<a href="/admin/cohorts/jurisdiction/{town.pk}/change/">Springfield, MN</a> (<code>{town.slug}</code>)'
        assert link in page
    assert 'value="Import"' not in page
    assert messages(confirm(client, Jurisdiction, response))[-1] == (
        "Some rows have errors or may mean more than one. Nothing was imported."
    )
    assert set(Jurisdiction.objects.values_list("summary", flat=True)) == {"Old"}
    assert changes(given(client, row | {"slug": "second-mn"})) == {second: [("summary", "Old", "New")]}


def test_a_word_and_a_geoid_of_two_governments_may_mean_either(client, ada):
    first = make_jurisdiction(slug="first-mn")
    second = make_jurisdiction(geoid="2743000")
    assert candidates(given(client, {"slug": "first-mn", "geoid": "2743000"})) == {2: [first, second]}


def test_another_geoid_or_word_makes_another_government_after_a_tick(client, ada):
    present = make_jurisdiction(**TOWN, slug="springfield-mn", geoid="2743000")
    response = given(client, TOWN | {"geoid": "2743001"})
    assert errors(response) == {2: [("", "Jurisdiction with this Address word already exists.")]}
    assert f'/jurisdiction/{present.pk}/change/">Springfield, MN</a>' in response.content.decode()
    response = given(client, TOWN | {"geoid": "2743001", "slug": "springfield-township-mn"})
    assert [row.resembles for row in response.context["plan"].resembling] == [[present]]
    assert messages(confirm(client, Jurisdiction, response))[-1] == (
        "Say whether these are other ones than those that are here. Nothing was imported."
    )
    confirm(client, Jurisdiction, response, are_others="on")
    assert set(Jurisdiction.objects.values_list("slug", "geoid")) == {
        ("springfield-mn", "2743000"), ("springfield-township-mn", "2743001"),
    }  # fmt: skip


def test_a_geoid_is_filled_in_where_there_was_none(client, ada):
    town = make_jurisdiction(**TOWN)
    assert changes(given(client, TOWN | {"geoid": "2743000"})) == {town: [("GEOID", "", "2743000")]}


def test_a_new_government_gets_its_place_and_its_word(client, ada):
    place = make_place(geoid="2743000", name="Springfield", population=2000)
    response = given(client, TOWN | {"geoid": "2743000"})
    assert [tuple(change) for change in response.context["plan"].rows[0].changes][-1] == (
        "address word", "", "springfield-mn",
    )  # fmt: skip
    confirm(client, Jurisdiction, response)
    town = Jurisdiction.objects.get()
    assert (town.place, town.geoid, town.slug, town.status) == (place, None, "springfield-mn", "draft")


def test_who_is_to_be_asked_for_stands_in_no_log(client, ada):
    make_jurisdiction(slug="town-mn", office="Office")
    row = {"slug": "town-mn", "office": "Equity office", "office_person": "Ida Wells", "office_person_agreed": "yes"}
    confirm(client, Jurisdiction, given(client, row))
    entry = AuditEntry.objects.get(action="change")
    assert (entry.before, entry.after) == ({"office": "Office"}, {"office": "Equity office"})
    assert entry.facts == {"fields": ["office_person", "office_person_agreed"]}


def test_an_emptied_geoid_unties_the_place(client, ada):
    make_jurisdiction(slug="town-mn", place=make_place(geoid="2743000"))
    confirm(client, Jurisdiction, given(client, {"slug": "town-mn", "geoid": ""}))
    assert Jurisdiction.objects.values_list("place", "geoid").get() == (None, None)


def test_an_empty_word_leaves_the_word(client, ada):
    town = make_jurisdiction(**TOWN)
    assert changes(given(client, TOWN | {"slug": "", "summary": "New"})) == {town: [("summary", "", "New")]}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"geoid": "0644000"}, ("", "This place lies in another state.")),
        ({"geoid": "2743000", "population": "5"},
         ("", "The place gives GEOID, population and coordinates: leave these empty.")),
        ({"geoid": "274"}, ("", "A GEOID has 2, 5, 7 or 10 digits.")),
        ({"latitude": "91", "longitude": "0"}, ("", "Enter latitude and longitude in degrees, both or neither.")),
        ({"kind": "department"}, ("", "A department needs the government it belongs to; no other kind has one.")),
        ({"kind": "department", "parent": "Twin"},
         ("parent", "2 are called Twin: write the address word.")),
        ({"status": "published"}, ("", "A published page needs a link to the Alliance and at least one source.")),
        ({"slug": "taken"}, ("", "This address word is part of the site's own addresses. Choose another.")),
        ({"population": "99999999999"}, ("population", "Ensure this value is less than or equal to 2147483647.")),
        ({"office_person": "Ida", "office": "Office"},
         ("", "A person is named here only if they agreed: give both, or neither.")),
    ],
)  # fmt: skip
def test_a_rule_that_a_new_government_breaks_stands_next_to_its_row(client, ada, row, said):
    make_place(geoid="0644000", state="CA")
    make_place(geoid="2743000")
    for state in ("WI", "IA"):
        make_jurisdiction(name="Twin", state=state)
    if row.get("slug"):
        row = {"slug": "peers"}
    response = given(client, {"name": "Fairtown", "state": "MN", "kind": "city"}, TOWN | row)
    assert (errors(response), counts(response)) == ({3: [said]}, {"new": 1, "wrong": 1})


def test_a_place_of_the_register_without_a_geoid_keeps_its_government(client, ada):
    make_jurisdiction(slug="town-mn", place=make_place())
    assert errors(given(client, {"slug": "town-mn", "geoid": "2743000"})) == {
        2: [("GEOID", "Its entry in the register of places has none yet. Leave this cell empty.")]
    }


def test_two_rows_for_one_government_are_both_wrong(client, ada):
    town = make_jurisdiction(**TOWN, slug="town-mn", geoid="2743000")
    said = [("", f"Another row means the same one: {town}.")]
    assert errors(given(client, {"slug": "town-mn", "geoid": ""}, {"slug": "", "geoid": "2743000"})) == {
        2: said, 3: said,
    }  # fmt: skip
    said = [("GEOID", "It stands in more than one row.")]
    assert errors(given(client, {"geoid": "2743000"}, {"geoid": "2743000"})) == {2: said, 3: said}


def test_two_new_rows_that_say_the_same_are_one_too_many(client, ada):
    response = given(client, TOWN, TOWN)
    assert errors(response) == {3: [("", "Jurisdiction with this Address word already exists.")]}


# --- Cohorts and seats ---


def test_a_cohort_is_known_by_its_word_or_its_name(client, ada):
    cohort = make_cohort(name="The first seven", slug="first")
    for row in ({"slug": "first"}, {"name": "the First Seven", "kind": "regional"}):
        response = given(client, row | {"start": "2014"}, model=Cohort)
        assert [row.thing for row in response.context["plan"].of("changed")] == [cohort]
    make_cohort(name="The first seven")
    assert len(candidates(given(client, {"name": "The first seven", "kind": "regional"}, model=Cohort))[2]) == 2


@pytest.fixture
def seat():
    return make_cohort_seat(
        cohort=make_cohort(slug="first"), jurisdiction=make_jurisdiction(slug="town-mn"), joined="2014", left="2016"
    )


PAIR = {"cohort": "first", "jurisdiction": "town-mn"}


def test_a_seat_is_known_by_cohort_government_and_when_it_was_joined(client, ada, seat):
    response = given(client, PAIR | {"joined": "2014", "left": "2017"}, model=CohortSeat)
    assert changes(response) == {seat: [("left", "2016", "2017")]}


def test_a_later_seat_of_the_same_government_is_new(client, ada, seat):
    confirm(client, CohortSeat, given(client, PAIR | {"joined": "2019"}, model=CohortSeat))
    assert set(CohortSeat.objects.values_list("joined", "left")) == {("2014", "2016"), ("2019", None)}


@pytest.mark.parametrize("joined", ["2015", ""])
def test_a_seat_at_the_same_time_is_refused_and_not_taken_for_the_other(client, ada, seat, joined):
    response = given(client, PAIR | {"joined": joined}, model=CohortSeat)
    assert errors(response) == {2: [("", "This government already has a seat in this cohort at that time.")]}


def test_two_rows_that_overlap_each_other_are_refused_too(client, ada, seat):
    rows = [PAIR | {"joined": "2020"}, PAIR | {"joined": "2021"}]
    assert errors(given(client, *rows, model=CohortSeat)) == {
        3: [("", "This government already has a seat in this cohort at that time.")]
    }


def test_a_number_changes_even_what_a_seat_is_known_by(client, ada, seat):
    other = make_jurisdiction(slug="other-mn")
    row = {"id": seat.pk, "cohort": "first", "jurisdiction": "other-mn", "joined": "2013"}
    response = given(client, row, model=CohortSeat)
    assert changes(response) == {seat: [("jurisdiction", "town-mn", "other-mn"), ("joined", "2014", "2013")]}
    confirm(client, CohortSeat, response)
    seat.refresh_from_db()
    assert (seat.jurisdiction, seat.joined) == (other, "2013")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("999999999", "Nothing here has this number. Leave it empty for what is new."),
        ("9" * 40, "Ensure this value is less than or equal to 9223372036854775807."),
        ("seven", "Enter a whole number."),
    ],
)
def test_a_number_that_nothing_has_is_an_error(client, ada, seat, number, said):
    response = given(client, PAIR | {"id": number, "joined": "2020"}, model=CohortSeat)
    assert errors(response) == {2: [("number", said)]}


def test_a_seat_needs_a_cohort_and_a_government_that_are_here(client, ada, seat):
    response = given(
        client,
        PAIR | {"jurisdiction": "nowhere"},
        {"cohort": "first", "jurisdiction": ""},
        {"cohort": "first", "jurisdiction": "town-mn", "joined": "2020", "left": "2019"},
        model=CohortSeat,
    )
    assert errors(response) == {
        2: [("jurisdiction", "Unknown: nowhere")],
        3: [("jurisdiction", "What is new needs it.")],
        4: [("", "The seat cannot be left before it was joined.")],
    }


def test_the_page_of_the_import_says_by_what_a_seat_is_known(client, ada):
    page = client.get(address(CohortSeat, "import")).content.decode()
    assert "We know a row again by id, or else cohort + jurisdiction + joined." in page
