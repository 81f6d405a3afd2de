"""The page of a collaboration: what is on record of each condition, and that nothing is claimed that is not."""

import gzip
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.tests.factories import make_jurisdiction, make_place
from members.partners.tests.factories import make_partner

from .factories import (
    make_activity,
    make_collaboration,
    make_gathering,
    make_measure,
    make_seat,
    make_update,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/collaborations/together/"
CONDITIONS = [
    "Common agenda",
    "Shared measurement",
    "Mutually reinforcing activities",
    "Continuous communication",
    "Backbone",
]


@pytest.fixture
def together():
    return make_collaboration(name="Together", slug="together")


@pytest.fixture
def rooms_of(client):
    """Reads the page: the HTML of each condition by its name."""

    def read():
        page = client.get(ADDRESS).content.decode()
        items = page.split('<ol class="five">')[1].split("</ol>")[0].split("<li><h3>")[1:]
        return {item.split("</h3>")[0]: item.split("</h3>")[1] for item in items}

    return read


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_condition_of_which_nothing_is_on_record_says_so_and_who_could_tell(together, rooms_of):
    rooms = rooms_of()
    assert list(rooms) == CONDITIONS
    for room in rooms.values():
        assert room.count('class="empty"') == 1
        assert "Whoever staffs it, or any member, could tell us." in room


def test_the_common_agenda_is_told_with_its_day_and_its_document(together, rooms_of):
    together.result, together.agreed_on, together.agenda = "Good <work> for all.", "2014-08", "https://example.org/plan"
    together.save()
    assert text_of(rooms_of()["Common agenda"]) == (
        "Good &lt;work&gt; for all. Agreed on: August 2014. Document: example.org"
    )


def test_the_first_measure_has_a_chart_and_the_others_say_their_gap_in_words(together, client):
    points = [("2012", "White", 5), ("2012", "Black", 13), ("2019", "White", 3), ("2019", "Black", 6)]
    first = make_measure(points, collaboration=together, name="A rate")
    second = make_measure([*points, ("2020", "White", 4), ("2020", "Black", 5)], collaboration=together, name="B rate")
    make_measure(points, collaboration=together, status="draft", name="Quiet rate")
    context = client.get(ADDRESS).context
    page = client.get(ADDRESS).content.decode()
    told = [(measure, chart is not None) for measure, _headline, chart in context["measures"]]
    assert told == [(first, True), (second, False)]
    assert f'id="{first.slug}"' in page
    assert f'id="{second.slug}"' not in page
    assert f'<a href="#{first.slug}">A rate</a>' in page
    assert f'<a href="{second.get_absolute_url()}">B rate</a>' in page
    assert page.count(context["measures"][1][1]) == 1
    assert "Quiet rate" not in page


def test_measures_that_nobody_has_taken_up_are_one_link_and_not_claimed(together, rooms_of):
    for n, state in enumerate(("MN", "MN", "WA")):
        make_measure(state=state, name=f"Free rate no. {n}")
    make_measure(state="MN", status="draft")
    make_measure(state="MN", collaboration=make_collaboration())
    room = rooms_of()["Shared measurement"]
    assert "No measure that its members keep together is on record." in room
    assert '<a href="/collaborations/measures/?state=MN">2 measures on record for the same states' in room
    assert "Free rate" not in room


def test_an_activity_says_who_leads_who_joins_what_it_should_move_how_it_stands_and_since_when(together, rooms_of):
    seats = [make_seat(collaboration=together, name_as_printed=f"Member {n}") for n in range(8)]
    rate = make_measure(collaboration=together, name="A rate")
    one = make_activity(
        collaboration=together, title="Hire", lead=seats[0], measure=rate, status="under_way", began="2024-05"
    )
    one.joined_by.set(seats[1:])
    make_activity(collaboration=together, title="Plan", measure=make_measure(status="draft"))
    elsewhere = make_measure(name="Quiet rate", collaboration=make_collaboration(status="draft"))
    make_activity(collaboration=together, title="Quiz", measure=elsewhere)
    rows = [text_of(row) for row in rooms_of()["Mutually reinforcing activities"].split("<tr>")[2:]]
    assert rows == [
        "Hire Member 0 Member 1, Member 2, Member 3, Member 4, Member 5 and 2 more A rate Under way since May 2024",
        "Plan Not on record Not on record Not on record Planned",
        "Quiz Not on record Not on record Not on record Planned",
    ]


def test_the_backbone_is_named_with_what_it_does(together, rooms_of):
    make_seat(collaboration=together, name_as_printed="Lab", role="backbone", functions=["funding", "vision"])
    make_seat(collaboration=together, name_as_printed="Hub", role="backbone")
    make_seat(collaboration=together, name_as_printed="Gone", role="backbone", ended="2020")
    assert text_of(rooms_of()["Backbone"]) == (
        "Lab Guides vision and strategy Raises money Hub What it does for the others is not on record."
    )


def test_what_is_long_is_cut_and_leads_to_all_of_it(together, client, rooms_of):
    for n in range(9):
        make_activity(collaboration=together, title=f"Activity no. {n}")
        ends_at = timezone.now() + timedelta(days=n - 4, hours=1)
        make_gathering(collaboration=together, starts_at=ends_at - timedelta(hours=1), ends_at=ends_at)
        make_update(collaboration=together, text="word " * 60)
    rooms = rooms_of()
    assert rooms["Mutually reinforcing activities"].count("<tr>") == 1 + 8
    assert f'href="{ADDRESS}activities/"' in rooms["Mutually reinforcing activities"]
    talk = rooms["Continuous communication"]
    assert (talk.count(f'href="{ADDRESS}gatherings/'), talk.count(f'href="{ADDRESS}updates/#')) == (3 + 3 + 1, 3)
    assert f'href="{ADDRESS}calendar.ics"' in talk
    assert client.get(f"{ADDRESS}activities/").content.decode().count("Activity no.") == 9
    assert client.get(f"{ADDRESS}updates/").content.decode().count("word " * 59) == 9


def test_gatherings_stand_in_their_order_the_next_one_first_and_the_last_one_first(together, client):
    for days in (-9, 2, -5, 9, -30, 30, -1, 4):
        starts_at = timezone.now() + timedelta(days=days)
        one = make_gathering(collaboration=together, title=f"{days}", starts_at=starts_at)
        one.attended_by.add(make_seat(collaboration=together))
    context = client.get(ADDRESS).context
    assert [[one.title for one in context[name]] for name in ("to_come", "over")] == [
        ["2", "4", "9"],
        ["-1", "-5", "-9"],
    ]
    assert [one.came for one in context["over"]] == [1, 1, 1]


# --- members ---


def test_who_is_missing_is_said_plainly(together, client):
    make_seat(collaboration=together, jurisdiction=make_jurisdiction())
    make_seat(collaboration=together, partner=make_partner(sector="university"))
    make_seat(collaboration=together, partner=make_partner(sector="community"), ended="2020")
    page = text_of(client.get(ADDRESS).content.decode())
    assert (
        "Who is missing: no association on record, no community organization on record, no philanthropy on record."
    ) in page


def test_a_former_member_stands_apart_and_counts_no_more(together, client):
    make_seat(collaboration=together, name_as_printed="Still here")
    make_seat(
        collaboration=together,
        ended="2020-05",
        jurisdiction=make_jurisdiction(name="Gone", place=make_place(latitude=45, longitude=-93)),
    )
    answer = client.get(ADDRESS)
    page = text_of(answer.content.decode())
    assert "Members 1 on record" in page
    assert "1 former member Gone, MN until May 2020" in page
    assert answer.context["map"].points == []


def test_whoever_wants_to_join_can_ask_until_it_has_ended(together, client):
    asks = 'href="/account/collaborations/together/join/"'
    assert asks in client.get(ADDRESS).content.decode()
    together.ended = "2020"
    together.save()
    page = client.get(ADDRESS).content.decode()
    assert asks not in page
    assert "It has ended." in page


# --- cost ---


@pytest.fixture
def grow(together):
    """Hangs `count` of everything on the collaboration."""

    def hang(count):
        seats = []
        for n in range(count):
            place = make_place(latitude=40 + n / 10, longitude=-90)
            holder = {"jurisdiction": make_jurisdiction(place=place)} if n % 2 == 0 else {"partner": make_partner()}
            seats.append(make_seat(collaboration=together, **holder))
        for n in range(min(count, 30)):
            rate = make_measure([("2012", "White", 5), ("2012", "Black", 13)], collaboration=together)
            words = f"Number {n} of what neighbors on {n * 7} streets do with the school, {n * 13} days of the year"
            one = make_activity(
                collaboration=together, title=words[:70], description=words, lead=seats[n], measure=rate, began="2024"
            )
            one.joined_by.set(seats[n : n + 9])
            starts_at = timezone.now() + timedelta(days=20 * (n - 15))
            gathering = make_gathering(
                collaboration=together, title=words[:70], agenda=words, notes=words, starts_at=starts_at
            )
            gathering.attended_by.set(seats[n : n + 9])
            make_update(collaboration=together, title=words[:70], text=words * 9)

    return hang


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_and_what_belongs_to_it_ask_a_fixed_number_of_questions(rows, grow, client, django_assert_num_queries):
    grow(rows)
    addresses = {ADDRESS: 11, f"{ADDRESS}activities/": 3, f"{ADDRESS}updates/": 2}
    for address, number in addresses.items():
        with django_assert_num_queries(number):
            assert client.get(address).status_code == 200


def test_with_52_members_30_activities_and_30_gatherings_it_keeps_to_the_budget(grow, client):
    grow(52)
    page = client.get(ADDRESS, headers={"accept-encoding": "gzip"})
    assert gzip.decompress(page.content)
    stylesheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get(ADDRESS).content.decode())
    css = [b"".join(client.get(one, headers={"accept-encoding": "br"})) for one in stylesheets]
    assert len(page.content) + sum(map(len, css)) <= 14 * 1024
