"""What every verb is made of: the lock, the look whether it is possible, and the one place that writes a status."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import audit, mail
from alliance.core.models import User

from .. import desk
from ..models import Application, HistoryEntry
from ..states import BY_ALLIANCE, GO_ON, VERBS, By, Status, possible
from ..team import EVERY_ROLE


class NotPossible(Exception):  # noqa: N818 - an answer, not an error
    """The application stands where this can't be done; the text says what can, by the team or by the reviewers."""

    def __init__(self, status, by_team=True):
        self.status = Status(status)
        ways = [str(verb.label) for verb in possible(status, by_team)]
        text = _("It is “%(status)s” now.") % {"status": self.status.label}
        if ways:
            text += " " + _("What is possible: %(ways)s.") % {"ways": ", ".join(ways)}
        super().__init__(text)


class NotReady(Exception):  # noqa: N818 - an answer, not an error
    """Something is missing; `reasons` are sentences."""

    def __init__(self, *reasons):
        self.reasons = [str(reason) for reason in reasons]
        super().__init__(" ".join(self.reasons))


class HandedInAlready(NotReady):
    """Where somebody still wrote, it was handed in from another window."""


class Stale(Exception):  # noqa: N818 - an answer, not an error
    """Somebody saved in between; `theirs` is what stands there now."""

    def __init__(self, theirs):
        self.theirs = theirs


def locked(application, user=None, roles=EVERY_ROLE):
    """The application, locked until the end of the transaction; Http404 where `user` has none of the roles in it."""
    application = get_object_or_404(Application.objects.select_for_update(), pk=application.pk)
    if user and not application.team.current().filter(user=user, role__in=roles).exists():
        raise Http404
    return application


def locked_for(application, actor, by=By.REVIEWER):
    """The application, locked, for somebody of the Alliance; Http404 where it is not there for them in this part, or
    they have not declared that they have no conflict of interest."""
    application = locked(application)
    if not (desk.may_open(actor, application, by) and desk.has_declared(actor, application)):
        raise Http404
    return application


def locked_person(user):
    """Hold on to the account of somebody who gets a part in a team, before the application is locked: whoever deletes
    their account at this moment comes before or after. Http404 where it is deleted."""
    return get_object_or_404(User.objects.select_for_update(no_key=True), pk=user.pk, erased_at=None)


def allow(application, statuses, by_team=True):
    """Raise NotPossible where a locked application stands in none of these. Its team is not told of a held decision."""
    if application.status not in statuses:
        raise NotPossible(application.status_for_team if by_team else application.status, by_team)


def lead_on(application, verb, actor, target=None, **changes):
    """Write the new status of a locked application, with what else changes, and the line of its history."""
    verb, source = VERBS[verb], Status(application.status)
    allow(application, verb.sources, verb.by_team)
    application.status = target or verb.targets[0]
    if verb.name not in GO_ON:
        changes["since"] = timezone.now()
    for name, value in changes.items():
        setattr(application, name, value)
    application.save(update_fields=["status", "updated_at", *changes])
    record(application, verb.name, actor, source=source)


def record(application, deed, actor, person=None, source=None, **facts):
    """Write the line of the history for a verb from `source`, or for one that leaves the status of a locked application
    as it is; and of what the Alliance did, with these facts, the entry in the audit log."""
    source, target = Status(source or application.status), Status(application.status)
    HistoryEntry.objects.create(
        application=application, actor=actor, verb=deed, source=source, target=target, person=person
    )
    if deed in BY_ALLIANCE:
        audit.record(
            deed,
            actor=actor,
            about=application,
            **{"from": source, "to": target} if source != target else {},
            **{"person": person.pk} if person else {},
            **facts,
        )


def turn_of(application):
    """How many steps an application went so far that its team knows of, as text: forms carry it."""
    return str(application.history.for_team().steps().count())


@transaction.atomic
def in_turn(verb, *, application, user, turn, **given):
    """Do a verb where nothing else was done since its form was shown, at `turn`; otherwise NotPossible.

    So a form that is sent twice, or from a page of last week, does nothing the second time.
    """
    application = locked(application, user)
    if turn != turn_of(application):
        raise NotPossible(application.status_for_team)
    return verb(application=application, user=user, **given)


def tell_team(application, kind, to="application", **context):
    """Write one mail to each person of the team, with the address of one of its pages."""
    link = mail.address_of(to, application.pk)
    for member in application.team.current().select_related("user"):
        mail.send(kind, member.user.email, user=member.user, application=application, link=link, **context)


def tell_desk(application, kind):
    """Write one mail to each reviewer of an application, or where there is none, to each chair; never to whoever has a
    conflict of interest. It names the reference, never the government."""
    for person in desk.readers_of(application):
        tell_reviewer(application, person, kind)


def tell_reviewer(application, person, kind):
    mail.send(kind, person.email, user=person, application=application, link=mail.address_of("review", application.pk))
