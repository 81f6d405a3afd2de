"""Pages on which people write for long: nothing typed is lost, and it is shown to nobody but who typed it.

What is sent after the session has ended waits until they have signed in, and then stands in the form until they send or
discard it. Before that, static/js/drafts.js keeps it on the device. `LONG_FORMS` of alliance/access.py lists the pages.
"""

from functools import wraps

from django.contrib import messages
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from . import waiting

form_page = require_http_methods(["GET", "HEAD", "POST"])


def see_other(name, *args):
    """Lead on from a form that was taken, so that reloading the next page sends nothing again (RFC 9110, 303)."""
    return HttpResponseRedirect(resolve_url(name, *args), status=303)


def wants_json(request):
    """Whether a script asks, which wants to read the answer and not to show it."""
    return request.headers.get("Accept") == "application/json"


def writing(view):
    """Make a view one of a page on which people write for long; there they can also discard what waited."""

    @form_page
    @wraps(view)
    def page(request, **kwargs):
        if "discard" in request.POST:
            waiting.forget(request)
            return see_other(request.path)
        return view(request, **kwargs)

    return page


def is_writer(request, words):
    """Whether whoever is signed in opened the page that these words come from. Where people share a computer, it may be
    a colleague who signed in after them."""
    own = str(request.user.pk)
    return words.get("writer", own) == own


def not_theirs():
    return _(
        "Nothing is saved yet: somebody else had signed in when this page was opened. Save it only if it is yours."
    )


def waited(request):
    """What the person sent to this page while they were signed out; None for none."""
    if waiting.is_lost(request):
        waiting.forget(request)
        messages.error(
            request,
            _("You were signed out when you sent this, and it was too long for us to keep. Please write it again."),
        )
    words = waiting.sent(request)
    return words if words and is_writer(request, words) else None


def filled(kind, request, initial=None, **more):
    """The form of such a page, of class `kind`: as it was sent, or with the words that waited as its initial ones. Its
    `waited` tells which."""
    if request.method == "POST":
        form = kind(request.POST, **more)
        if not is_writer(request, request.POST):
            form.add_error(None, not_theirs())
        return form
    words = waited(request)
    form = kind(initial=(initial or {}) | (words.dict() if words else {}), **more)
    form.waited = bool(words)
    return form


def typed_into(*forms):
    """What somebody typed into these forms, None among them, as (label, text): for where it can only be copied."""
    fields = [field for form in filter(None, forms) for field in form.visible_fields()]
    return [(one.label, one.value()) for one in fields if one.widget_type in ("text", "textarea") and one.value()]


def done(request, next_page, *args, **said):
    """Lead on from words that have arrived; a script is told that they have, and leads on itself."""
    waiting.forget(request)
    if wants_json(request):
        return JsonResponse({"next": resolve_url(next_page, *args), **said})
    return see_other(next_page, *args)
