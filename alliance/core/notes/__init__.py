"""What becomes of a note from the public: the only code that moves one from state to state.

    receive -> unconfirmed -- confirm --> waiting -- settle --> used, not used
                    |
                    +-- withdraw, forget: deleted

Each verb runs in one transaction, locks the row and writes its mail with it, so that doing it twice does nothing more.
"""

from datetime import timedelta

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from .. import mail
from ..models import OutgoingMail, PublicNote, User

# The same words again within this time are the same note: a double click, a page that was sent again.
SAME_WITHIN = timedelta(hours=1)
TOLD_EVERY = timedelta(days=1)


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """The note cannot be settled so now; the message says why, for a person to read."""


def kinds():
    """The models of all kinds of notes, of whatever app."""
    return [model for model in apps.get_models() if issubclass(model, PublicNote)]


@transaction.atomic
def receive(*, note):
    """Keep a new note and write its sender the mail with the link that confirms it."""
    with connection.cursor() as cursor:
        # One at a time for each sender, or two clicks at once would not see each other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [note.email])
    said = {name: getattr(note, name) for name in note.SAID}
    lately = timezone.now() - SAME_WITHIN
    if type(note).objects.filter(email=note.email, created_at__gt=lately, **said).exists():
        return
    note.save()
    mail.send("note_confirm", note.email, address=mail.address_of("note", note.key))


def find(*, key, lock=False):
    """Return the note that a key still opens, or None: used up, too old, deleted, or never ours."""
    for model in kinds():
        notes = model.objects.to_confirm().filter(key=key)
        if note := (notes.select_for_update() if lock else notes).first():
            return note
    return None


@transaction.atomic
def confirm(*, key):
    """The sender stands up for their note: now it waits for a curator. Returns the note; None as `find` does."""
    if note := find(key=key, lock=True):
        note.state, note.key, note.confirmed_at = PublicNote.State.WAITING, None, timezone.now()
        note.save()
    return note


@transaction.atomic
def withdraw(*, key):
    """Whoever got the mail did not write the note: delete it. Returns the note; None as `find` does."""
    if note := find(key=key, lock=True):
        note.delete()
    return note


def answer_mail(note, state, answer):
    """What the mail that tells the sender says."""
    said = "\n".join(f"{label}: {value}" for label, value, _is_address in note.facts)
    address = note.outcome_url if state == PublicNote.State.USED else ""
    return {"sent": note.created_at, "said": mail.quoted(said), "answer": answer, "address": address}


@transaction.atomic
def settle(*, note, by, state, answer):
    """Close a note as used or not used, tell its sender, and forget their address.

    Raises Refused where somebody was there before, or where something must happen first.
    """
    note = type(note).objects.select_for_update(of=("self",)).select_related("settled_by").get(pk=note.pk)
    if note.state != PublicNote.State.WAITING:
        raise Refused(
            _("This was settled on %(when)s by %(who)s: %(state)s.")
            % {
                "when": localize(timezone.localtime(note.settled_at)),
                "who": note.settled_by or _("somebody"),
                "state": note.get_state_display(),
            }
        )
    if state == PublicNote.State.USED and note.obstacle:
        raise Refused(note.obstacle)
    mail.send("note_settled", note.email, **answer_mail(note, state, answer))
    note.state, note.answer, note.settled_by, note.settled_at = state, answer, by, timezone.now()
    note.email = ""
    note.save()
    return note


def forget():
    """Delete the notes that nobody confirmed in time; return how many."""
    return sum(model.objects.expired().delete()[0] for model in kinds())


def may_settle(person, model):
    return person.has_perm(f"{model._meta.app_label}.{get_permission_codename('change', model._meta)}")


def waiting_for(person):
    """(model, how many wait) of each kind of notes that a person may settle and of which some wait."""
    counts = [(model, model.objects.waiting().count()) for model in kinds() if may_settle(person, model)]
    return [(model, count) for model, count in counts if count]


@transaction.atomic
def tell_curators():
    """Write to those who may settle notes that some wait: if one came since the last mail, and that is a day old.

    Returns how many were told.
    """
    told = 0
    # The lock makes a second run at the same moment wait, and then see the mail of the first.
    for person in User.objects.filter(is_active=True, is_staff=True).select_for_update().order_by("pk"):
        waiting = waiting_for(person)
        mails = OutgoingMail.objects.filter(kind="notes_waiting", user=person)
        last = mails.aggregate(last=Max("created_at"))["last"]
        if last and not any(model.objects.waiting().filter(confirmed_at__gt=last).exists() for model, _n in waiting):
            continue
        if waiting and not (last and last > timezone.now() - TOLD_EVERY):
            told += mail.send("notes_waiting", person.email, user=person, **waiting_mail(waiting)) is not None
    return told


def waiting_mail(waiting):
    """What the mail to a curator says."""
    lines = [(model._meta.verbose_name_plural, count, mail.address_of(list_of(model))) for model, count in waiting]
    return {"lines": lines}


def list_of(model):
    """The name of the address of the list where curators find the notes of a kind."""
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
