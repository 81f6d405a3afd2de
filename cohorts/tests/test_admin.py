from threading import Barrier, Thread

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connections
from django.test import Client
from django.utils import timezone

from alliance.core.tests.admin_forms import complaints, filled_in, messages, new_row
from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from cohorts.models import Cohort, CohortSeat, Jurisdiction, Membership, Milestone, Place

from .factories import (
    SOURCE,
    make_cohort,
    make_cohort_seat,
    make_jurisdiction,
    make_membership,
    make_milestone,
    make_place,
)

pytestmark = pytest.mark.django_db

JURISDICTIONS = "/admin/cohorts/jurisdiction/"
COHORTS = "/admin/cohorts/cohort/"
MEMBERSHIPS = "/admin/cohorts/membership/"
AUTOCOMPLETE = "/admin/autocomplete/?app_label=cohorts&model_name=jurisdiction&field_name=place&term="


@pytest.fixture
def curator(client):
    sign_in(client, make_curator())
    return client


@pytest.fixture
def admin(client):
    sign_in(client, make_admin(name="Root"))
    return client


def change(page):
    return f"/admin/{page._meta.app_label}/{page._meta.model_name}/{page.pk}/change/"


def act(client, address, action, objects):
    data = {"action": action, "_selected_action": [one.pk for one in objects]}
    return client.post(address, data, follow=True)


def rows(response):
    return list(response.context["cl"].result_list)


# --- Lists ---


@pytest.mark.parametrize(
    ("name", "make", "queries"),
    [
        ("jurisdiction", make_jurisdiction, 6),
        ("cohort", make_cohort, 5),
        ("cohortseat", make_cohort_seat, 6),
        ("milestone", make_milestone, 7),
        ("place", make_place, 4),
        ("membership", make_membership, 6),
    ],
)
def test_a_list_asks_the_same_questions_at_1_and_at_30_rows(admin, django_assert_num_queries, name, make, queries):
    make()
    with django_assert_num_queries(queries):
        assert len(rows(admin.get(f"/admin/cohorts/{name}/"))) == 1
    for _ in range(29):
        make()
    with django_assert_num_queries(queries):
        assert len(rows(admin.get(f"/admin/cohorts/{name}/"))) == 30


def test_the_list_of_governments_counts_milestones_and_seats(curator):
    seattle = make_jurisdiction()
    for _ in range(3):
        make_milestone(jurisdiction=seattle)
    for _ in range(2):
        make_cohort_seat(jurisdiction=seattle)
    [row] = rows(curator.get(JURISDICTIONS))
    assert (row.milestone_count, row.seat_count) == (3, 2)


def test_search_forgives_spelling_and_puts_the_best_match_first(curator):
    for name in ("Saint Paul Park", "Seattle", "Saint Paul"):
        make_jurisdiction(name=name)
    assert [row.name for row in rows(curator.get(JURISDICTIONS + "?q=st. paul"))] == ["Saint Paul", "Saint Paul Park"]
    assert [row.name for row in rows(curator.get(JURISDICTIONS + "?q=seatle"))] == ["Seattle"]


def test_a_column_that_was_clicked_orders_what_was_found(curator):
    for name in ("Saint Paul", "Saint Paul Park"):
        make_jurisdiction(name=name)
    found = rows(curator.get(JURISDICTIONS + "?q=st. paul&o=-1"))
    assert [row.name for row in found] == ["Saint Paul Park", "Saint Paul"]


@pytest.mark.parametrize(
    ("gap", "fields"),
    [
        ("stage", {"stage": ""}),
        ("summary", {"summary": ""}),
        ("website", {"website": ""}),
        ("point", {"latitude": None, "longitude": None}),
        ("sources", {"sources": [], "status": "draft"}),
    ],
)
def test_a_filter_finds_the_governments_that_lack_something(curator, gap, fields):
    whole = {
        "stage": "normalize",
        "stage_reason": "It passed a resolution.",
        "summary": "A city.",
        "website": "https://example.org",
        "latitude": 45,
        "longitude": -93,
    }
    make_jurisdiction(**whole)
    lacking = make_jurisdiction(**whole | {"stage_reason": "" if gap == "stage" else "It did."} | fields)
    assert rows(curator.get(f"{JURISDICTIONS}?missing={gap}")) == [lacking]


