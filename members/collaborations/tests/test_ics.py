"""Calendar files, read by parsers that are not ours, line by line against RFC 5545, and against the clocks."""

import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from members.collaborations import ics
from members.collaborations.models import Collaboration, Gathering

ADDRESS = "https://portal.example/collaborations/together/gatherings/7/"
UPDATED = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
CONTENT_LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^;:\"]+)*):(.*)", re.DOTALL)
REQUIRED = {
    "VCALENDAR": {"PRODID", "VERSION"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "URL", "LAST-MODIFIED"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME"},
    "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "RRULE"},
}
OPTIONAL = {"CALSCALE", "METHOD", "X-WR-CALNAME", "LOCATION", "DESCRIPTION", "RRULE"}


def make(**fields):
    """A gathering that is in no database: an hour and a half from 9:00 in Minneapolis on June 3, 2026."""
    starts_at = fields.pop("starts_at", datetime(2026, 6, 3, 14, tzinfo=UTC))
    values = {
        "collaboration": Collaboration(name="Together", slug="together"),
        "title": "Meeting",
        "version": 3,
        "updated_at": UPDATED,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=90),
    }
    return Gathering(**values | fields)


def write(*gatherings, name="Together"):
    return ics.calendar(gatherings, name, lambda one: ADDRESS)


def read(data):
    """The (component, name, parameters, value) of every line, after everything that RFC 5545 asks of the lines."""
    assert data.endswith(b"\r\n")
    lines = data[:-2].split(b"\r\n")
    assert not re.search(rb"[\r\n\x00-\x08\x0b-\x1f\x7f]", b"".join(lines))
    assert max(map(len, lines)) <= 75
    # No character is cut in two.
    text = "\r\n".join(line.decode() for line in lines).replace("\r\n ", "")
    inside, rows, held = [], [], []
    for line in text.split("\r\n"):
        name, parameters, value = CONTENT_LINE.fullmatch(line).groups()
        if name == "BEGIN":
            inside.append(value)
            held.append([])
        elif name == "END":
            assert inside.pop() == value
            names = held.pop()
            assert len(names) == len(set(names))
            assert REQUIRED[value] <= set(names) <= REQUIRED[value] | OPTIONAL
        else:
            held[-1].append(name)
            rows.append((inside[-1], name, parameters, value))
    assert inside == []
    defined = {value for component, name, _, value in rows if name == "TZID"}
    assert {parameters.removeprefix(";TZID=") for *_, parameters, _ in rows if parameters} == defined
    return rows


def facts(data, *names):
    """The values of these properties of the one event."""
    found = {name: value for component, name, _parameters, value in read(data) if component == "VEVENT"}
    return tuple(found.get(name) for name in names)


def test_a_gathering_is_told_in_full_and_a_parser_reads_it_back():
    one = make(location="City Hall, room 3; second floor", link="https://example.org/a?b=1,2", agenda="One\nTwo")
    data = write(one)
    assert facts(data, "DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "STATUS", "UID", "URL") == (
        *("20260603T090000", "20260603T103000", "20260102T030405Z", "20260102T030405Z"),
        *("3", "CONFIRMED", str(one.uid), ADDRESS),
    )
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert (event["summary"], event["location"], event["description"]) == (
        *("Meeting", "City Hall, room 3; second floor"),
        "https://example.org/a?b=1,2\n\nOne\nTwo",
    )
    assert (event.start, event.end) == (one.starts_at, one.ends_at)


def test_the_same_content_is_the_same_bytes():
    one = make()
    assert write(one) == write(one)


def test_what_was_called_off_stays_in_the_calendar_and_says_so():
    assert facts(write(make(is_cancelled=True)), "STATUS") == ("CANCELLED",)


def test_what_is_only_online_is_where_its_link_leads_and_what_is_not_known_is_left_out():
    link = "https://example.org/room"
    assert facts(write(make(link=link)), "LOCATION", "DESCRIPTION") == (link, link)
    assert facts(write(make()), "LOCATION", "DESCRIPTION") == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Board\r\nATTENDEE:mailto:somebody@example.org",
        "Board\rEND:VEVENT\rBEGIN:VALARM",
        "Board\nURL:https://example.net/",
        "Board\u2028X-EVIL:1\u2029Y\x85Z\x0bA\x0cB\x1cC",
        "NUL\x00 bell\x07 escape\x1b delete\x7f",
        "a,b;c\\d:e\"f'g",
        "\\n is not a line break, \\, is no comma",
        "会议" * 60,
        "👩🏽‍🤝‍👩🏿" * 30,
        "á" * 37 + "b" + "á" * 80,
        "=cmd|' /C calc'!A0",
        " ",
    ],
)
def test_no_text_gets_out_of_its_property(text):
    data = write(make(title=text, location=text, agenda=text), name=text)
    assert {name for _component, name, *_ in read(data)} & {"ATTENDEE", "X-EVIL", "BEGIN"} == set()
    whole = Calendar.from_ical(data)
    (event,) = whole.walk("VEVENT")
    assert event["summary"] == ics.plain(text)
    assert len(data.decode().splitlines()) == data.count(b"\r\n")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_any_text_is_read_back_as_it_was_but_for_control_characters(text):
    (event,) = Calendar.from_ical(write(make(title=text, agenda=text))).walk("VEVENT")
    assert (event["summary"], event.get("description", "")) == (ics.plain(text), ics.plain(text))
    read(write(make(title=text, agenda=text)))


