from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.core.pages import get_page
from cohorts import map
from cohorts.models import Jurisdiction

from .. import schema
from ..listings import CollaborationListing
from ..models import Collaboration


@require_safe
def collaboration_list(request):
    collaborations = Collaboration.objects.published().with_seat_count()
    listing = CollaborationListing(collaborations, request.GET)
    return render(request, "collaborations/collaboration_list.html", {"listing": listing})


@require_safe
def collaboration_detail(request, slug):
    collaboration = get_page(Collaboration.objects.published().select_related("cohort"), slug)
    seats = list(collaboration.seats.with_members())
    governments = Jurisdiction.objects.filter(pk__in={seat.government.pk for seat in seats if seat.government})
    context = {
        "collaboration": collaboration,
        "seats": seats,
        "sectors": by_sector(seats),
        "backbone": [seat for seat in seats if seat.role == seat.Role.BACKBONE],
        "map": map.draw(governments.for_map()),
        "json_ld": schema.collaboration(request, collaboration),
    }
    return render(request, "collaborations/collaboration_detail.html", context)


def by_sector(seats):
    """(label, seats) for each sector that has any, in the order of the Sector list; printed names last."""
    sectors = {}
    for seat in sorted(seats, key=lambda seat: seat.sector_order):
        sectors.setdefault(seat.sector_label, []).append(seat)
    return list(sectors.items())
