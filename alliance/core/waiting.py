"""What somebody sent after their session had ended: it waits in the visitor's session until they have signed in.

Pages with a script keep such words on the device; this is for those without one.
"""

from datetime import timedelta

from django.http import QueryDict

from .limits import Limit, Locked, network

LONGEST = 100_000  # characters, encoded
WAITING = "sent while signed out"
KEPT = Limit("waiting.forms", 60, timedelta(hours=1))


def keep(request):
    """Keep a form that a visitor sent. Of a network that sends very many, the later ones are not kept."""
    text = request.POST.urlencode()
    if len(text) <= LONGEST:
        try:
            KEPT.count(network(request))
        except Locked:
            return
        request.session[WAITING] = [request.path, text]


def sent(request):
    """The form that was sent to this address before the person had signed in; None for none."""
    path, text = request.session.get(WAITING, ("", ""))
    return QueryDict(text) if path == request.path else None


def forget(request):
    """The form has arrived now."""
    if sent(request) is not None:
        del request.session[WAITING]
