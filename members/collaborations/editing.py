"""What the stewards of a collaboration write, and what happens when two of them write at once.

    save    a row as its form says; a new one once, however often the form is sent
    remove  a row, which its history keeps

Each runs in one transaction, in which the collaboration is locked: so all writing to one collaboration comes one after
the other, and whoever is no steward any more, or comes after the end, writes nothing. Each writes one version of the
row by its author, and an entry in the audit log.
"""

from django import forms
from django.db import DatabaseError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.formats import localize
from django.utils.translation import gettext as _

from alliance.core import audit, history
from alliance.core.admin_base import in_plain_words

from .models import Collaboration


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """Nothing was saved. `form` holds what was typed, for the page to show again; `reason` is a word for why:

    - "wrong": the form says what is to be mended
    - "stale": somebody saved the row since, and `theirs` is how it stands now
    - "gone": somebody removed the row since
    - "ended": the collaboration has ended, and its page stays as it is
    """

    def __init__(self, reason, form=None, theirs=None):
        super().__init__(reason)
        self.reason, self.form, self.theirs = reason, form, theirs


def locked(user, slug):
    """The collaboration whose page the person keeps, locked until the transaction ends; Http404 for anybody else."""
    mine = Collaboration.objects.kept_by(user)
    collaboration = get_object_or_404(mine.select_for_update(no_key=True), slug=slug)
    # Whoever waited for the lock may have lost the seat meanwhile.
    return get_object_or_404(mine, pk=collaboration.pk)


def owner_of(kind, collaboration, measure=None):
    """Whose rows of this kind are meant: the collaboration's, or those of its measure with this number."""
    return get_object_or_404(collaboration.measures, pk=measure) if kind.is_of_measure else collaboration


def was_removed(kind, owner, target):
    """Whether the owner had such a row."""
    return kind.model.history.filter(**{"id": target, kind.form.owner: owner, "history_type": history.DELETED}).exists()


@transaction.atomic
def save(*, user, slug, kind, data, measure=None, target=None):
    """Save what a form of this kind says, of the row `target` or as a new one, and return it. Saying what stands there
    changes nothing. Raises Refused, and Http404 where the person keeps no such page or row."""
    collaboration = locked(user, slug)
    owner = owner_of(kind, collaboration, measure)
    rows = kind.things(owner).select_for_update(of=("self",))
    if kind.rows and target is None:
        form = kind.form(data, instance=kind.new(owner))
        form.is_valid()
        token = form.cleaned_data.get("token")
        thing = token and rows.filter(token=token).first()
        if not thing and token and kind.model.objects.filter(token=token).exists():
            raise Http404
    else:
        thing = rows.filter(pk=target if kind.rows else owner.pk).first()
        if thing is None:
            if was_removed(kind, owner, target):
                raise Refused("gone", kind.form(data, instance=kind.new(owner)))
            raise Http404
    thing = thing or kind.new(owner)
    theirs = kind.form(instance=kind.things(owner).get(pk=thing.pk)) if thing.pk else None
    form = kind.form(data, instance=thing)
    form.is_valid()
    if collaboration.ended is not None:
        raise Refused("ended", form)
    if form.errors:
        raise Refused("wrong", form)
    if theirs and not differences(theirs, form):
        return thing
    if theirs and form.cleaned_data["seen"] != theirs.instance.version:
        raise Refused("stale", form, theirs)
    if not theirs:
        thing.token = form.cleaned_data["token"]
    thing.skip_history_when_saving = True
    try:
        with transaction.atomic():
            form.save()
    except DatabaseError as error:
        words = in_plain_words(error)
        if words is None:
            raise
        form.add_error(None, words)
        raise Refused("wrong", form) from error
    history.record(kind.model, [thing.pk], user)
    changed = differences(theirs or kind.form(instance=kind.new(owner)), form)
    audit.record(
        "change" if theirs else "add",
        actor=user,
        about=thing,
        before={one.name: one.theirs for one in changed} if theirs else None,
        after={one.name: one.mine for one in changed},
    )
    return thing


@transaction.atomic
def remove(*, user, slug, kind, target, seen, measure=None):
    """Remove a row as it was `seen`; its history keeps what it said. Doing it twice changes nothing. Raises Refused
    where it was saved since the person looked at it, and Http404 where they keep no such row."""
    collaboration = locked(user, slug)
    owner = owner_of(kind, collaboration, measure)
    thing = kind.things(owner).select_for_update(of=("self",)).filter(pk=target).first()
    if thing is None:
        if was_removed(kind, owner, target):
            return
        raise Http404
    if collaboration.ended is not None:
        raise Refused("ended")
    if thing.version != seen:
        raise Refused("stale")
    said = kind.form(instance=thing)
    audit.record("delete", actor=user, about=thing, before=dict(in_words(said)))
    thing._history_user = user
    thing.delete()


# --- In words ---------------------------------------------------------------------------------------------------------


class Difference:
    """A field of which two forms say something else, in words."""

    def __init__(self, name, label, theirs, mine):
        self.name, self.label, self.theirs, self.mine = name, label, theirs, mine


def differences(theirs, mine):
    """What differs between what a row says and what somebody typed, in the order of the form."""
    there, here = dict(in_words(theirs)), dict(in_words(mine))
    return [Difference(name, mine[name].label, there[name], here[name]) for name in here if there[name] != here[name]]


def in_words(form):
    """(name, words) of all that a form says: what was typed in a valid one, else what stands in its row."""
    for name in form.says:
        field = form.fields[name]
        value = form.cleaned_data[name] if form.is_bound else form.get_initial_for_field(field, name)
        yield name, words_for(field, field.prepare_value(value))


def words_for(field, value):
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if value in (None, "", []):
        return ""
    if hasattr(field, "choices"):
        labels = {str(key): str(label) for key, label in field.choices}
        values = value if isinstance(value, (list, tuple, set)) else [value]
        return "; ".join(sorted(labels.get(str(one), str(one)) for one in values))
    return str(localize(value))
