from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alliance.core.pages import get_page
from cohorts import map
from cohorts.models import Jurisdiction
from members.partners.models import Partner

from .. import chart, figures, schema
from ..listings import CollaborationListing
from ..models import Collaboration, SharedMeasure

# What the page of a collaboration shows of each at most; the rest has pages of its own.
MOST_CHARTS = 1
MOST_ACTIVITIES = 8
MOST_GATHERINGS = 3
MOST_UPDATES = 3

NOBODY = {
    Partner.Sector.GOVERNMENT: _("no government on record"),
    Partner.Sector.ASSOCIATION: _("no association on record"),
    Partner.Sector.UNIVERSITY: _("no university on record"),
    Partner.Sector.COMMUNITY: _("no community organization on record"),
    Partner.Sector.PHILANTHROPY: _("no philanthropy on record"),
}


@require_safe
def collaboration_list(request):
    collaborations = Collaboration.objects.published().with_seat_count()
    listing = CollaborationListing(collaborations, request.GET)
    governments = Jurisdiction.objects.seated_in(listing.found.values("pk")).for_map()
    context = {"listing": listing, "map": map.draw(governments)}
    return render(request, "collaborations/collaboration_list.html", context)


@require_safe
def collaboration_detail(request, slug):
    collaboration = published(slug)
    seats = list(collaboration.seats.with_members())
    current = [seat for seat in seats if seat.is_current]
    governments = Jurisdiction.objects.filter(pk__in={seat.government.pk for seat in current if seat.government})
    activities = list(collaboration.activities.by_status().with_members()[: MOST_ACTIVITIES + 1])
    gatherings = collaboration.gatherings.public().with_attendance()
    context = {
        "collaboration": collaboration,
        "measures": read(list(collaboration.measures.published().with_figures())),
        "free": SharedMeasure.objects.published().free_in(collaboration.states).count(),
        "activities": activities[:MOST_ACTIVITIES],
        "more_activities": len(activities) > MOST_ACTIVITIES,
        "to_come": gatherings.to_come()[:MOST_GATHERINGS],
        "over": gatherings.over()[:MOST_GATHERINGS],
        "updates": collaboration.updates.all()[:MOST_UPDATES],
        "backbone": [seat for seat in current if seat.role == seat.Role.BACKBONE],
        "sectors": by_sector(current),
        "missing": missing_from(current),
        "member_count": len(current),
        "former": [seat for seat in seats if not seat.is_current],
        "map": map.draw(governments.for_map()),
        "json_ld": schema.collaboration(request, collaboration),
    }
    return render(request, "collaborations/collaboration_detail.html", context)


@require_safe
def activity_list(request, slug):
    collaboration = published(slug, "activity_list")
    context = {"collaboration": collaboration, "activities": collaboration.activities.by_status().with_members()}
    return render(request, "collaborations/activity_list.html", context)


@require_safe
def update_list(request, slug):
    collaboration = published(slug, "update_list")
    context = {"collaboration": collaboration, "updates": collaboration.updates.all()}
    return render(request, "collaborations/update_list.html", context)


def published(slug, name="collaboration_detail", *args):
    """The collaboration with a public page; the address `name` moves along with it."""
    collaborations = Collaboration.objects.published().select_related("cohort")
    return get_page(collaborations, slug, lambda one: reverse(name, args=[one.slug, *args]))


def read(measures):
    """(measure, what it says, its chart) of each; only the first ones have a chart."""
    drawn = [(one, chart.draw(one)) for one in measures[:MOST_CHARTS]]
    told = [(one, figures.read(one).headline, None) for one in measures[MOST_CHARTS:]]
    return [(one, picture.figures.headline, picture) for one, picture in drawn] + told


def by_sector(seats):
    """(label, seats) for each sector that has any, in the order of the Sector list; printed names last."""
    sectors = {}
    for seat in sorted(seats, key=lambda seat: seat.sector_order):
        sectors.setdefault(seat.sector_label, []).append(seat)
    return list(sectors.items())


def missing_from(seats):
    """What to say of each sector from which nobody is on record."""
    present = {seat.sector for seat in seats}
    return [words for sector, words in NOBODY.items() if sector not in present]
