"""Take your data along, and leave.

What the portal holds about a person is told to them and forgotten for them by the apps that hold it. Each of these has
a `privacy.py` with

- `COVERS`: what it answers for: "app.Model.field", or "app.Model" for all fields of it;
- `export(user)`: what these hold about the person and about nobody else, as {heading: values for JSON}; no secrets;
- `erase(user)`: blanks or deletes it, inside the caller's transaction;
- and where it matters `handovers(user)`: what only this person leads, each as a pair: a sentence that says what to do
  first, and the address of the page for it.
"""

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django import forms
from django.contrib.auth import logout
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.access import signed_in_lately
from alliance.core import mail
from alliance.core.models import User
from alliance.core.rooms import rooms

from .forms import AddressField


class HandOverFirst(Exception):  # noqa: N818 - an answer, not an error
    """Nobody else leads what this person leads."""


def held_about(user):
    """Everything that the portal holds about a person, as {heading: values for JSON}."""
    return {heading: values for module in rooms("privacy") for heading, values in module.export(user).items()}


def to_hand_over(user):
    """What keeps this person from leaving, as (sentence, address of a page)."""
    return [pair for module in rooms("privacy") if hasattr(module, "handovers") for pair in module.handovers(user)]


@transaction.atomic
def erase_account(*, user):
    """Forget a person: their row stays, without name, address or rights; the last mail to them says so.

    Raises HandOverFirst where only they lead something. Of an account that is erased already nothing changes.
    """
    # All admins, too: of the last two who leave at once, one must see that the other is gone. Not their keys: rows that
    # name them may be written meanwhile, so that nobody who holds what they take part in waits for them.
    people = User.objects.select_for_update(no_key=True).filter(Q(pk=user.pk) | Q(is_superuser=True)).order_by("pk")
    person = next(one for one in people if one.pk == user.pk)
    if person.erased_at:
        return
    if to_hand_over(person):
        raise HandOverFirst
    address = person.email
    # What hangs on something goes before it; the row of the person is the ground floor.
    for module in reversed(rooms("privacy")):
        module.erase(person)
    mail.send("account_deleted", address, when=timezone.now())


class DeleteForm(forms.Form):
    """Asks to type what a click could do by accident."""

    email = AddressField(
        label=_("Type your e-mail address to confirm"),
        error_messages={"required": _("Type your e-mail address, so that nothing is deleted by accident.")},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].help_text = _("It is %(address)s.") % {"address": user.email}

    def clean_email(self):
        if self.cleaned_data["email"] != self.user.email:
            raise forms.ValidationError(_("This is not the address of your account."))


@require_safe
def data(request):
    answer = JsonResponse(held_about(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer.headers["Content-Disposition"] = 'attachment; filename="account.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request):
    """Delete one's account, soon after signing in only: a computer that was left open must not do it."""
    is_lately = signed_in_lately(request)
    # Whoever has neither password nor second step signs in anew instead.
    if not is_lately and get_reauthentication_flows(request.user):
        raise ReauthenticationRequired
    form = DeleteForm(request.POST if request.method == "POST" and is_lately else None, user=request.user)
    if form.is_valid():
        try:
            erase_account(user=request.user)
        except HandOverFirst:
            form.add_error(None, _("Nothing was deleted: hand over first what only you lead."))
        else:
            logout(request)
            return HttpResponseRedirect(reverse("account_deleted"), status=303)
    context = {"form": form, "is_lately": is_lately, "handovers": to_hand_over(request.user)}
    return render(request, "account/delete.html", context, status=400 if form.errors else 200)


@require_safe
def deleted(request):
    return render(request, "account/deleted.html")