def test_a_filter_finds_the_governments_without_milestones(curator):
    make_milestone()
    lacking = make_jurisdiction()
    assert rows(curator.get(f"{JURISDICTIONS}?missing=milestones")) == [lacking]


def test_milestones_are_filtered_by_year_however_exact_their_date_is(curator):
    for date in ("2014", "2014-07", "2014-07-15", "2015"):
        make_milestone(date=date)
    assert [row.date for row in rows(curator.get("/admin/cohorts/milestone/?year=2014"))] == [
        "2014-07-15", "2014-07", "2014",
    ]  # fmt: skip


def test_the_register_is_searched_by_the_look_up_of_the_public_pages(curator):
    for name, people in (("Minneapolis", 2_000), ("Minneapolis", 400_000), ("Indianapolis", 900_000)):
        make_place(name=name, population=people)
    found = rows(curator.get("/admin/cohorts/place/?q=minneapolis"))
    assert [row.population for row in found[:2]] == [400_000, 2_000]


def test_a_box_for_a_place_tells_places_of_one_name_apart(curator):
    make_place(name="Oakwood", state="OH", kind=Place.Kind.VILLAGE, population=9_200)
    make_place(name="Oakwood", state="OH", population=700, kind=Place.Kind.VILLAGE, county="Paulding County")
    make_place(name="Oakwood", state="OH", population=None)
    found = curator.get(AUTOCOMPLETE + "oakwood").json()
    assert [row["text"] for row in found["results"]] == [
        "Oakwood, OH, Village, 9,200 people",
        "Oakwood (village, Paulding County), OH, 700 people",
        "Oakwood, OH, City or town",
    ]


def test_boxes_offer_governments_by_name(curator):
    for name in ("Seattle", "Albany", "Madison"):
        make_jurisdiction(name=name)
    found = curator.get("/admin/autocomplete/?app_label=cohorts&model_name=milestone&field_name=jurisdiction").json()
    assert [row["text"] for row in found["results"]] == ["Albany, MN", "Madison, MN", "Seattle, MN"]


def test_the_register_is_for_looking_only(curator):
    place = make_place()
    assert curator.get(change(place)).status_code == 200
    assert [curator.get(f"/admin/cohorts/place/{rest}").status_code for rest in ("add/", f"{place.pk}/delete/")] == [
        403
    ] * 2
    assert curator.post(change(place), {"name": "Elsewhere"}).status_code == 403


# --- Publishing ---


def test_publishing_says_how_many_and_leaves_its_mark_in_the_history(curator):
    drafts = [make_jurisdiction(status="draft") for _ in range(2)]
    public = make_jurisdiction()
    response = act(curator, JURISDICTIONS, "publish", [*drafts, public])
    assert messages(response) == ["2 pages were published."]
    assert Jurisdiction.objects.published().count() == 3
    assert set(LogEntry.objects.values_list("object_id", "change_message")) == {
        (str(draft.pk), "Published.") for draft in drafts
    }


def test_pages_that_may_not_be_published_are_named_and_the_others_are_published(curator):
    good = make_jurisdiction(status="draft")
    bad = make_jurisdiction(name="Nowhere", status="draft", sources=[])
    response = act(curator, JURISDICTIONS, "publish", [good, bad])
    assert messages(response) == [
        "Nowhere, MN was not published: A published page needs a link to the Alliance and at least one source.",
        "1 page was published.",
    ]
    assert list(Jurisdiction.objects.published()) == [good]


def test_archiving_takes_pages_out_of_public_view_and_keeps_them(curator):
    pages = [make_cohort() for _ in range(2)]
    assert messages(act(curator, COHORTS, "archive", pages)) == ["2 pages were archived."]
    assert list(Cohort.objects.values_list("status", flat=True)) == ["archived", "archived"]
    assert messages(act(curator, COHORTS, "archive", pages)) == ["0 pages were archived."]


def test_who_may_only_look_is_offered_no_action(client):
    viewer = make_user(is_staff=True)
    viewer.user_permissions.set(viewer.user_permissions.model.objects.filter(codename="view_jurisdiction"))
    viewer.refresh_from_db()
    sign_in(client, viewer)
    draft = make_jurisdiction(status="draft")
    assert client.get(JURISDICTIONS).context["action_form"] is None
    act(client, JURISDICTIONS, "publish", [draft])
    assert not Jurisdiction.objects.published().exists()


