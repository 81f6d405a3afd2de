"""To write an application: how joining works, every question, the start, the list of what is to do, and a section."""

import uuid
from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import BadRequest
from django.db.models import prefetch_related_objects
from django.forms import BoundField, Form, IntegerField
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.limits import Limit
from alliance.core.writing import done, form_page, is_writer, not_theirs, see_other, waited, wants_json, writing
from cohorts.lookup import looked_up

from .. import workflow
from ..answers import KEPT, SectionPageForm, form_of, forms_of, in_words, typed
from ..figures import PublicFigures
from ..forms import ApplyForm
from ..models import Assessment, ChangeRequest, ReviewPolicy
from ..prefill import known
from ..questions import MINUTES, SECTIONS, Question
from ..states import VERBS, Status, possible
from ..team import EVERY_ROLE, WRITERS, Role, find
from ..whole import changes_of
from . import answering, keeping

STARTS = Limit("application.starts", 20, timedelta(days=1))


@require_safe
def pathway(request):
    """How joining works, and how long it took others."""
    context = {"minutes": MINUTES, "figures": PublicFigures(), "policy": ReviewPolicy.current()}
    return render(request, "pathway.html", context)


@require_safe
def questions(request):
    return render(request, "pathway/questions.html", {"sections": SECTIONS, "minutes": MINUTES})


@form_page
@answering
def apply(request):
    """Begin: name the government, or take a readiness check that is kept in the account."""
    form = ApplyForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_bound:
        STARTS.count(str(request.user.pk))
        if form.is_valid():
            fields = known(form.chosen, request.user)
            return see_other(workflow.start(key=form.cleaned_data["key"], user=request.user, **fields))
    kept = form.fields["assessment"].queryset
    context = {"form": form, "key": uuid.uuid4(), "kept": kept, **looked_up(request)}
    return render(request, "pathway/apply.html", context, status=400 if form.errors else 200)


@require_safe
def application(request, pk):
    """What is done, what is to do, and what comes next."""
    application, member = find(request.user, pk)
    prefetch_related_objects([application], "sections")
    answers = workflow.answers_of(application)
    tasks = forms_of(answers)
    team = application.team.current().select_related("user").order_by("pk")
    is_complete = not any(task.errors for task in tasks)
    files = list(application.attachments.current())
    is_signed_off = workflow.is_signed_off(application, workflow.digest_of(answers, files))
    changes = changes_of(application) if application.status == Status.CHANGES_REQUESTED else []
    unchanged = sum(one.is_waiting for one in changes)
    context = {
        "application": application,
        "member": member,
        "tasks": tasks,
        "done": sum(not task.errors for task in tasks),
        "minutes": MINUTES,
        "changes": changes,
        "unchanged": unchanged,
        "team": team,
        "has_sponsor": any(one.role == Role.SPONSOR for one in team),
        "is_complete": is_complete,
        "is_signed_off": is_signed_off,
        "is_ready": is_complete and is_signed_off and not unchanged,
        "may_write": member.role in WRITERS and application.is_editable,
        "may_withdraw": VERBS["withdraw"] in possible(application.status, by_team=True),
        "files": len(files),
        "assessment": Assessment.objects.current().filter(pk=application.assessment_id).first(),
    }
    if application.status == Status.WITHDRAWN:
        context["reason"] = application.messages.filter(is_from_team=True, sent_at__gte=application.since).first()
    if member.role == Role.LEAD:
        context["readings"] = application.readings.values_list("on", flat=True).distinct().order_by("-on")
        context["overrides"] = application.overrides.order_by("-at", "-pk")
    return render(request, "pathway/application.html", context)


class Row(NamedTuple):
    """A question on the page of its section: its field where it may be answered, else its answer in words."""

    question: Question
    field: BoundField | None
    words: str
    request: ChangeRequest | None

    @property
    def before(self):
        """The answer, in words, that reviewers asked about again."""
        return in_words(self.question, self.request.before)


class Draft:
    """A section of an application, as `member` of the team may read or write it."""

    def __init__(self, application, member, section):
        prefetch_related_objects([application], "sections__saved_by")
        self.application, self.member, self.section = application, member, section
        self.kept = next((one for one in application.sections.all() if one.section == section.id), None)
        self.answers = workflow.answers_of(application)
        self.requests = {one.question: one for one in application.change_requests.filter(answered_at=None)}
        self.open_again = workflow.open_again(self.requests)
        self.may_write = member.role in WRITERS and application.is_editable

    def get_absolute_url(self):
        return reverse("application_section", args=[self.application.pk, self.section])

    @property
    def version(self):
        return self.kept.version if self.kept else 0

    def is_open(self, question):
        """Whether this question may be answered now: all of a draft, those asked again of one sent back."""
        return self.may_write and (self.application.status == Status.DRAFT or question.id in self.open_again)

    def with_words(self, typed):
        """All answers, with those of this section as somebody typed them: also what they emptied."""
        own = {question.id for question in self.section.questions if self.is_open(question)}
        rest = {name: answer for name, answer in self.answers.items() if name not in own}
        return rest | {name: answer for name, answer in typed.items() if name in own}

    def rows(self, form):
        for question in self.section.questions:
            yield Row(
                question,
                form[question.id] if self.is_open(question) else None,
                in_words(question, self.answers.get(question.id)),
                self.requests.get(question.id),
            )

    def differing(self, mine, theirs):
        """(question, what I typed, what a colleague saved, both in words) of each open question that differs."""
        for question in self.section.questions:
            here, there = mine.get(question.id), theirs.get(question.id)
            if here != there and self.is_open(question):
                yield question, here, there, in_words(question, here), in_words(question, there)


