"""What members propose for the page of their own government, and what becomes of it.

    propose -> open -- accept ---> accepted: the page says it
                |----- decline --> declined
                +----- withdraw -> withdrawn

What can be proposed are the kinds in `PROPOSABLE` of each app's `proposable.py`. The verbs are the only code that
writes a state. Each runs in one transaction and locks the proposal, so that of two at the same moment one wins and the
other reads what happened.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache

from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from alliance.core import audit, dates, mail
from alliance.core.dates import PartialDateField
from alliance.core.models import User
from alliance.core.recorded import is_content
from alliance.core.rooms import rooms

from .models import Jurisdiction, Membership, Proposal


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """This can't be done to the proposal now; the message says why, for a person to read."""


# --- What can be proposed ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """One kind of change. `form` is a ModelForm of the government, or of what belongs to it by the relation `rows`;
    `title` is then the field that such a row is called by, `plural` what several are called. `lead` says what to bear
    in mind, `heavy` names the columns of what a row leads to that no page of this needs.
    """

    name: str
    label: str
    lead: str
    form: type[forms.ModelForm]
    rows: str = ""
    plural: str = ""
    title: str = ""
    heavy: tuple = ()

    @property
    def model(self):
        return self.form._meta.model

    @property
    def fields(self):
        """The model's fields that the form asks for, in its order."""
        return [self.model._meta.get_field(name) for name in self.form._meta.fields]

    def things(self, jurisdiction):
        """What of a government's page is of this kind and may be changed."""
        if not self.rows:
            return [jurisdiction]
        relations = [field.name for field in self.fields if field.is_relation]
        return getattr(jurisdiction, self.rows).select_related(*relations).defer(*self.heavy)

    def thing(self, jurisdiction, target=None, lock=False):
        """The row to change, or a new one; ObjectDoesNotExist where this government has no such row."""
        if not self.rows:
            return jurisdiction
        if target is None:
            return self.model(jurisdiction=jurisdiction)
        rows = getattr(jurisdiction, self.rows)
        return (rows.select_for_update() if lock else rows).get(pk=target)

    def values(self, thing):
        """What the form would say of a row, {field: value for JSON}; nothing of a new one."""
        if thing.pk is None:
            return {}
        return {field.name: plain(getattr(thing, field.attname)) for field in self.fields}

    def given(self, form):
        """The same, of a valid form."""
        return {field.name: plain(form.cleaned_data[field.name]) for field in self.fields}

    def fill(self, thing, values):
        """Write such values on a row."""
        for field in self.fields:
            if field.name in values:
                setattr(thing, field.attname, values[field.name])
        return thing

    def title_of(self, thing):
        return str(getattr(thing, self.title)) if self.title else ""

    def words(self, thing):
        """[(label, words)] of a row, as people read them."""
        return [(self.form.base_fields[field.name].label, in_words(thing, field)) for field in self.fields]

    def facts(self, thing):
        """The same without what the row is called by, and without what is empty."""
        title = self.form.base_fields[self.title].label if self.title else None
        return [(label, words) for label, words in self.words(thing) if words and label != title]

    def beside(self, *versions):
        """[(name, label, [words of each of these values])] of every field; of no values there are no words."""
        rows = [self.fill(self.model(), values) if values else None for values in versions]
        return [
            (field.name, self.form.base_fields[field.name].label, [row and in_words(row, field) or "" for row in rows])
            for field in self.fields
        ]


def plain(value):
    """A value of a form or a row as JSON can hold it."""
    if value is None:
        return ""
    return getattr(value, "pk", value)


def in_words(row, field):
    value = getattr(row, field.attname)
    if value in ("", None):
        return ""
    if field.is_relation:
        try:
            return str(getattr(row, field.name))
        except ObjectDoesNotExist:
            return _("(deleted)")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, PartialDateField):
        return dates.describe(value)
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if isinstance(value, list):
        return "\n".join(value)
    return str(value)


@cache
def kinds():
    """All kinds of changes by name, in the order of the apps."""
    return {kind.name: kind for room in rooms("proposable") for kind in room.PROPOSABLE}


def kind_of(name):
    """The kind of this name; Http404 for any other word."""
    if name not in kinds():
        raise Http404
    return kinds()[name]


def find(user, slug):
    """The government of which `user` is a member now; Http404 for anybody else, as if it did not exist."""
    ties = Membership.objects.current().select_related("jurisdiction")
    return get_object_or_404(ties, user=user, jurisdiction__slug=slug).jurisdiction


