"""To ask somebody to meet, and what becomes of it; to block somebody, and to report them to staff."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.limits import Limit
from alliance.core.writing import done, filled, form_page, see_other, writing

from .. import introductions, reports
from ..access import find, find_or_blocked, for_members, is_member
from ..face import face_of
from ..introduction_forms import AskForm, ReportForm, UnblockForm, VerbForm
from ..introductions import Refused
from ..models import Introduction, PeerProfile

ASKS = Limit("peers.ask", 10, timedelta(days=1))
REPORTS = Limit("peers.report", 10, timedelta(days=1))
MOST_SHOWN = 100

DONE = {
    "accept": gettext_lazy("Accepted. You two see each other's address now."),
    "decline": gettext_lazy("Declined. They read that you did."),
    "withdraw": gettext_lazy("Withdrawn."),
    "end": gettext_lazy("Ended. Your addresses are gone from these pages."),
    "block": gettext_lazy("Blocked. You two don't find each other in the peer network any more; they are not told."),
}


@writing
@for_members
def ask(request, pk):
    """The form to ask the person of a profile to meet."""
    profile = find(request.user, pk)
    if not is_member(request.user):
        return see_other("peers_join")
    is_sent = request.method == "POST"
    met = Introduction.objects.between(request.user, profile.user_id).living().first()
    if met and not is_sent:
        return see_other(met)
    form = filled(AskForm, request)
    there, status = None, 400 if is_sent else 200
    if is_sent and form.is_valid():
        ASKS.count(str(request.user.pk))
        try:
            made, is_new = introductions.ask(asker=request.user, asked=profile.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
            there, status = refused.there, 409
        else:
            if is_new:
                messages.success(request, _("Sent. We write to you when there is an answer."))
            return done(request, made)
    context = {
        "profile": profile,
        "face": face_of(profile),
        "form": form,
        "there": there,
        "own": PeerProfile.objects.listed().filter(user=request.user).with_people().first(),
    }
    return render(request, "peers/ask.html", context, status=status)


@form_page
@for_members
def introductions_page(request):
    """Everybody whom one asked, or who asked, and whom one blocked. POST unblocks."""
    if request.method == "POST":
        form = UnblockForm(request.POST)
        if not form.is_valid():
            raise BadRequest("no block")
        introductions.unblock(user=request.user, pk=form.cleaned_data["block"])
        messages.success(request, _("Unblocked. You two can find each other again; what was closed stays closed."))
        return see_other("introduction_list")
    rows = Introduction.objects.of(request.user).defer("message")[:MOST_SHOWN]
    rows = introductions.with_others(rows, request.user)
    context = sorted_by_part(rows, request.user)
    context |= {"blocks": introductions.blocks_of(request.user), "shown": len(rows), "most": MOST_SHOWN}
    return render(request, "peers/introductions.html", context)


def sorted_by_part(rows, user):
    """The introductions as the page shows them: those that wait for `user`, for others, who agreed, what is over."""
    parts = {"received": [], "asked": [], "accepted": [], "over": []}
    for one in rows:
        if not one.profile or one.is_over:
            parts["over"].append(one)
        elif one.is_open:
            parts["received" if one.asked_id == user.pk else "asked"].append(one)
        else:
            parts["accepted"].append(one)
    return parts


def found(request, pk):
    """An introduction of one's own, with what one may see of the other; Http404 for any other."""
    rows = Introduction.objects.of(request.user).select_related("asker", "asked")
    [introduction] = introductions.with_others([get_object_or_404(rows, pk=pk)], request.user)
    return introduction


def other_of(introduction, user):
    return introduction.asked if introduction.asker_id == user.pk else introduction.asker


@form_page
@for_members
def introduction(request, pk):
    """One introduction. POST does what its button says."""
    one = found(request, pk)
    if request.method == "POST":
        form = VerbForm(request.POST)
        if not form.is_valid():
            raise BadRequest("no verb")
        verb = form.cleaned_data["verb"]
        try:
            if verb == "block":
                introductions.block(user=request.user, other=other_of(one, request.user))
            else:
                introductions.do(introduction=one, user=request.user, verb=verb)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, DONE[verb])
        return see_other(one)
    context = {
        "introduction": one,
        "profile": one.profile,
        "face": one.face,
        "is_asker": one.asker_id == request.user.pk,
        "ways": introductions.ways(one, request.user) if one.profile else [],
        "is_listed": PeerProfile.objects.lists(request.user),
        "is_blocked": request.user.blocks.filter(blocked=other_of(one, request.user)).exists(),
    }
    return render(request, "peers/introduction.html", context)


@form_page
@for_members
def block_profile(request, pk):
    """Block the person of a profile. Whoever had to sign in first is led back to the button."""
    if request.method != "POST":
        return see_other("peer_detail", pk)
    introductions.block(user=request.user, other=find_or_blocked(request.user, pk).user)
    messages.success(request, DONE["block"])
    return see_other("introduction_list")


@writing
@for_members
def report(request, pk):
    """Report the other of an introduction to staff."""
    one = found(request, pk)
    return reporting(request, other_of(one, request.user), one.face, next_page=one, introduction=one)


@writing
@for_members
def report_profile(request, pk):
    """Report the person of a profile to staff."""
    profile = find_or_blocked(request.user, pk)
    return reporting(request, profile.user, face_of(profile), next_page="introduction_list")


def reporting(request, about, face, next_page, *, introduction=None):
    is_sent = request.method == "POST"
    form = filled(ReportForm, request)
    if is_sent and form.is_valid():
        REPORTS.count(str(request.user.pk))
        with transaction.atomic():
            reports.report(user=request.user, about=about, text=form.cleaned_data["text"], introduction=introduction)
            if form.cleaned_data["blocks"]:
                introductions.block(user=request.user, other=about)
        messages.success(request, _("Thank you. Staff read it; the person is not told who wrote it."))
        return done(request, next_page)
    context = {"face": face, "introduction": introduction, "form": form}
    return render(request, "peers/report.html", context, status=400 if is_sent else 200)
