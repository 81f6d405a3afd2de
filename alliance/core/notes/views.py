"""The pages of notes.

Their forms need no token against forgery: nobody is signed in here, so there is nothing to forge but what anybody may
send (docs/decisions/0011-notes-without-account.md).
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from alliance.core import notes
from alliance.core.limits import Limit, network

from .forms import TRAP, ReportForm, page_of

OF_NETWORK = Limit("notes.network", 30, timedelta(hours=1))
OF_ADDRESS = Limit("notes.address", 6, timedelta(hours=1))

# What was done, each with a page that says so: the same for everybody.
DONE = ("sent", "confirmed", "deleted")

form_page = require_http_methods(["GET", "HEAD", "POST"])


def answered(name):
    return HttpResponseRedirect(resolve_url("note_answer", name), status=303)


def take(request, form_class, template, initial=None):
    """Show the form of a note, and take what is sent."""
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    if request.POST.get(TRAP):
        return answered("sent")
    if form.is_bound and form.is_valid():
        OF_NETWORK.count(network(request))
        OF_ADDRESS.count(form.cleaned_data["email"])
        notes.receive(note=form.save(commit=False))
        return answered("sent")
    return render(request, template, {"form": form, "trap": TRAP}, status=400 if form.errors else 200)


@csrf_exempt
@form_page
def report(request):
    """Say what is wrong on a page; `page` of the query string says which."""
    try:
        page = page_of(request.GET.get("page", ""))
    except ValidationError:
        page = ""
    return take(request, ReportForm, "notes/report.html", {"page": page})


@csrf_exempt
@form_page
def note(request, key):
    """Where the link of the mail leads. It only shows: programs that check mail follow links, and do not press."""
    if request.method == "POST":
        verb, answer = (notes.withdraw, "deleted") if "delete" in request.POST else (notes.confirm, "confirmed")
        if verb(key=key):
            return answered(answer)
    elif found := notes.find(key=key):
        return render(request, "notes/note.html", {"note": found})
    return render(request, "notes/gone.html", status=404)


@require_safe
def answer(request, name):
    return render(request, "notes/answer.html", {"name": name})
