from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.core import opendata
from alliance.core.pages import get_page

from .. import chart, figures, schema
from ..listings import MeasureListing
from ..models import Collaboration, SharedMeasure
from ..opendata import figures_of


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
        "collaboration": measure.collaboration
        if measure.collaboration and measure.collaboration.is_published
        else None,
        "activities": measure.activities.on_record().with_members().select_related("collaboration"),
        "json_ld": schema.measure(request, drawn.figures),
    }
    return render(request, "collaborations/measure_detail.html", context)


@require_safe
def measure_csv(request, slug):
    measure = get_page(SharedMeasure.objects.published(), slug)
    return opendata.download(figures_of(SharedMeasure.objects.filter(pk=measure.pk), measure.slug), "csv")


@require_safe
def collaboration_measures_csv(request, slug):
    collaboration = get_page(Collaboration.objects.published(), slug)
    name = f"{collaboration.slug}-measures"
    return opendata.download(figures_of(collaboration.measures.published(), name), "csv")
