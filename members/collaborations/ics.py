"""Gatherings as iCalendar (RFC 5545), the same bytes for the same content. `icalendar` folds the lines and escapes the
text; which rules a zone follows is written here, as its own zones begin the summer an hour late."""

import re
from datetime import UTC, datetime

from django.conf import settings
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vText

# The changes of US clocks since 2007: the second Sunday of March and the first one of November, each at 2:00 of the
# time before. Source: Energy Policy Act of 2005, section 110 (15 U.S.C. 260a).
FIRST_YEAR = 2007
SUMMER = datetime(FIRST_YEAR, 3, 11, 2), {"freq": "yearly", "bymonth": 3, "byday": "2su"}
WINTER = datetime(FIRST_YEAR, 11, 4, 2), {"freq": "yearly", "bymonth": 11, "byday": "1su"}

# What a text must not hold (RFC 5545, section 3.3.11); a line break alone has a way to be written.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def calendar(gatherings, name, address_of):
    """Bytes of a calendar called `name`; `address_of` gives the full address of a gathering's page."""
    gatherings = list(gatherings)
    whole = Calendar()
    whole.add("prodid", f"-//{plain(settings.SITE_NAME)}//Portal//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", plain(name))
    told_in = {one.time_zone: one.zone for one in gatherings if can_be_told(one)}
    for zone in sorted(told_in):
        whole.add_component(time_zone(told_in[zone]))
    for one in gatherings:
        whole.add_component(event(one, address_of(one)))
    return whole.to_ical()


def can_be_told(gathering):
    """Whether local times say when it is. The hour that comes twice in November is the first of the two, so what lies
    in the second is told in UTC; so is what was before today's rules."""
    ends = gathering.local_start, gathering.local_end
    return all(moment.year >= FIRST_YEAR and not moment.fold for moment in ends)


def time_zone(zone):
    """The VTIMEZONE of a zone of the United States, with the changes of its clocks where there are any."""
    component = Timezone()
    component.add("tzid", zone.key)
    winter, summer = (datetime(FIRST_YEAR, month, 15, tzinfo=zone) for month in (1, 7))
    if winter.utcoffset() == summer.utcoffset():
        component.add_component(observance(TimezoneStandard(), winter, winter, datetime(FIRST_YEAR, 1, 1)))
    else:
        component.add_component(observance(TimezoneDaylight(), winter, summer, *SUMMER))
        component.add_component(observance(TimezoneStandard(), summer, winter, *WINTER))
    return component


def observance(component, before, then, begins, rule=None):
    component.add("dtstart", begins)
    component.add("tzoffsetfrom", before.utcoffset())
    component.add("tzoffsetto", then.utcoffset())
    component.add("tzname", then.tzname())
    if rule:
        component.add("rrule", rule)
    return component


def event(gathering, address):
    component = Event()
    component.add("uid", str(gathering.uid))
    component.add("dtstamp", gathering.updated_at.astimezone(UTC))
    component.add("last-modified", gathering.updated_at.astimezone(UTC))
    component.add("sequence", gathering.version)
    times = gathering.local_start, gathering.local_end
    if not can_be_told(gathering):
        times = [moment.astimezone(UTC) for moment in times]
    component.add("dtstart", times[0])
    component.add("dtend", times[1])
    component.add("summary", plain(gathering.title))
    component.add("status", "CANCELLED" if gathering.is_cancelled else "CONFIRMED")
    component.add("url", address)
    if where := gathering.location or gathering.link:
        component.add("location", plain(where))
    if description := "\n\n".join(filter(None, (gathering.link, gathering.agenda))):
        component.add("description", plain(description))
    return component


def plain(text):
    """The text without control characters, every kind of line break as the one that is written."""
    return vText(CONTROLS.sub("", "\n".join(text.splitlines())))