class VersionForm(Form):
    """The hidden field that says which version of a section somebody began from."""

    version = IntegerField(min_value=0, max_value=2**31 - 1)


@writing
@answering
def section(request, pk, section):
    """Read or write the answers of one section. They are kept as they are typed, complete or not."""
    application, member = find(request.user, pk, WRITERS if request.method == "POST" else EVERY_ROLE)
    draft = Draft(application, member, section)
    if request.method == "POST":
        return save(request, draft)
    if draft.may_write and (words := waited(request)):
        return unsaved(request, draft, words)
    return section_page(request, draft, draft.answers)


def save(request, draft):
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise BadRequest("no version")
    version = form.cleaned_data["version"]
    answers, too_long = typed(draft.section, request.POST)
    if not is_writer(request, request.POST):
        return of_somebody_else(request, draft, answers, version)
    if too_long:
        return too_much(request, draft, answers, version)
    words = [(one.label, in_words(one, answers[one.id])) for one in draft.section.questions if one.id in answers]
    try:
        with keeping(words):
            kept = workflow.save_section(
                application=draft.application,
                section=draft.section.id,
                answers=answers,
                version=version,
                user=request.user,
            )
    except workflow.Stale as stale:
        return conflict(request, draft, answers, stale.theirs)
    next_page = draft.application if "to_list" in request.POST else draft
    return done(request, next_page, saved_at=time_of(kept.saved_at), version=kept.version)


def time_of(moment):
    return _("%(time)s (Central time)") % {"time": date_format(localtime(moment), "TIME_FORMAT")}


def of_somebody_else(request, draft, answers, version):
    """Keep nothing under the name of somebody who did not write it; a script takes this for being signed out."""
    if wants_json(request):
        return JsonResponse({"reasons": [not_theirs()]}, status=403)
    return section_page(request, draft, draft.with_words(answers), status=403, refused=not_theirs(), version=version)


def too_much(request, draft, answers, version):
    """Refuse the whole rather than cut what somebody typed; the page shows it all, to be shortened."""
    reason = _("Nothing is saved yet: one answer has more than %(most)d characters. Shorten it.") % {"most": KEPT}
    return section_page(request, draft, draft.with_words(answers), status=400, refused=reason, version=version)


def unsaved(request, draft, words):
    """Show what was sent after the session had ended, to be saved now; from the version that it was begun with."""
    form = VersionForm(words)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    answers, _too_long = typed(draft.section, words)
    return section_page(request, draft, draft.with_words(answers), version=version, waited=True)


def conflict(request, draft, mine, kept):
    """Somebody else saved since, or the same person elsewhere: show both versions of what differs, to choose from.
    Nothing is overwritten unseen."""
    is_own = bool(kept) and kept.saved_by == request.user
    who = _("you in another window") if is_own else kept and kept.saved_by or _("A colleague")
    if wants_json(request):
        reason = (
            _("You saved this section in another window while you wrote. Press “Save” to see both versions and choose.")
            if is_own
            else _("%(who)s saved this section while you wrote. Press “Save” to see both versions and choose.")
        )
        return JsonResponse({"reasons": [reason % {"who": who}]}, status=409)
    theirs = kept.answers if kept else {}
    context = {
        "application": draft.application,
        "member": draft.member,
        "section": draft.section,
        "kept": kept,
        "version": kept.version if kept else 0,
        "who": who,
        "is_own": is_own,
        "differing": list(draft.differing(mine, theirs)),
        "same": [(name, answer) for name, answer in mine.items() if theirs.get(name) == answer],
    }
    return render(request, "pathway/conflict.html", context, status=409)


def section_page(request, draft, answers, status=200, refused="", version=None, waited=False):
    form = SectionPageForm(draft.section, answers)
    form.waited = waited
    place = SECTIONS.index(draft.section)
    rows = list(draft.rows(form))
    context = {
        "application": draft.application,
        "member": draft.member,
        "section": draft.section,
        "kept": draft.kept,
        "version": draft.version if version is None else version,
        "form": form,
        "rows": rows,
        "is_open": any(row.field for row in rows),
        "missing": form_of(draft.section, answers).missing,
        "refused": refused,
        "number": place + 1,
        "count": len(SECTIONS),
        "previous": SECTIONS[place - 1] if place else None,
        "next": SECTIONS[place + 1] if place + 1 < len(SECTIONS) else None,
    }
    return render(request, "pathway/section.html", context, status=status)
