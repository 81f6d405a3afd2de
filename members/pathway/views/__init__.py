"""The views of the pathway, a module for each part of it."""

from functools import wraps

from django.http import JsonResponse
from django.shortcuts import render

from ..workflow import NotPossible, NotReady

# What a verb answers where it does nothing, as the status of the answer.
REFUSALS = {NotPossible: 409, NotReady: 400}


def wants_json(request):
    """Whether a script asks, which wants to read the answer and not to show it."""
    return request.headers.get("Accept") == "application/json"


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
            context = {"status": status, "reasons": reasons, "pk": kwargs.get("pk"), "to": to}
            return render(request, "pathway/refused.html", context, status=status)

    return page
