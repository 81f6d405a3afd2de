"""The views of the review, the Alliance's side of an application."""

from functools import wraps

from django.shortcuts import redirect
from django.utils import timezone

from alliance.core import audit

from ... import desk
from ...states import By
from .. import answering


def reviewing(view):
    """Answer what a verb refuses in plain words, and lead whoever has not declared yet to where they do."""

    @wraps(view)
    def page(request, **kwargs):
        try:
            return view(request, **kwargs)
        except desk.Undeclared as undeclared:
            return redirect("review_declare", undeclared.application.pk)

    return answering(page, to="review")


def open_for(request, pk, by=By.REVIEWER):
    """The application for whoever asks, in at least this part. That an admin opened it is kept for its lead and in the
    audit log, once a day."""
    application = desk.find(request.user, pk, by)
    if desk.has_part(request.user, By.ADMIN):
        _reading, is_first = application.readings.get_or_create(by=request.user, on=timezone.localdate())
        if is_first:
            audit.record("read", actor=request.user, about=application)
    return application
