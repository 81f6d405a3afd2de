"""What is written about an application: to its team, and among the people of the review."""

from django.contrib import messages as notices
from django.shortcuts import render
from django.utils.translation import gettext as _

from alliance.core.writing import done, filled, typed_into, writing

from ... import desk, workflow
from ...review_forms import AnswerForm, NoteForm
from .. import keeping
from . import open_for, reviewing


@writing
@reviewing
def messages(request, pk):
    """The one thread with the team. A message can begin from a text that admins keep."""
    application = open_for(request, pk)
    form = filled(AnswerForm, request)
    if form.is_bound and "insert" in request.POST:
        form = with_text(form)
    elif form.is_bound and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("text", "token")}
        with keeping(typed_into(form)):
            workflow.write(application=application, user=request.user, is_from_team=False, **given)
        notices.success(request, _("Your message is sent."))
        return done(request, "review_messages", pk)
    context = {
        "application": application,
        "thread": application.messages.select_related("author"),
        "form": form,
    }
    return render(request, "review/messages.html", context, status=400 if form.errors else 200)


def with_text(form):
    """The form as it was typed so far, with the chosen text below."""
    form.is_valid()
    canned = form.cleaned_data.get("canned")
    typed = form.data.get("text", "").strip()
    text = "\n\n".join(part for part in (typed, canned.text if canned else "") if part)
    return AnswerForm(initial={"text": text, "token": form.data.get("token", "")})


@writing
@reviewing
def notes(request, pk):
    """Internal notes: whoever reviews it reads those of others when their own review is in."""
    application = open_for(request, pk)
    form = filled(NoteForm, request)
    if form.is_bound and form.is_valid():
        workflow.note(application=application, actor=request.user, **form.cleaned_data)
        notices.success(request, _("Your note is kept."))
        return done(request, "review_notes", pk)
    thread = application.notes.select_related("author")
    reads_all = desk.reads_reviews(request.user, application)
    context = {
        "application": application,
        "thread": thread if reads_all else thread.filter(author=request.user),
        "reads_all": reads_all,
        "form": form,
    }
    return render(request, "review/notes.html", context, status=400 if form.errors else 200)
