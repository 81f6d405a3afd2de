"""Gatherings on their pages and in calendars: what everyone sees, and what only the people of the members see."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from alliance.core.tests.factories import make_admin, make_user, sign_in
from alliance.views import DATASETS
from cohorts.tests.factories import make_milestone
from members.partners.models import Affiliation
from members.partners.tests.factories import make_partner

from .factories import make_collaboration, make_gathering, make_seat, make_steward

pytestmark = pytest.mark.django_db

SECRET = "Quiet meeting"


@pytest.fixture
def together():
    return make_collaboration(name="Together", slug="together")


def known_address(gathering, name="known_gathering"):
    return reverse(name, args=[gathering.collaboration.slug, gathering.pk])


def text_of(answer):
    return (answer.getvalue() if answer.streaming else answer.content).decode()


def make_person_of(collaboration):
    """Somebody of a partner that sits there."""
    person, seat = make_user(), make_seat(collaboration=collaboration, partner=make_partner())
    Affiliation.objects.create(user=person, partner=seat.partner)
    return person


def test_a_gathering_says_when_where_what_and_which_organizations_came(together, client):
    one = make_gathering(
        collaboration=together,
        location="City Hall",
        link="https://example.org/room",
        agenda="1. **Budget**",
        notes="Yes",
    )
    one.attended_by.set([make_seat(collaboration=together, name_as_printed=name) for name in ("Food Bank", "A Church")])
    page = text_of(client.get(one.get_absolute_url()))
    assert "June 3, 2026, 9 a.m. to 10:30 a.m. CDT" in page
    assert "<strong>Budget</strong>" in page
    assert [word in page for word in ("City Hall", "https://example.org/room", "Food Bank", "A Church")] == [True] * 4
    assert "Called off" not in page


def test_a_gathering_without_anything_says_so(together, client):
    page = text_of(client.get(make_gathering(collaboration=together).get_absolute_url()))
    empty = ["No agenda on record.", "No notes on record.", "Nobody is on record.", "Not on record"]
    assert [words in page for words in empty] == [True] * 4


def test_what_was_called_off_says_so(together, client):
    one = make_gathering(collaboration=together, is_cancelled=True)
    assert "Called off." in text_of(client.get(one.get_absolute_url()))
    assert "Called off" in text_of(client.get("/collaborations/together/gatherings/"))


@pytest.mark.parametrize(
    ("zone", "hours", "told"),
    [
        ("America/Chicago", ((6, 3, 14), (6, 3, 15)), "June 3, 2026, 9 a.m. to 10 a.m. CDT"),
        ("America/Phoenix", ((6, 3, 14), (6, 3, 19)), "June 3, 2026, 7 a.m. to noon MST"),
        ("Pacific/Honolulu", ((6, 4, 1), (6, 4, 3)), "June 3, 2026, 3 p.m. to 5 p.m. HST"),
        ("America/Chicago", ((6, 3, 14), (6, 4, 22)), "June 3, 2026, 9 a.m. to June 4, 2026, 5 p.m. CDT"),
        ("America/Chicago", ((11, 1, 6), (11, 1, 7)), "November 1, 2026, 1 a.m. CDT to 1 a.m. CST"),
    ],
)
def test_when_it_is_is_told_as_on_the_spot(zone, hours, told):
    starts_at, ends_at = (datetime(2026, *moment, tzinfo=UTC) for moment in hours)
    assert make_gathering(time_zone=zone, starts_at=starts_at, ends_at=ends_at).when == told


def test_what_they_wrote_is_text_on_the_page_and_no_more(together, client):
    words = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    one = make_gathering(collaboration=together, title=words, location=words, agenda=words, notes=words)
    for address in (one.get_absolute_url(), "/collaborations/together/gatherings/", "/collaborations/together/"):
        page = text_of(client.get(address))
        assert [word for word in ("<script>alert", "<img", 'href="javascript') if word in page] == []


def test_the_list_tells_what_is_to_come_from_what_is_over_by_the_day(together, client):
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    ends = {"yesterday": -timedelta(minutes=1), "today": timedelta(minutes=1), "next": timedelta(days=3)}
    for title, after in ends.items():
        ends_at = midnight + after
        make_gathering(collaboration=together, title=title, starts_at=ends_at - timedelta(hours=1), ends_at=ends_at)
    context = client.get("/collaborations/together/gatherings/").context
    shown = [[one.title for one in context[name]] for name in ("to_come", "over")]
    assert shown == [["today", "next"], ["yesterday"]]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_pages_ask_the_same_questions_however_much_there_is(rows, together, client, django_assert_num_queries):
    one = make_gathering(collaboration=together, agenda="Text")
    for _ in range(rows):
        make_gathering(collaboration=together, starts_at=timezone.now() + timedelta(days=3))
        one.attended_by.add(make_seat(collaboration=together, partner=make_partner()))
    addresses = {
        "/collaborations/together/gatherings/": 3,
        "/collaborations/together/calendar.ics": 2,
        one.get_absolute_url(): 3,
        one.get_absolute_url()[:-1] + ".ics": 2,
    }
    for address, number in addresses.items():
        with django_assert_num_queries(number):
            assert client.get(address).status_code == 200


# --- calendars ---


def test_a_calendar_holds_the_public_gatherings_whose_events_lead_to_their_pages(together, client):
    one, other = make_gathering(collaboration=together, title="One"), make_gathering(collaboration=together)
    make_gathering(collaboration=together, is_public=False)
    make_gathering()
    answer = client.get("/collaborations/together/calendar.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {(event["uid"], event["url"]) for event in events} == {
        (str(one.uid), f"http://testserver{one.get_absolute_url()}"),
        (str(other.uid), f"http://testserver{other.get_absolute_url()}"),
    }
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="together.ics"'


def test_a_file_keeps_its_bytes_and_its_name_until_the_gathering_changes(together, client):
    one = make_gathering(collaboration=together)
    address = f"/collaborations/together/gatherings/{one.pk}.ics"
    first = client.get(address)
    assert client.get(address, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    one.is_cancelled = True
    one.save()
    second = client.get(address)
    events = [Calendar.from_ical(answer.content).walk("VEVENT")[0] for answer in (first, second)]
    assert events[0]["uid"] == events[1]["uid"]
    assert [(event["sequence"], event["status"]) for event in events] == [(1, "CONFIRMED"), (2, "CANCELLED")]
    assert second.headers["ETag"] != first.headers["ETag"]


def test_a_calendar_that_is_read_again_and_again_finds_the_new_address_of_its_collaboration(together, client):
    one = make_gathering(collaboration=together)
    together.slug = "anew"
    together.save()
    old = ["calendar.ics", "gatherings/", f"gatherings/{one.pk}/", f"gatherings/{one.pk}.ics"]
    moved = [client.get(f"/collaborations/together/{address}") for address in old]
    assert [answer.status_code for answer in moved] == [301] * 4
    assert [answer.url for answer in moved] == [f"/collaborations/anew/{address}" for address in old]


# --- who sees what is for members ---


def test_what_is_for_members_is_on_no_public_page_in_no_file_and_in_no_search(together, client):
    one = make_gathering(
        collaboration=together, title=SECRET, location=SECRET, agenda=SECRET, notes=SECRET, is_public=False
    )
    one.attended_by.set([make_seat(collaboration=together)])
    make_milestone()  # the time of an empty feed is that of its making
    addresses = [
        "/",
        "/collaborations/",
        "/collaborations/?q=quiet",
        "/collaborations/together/",
        "/collaborations/together/gatherings/",
        "/collaborations/together/calendar.ics",
        "/search/?q=quiet+meeting",
        "/sitemaps/collaboration.xml",
        "/feeds/milestones.atom",
        *(f"/data/{name}.json" for name in DATASETS),
    ]
    with_it = [text_of(client.get(address)) for address in addresses]
    assert [address for address, text in zip(addresses, with_it, strict=True) if SECRET in text] == []
    one.delete()
    # Not even by a count.
    without = [text_of(client.get(address)) for address in addresses]
    assert with_it == without


@pytest.mark.parametrize("ending", ["/", ".ics"])
def test_what_is_for_members_has_no_public_address(ending, together, client):
    one = make_gathering(collaboration=together, is_public=False)
    people = [None, make_person_of(together), make_steward(together).user, make_admin()]
    refusals = []
    for person in people:
        if person:
            sign_in(client, person)
        refusals.append(client.get(f"/collaborations/together/gatherings/{one.pk}{ending}"))
    missing = client.get(f"/collaborations/together/gatherings/{one.pk + 1}{ending}")
    assert [answer.status_code for answer in refusals] == [404] * 4
    assert {answer.content.replace(str(one.pk).encode(), b"") for answer in refusals} == {
        missing.content.replace(str(one.pk + 1).encode(), b"")
    }


@pytest.mark.parametrize("is_public", [True, False])
def test_the_people_of_its_members_and_its_stewards_see_it_and_nobody_keeps_it(is_public, together, client):
    one = make_gathering(collaboration=together, title="Board", notes="What we said", is_public=is_public)
    for person in (make_person_of(together), make_steward(together).user):
        sign_in(client, person)
        page, file = client.get(known_address(one)), client.get(known_address(one, "known_gathering_ics"))
        assert "What we said" in text_of(page)
        assert known_address(one, "known_gathering_ics") in text_of(page)
        assert '<a href="/account/collaborations/together/">Together</a>' in text_of(page)
        (event,) = Calendar.from_ical(file.content).walk("VEVENT")
        assert (event["summary"], event["url"]) == ("Board", f"http://testserver{known_address(one)}")
        assert [answer.headers["Cache-Control"] for answer in (page, file)] == ["private, no-store"] * 2


def test_for_others_it_is_not_there_the_same_as_what_was_never_there(together, client):
    one = make_gathering(collaboration=together, is_public=False)
    former = make_user()
    seat = make_seat(collaboration=together, partner=make_partner(), ended="2024")
    Affiliation.objects.create(user=former, partner=seat.partner)
    elsewhere = make_person_of(make_collaboration())
    for person in (make_user(), former, elsewhere, make_steward(together, ended_on="2025-01-01").user, make_admin()):
        sign_in(client, person)
        for name in ("known_gathering", "known_gathering_ics"):
            address, nowhere = known_address(one, name), reverse(name, args=["no-such-one", one.pk])
            answer, missing = client.get(address), client.get(nowhere)
            assert (answer.status_code, missing.status_code) == (404, 404)
            assert answer.content.replace(address.encode(), b"") == missing.content.replace(nowhere.encode(), b"")
    client.logout()
    assert client.get(known_address(one)).status_code == 302


def test_a_gathering_of_another_collaboration_is_not_there(together, client):
    other = make_gathering()
    assert client.get(f"/collaborations/together/gatherings/{other.pk}/").status_code == 404
    sign_in(client, make_steward(together).user)
    assert client.get(reverse("known_gathering", args=["together", other.pk])).status_code == 404


@pytest.mark.parametrize("address", ["gatherings/99999999999999999999/", "gatherings/99999999999999999999.ics"])
def test_a_number_that_is_too_long_is_not_there(address, together, client):
    assert client.get(f"/collaborations/together/{address}").status_code == 404