def digest_of(values):
    """A name for exactly these values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


# --- The verbs --------------------------------------------------------------------------------------------------------


@transaction.atomic
def propose(*, key, jurisdiction, kind, user, values, target=None, note=""):
    """Keep a proposal; sending the form again finds it. Return it, and whether it is new.

    Http404 where `user` is no member (any more), where the row is gone, and for the key of somebody else's proposal.
    """
    # Whoever deletes their account at this moment comes before or after; and two clicks see each other.
    person = get_object_or_404(User.objects.select_for_update(no_key=True), pk=user.pk, erased_at=None)
    if not person.memberships.current().filter(jurisdiction=jurisdiction).exists():
        raise Http404
    if there := Proposal.objects.filter(pk=key).first():
        if (there.proposed_by_id, there.jurisdiction_id) != (person.pk, jurisdiction.pk):
            raise Http404
        return there, False
    try:
        thing = kind.thing(Jurisdiction.objects.get(pk=jurisdiction.pk), target)
    except ObjectDoesNotExist:
        raise Http404 from None
    before = kind.values(thing)
    proposal = Proposal.objects.create(
        pk=key,
        jurisdiction=jurisdiction,
        kind=kind.name,
        target=target,
        about=kind.title_of(kind.fill(thing, values)),
        before=before,
        proposed=values,
        note=note,
        proposed_by=person,
    )
    return proposal, True


def locked(proposal):
    """The proposal, locked until the end of the transaction; Refused where it is settled, or gone with its author."""
    try:
        proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    except Proposal.DoesNotExist:
        raise Refused(_("This was deleted in the meantime, with the account of who proposed it.")) from None
    if not proposal.is_open:
        raise Refused(history_of(proposal))
    return proposal


def history_of(proposal):
    """Who settled it when, in a sentence."""
    words = {
        "when": localize(timezone.localtime(proposal.settled_at)),
        "who": proposal.settled_by,
        "state": proposal.get_state_display(),
    }
    if proposal.settled_by:
        return _("This was settled on %(when)s by %(who)s: %(state)s.") % words
    return _("The member withdrew this on %(when)s.") % words


@transaction.atomic
def withdraw(*, proposal, user):
    """Take one's own proposal back. Doing it twice changes nothing; Refused where a curator was quicker, Http404 where
    it is somebody else's."""
    proposal = get_object_or_404(Proposal.objects.select_for_update(), pk=proposal.pk, proposed_by=user)
    if proposal.state == Proposal.State.WITHDRAWN:
        return
    if not proposal.is_open:
        raise Refused(_("A curator has settled this in the meantime. You can propose another change."))
    proposal.state, proposal.settled_at = Proposal.State.WITHDRAWN, timezone.now()
    proposal.save()


@transaction.atomic
def accept(*, proposal, by, values, answer, seen):
    """Write the values, as proposed or as the curator `by` edited them, on the page, and tell the member.

    `seen` is the digest of what stood on the page when the curator read it. Refused where that has changed since, where
    somebody settled the proposal before, where the row is gone, and where the model does not take the values.
    """
    proposal = locked(proposal)
    kind = kinds()[proposal.kind]
    jurisdiction = Jurisdiction.objects.select_for_update().get(pk=proposal.jurisdiction_id)
    try:
        thing = kind.thing(jurisdiction, proposal.target, lock=True)
    except ObjectDoesNotExist:
        raise Refused(_("What this is about was deleted. Decline it, and say so.")) from None
    before = kind.values(thing)
    if seen != digest_of(before):
        raise Refused(_("The page has changed since you opened this. Read it again, then accept."))
    kind.fill(thing, values)
    try:
        thing.full_clean(exclude=others(kind))
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    thing._history_user = by
    thing._change_reason = _("A member proposed it.")
    thing.save()
    settle(proposal, by, Proposal.State.ACCEPTED, answer, final=values)
    public = {field.name for field in kind.fields if is_content(field)}
    was, now = [{name: value for name, value in one.items() if name in public} for one in (before, values)]
    audit.record("accept", actor=by, about=proposal, before=was, after=now, what=kind.name)
    return proposal


@transaction.atomic
def decline(*, proposal, by, answer):
    """Leave the page as it is and tell the member why. Refused where somebody settled it before."""
    proposal = locked(proposal)
    settle(proposal, by, Proposal.State.DECLINED, answer)
    audit.record("decline", actor=by, about=proposal, what=proposal.kind)
    return proposal


def others(kind):
    """The fields of the model that a kind of change does not touch."""
    ours = {*kind.form._meta.fields, "jurisdiction"}
    return {field.name for field in kind.model._meta.fields} - ours


def settle(proposal, by, state, answer, final=None):
    """Close a locked proposal and write the mail to the member."""
    if proposal.proposed_by_id == by.pk:
        raise Refused(_("You proposed this yourself. Another curator settles it."))
    proposal.state, proposal.answer, proposal.final = state, answer, final
    proposal.settled_at, proposal.settled_by = timezone.now(), by
    proposal.save()
    person = proposal.proposed_by
    mail.send("proposal_settled", person.email, user=person, **answer_mail(proposal, state, answer, final))


def answer_mail(proposal, state, answer, final):
    """What the mail that tells the member says. The page has the words of the proposal, and asks to sign in."""
    is_member = proposal.proposed_by.memberships.current().filter(jurisdiction=proposal.jurisdiction_id).exists()
    return {
        "government": str(proposal.jurisdiction),
        "what": proposal.get_kind_display(),
        "sent": proposal.proposed_at,
        "is_accepted": state == Proposal.State.ACCEPTED,
        "is_edited": final is not None and final != proposal.proposed,
        "answer": mail.quoted(answer) if answer else "",
        "link": mail.address_of("proposal", proposal.jurisdiction.slug, proposal.pk) if is_member else "",
    }
