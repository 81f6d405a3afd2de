"""To join the peer network: ask staff to verify that one works for a government."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _

from alliance.core.limits import Limit
from alliance.core.writing import form_page, see_other
from cohorts.lookup import looked_up

from .. import ties
from ..forms import PickForm, TieForm

OF_PERSON = Limit("peers.ties", 10, timedelta(days=1))


@form_page
def join(request):
    """What became of a request, and the form for one; POST asks, or takes back what was asked."""
    if "withdraw" in request.POST:
        return withdraw(request)
    is_sent = request.method == "POST"
    pick = PickForm(request.POST if is_sent else request.GET)
    picked = pick.picked()
    form = TieForm(request.POST if is_sent else None, user=request.user, picked=picked)
    if is_sent and pick.is_valid() and form.is_valid():
        OF_PERSON.count(str(request.user.pk))
        said = form.said()
        tie, is_new = ties.ask(user=request.user, **said)
        if is_new:
            messages.success(request, _("Thank you. We check it, and write to you then."))
        elif said != {name: getattr(tie, name) for name in said}:  # no second click
            messages.error(request, _("You have asked already. Withdraw that first to ask for another government."))
        return see_other("peers_join")
    context = {
        "form": form,
        "pick": pick,
        "picked": picked,
        "ties": request.user.memberships.current().with_government(),
        "latest": request.user.tie_requests.order_by("-pk").first(),
        **looked_up(request),
    }
    return render(request, "peers/join.html", context, status=400 if is_sent else 200)


def withdraw(request):
    """Take back what waits for staff."""
    if tie := request.user.tie_requests.order_by("-pk").first():
        try:
            ties.withdraw(tie=tie, user=request.user)
        except ties.Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("You have withdrawn it."))
    return see_other("peers_join")
