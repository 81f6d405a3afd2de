from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.core.pages import get_page

from . import likeness, map, schema
from .listings import CohortListing, JurisdictionListing, MilestoneListing
from .models import Cohort, Jurisdiction, Milestone

MOST_ALIKE = 3
MOST_OF_THE_LIBRARY = 12
# What lies farther off than this is nobody's neighborhood.
NEAR_MILES = 100


@require_safe
def cohort_list(request):
    cohorts = Cohort.objects.published().with_seat_count()
    return render(request, "cohorts/cohort_list.html", {"listing": CohortListing(cohorts, request.GET)})


@require_safe
def cohort_detail(request, slug):
    cohort = get_page(Cohort.objects.published().select_related("collaboration"), slug)
    seats = cohort.seats.public()
    jurisdictions = Jurisdiction.objects.filter(cohort_seats__cohort=cohort)
    milestones = Milestone.objects.public().filter(jurisdiction__in=jurisdictions).latest_first()
    context = {
        "cohort": cohort,
        "seats": seats,
        "dated": any(seat.joined for seat in seats),
        "map": map.draw(jurisdictions.for_map()),
        "milestones": milestones[:5],
    }
    return render(request, "cohorts/cohort_detail.html", context)


@require_safe
def jurisdiction_list(request):
    jurisdictions = Jurisdiction.objects.published().with_milestone_count().with_cohorts()
    listing = JurisdictionListing(jurisdictions, request.GET)
    found = Jurisdiction.objects.filter(pk__in=listing.found.values("pk")).for_map()
    return render(request, "cohorts/jurisdiction_list.html", {"listing": listing, "map": map.draw(found)})


@require_safe
def jurisdiction_detail(request, slug):
    published = Jurisdiction.objects.published()
    jurisdiction = get_page(published.for_map().select_related("parent"), slug)
    return render(request, "cohorts/jurisdiction_detail.html", about(request, jurisdiction))


def about(request, jurisdiction):
    """What the page of a government says, shown or not yet; the context of `cohorts/jurisdiction_detail.html`."""
    itself = Jurisdiction.objects.filter(pk=jurisdiction.pk)
    collaborations = list(itself.collaborations())
    return {
        "jurisdiction": jurisdiction,
        "milestones": list(jurisdiction.milestones.all()),
        "cohort_seats": jurisdiction.cohort_seats.filter(cohort__status="published").select_related("cohort"),
        "relatives": itself.relatives(),
        "collaborations": collaborations,
        "near_miles": NEAR_MILES,
        "nearest": None if collaborations else Jurisdiction.objects.nearest_collaboration(jurisdiction),
        "library": once_each(itself.library()[:MOST_OF_THE_LIBRARY]),
        "alike": likeness.most_like(jurisdiction, Jurisdiction.objects.like(jurisdiction), MOST_ALIKE),
        "map": map.draw([jurisdiction]),
        "json_ld": schema.jurisdiction(request, jurisdiction),
    }


def once_each(rows):
    """The rows of `library()` without those whose resource came before, in use or made."""
    first = {}
    for row in rows:
        first.setdefault(row[2], row)
    return list(first.values())


@require_safe
def milestone_list(request):
    listing = MilestoneListing(Milestone.objects.public(), request.GET)
    return render(request, "cohorts/milestone_list.html", {"listing": listing})
