"""Each rule of governments, ties, cohorts and milestones is refused by the database, with words a person can read."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from alliance.core.tests.factories import make_user
from cohorts.models import CohortSeat, Jurisdiction, Membership
from cohorts.tests.factories import (
    make_cohort,
    make_cohort_seat,
    make_jurisdiction,
    make_membership,
    make_milestone,
    make_place,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused():
    """Hold that a constraint refuses what `make` writes."""

    def check(name, make, **fields):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            make(**fields)

    return check


# --- places ---


def test_a_source_names_a_place_once(refused):
    make_place(source="geonames", source_id="1")
    make_place(source="census", source_id="1")
    refused("cohorts_place_source_once", make_place, source="geonames", source_id="1")


def test_a_geoid_names_one_place(refused):
    make_place(geoid="2743000")
    refused("geoid", make_place, geoid="2743000")


@pytest.mark.parametrize("geoid", ["99", "27", "27053", "2743000", "2705300001", None])
def test_a_geoid_has_two_five_seven_or_ten_digits(geoid, refused):
    make_place(geoid=geoid)
    make_jurisdiction(geoid=geoid)


@pytest.mark.parametrize("geoid", ["", "1", "abc", "270530", "27 53", "２７"])
def test_what_is_no_geoid_is_refused(geoid, refused):
    refused("cohorts_place_geoid", make_place, geoid=geoid)
    refused("cohorts_jurisdiction_geoid", make_jurisdiction, geoid=geoid)


@pytest.mark.parametrize(
    "point",
    [{"latitude": 91, "longitude": 0}, {"latitude": 0, "longitude": -181}, {"latitude": float("nan"), "longitude": 0}],
)
def test_a_place_lies_on_earth(point, refused):
    refused("cohorts_place_on_earth", make_place, **point)


@pytest.mark.parametrize("point", [{"latitude": 45, "longitude": None}, {"latitude": None, "longitude": -93}])
def test_a_place_has_both_coordinates_or_neither(point, refused):
    refused("cohorts_place_on_earth", make_place, **point)


@pytest.mark.parametrize(
    ("fields", "printed"),
    [
        ({"name": "Hennepin", "state": "MN", "kind": "county"}, "Hennepin County, MN"),
        ({"name": "Orleans", "state": "LA", "kind": "county"}, "Orleans Parish, LA"),
        ({"name": "Anchorage", "state": "AK", "kind": "county"}, "Anchorage (county equivalent), AK"),
        ({"name": "Baltimore", "state": "MD", "kind": "county", "geoid": "24510"}, "Baltimore (county equivalent), MD"),
        ({"name": "Baltimore", "state": "MD", "kind": "county", "geoid": "24005"}, "Baltimore County, MD"),
        ({"name": "District of Columbia", "state": "DC", "kind": "county"}, "District of Columbia, DC"),
        ({"name": "Northfield", "state": "MN"}, "Northfield, MN"),
    ],
)
def test_a_place_prints_with_the_legal_kind_that_is_known(fields, printed):
    assert str(make_place(**fields)) == printed


# --- jurisdictions ---


def test_the_figures_come_from_the_place_or_from_itself():
    place = make_place(population=20_000)
    assert make_jurisdiction(place=place).figures.population == 20_000
    assert make_jurisdiction(population=5).figures.population == 5


@pytest.mark.parametrize("own", [{"geoid": "27"}, {"population": 1}, {"latitude": 45, "longitude": -93}])
def test_own_figures_stand_only_where_there_is_no_place(own, refused):
    refused("cohorts_jurisdiction_own_values", make_jurisdiction, place=make_place(), **own)
    make_jurisdiction(**own)


def test_a_place_is_one_jurisdiction(refused):
    place = make_place()
    make_jurisdiction(place=place)
    refused("place_id", make_jurisdiction, place=place)


def test_the_place_lies_in_the_state():
    one = make_jurisdiction(state="OR")
    one.place = make_place(state="WA")
    with pytest.raises(ValidationError, match="This place lies in another state"):
        one.full_clean()


def test_the_year_of_a_link_is_a_year(refused):
    refused("cohorts_jurisdiction_role_year", make_jurisdiction, role_year=18)


def test_a_department_has_a_government_and_nothing_else_has_one(refused):
    city = make_jurisdiction()
    make_jurisdiction(kind="department", parent=city)
    refused("cohorts_jurisdiction_parent", make_jurisdiction, kind="department")
    refused("cohorts_jurisdiction_parent", make_jurisdiction, kind="city", parent=city)


def test_a_stage_needs_its_reason_and_a_reason_its_stage(refused):
    make_jurisdiction(stage="organize", stage_reason="An office since 2015.")
    refused("cohorts_jurisdiction_stage_reason", make_jurisdiction, stage="organize")
    refused("cohorts_jurisdiction_stage_reason", make_jurisdiction, stage_reason="An office since 2015.")


@pytest.mark.parametrize("words", [{"role_year": 2018}, {"role_words": "a member"}])
def test_the_year_and_words_of_a_link_need_the_link(words, refused):
    refused("cohorts_jurisdiction_role", make_jurisdiction, status="draft", role="", **words)


@pytest.mark.parametrize("gap", [{"role": ""}, {"sources": []}])
def test_a_published_government_is_on_record(gap, refused):
    make_jurisdiction(status="draft", **gap)
    refused("cohorts_jurisdiction_on_record", make_jurisdiction, **gap)


def test_only_core_members_and_members_read_as_members():
    roles = {role: make_jurisdiction(role=role).is_member for role in Jurisdiction.Role.values}
    assert [role for role, is_member in roles.items() if is_member] == ["core_member", "member"]
    assert set(Jurisdiction.objects.members().values_list("role", flat=True)) == {"core_member", "member"}


@pytest.mark.parametrize(("year", "words"), [(2018, "Took part in a cohort, 2018"), (None, "Took part in a cohort")])
def test_a_link_is_said_with_the_year_of_its_source(year, words):
    assert make_jurisdiction(role="cohort_participant", role_year=year).role_in_words == words


# --- memberships ---


def test_a_member_has_a_current_verified_tie():
    staff = make_user()
    make_membership()
    make_membership(verified_on="2026-01-01", verified_by=staff, ended_on="2026-02-01")
    member = make_membership(verified_on="2026-01-01", verified_by=staff)
    assert list(Membership.objects.current()) == [member]


def test_staff_verify_every_tie_but_their_own_and_none_twice():
    staff, colleague = make_user(), make_user()
    own, new = make_membership(user=staff), make_membership()
    old = make_membership(verified_on="2020-01-01", verified_by=colleague)
    assert [Membership.objects.verify(staff), Membership.objects.verify(staff)] == [1, 0]
    verified_by = dict(Membership.objects.values_list("pk", "verified_by"))
    assert verified_by == {own.pk: None, new.pk: staff.pk, old.pk: colleague.pk}


def test_a_person_has_one_open_tie_to_a_government(refused):
    tie = make_membership()
    make_membership(user=tie.user, jurisdiction=tie.jurisdiction, ended_on="2020-01-01")
    refused("cohorts_membership_one_open", make_membership, user=tie.user, jurisdiction=tie.jurisdiction)


def test_a_tie_does_not_end_before_it_starts(refused):
    refused("cohorts_membership_dates", make_membership, started_on="2020-01-02", ended_on="2020-01-01")


def test_a_verification_has_its_day_and_its_person(refused):
    refused("cohorts_membership_verified", make_membership, verified_on="2020-01-01")
    refused("cohorts_membership_verified", make_membership, verified_by=make_user())


def test_nobody_verifies_their_own_tie(refused):
    user = make_user()
    refused("cohorts_membership_not_by_self", make_membership, user=user, verified_on="2020-01-01", verified_by=user)


# --- cohorts and seats ---


@pytest.mark.parametrize(("start", "end"), [("2015", "2014"), ("2014-07", "2014-06-30"), ("2014-07-15", "2014-06")])
def test_a_cohort_does_not_end_before_it_begins(start, end, refused):
    refused("cohorts_cohort_dates", make_cohort, start=start, end=end)


@pytest.mark.parametrize(
    ("start", "end"),
    [("2014-07", "2014"), ("2014", "2014-01"), ("2014-07-15", "2014-07"), (None, "2014"), ("2014", None)],
)
def test_dates_that_may_be_in_order_are_taken(start, end):
    make_cohort(start=start, end=end)


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (("2014", None), ("2016", None), True),
        (("2014", "2016"), ("2015", None), True),
        (("2014", "2016"), ("2016", None), False),
        (("2014", "2016-06"), ("2016-05-31", None), True),
        (("2014", "2016-06"), ("2016-06", None), False),
        (("2016", "2016"), ("2016", "2016"), True),
        (("2014", "2014"), ("2016", "2016"), False),
        ((None, None), ("2016", "2016"), True),
        ((None, "2015"), ("2016", None), False),
        ((None, "2015"), ("2014", None), True),
        ((None, None), (None, None), True),
    ],
)
def test_a_government_never_has_two_seats_in_a_cohort_at_once(first, second, overlap, refused):
    seat = make_cohort_seat(joined=first[0], left=first[1])
    again = {"cohort": seat.cohort, "jurisdiction": seat.jurisdiction, "joined": second[0], "left": second[1]}
    if overlap:
        with pytest.raises(ValidationError, match="already has a seat in this cohort at that time"):
            CohortSeat(**again).validate_constraints()
        refused("cohorts_cohortseat_no_overlap", make_cohort_seat, **again)
    else:
        CohortSeat(**again).validate_constraints()
        make_cohort_seat(**again)


def test_a_seat_is_not_left_before_it_was_joined_and_the_words_say_so():
    seat = make_cohort_seat()
    reversed_dates = CohortSeat(cohort=make_cohort(), jurisdiction=seat.jurisdiction, joined="2016", left="2015")
    with pytest.raises(ValidationError, match="cannot be left before it was joined"):
        reversed_dates.full_clean()
    with pytest.raises(IntegrityError, match="cohorts_cohortseat_dates"), transaction.atomic():
        reversed_dates.save()


# --- milestones ---


def test_a_milestone_has_a_source(refused):
    refused("cohorts_milestone_sourced", make_milestone, sources=[])


def test_resolutions_and_ordinances_are_acts_of_law():
    acts = [kind for kind in ("resolution", "ordinance", "office", "other") if make_milestone(kind=kind).is_act_of_law]
    assert acts == ["resolution", "ordinance"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org/", "not an address", "//example.org"])
def test_a_source_is_a_web_address(address):
    milestone = make_milestone()
    milestone.sources = [address]
    with pytest.raises(ValidationError, match="web address"):
        milestone.full_clean()
