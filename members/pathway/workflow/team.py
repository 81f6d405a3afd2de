"""The verbs of the team of an application: asking in, joining, leaving, leading."""

from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import mail
from alliance.core.emails import canonical

from ..models import Invitation, Message, TeamMember
from ..team import EVERY_ROLE, LEAD, Role
from .base import NotReady, locked, locked_person, record, tell_team

INVITATION_LASTS = timedelta(days=7)


@transaction.atomic
def invite(*, application, user, email, role):
    """Ask an address into the team; the mail has a link that works once, for 7 days. Asking twice sends one mail;
    NotReady where the address is in the team, or is asked already to do something else in it."""
    application = locked(application, user, LEAD)
    email = canonical(email)
    if application.team.current().filter(user__email=email).exists():
        raise NotReady(_("This person is in the team already."))
    application.invitations.filter(accepted_at=None, revoked_at=None, expires_at__lte=timezone.now()).update(
        revoked_at=timezone.now()
    )
    if invitation := application.invitations.open().filter(email=email).first():
        if invitation.role != role:
            raise NotReady(_("This address is invited already. Take that invitation back first."))
        return invitation
    invitation = Invitation.objects.create(
        application=application, email=email, role=role, invited_by=user, expires_at=timezone.now() + INVITATION_LASTS
    )
    record(application, "invite", user)
    link = mail.address_of("invitation", invitation.key)
    mail.send("invitation", email, role=invitation.get_role_display(), link=link)
    return invitation


@transaction.atomic
def revoke(*, application, user, invitation):
    """Take an invitation back; one that was accepted in the meantime stays, and NotReady says so."""
    application = locked(application, user, LEAD)
    invitation = get_object_or_404(application.invitations, pk=invitation.pk)
    if invitation.accepted_at:
        raise NotReady(_("The invitation was accepted in the meantime. You can remove the person from the team."))
    if not invitation.revoked_at:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        record(application, "revoke", user)


@transaction.atomic
def accept(*, invitation, user):
    """Join the team that one was invited to. Http404 for another address, and for an invitation that is over."""
    user = locked_person(user)
    application = locked(invitation.application)
    invitation = get_object_or_404(application.invitations, pk=invitation.pk, email=user.email)
    member = application.team.current().filter(user=user).first()
    if member and invitation.accepted_at:
        return member  # the same click a second time
    if not application.invitations.open().filter(pk=invitation.pk).exists():
        raise Http404
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    record(application, "join", user)
    return member or TeamMember.objects.create(application=application, user=user, role=invitation.role)


@transaction.atomic
def leave(*, application, user, member):
    """End somebody's part in the team: the lead removes anybody else, everybody ends their own; the lead hands over
    first (NotReady)."""
    application = locked(application, user, EVERY_ROLE if member.user_id == user.pk else LEAD)
    member = get_object_or_404(application.team, pk=member.pk)
    if member.left_at:
        return  # the same click a second time
    if member.role == Role.LEAD:
        raise NotReady(_("The lead hands the application over first."))
    member.left_at = timezone.now()
    member.save(update_fields=["left_at"])
    record(application, "leave", user, member.user)


def make_lead(application, user):
    """Make somebody the lead of a locked application, in its team or new to it; the lead until now becomes an editor.
    Return whether anything changed."""
    member = application.team.current().filter(user=user).first()
    if member and member.role == Role.LEAD:
        return False
    application.team.current().filter(role=Role.LEAD).update(role=Role.EDITOR)
    if member:
        application.team.filter(pk=member.pk).update(role=Role.LEAD)
    else:
        TeamMember.objects.create(application=application, user=user, role=Role.LEAD)
    return True


@transaction.atomic
def hand_over(*, application, user, member):
    """Make another member of the team the lead; the lead until now becomes an editor. NotReady where they have left."""
    locked_person(member.user)
    application = locked(application, user)
    member = get_object_or_404(application.team, pk=member.pk)
    if member.role == Role.LEAD and not member.left_at:
        return  # the same click a second time
    locked(application, user, LEAD)
    if member.left_at:
        raise NotReady(_("This person has left the team in the meantime."))
    make_lead(application, member.user)
    record(application, "hand_over", user, member.user)
    tell_team(application, "new_lead", lead=str(member.user))


@transaction.atomic
def appoint_lead(*, application, actor, user, reason):
    """Staff make somebody the lead, of the team or new to it, as where the lead has left their government. The lead
    until now stays as an editor; all of the team is told, and finds the reason among the messages."""
    user = locked_person(user)
    application = locked(application)
    if make_lead(application, user):
        record(application, "appoint_lead", actor, user)
        Message.objects.create(application=application, author=actor, is_from_team=False, text=reason)
        tell_team(application, "lead_appointed", lead=str(user))
