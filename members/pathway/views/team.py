"""The team of an application: who is in it, whom it asks in, who leads it."""

from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from alliance.core.limits import Limit, Locked, network
from alliance.core.writing import done, filled, form_page, see_other, writing

from .. import workflow
from ..models import Invitation
from ..team import EVERY_ROLE, LEAD, Role, find
from ..team_forms import PARTS, InviteForm
from ..workflow import NotReady
from . import answering

# Each invitation is a mail to somebody who may never have heard of us.
A_DAY = timedelta(days=1)
BY_PERSON = Limit("invitations.person", 20, A_DAY)
BY_NETWORK = Limit("invitations.network", 60, A_DAY)
BY_ADDRESS = Limit("invitations.address", 5, A_DAY)  # of one person to one address


@writing
@answering
def team(request, pk):
    """Show who is in the team to all of it; the lead asks people in here."""
    application, member = find(request.user, pk, LEAD if request.method == "POST" else EVERY_ROLE)
    form, status = filled(InviteForm, request), 400
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            ask(request, application, **form.cleaned_data)
        except NotReady as refusal:
            form.add_error("email", refusal.reasons)
        except Locked as locked:
            status = 429
            form.add_error("email", str(locked))
        else:
            messages.success(request, _("An invitation goes to %(address)s.") % {"address": email})
            return done(request, "application_team", pk)
    context = {
        "application": application,
        "member": member,
        "team": application.team.current().select_related("user").order_by("joined_at", "pk"),
        "invitations": application.invitations.open().order_by("expires_at", "pk"),
        "parts": PARTS,
        "form": form,
    }
    return render(request, "pathway/team.html", context, status=status if form.errors else 200)


@transaction.atomic
def ask(request, application, email, role):
    """Invite an address. What is refused, by the verb or by a limit, counts for nothing: no mail has gone."""
    workflow.invite(application=application, user=request.user, email=email, role=role)
    BY_PERSON.count(str(request.user.pk))
    BY_NETWORK.count(network(request))
    BY_ADDRESS.count(f"{request.user.pk} {email}")


def colleague(request, application, member):
    """Somebody of the team. A form also finds who has left it: its second click finds done what the first one did."""
    rows = application.team if request.method == "POST" else application.team.current()
    return get_object_or_404(rows.select_related("user"), pk=member)


@form_page
@answering
def remove(request, pk, member):
    """The lead removes a person, or somebody leaves."""
    application, own = find(request.user, pk)
    if own.pk == member:
        person = own
    else:
        find(request.user, pk, LEAD)
        person = colleague(request, application, member)
    if request.method == "POST":
        workflow.leave(application=application, user=request.user, member=person)
        if person == own:
            messages.success(request, _("You have left the team."))
            return see_other("account")
        messages.success(request, _("%(name)s is no longer in the team.") % {"name": person.user})
        return see_other("application_team", pk)
    return render(request, "pathway/team_remove.html", {"application": application, "member": own, "person": person})


@form_page
@answering
def hand_over(request, pk, member):
    """The lead makes somebody else of the team the lead. Whether it is the lead who asks, `hand_over` looks itself:
    after the first of two clicks it is an editor."""
    application, own = find(request.user, pk, EVERY_ROLE if request.method == "POST" else LEAD)
    person = colleague(request, application, member)
    if request.method == "POST":
        workflow.hand_over(application=application, user=request.user, member=person)
        messages.success(request, _("%(name)s leads the application now.") % {"name": person.user})
        return see_other("application_team", pk)
    return render(request, "pathway/team_hand_over.html", {"application": application, "member": own, "person": person})


@form_page
@answering
def revoke(request, pk, invitation):
    """The lead takes an invitation back."""
    application, own = find(request.user, pk, LEAD)
    rows = application.invitations if request.method == "POST" else application.invitations.open()
    asked = get_object_or_404(rows, pk=invitation)
    if request.method == "POST":
        workflow.revoke(application=application, user=request.user, invitation=asked)
        messages.success(request, _("The invitation to %(address)s is taken back.") % {"address": asked.email})
        return see_other("application_team", pk)
    return render(request, "pathway/team_revoke.html", {"application": application, "member": own, "invitation": asked})


@form_page
def invitation(request, key):
    """Join the team that one's address was asked into; with any other address there is no such page."""
    own = Invitation.objects.filter(key=key, email=request.user.email).select_related("application", "invited_by")
    asked = get_object_or_404(own)
    if request.method == "POST":
        workflow.accept(invitation=asked, user=request.user)
        messages.success(request, _("You are in the team now."))
        return see_other("application", asked.application_id)
    if not own.open().exists():
        find(request.user, asked.application_id)
        return see_other("application", asked.application_id)  # the link of the mail, once more
    context = {"invitation": asked, "may": dict(PARTS)[Role(asked.role)]}
    return render(request, "pathway/invitation.html", context)
