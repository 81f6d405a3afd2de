"""What somebody sent after their session had ended: it waits in the visitor's session until they have signed in.

Pages with a script keep such words on the device; this is for those without one.
"""

from datetime import timedelta

from django.conf import settings
from django.http import QueryDict

from .limits import Limit, network

WAITING = "forms sent while signed out"
KEPT = Limit("waiting.forms", 60, timedelta(hours=1))


def keep(request):
    """Keep a form that a visitor sent; where all that wait are too long together, only that it was (`is_lost`). Raises
    Locked where their network sends very many."""
    KEPT.count(network(request))
    words = {name: [text(value) for value in values] for name, values in request.POST.lists()}
    words.pop("csrfmiddlewaretoken", None)
    forms = request.session.get(WAITING, {}) | {request.path: words}
    if length(forms) > settings.LONGEST_FORM:
        forms[request.path] = None
    request.session[WAITING] = forms


def text(value):
    """Half a character, which a form in a strange encoding can hold, is none."""
    return value.encode(errors="ignore").decode()


def length(forms):
    return sum(len(name) + sum(map(len, values)) for words in forms.values() if words for name, values in words.items())


def sent(request):
    """The form that was sent to this address before the person had signed in; None for none."""
    words = request.session.get(WAITING, {}).get(request.path)
    if words is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in words.items():
        data.setlist(name, values)
    return data


def is_lost(request):
    """Whether a form was sent to this address that was too long to wait."""
    forms = request.session.get(WAITING, {})
    return request.path in forms and forms[request.path] is None


def forget(request):
    """The form has arrived now, or is not wanted any more."""
    forms = request.session.get(WAITING, {})
    if request.path in forms:
        request.session[WAITING] = {path: words for path, words in forms.items() if path != request.path}
