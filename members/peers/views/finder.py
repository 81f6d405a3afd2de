from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.lookup import MOST_NAMED
from cohorts.models import Jurisdiction, Place
from resources.models import Topic

from .. import usefulness
from ..question import Question


@require_safe
def jurisdiction_peers(request):
    """Find any government, of the register or of the network, and then the ten in the network that help it most."""
    question = Question(request.GET, dict(Topic.objects.published().values_list("slug", "name")))
    typed, published = question.cleaned_data.get("place", ""), Jurisdiction.objects.published()
    candidates = Place.objects.lookup(typed) if typed else []
    chosen = picked(question, published)
    named_exactly = [place for place in candidates if place.is_exact]
    if not chosen and len(named_exactly) == 1:
        chosen = named_exactly[0]
    context = {
        "question": question,
        "typed": typed,
        "chosen": chosen,
        "candidates": [place for place in candidates if place != chosen],
        # Those with a place in the answers are marked there.
        "in_network": published.named(typed).exclude(place__in=candidates)[:MOST_NAMED] if typed else [],
    }
    if chosen:
        context["member"] = member = public_page_of(chosen)
        context["peers"] = usefulness.find(member or chosen, question.work, question.weights)
    return render(request, "peers/finder.html", context)


def picked(question, published):
    """The Place or the Jurisdiction that stands in the address, or None."""
    if slug := question.cleaned_data.get("government"):
        return published.select_related("place").filter(slug=slug).first()
    if pk := question.cleaned_data.get("id"):
        return Place.objects.select_related("jurisdiction").filter(pk=pk).first()
    return None


def public_page_of(government):
    """The government of the network that a Place or a Jurisdiction is, or None."""
    one = government if isinstance(government, Jurisdiction) else getattr(government, "jurisdiction", None)
    return one if one and one.is_published else None
