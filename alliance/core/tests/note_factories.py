"""Notes of readers for tests."""

from django.utils import timezone

from alliance.core.models import PublicNote, Report

from .factories import numbers


def settled():
    now = timezone.now()
    return {"key": None, "confirmed_at": now, "settled_at": now, "email": "", "answer": "Thank you."}


# What belongs to each state, besides what a note has anyway.
IN_STATE = {
    PublicNote.State.UNCONFIRMED: dict,
    PublicNote.State.WAITING: lambda: {"key": None, "confirmed_at": timezone.now()},
    PublicNote.State.USED: settled,
    PublicNote.State.NOT_USED: settled,
}


def make_note(model, state=PublicNote.State.WAITING, **fields):
    """A note that waits for a curator, unless you name another state."""
    values = {"email": f"reader-{next(numbers)}@example.org"} | IN_STATE[state]()
    return model.objects.create(state=state, **values | fields)


def make_report(**fields):
    return make_note(Report, **{"page": "/jurisdictions/", "what": "The year is wrong."} | fields)
