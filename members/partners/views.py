from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.core.pages import get_page

from . import schema
from .listings import PartnerListing
from .models import Partner

MOST_OF_THE_LIBRARY = 12


@require_safe
def partner_list(request):
    partners = Partner.objects.published().select_related("jurisdiction")
    return render(request, "partners/partner_list.html", {"listing": PartnerListing(partners, request.GET)})


@require_safe
def partner_detail(request, slug):
    partner = get_page(Partner.objects.published().select_related("jurisdiction"), slug)
    context = {
        "partner": partner,
        # The relations come from upper floors, so they are named, not imported.
        "seats": partner.seats.current().public(),
        "contributions": partner.contributions.published().order_by("title", "pk")[:MOST_OF_THE_LIBRARY],
        "json_ld": schema.partner(request, partner),
    }
    return render(request, "partners/partner_detail.html", context)