def test_a_curator_archives_pages_and_does_not_delete_them(curator):
    page = make_jurisdiction()
    assert curator.get(f"{JURISDICTIONS}{page.pk}/delete/").status_code == 403
    actions = dict(curator.get(JURISDICTIONS).context["action_form"].fields["action"].choices)
    assert set(actions) == {"", "publish", "archive"}


@pytest.mark.parametrize(("status", "shown"), [("draft", False), ("published", True), ("archived", False)])
def test_only_a_published_page_has_a_link_to_the_site(curator, status, shown):
    page = make_jurisdiction(status=status)
    assert curator.get(change(page)).context["has_absolute_url"] is shown
    milestone = make_milestone(jurisdiction=page)
    assert curator.get(change(milestone)).context["has_absolute_url"] is shown


# --- Refusals in words: everything typed stays ---

TOP = "__all__"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"slug": "taken"}, {"slug": ["Jurisdiction with this Address word already exists."]}),
        ({"slug": "peers"}, {TOP: ["This address word is part of the site's own addresses. Choose another."]}),
        ({"slug": "a b"}, {"slug": [
            "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
        ]}),
        ({"name": "Sea\0ttle"}, {"name": ["Null characters are not allowed."]}),
        ({"name": "x" * 10_240}, {"name": ["Ensure this value has at most 160 characters (it has 10240)."]}),
        ({"sources": "", "status": "published"}, {TOP: [
            "A published page needs a link to the Alliance and at least one source."
        ]}),
        ({"kind": "department"}, {TOP: [
            "A department needs the government it belongs to; no other kind has one."
        ]}),
        ({"latitude": "91", "longitude": "0"}, {TOP: ["Enter latitude and longitude in degrees, both or neither."]}),
        ({"latitude": "45"}, {TOP: ["Enter latitude and longitude in degrees, both or neither."]}),
        ({"stage": "organize"}, {TOP: ["A stage needs the reason for it, and a reason its stage."]}),
        ({"role": "", "role_year": "2018", "status": "draft"}, {TOP: [
            "Choose the link to the Alliance that this year and these words speak of."
        ]}),
        ({"geoid": "2743000"}, {"geoid": ["Jurisdiction with this GEOID already exists."]}),
        ({"population": "99999999999"}, {"population": [
            "Ensure this value is less than or equal to 2147483647."
        ]}),
    ],
)  # fmt: skip
def test_a_government_that_breaks_a_rule_is_refused_in_words(curator, typed, expected):
    make_jurisdiction(slug="taken", geoid="2743000")
    page = make_jurisdiction()
    before = Jurisdiction.objects.filter(pk=page.pk).values().get()
    response = curator.post(change(page), filled_in(curator.get(change(page)), **typed))
    assert complaints(response) == expected
    assert {name: filled_in(response)[name] for name in typed if typed[name]} == {k: v for k, v in typed.items() if v}
    assert Jurisdiction.objects.filter(pk=page.pk).values().get() == before


@pytest.mark.parametrize("box", ["website", "sources"])
@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org", "not-an-address", "https://a\0b.org"])
def test_only_web_addresses_are_taken_where_readers_will_follow_them(curator, box, address):
    page = make_jurisdiction()
    response = curator.post(change(page), filled_in(curator.get(change(page)), **{box: address}))
    assert set(complaints(response)) == {box}
    assert filled_in(response)[box] == address


def test_own_figures_beside_a_place_are_refused(curator):
    page = make_jurisdiction(population=5)
    data = filled_in(curator.get(change(page)), place=make_place().pk)
    assert complaints(curator.post(change(page), data)) == {
        TOP: ["The place gives GEOID, population and coordinates: leave these empty."]
    }


@pytest.mark.parametrize(
    ("values", "box", "words"),
    [
        ({"date": "2014-02-30"}, "date", "Enter a year, a month or a day: 2014, 2014-07 or 2014-07-15."),
        ({"date": "July 2014"}, "date", "Enter a year, a month or a day: 2014, 2014-07 or 2014-07-15."),
        ({"sources": ""}, "sources", "This field is required."),
        ({"title": "x" * 201}, "title", "Ensure this value has at most 200 characters (it has 201)."),
    ],
)
def test_a_milestone_that_breaks_a_rule_is_refused_beside_its_box(curator, values, box, words):
    page = make_jurisdiction()
    milestone = {"kind": "office", "date": "2014", "title": "An office", "sources": SOURCE} | values
    response = curator.post(change(page), filled_in(curator.get(change(page))) | new_row("milestones", 0, **milestone))
    assert words in complaints(response)[f"milestones-0-{box}"]
    assert not Milestone.objects.exists()


