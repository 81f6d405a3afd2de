"""The rooms of a collaboration: what the people of its members see, and where its stewards keep its page."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.limits import Limit
from alliance.core.writing import done, form_page, is_writer, not_theirs, see_other, waited, writing

from .. import changes, editing, figures, periods
from ..kinds import KINDS
from ..models import Collaboration, SharedMeasure

WRITES = Limit("collaborations.writes", 500, timedelta(days=1))
# Rows of one kind that the room lists; the public page shows all.
MOST_SHOWN = 200


def find_kept(request, slug):
    """The collaboration whose page the person keeps; Http404 for anybody else, as if it did not exist."""
    return get_object_or_404(Collaboration.objects.kept_by(request.user), slug=slug)


def address(name, slug, kind, measure=None, target=None):
    """Where a page about rows of this kind is."""
    values = {"slug": slug, "kind": kind.name, "measure": measure, "target": target}
    return reverse(name, kwargs={key: value for key, value in values.items() if value is not None})


@require_safe
def room(request, slug):
    collaboration = get_object_or_404(Collaboration.objects.known_to(request.user), slug=slug)
    is_steward = Collaboration.objects.kept_by(request.user).filter(pk=collaboration.pk).exists()
    measures = collaboration.measures.annotate(point_count=Count("points"))
    if not is_steward:
        measures = measures.filter(status=SharedMeasure.Status.PUBLISHED)
    context = {
        "collaboration": collaboration,
        "is_steward": is_steward,
        "may_write": is_steward and collaboration.ended is None,
        "measures": measures[:MOST_SHOWN],
        "activities": collaboration.activities.select_related("measure")[:MOST_SHOWN],
        "gatherings": collaboration.gatherings.all()[:MOST_SHOWN],
        "updates": collaboration.updates.all()[:MOST_SHOWN],
        "seats": collaboration.seats.with_members()[:MOST_SHOWN],
        "most": MOST_SHOWN,
    }
    return render(request, "collaborations/room.html", context)


@writing
def edit(request, slug, kind, measure=None, target=None):
    """The form of one kind of row, for the one that `target` numbers or for a new one."""
    collaboration, kind = find_kept(request, slug), KINDS[kind]
    if target is not None and not kind.rows:
        raise Http404
    where = {"slug": slug, "kind": kind, "measure": measure, "target": target}
    owner = editing.owner_of(kind, collaboration, measure)
    if request.method == "POST" and is_writer(request, request.POST):
        WRITES.count(str(request.user.pk))
        try:
            thing = editing.save(user=request.user, data=request.POST, **where)
        except editing.Refused as refused:
            return form_of(request, collaboration, refused.form, refused, **where)
        messages.success(request, _("Saved."))
        # The figures of a measure come next.
        return done(request, back(slug, kind, thing.pk if kind.name == "measure" else measure))
    if kind.rows and target is None:
        thing = kind.new(owner)
    else:
        thing = get_object_or_404(kind.things(owner), pk=target or owner.pk)
    form = kind.form(request.POST if request.method == "POST" else waited(request), instance=thing)
    form.waited = form.is_bound and request.method != "POST"
    reason = "ended" if collaboration.ended is not None else None
    if request.method == "POST":
        form.add_error(None, not_theirs())
        reason = "wrong"
    return form_of(request, collaboration, form, editing.Refused(reason), **where)


def form_of(request, collaboration, form, refused, *, slug, kind, measure, target):
    """The page of a form, with what was typed, and what stands against it."""
    theirs, seen = refused.theirs, form["seen"].value()
    if refused.reason == "stale":
        target, seen = theirs.instance.pk, theirs.instance.version
    elif refused.reason == "gone":
        target, seen = None, 0
    context = {
        "collaboration": collaboration,
        "kind": kind,
        "measure": measure,
        "target": target,
        "form": form,
        "seen": seen,
        "token": form["token"].value(),
        "reason": refused.reason,
        "address": address("collaboration_edit", slug, kind, measure, target),
        "back": back(slug, kind, measure),
        "differences": theirs and editing.differences(theirs, form),
        "latest": theirs and kind.model.history.filter(id=target).select_related("history_user").first(),
        "may_remove": kind.remove and target and not refused.reason,
    }
    status = {None: 200, "wrong": 400}.get(refused.reason, 409)
    return render(request, "collaborations/room_form.html", context, status=status)


def back(slug, kind, measure=None):
    """Where somebody came from who looks at a row of this kind."""
    if measure:
        return reverse("collaboration_points", args=[slug, measure])
    return f"{reverse('collaboration_room', args=[slug])}#{kind.name}"


class SeenForm(forms.Form):
    """The hidden field that says which version of a row somebody saw."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1)


@form_page
def remove(request, slug, kind, target, measure=None):
    """Ask before a row is removed."""
    kind = KINDS[kind]
    collaboration = find_kept(request, slug)
    if not kind.remove:
        raise Http404
    reason = None
    if request.method == "POST":
        form = SeenForm(request.POST)
        seen = form.cleaned_data["seen"] if form.is_valid() else None
        try:
            editing.remove(user=request.user, slug=slug, kind=kind, target=target, seen=seen, measure=measure)
        except editing.Refused as refused:
            reason = refused.reason
        else:
            messages.success(request, _("Removed. The history keeps what it said."))
            return see_other(back(slug, kind, measure))
    thing = get_object_or_404(kind.things(editing.owner_of(kind, collaboration, measure)), pk=target)
    form = kind.form(instance=thing)
    context = {
        "collaboration": collaboration,
        "kind": kind,
        "thing": thing,
        "facts": [(form[name].label, words) for name, words in editing.in_words(form) if words],
        "reason": reason or (collaboration.ended is not None and "ended"),
        "back": back(slug, kind, measure),
    }
    return render(request, "collaborations/room_remove.html", context, status=409 if context["reason"] else 200)


@require_safe
def points(request, slug, measure):
    """The figures of one measure, to be kept."""
    collaboration = find_kept(request, slug)
    measure = get_object_or_404(collaboration.measures.with_figures(), pk=measure)
    rows = [
        (point, periods.describe(point.period), figures.printed_point(point, measure.format))
        for point in measure.points.all()
    ]
    context = {
        "collaboration": collaboration,
        "measure": measure,
        "rows": rows,
        "may_write": collaboration.ended is None,
        "is_public": measure.is_public,
    }
    return render(request, "collaborations/room_points.html", context)


@require_safe
def history(request, slug):
    collaboration = find_kept(request, slug)
    page = changes.page_of(collaboration, request.GET.get("page"))
    context = {"collaboration": collaboration, "page": page}
    return render(request, "collaborations/room_history.html", context)
