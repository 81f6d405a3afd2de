"""What the front page of the admin shows: what waits for whoever looks, where else they work, and how the network grew.

Each app says its part in `home.py`: `NEEDS`, `LINKS` and `CHARTS`, each where there is something. This module gathers
them, and is itself that of the ground floor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .models import OutgoingMail, Report, User
from .rooms import rooms


def holds(right):
    """A condition: whether somebody has this right, as "core.change_report"."""
    return lambda user: user.has_perm(right)


def is_admin(user):
    return user.is_superuser


def list_of(model, **filters):
    """The address of a list of the admin, filtered."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(filters)}" if filters else address


@dataclass(frozen=True)
class Need:
    """Something that waits for whoever `may` see to it: `rows` gives it for a person, `address` the page with it."""

    label: str
    may: Callable[[User], bool]
    rows: Callable[[User], QuerySet]
    address: Callable[[], str]


@dataclass(frozen=True)
class Link:
    """A page beside the lists of the admin, for whoever `may` open it."""

    label: str
    may: Callable[[User], bool]
    address: Callable[[], str]


# Units of a chart, drawn by templates/admin/_chart.html.
BAR, GAP, HIGHEST, HEADROOM = 28, 12, 120, 18


@dataclass(frozen=True)
class Chart:
    """Something that grew year by year. `rows` gives {year: how many came}, with those of no known year under None."""

    title: str
    note: str
    rows: Callable[[], dict]

    def drawn(self):
        """The years without a gap, each with how many came, how many there were by then, and its bar."""
        came = dict(self.rows())
        undated = came.pop(None, 0)
        total, years = 0, []
        for year in range(min(came), max(came) + 1) if came else ():
            total += came.get(year, 0)
            years.append({"year": year, "came": came.get(year, 0), "total": total})
        for place, one in enumerate(years):
            height = round(HIGHEST * one["total"] / total)
            one |= {"x": place * (BAR + GAP), "y": HEADROOM + HIGHEST - height, "height": height, "width": BAR}
            one["middle"] = one["x"] + BAR // 2
        return {
            "title": self.title,
            "note": self.note,
            "years": years,
            "undated": undated,
            "width": len(years) * (BAR + GAP),
            "floor": HEADROOM + HIGHEST,
            "height": HEADROOM + HIGHEST + HEADROOM,
        }


def gathered(name):
    """The parts of this name of all apps."""
    return [part for room in rooms("home") for part in getattr(room, name, ())]


def needs_of(user):
    """What waits for somebody, as (label, how many, address)."""
    counts = [(need, need.rows(user).count()) for need in gathered("NEEDS") if need.may(user)]
    return [(need.label, count, need.address()) for need, count in counts if count]


def links_of(user):
    return [(link.label, link.address()) for link in gathered("LINKS") if link.may(user)]


def charts():
    return [chart.drawn() for chart in gathered("CHARTS")]


NEEDS = [
    Need(
        _("Reports of mistakes"),
        holds("core.change_report"),
        lambda user: Report.objects.waiting(),
        lambda: list_of(Report, state=Report.State.WAITING),
    ),
    Need(
        _("Mail that failed"),
        is_admin,
        lambda user: OutgoingMail.objects.failed(),
        lambda: list_of(OutgoingMail, state__exact=OutgoingMail.State.FAILED),
    ),
]

LINKS = [
    Link(
        _("Mail texts: what people get from us"),
        lambda user: user.is_staff,
        lambda: reverse("admin:core_outgoingmail_texts"),
    ),
]