def seat_rows(client, cohort, *seats):
    data = filled_in(client.get(change(cohort)))
    for number, (jurisdiction, joined, left) in enumerate(seats, start=int(data["seats-INITIAL_FORMS"])):
        data |= new_row("seats", number, jurisdiction=jurisdiction.pk, joined=joined, left=left)
    return data


OVERLAP = "This government already has a seat in this cohort at that time."


@pytest.mark.parametrize(
    ("joined", "left", "expected"),
    [
        ("2016", "2015", {"seats-0-__all__": ["The seat cannot be left before it was joined."]}),
        ("2014-02-30", "", {"seats-0-joined": ["Enter a year, a month or a day: 2014, 2014-07 or 2014-07-15."]}),
    ],
)
def test_a_seat_with_impossible_dates_is_refused_beside_it(curator, joined, left, expected):
    cohort = make_cohort()
    data = seat_rows(curator, cohort, (make_jurisdiction(), joined, left))
    assert complaints(curator.post(change(cohort), data)) == expected


def test_a_seat_that_overlaps_another_is_refused_beside_it(curator):
    seat = make_cohort_seat(joined="2014", left="2016")
    data = seat_rows(curator, seat.cohort, (seat.jurisdiction, "2015", ""))
    response = curator.post(change(seat.cohort), data)
    assert complaints(response) == {"seats-1-__all__": [OVERLAP]}
    assert filled_in(response)["seats-1-joined"] == "2015"
    assert list(CohortSeat.objects.all()) == [seat]


def test_two_new_seats_that_overlap_are_refused_together(curator):
    cohort, seattle = make_cohort(), make_jurisdiction()
    data = seat_rows(curator, cohort, (seattle, "2014", "2016"), (seattle, "2015", ""))
    response = curator.post(change(cohort), data | {"summary": "Typed at length."})
    assert complaints(response) == {"seats-1-__all__": [OVERLAP]}
    assert filled_in(response)["summary"] == "Typed at length."
    assert not CohortSeat.objects.exists()
    cohort.refresh_from_db()
    assert cohort.summary == ""


def test_a_seat_that_was_left_makes_room_for_one_that_follows_in_the_same_form(curator):
    seat = make_cohort_seat(joined="2014")
    data = seat_rows(curator, seat.cohort, (seat.jurisdiction, "2016", "")) | {"seats-0-left": "2016"}
    assert curator.post(change(seat.cohort), data).status_code == 302
    assert list(CohortSeat.objects.values_list("joined", "left")) == [("2014", "2016"), ("2016", None)]


def test_a_new_cohort_is_not_half_saved_when_its_seats_are_refused(curator):
    seattle = make_jurisdiction()
    data = filled_in(curator.get(COHORTS + "add/"), name="New", slug="new-cohort", kind="regional")
    for number in (0, 1):
        data |= new_row("seats", number, jurisdiction=seattle.pk, joined="2014")
    assert complaints(curator.post(COHORTS + "add/", data)) == {"seats-1-__all__": [OVERLAP]}
    assert not Cohort.objects.exists()


def test_a_cohort_cannot_end_before_it_starts(curator):
    cohort = make_cohort()
    data = filled_in(curator.get(change(cohort)), start="2016-03", end="2016-02")
    assert complaints(curator.post(change(cohort), data)) == {TOP: ["The end cannot come before the start."]}