# --- zones ---


def rules_of(zone):
    """The tzinfo of another library from our definition of a zone."""
    data = write(make(time_zone=zone, starts_at=datetime(2026, 6, 3, 14, tzinfo=UTC))).decode()
    return tzical(io.StringIO(data.replace("\r\n", "\n"))).get(zone)


def test_a_zone_changes_at_2_00_of_the_time_before_as_in_the_standard():
    rows = [(component, name, value) for component, name, _, value in read(write(make())) if component != "VEVENT"]
    assert rows[5:] == [
        ("VTIMEZONE", "TZID", "America/Chicago"),
        ("DAYLIGHT", "DTSTART", "20070311T020000"),
        ("DAYLIGHT", "RRULE", "FREQ=YEARLY;BYDAY=2SU;BYMONTH=3"),
        ("DAYLIGHT", "TZNAME", "CDT"),
        ("DAYLIGHT", "TZOFFSETFROM", "-0600"),
        ("DAYLIGHT", "TZOFFSETTO", "-0500"),
        ("STANDARD", "DTSTART", "20071104T020000"),
        ("STANDARD", "RRULE", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11"),
        ("STANDARD", "TZNAME", "CST"),
        ("STANDARD", "TZOFFSETFROM", "-0500"),
        ("STANDARD", "TZOFFSETTO", "-0600"),
    ]


@pytest.mark.parametrize("zone", Gathering.Zone.values)
def test_our_rules_of_a_zone_are_those_of_its_clocks(zone):
    rules, clock = rules_of(zone), ZoneInfo(zone)
    wrong = []
    for year in (2007, 2010, 2019, 2025, 2026, 2027, 2036):
        # Every hour of the weeks in which clocks change, and a day of each month.
        hours = [datetime(year, month, 1, tzinfo=UTC) + timedelta(hours=n) for month in (3, 11) for n in range(15 * 24)]
        for moment in [datetime(year, month, 20, 12, tzinfo=UTC) for month in range(1, 13)] + hours:
            local = moment.astimezone(clock)
            told = rules.utcoffset(local.replace(tzinfo=None))
            if not local.fold and told != local.utcoffset():
                wrong.append(moment)
    assert wrong == []


@pytest.mark.parametrize(
    ("zone", "starts_at", "told"),
    [
        ("America/New_York", "2026-07-01T13:00", ("20260701T090000", "20260701T103000")),
        ("America/Chicago", "2026-12-01T15:00", ("20261201T090000", "20261201T103000")),
        ("America/Phoenix", "2026-07-01T16:00", ("20260701T090000", "20260701T103000")),
        ("America/Denver", "2026-07-01T15:00", ("20260701T090000", "20260701T103000")),
        ("Pacific/Honolulu", "2026-07-01T19:00", ("20260701T090000", "20260701T103000")),
        ("America/Puerto_Rico", "2026-01-01T13:00", ("20260101T090000", "20260101T103000")),
        ("Pacific/Guam", "2026-06-30T23:00", ("20260701T090000", "20260701T103000")),
        ("America/Anchorage", "2026-07-01T17:00", ("20260701T090000", "20260701T103000")),
        # It begins before the clocks go forward, and ends after: 1:00 CST to 3:30 CDT.
        ("America/Chicago", "2026-03-08T07:00", ("20260308T010000", "20260308T033000")),
        # The first 1:15 of the two, and then the second.
        ("America/Chicago", "2026-11-01T05:15", ("20261101T001500", "20261101T014500")),
        ("America/Chicago", "2026-11-01T06:15", ("20261101T061500Z", "20261101T074500Z")),
        ("America/Chicago", "2026-11-01T07:15", ("20261101T071500Z", "20261101T084500Z")),
        ("America/Chicago", "2026-11-01T08:15", ("20261101T021500", "20261101T034500")),
        # Before today's rules.
        ("America/Chicago", "2006-04-01T15:00", ("20060401T150000Z", "20060401T163000Z")),
    ],
)
def test_a_time_is_told_in_its_zone_or_in_utc_where_the_local_time_would_be_another(zone, starts_at, told):
    one = make(time_zone=zone, starts_at=datetime.fromisoformat(starts_at).replace(tzinfo=UTC))
    data = write(one)
    assert facts(data, "DTSTART", "DTEND") == told
    clock = UTC if told[0].endswith("Z") else rules_of(zone)
    moments = [datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=clock) for text in told]
    assert [moment.astimezone(UTC) for moment in moments] == [one.starts_at, one.ends_at]


def test_a_calendar_defines_each_zone_once_in_one_order():
    zones = ["Pacific/Honolulu", "America/Chicago", "America/Phoenix", "America/Chicago"]
    rows = read(write(*(make(time_zone=zone) for zone in zones)))
    assert [value for _component, name, _, value in rows if name == "TZID"] == [
        "America/Chicago",
        "America/Phoenix",
        "Pacific/Honolulu",
    ]


def test_an_empty_calendar_is_a_calendar():
    assert [name for _component, name, *_ in read(write())] == [
        *("VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME")
    ]
