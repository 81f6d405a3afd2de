from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alliance.core import opendata
from alliance.core.pages import get_page

from .. import chart, figures, schema
from ..listings import MeasureListing
from ..models import SharedMeasure
from ..opendata import figures_of
from .collaborations import published


@require_safe
def measure_list(request):
    listing = MeasureListing(SharedMeasure.objects.published().with_figures(), request.GET)
    rows = [(measure, figures.read(measure)) for measure in listing.page]
    return render(request, "collaborations/measure_list.html", {"listing": listing, "rows": rows})


@require_safe
def measure_detail(request, slug):
    measure = get_page(SharedMeasure.objects.published().with_figures().select_related("collaboration"), slug)
    drawn = chart.draw(measure)
    context = {
        "measure": measure,
        "chart": drawn,
        "activities": measure.activities.on_record().with_members().select_related("collaboration"),
        "json_ld": schema.measure(request, drawn.figures),
    }
    return render(request, "collaborations/measure_detail.html", context)


@require_safe
def measure_csv(request, slug):
    measure = get_page(SharedMeasure.objects.published(), slug, lambda one: reverse("measure_csv", args=[one.slug]))
    return opendata.download(figures_of(SharedMeasure.objects.filter(pk=measure.pk), measure.slug), "csv")


@require_safe
def collaboration_measures_csv(request, slug):
    collaboration = published(slug, "collaboration_measures_csv")
    return opendata.download(figures_of(collaboration.measures.published(), f"{slug}-measures"), "csv")