def test_what_somebody_else_saved_in_between_is_a_message_too(curator, monkeypatch):
    """The check of the form found nothing; then the other page was saved."""
    make_jurisdiction(slug="taken")
    page = make_jurisdiction()
    monkeypatch.setattr(Jurisdiction, "validate_unique", lambda *args, **kwargs: None)
    response = curator.post(change(page), filled_in(curator.get(change(page)), slug="taken", summary="Typed."))
    assert complaints(response) == {TOP: ["Jurisdiction with this Address word already exists."]}
    assert (filled_in(response)["slug"], filled_in(response)["summary"]) == ("taken", "Typed.")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_the_same_seat_at_once_one_is_told():
    cohort, seattle, people = make_cohort(), make_jurisdiction(), [make_admin(), make_admin()]
    start, answers = Barrier(2), []

    def save(person):
        browser = Client()
        sign_in(browser, person)
        data = seat_rows(browser, cohort, (seattle, "2014", ""))
        start.wait()
        response = browser.post(change(cohort), data)
        answers.append(complaints(response) if response.status_code == 200 else response.status_code)
        connections.close_all()

    threads = [Thread(target=save, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == [302, {"seats-0-__all__": [OVERLAP]}]
    assert CohortSeat.objects.count() == 1


def test_a_rule_that_only_the_database_held_against_a_page_is_named(curator, monkeypatch):
    page = make_jurisdiction()
    monkeypatch.setattr(Jurisdiction, "validate_constraints", lambda *args, **kwargs: None)
    response = curator.post(change(page), filled_in(curator.get(change(page)), slug="peers"))
    assert complaints(response) == {TOP: ["This address word is part of the site's own addresses. Choose another."]}


def test_a_slug_that_was_changed_leaves_the_old_address_leading_here(curator):
    page = make_jurisdiction(slug="old-mn")
    curator.post(change(page), filled_in(curator.get(change(page)), slug="new-mn"))
    assert curator.get("/jurisdictions/old-mn/").headers["Location"] == "/jurisdictions/new-mn/"


# --- Ties of people to governments ---


def test_verifying_a_tie_names_who_vouched_and_when(admin):
    ties = [make_membership() for _ in range(2)]
    assert messages(act(admin, MEMBERSHIPS, "verify", ties)) == ["2 ties were verified."]
    assert (
        list(Membership.objects.values_list("verified_by__name", "verified_on")) == [("Root", timezone.localdate())] * 2
    )


def test_nobody_verifies_their_own_tie(client):
    me = make_admin()
    sign_in(client, me)
    own, other = make_membership(user=me), make_membership()
    assert messages(act(client, MEMBERSHIPS, "verify", [own, other])) == [
        "1 tie was verified.",
        f"Your tie to {own.jurisdiction} was not verified: nobody verifies their own tie.",
    ]
    own.refresh_from_db()
    assert (own.verified_by, own.verified_on) == (None, None)


def test_a_tie_that_was_verified_keeps_who_vouched_first(admin):
    first = make_admin()
    tie = make_membership(verified_by=first, verified_on="2020-01-01")
    assert messages(act(admin, MEMBERSHIPS, "verify", [tie])) == ["0 ties were verified."]
    tie.refresh_from_db()
    assert tie.verified_by == first


def test_a_tie_stays_with_its_person_its_government_and_its_verifier(admin):
    tie = make_membership()
    before = (tie.user_id, tie.jurisdiction_id, None)
    other = make_membership()
    data = {
        "user": other.user_id,
        "jurisdiction": other.jurisdiction_id,
        "verified_by": other.user_id,
        "title": "Clerk",
    }
    assert admin.post(change(tie), data).status_code == 302
    tie.refresh_from_db()
    assert (tie.user_id, tie.jurisdiction_id, tie.verified_by_id, tie.title) == (*before, "Clerk")


def test_a_second_current_tie_to_one_government_is_refused(admin):
    tie = make_membership()
    address = MEMBERSHIPS + "add/"
    data = filled_in(admin.get(address), user=tie.user_id, jurisdiction=tie.jurisdiction_id)
    assert complaints(admin.post(address, data)) == {TOP: ["This person already has a current tie to this government."]}


def test_a_person_s_page_adds_ties_and_changes_none(admin):
    tie, other = make_membership(), make_jurisdiction()
    data = filled_in(admin.get(change(tie.user))) | new_row("memberships", 1, jurisdiction=other.pk)
    data |= {"memberships-0-id": tie.pk, "memberships-0-jurisdiction": other.pk, "memberships-0-title": "Mayor"}
    assert admin.post(change(tie.user), data).status_code == 302
    assert list(tie.user.memberships.order_by("pk").values_list("jurisdiction", "title")) == [
        (tie.jurisdiction_id, ""),
        (other.pk, ""),
    ]


def test_a_person_s_page_shows_their_ties_and_refuses_a_double_one_beside_it(admin):
    tie = make_membership()
    data = filled_in(admin.get(change(tie.user))) | new_row("memberships", 1, jurisdiction=tie.jurisdiction_id)
    assert complaints(admin.post(change(tie.user), data)) == {
        "memberships-1-__all__": ["This person already has a current tie to this government."]
    }
