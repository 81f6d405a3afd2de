from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from .. import ics
from ..models import Collaboration
from .collaborations import by_sector, published

# A calendar holds the latest of them; years of meetings fit.
MOST_IN_A_CALENDAR = 300


@require_safe
def gathering_list(request, slug):
    collaboration = published(slug, "gathering_list")
    gatherings = collaboration.gatherings.public().with_attendance()
    context = {"collaboration": collaboration, "to_come": gatherings.to_come(), "over": gatherings.over()}
    return render(request, "collaborations/gathering_list.html", context)


@require_safe
def gathering(request, slug, pk):
    collaboration = published(slug, "gathering", pk)
    return page_of(request, collaboration, collaboration.gatherings.public(), pk)


@require_safe
def gathering_ics(request, slug, pk):
    collaboration = published(slug, "gathering_ics", pk)
    one = get_object_or_404(collaboration.gatherings.public(), pk=pk)
    return calendar(request, collaboration, [one], name=f"{slug}-{pk}", page="gathering")


@require_safe
def calendar_ics(request, slug):
    """All public gatherings of a collaboration, for a calendar that reads them again and again."""
    collaboration = published(slug, "calendar_ics")
    gatherings = collaboration.gatherings.public()[:MOST_IN_A_CALENDAR]
    return calendar(request, collaboration, gatherings, name=slug, page="gathering")


@require_safe
def known_gathering(request, slug, pk):
    """A gathering, public or not, for the people of the members."""
    collaboration = known(request.user, slug)
    return page_of(request, collaboration, collaboration.gatherings.all(), pk, known=True)


@require_safe
def known_gathering_ics(request, slug, pk):
    collaboration = known(request.user, slug)
    one = get_object_or_404(collaboration.gatherings.all(), pk=pk)
    return calendar(request, collaboration, [one], name=f"{slug}-{pk}", page="known_gathering")


def known(user, slug):
    """The collaboration, for whoever sees what is for its members."""
    return get_object_or_404(Collaboration.objects.known_to(user), slug=slug)


def page_of(request, collaboration, gatherings, pk, *, known=False):
    one = get_object_or_404(gatherings.with_attended(), pk=pk)
    context = {
        "collaboration": collaboration,
        "gathering": one,
        "sectors": by_sector(one.attended_by.all()),
        "known": known,
    }
    return render(request, "collaborations/gathering.html", context)


def calendar(request, collaboration, gatherings, *, name, page):
    """A calendar file called `name`, whose events lead to the pages at the address `page`."""

    def address_of(one):
        return request.build_absolute_uri(reverse(page, args=[collaboration.slug, one.pk]))

    return HttpResponse(
        ics.calendar(gatherings, collaboration.name, address_of),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )
