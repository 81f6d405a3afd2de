"""The page of a government for its members: what it says, what they proposed, and what became of it."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.limits import Limit
from alliance.core.writing import done, form_page, is_writer, not_theirs, see_other, waited, writing

from . import proposals
from .proposals import find, kind_of, kinds

OF_PERSON = Limit("proposals.person", 30, timedelta(days=1))
MOST_SHOWN = 50


def part(jurisdiction, kind):
    """What a government's page says of one kind, as [(number, title, [(label, words)])]."""
    things = kind.things(jurisdiction)
    return {
        "kind": kind,
        "rows": [(kind.rows and thing.pk, kind.title_of(thing), kind.facts(thing)) for thing in things],
    }


@require_safe
def government(request, slug):
    jurisdiction = find(request.user, slug)
    context = {
        "jurisdiction": jurisdiction,
        "facts": [part(jurisdiction, kind) for kind in kinds().values() if not kind.rows],
        "lists": [part(jurisdiction, kind) for kind in kinds().values() if kind.rows],
        "proposals": jurisdiction.proposals.all()[:MOST_SHOWN],
        "most": MOST_SHOWN,
    }
    return render(request, "cohorts/government.html", context)


@writing
def propose(request, slug, kind, target=None):
    """The form of one kind of change, for what is new or for the row that `target` numbers."""
    jurisdiction, kind = find(request.user, slug), kind_of(kind)
    if target is not None and not kind.rows:
        raise Http404
    try:
        thing = kind.thing(jurisdiction, target)
    except ObjectDoesNotExist:
        raise Http404 from None
    before, title = kind.values(thing), kind.title_of(thing) if target else ""
    is_sent = request.method == "POST"
    form = kind.form(request.POST if is_sent else waited(request), instance=thing)
    form.waited = form.is_bound and not is_sent
    if not is_writer(request, request.POST):
        form.add_error(None, not_theirs())
    if is_sent and form.is_valid():
        values = kind.given(form)
        if values != before:
            OF_PERSON.count(str(request.user.pk))
            proposal, is_new = proposals.propose(
                key=form.cleaned_data["token"],
                jurisdiction=jurisdiction,
                kind=kind,
                user=request.user,
                values=values,
                target=target,
                note=form.cleaned_data["note"],
            )
            if is_new:
                messages.success(request, _("Thank you. A curator looks at it, and we write to you then."))
            return done(request, proposal)
        form.add_error(kind.fields[0].name, _("This is what stands there now. Change something first."))
    context = {
        "jurisdiction": jurisdiction,
        "kind": kind,
        "title": title,
        "form": form,
        "open": jurisdiction.proposals.open().filter(kind=kind.name, target=target) if target or not kind.rows else [],
    }
    return render(request, "cohorts/propose.html", context, status=400 if is_sent else 200)


def rows_of(one):
    """[(label, [(heading, words)])] of what was proposed: once without a heading where nothing differs."""
    versions = {_("Before"): one.before, _("Proposed"): one.proposed}
    if one.was_edited:
        versions[_("On the page")] = one.final
    versions = {heading: values for heading, values in versions.items() if values}
    for _name, label, words in kind_of(one.kind).beside(*versions.values()):
        if len(set(words)) > 1:
            yield label, list(zip(versions, words, strict=True))
        elif words[0]:
            yield label, [("", words[0])]


@form_page
def proposal(request, slug, pk):
    """One proposal, and what became of it; POST takes one's own back."""
    jurisdiction = find(request.user, slug)
    one = get_object_or_404(jurisdiction.proposals, pk=pk)
    if request.method == "POST":
        try:
            proposals.withdraw(proposal=one, user=request.user)
        except proposals.Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("You have withdrawn it."))
        return see_other(one)
    is_own = one.proposed_by_id == request.user.pk
    context = {"jurisdiction": jurisdiction, "proposal": one, "is_own": is_own, "rows": rows_of(one)}
    return render(request, "cohorts/proposal.html", context)
