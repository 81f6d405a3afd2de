"""Pages on which people write for long: nothing typed is lost, and it is shown to nobody but who typed it.

What is sent after the session has ended waits until they have signed in, and then stands in the form until they send or
discard it. Before that, static/js/drafts.js keeps it on the device.
"""

from functools import wraps

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from alliance.core import waiting

from . import answering, wants_json
from .readiness import form_page, see_other


def writing(view):
    """Make a view one of a page on which people write for long; there they can also discard what waited."""

    @form_page
    @answering
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


def filled(kind, request):
    """The form of such a page, of class `kind`: as it was sent, or with the words that waited as its initial ones."""
    if request.method != "POST":
        return kind(initial=waited(request))
    form = kind(request.POST)
    if not is_writer(request, request.POST):
        form.add_error(None, not_theirs())
    return form


def done(request, next_page, *args, **said):
    """Lead on from words that have arrived; a script is told that they have, and leads on itself."""
    waiting.forget(request)
    if wants_json(request):
        return JsonResponse({"next": resolve_url(next_page, *args), **said})
    return see_other(next_page, *args)


def too_late(request, pk, refusal, words, to="application"):
    """It is not possible any more since the page was opened: `words`, each (label, text), are shown to be copied."""
    context = {"status": 409, "reasons": [str(refusal)], "pk": pk, "to": to, "words": words}
    return render(request, "pathway/refused.html", context, status=409)
