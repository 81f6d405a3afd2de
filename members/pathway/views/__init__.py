"""The views of the pathway, a module for each part of it."""

from contextlib import contextmanager
from functools import wraps

from django.http import JsonResponse
from django.shortcuts import render

from alliance.core.writing import wants_json

from ..workflow import HandedInAlready, NotPossible, NotReady

# What a verb answers where it does nothing, as the status of the answer.
REFUSALS = {NotPossible: 409, HandedInAlready: 409, NotReady: 400}


@contextmanager
def keeping(words):
    """Have the page of a refusal show `words`, each (label, text), to be copied: the form is gone."""
    try:
        yield
    except tuple(REFUSALS) as refusal:
        refusal.words = words
        raise


def answering(view, to="application"):
    """Answer in plain words what a verb refuses: 409 where it is not possible now, 400 where something is missing. The
    page leads back `to` the one of that name.

    A view catches `NotReady` itself where its own page can say it better, and `Stale` where it has both versions.
    """

    @wraps(view)
    def page(request, **kwargs):
        try:
            return view(request, **kwargs)
        except tuple(REFUSALS) as refusal:
            status, reasons = REFUSALS[type(refusal)], getattr(refusal, "reasons", [str(refusal)])
            if wants_json(request):
                return JsonResponse({"reasons": reasons}, status=status)
            words = getattr(refusal, "words", [])
            context = {"status": status, "reasons": reasons, "pk": kwargs.get("pk"), "to": to, "words": words}
            return render(request, "pathway/refused.html", context, status=status)

    return page
