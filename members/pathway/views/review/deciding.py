"""From the check of an applicant's authority to the answer that is released: proposed, confirmed, held, let go."""

import uuid

from django.contrib import messages as notices
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from alliance.core import waiting
from alliance.core.search import clean
from alliance.core.writing import done, filled, form_page, is_writer, not_theirs, see_other, typed_into, waited, writing
from cohorts.lookup import MOST_NAMED
from cohorts.models import Jurisdiction, Place

from ... import desk, workflow
from ...acceptance import government_of, words_of
from ...answers import plain
from ...decision_forms import (
    AuthorityForm,
    DecisionForm,
    LetterForm,
    NameGovernmentForm,
    Outcome,
    ReasonForm,
)
from ...letters import letter_for
from ...models import Application, Decision
from ...scoring import Comparison
from ...states import UNDER_WAY, VERBS, By, Status
from ...workflow import AlreadyDecided, NotPossible, NotReady
from .. import keeping
from . import open_for, reviewing

# Decisions on one page of those held; what is released together in one request stays below this.
A_PAGE = 25
# What chairs do to a held decision, and what is said when it is done.
HELD_VERBS = {
    "confirm": _("You have confirmed the decision. It is held until somebody releases it."),
    "send_back": _("The decision is sent back. Its letter is kept to begin the next one from."),
    "release": _("The answer is released. Everybody in the team gets a mail."),
}


def may_change(application, statuses):
    """Whether whoever opened it may change something where it stands; an override only reads."""
    return application.status in statuses and not application.access.only_reads


@writing
@reviewing
def authority(request, pk):
    """The checks of the applicant's authority; chairs record one."""
    application = open_for(request, pk, By.CHAIR if request.method == "POST" else By.REVIEWER)
    form = filled(AuthorityForm, request)
    if form.is_bound and form.is_valid():
        try:
            with keeping(typed_into(form)):
                workflow.check_authority(application=application, actor=request.user, **form.cleaned_data)
        except NotReady as refusal:
            form.add_error("contact", refusal.reasons)
        else:
            notices.success(request, _("The check is recorded."))
            return done(request, "review_authority", pk)
    context = {
        "application": application,
        "checks": application.authority_checks.select_related("by"),
        "form": form,
        "may_check": application.access.is_chair and may_change(application, UNDER_WAY),
        "words": typed_into(form),
    }
    return render(request, "review/authority.html", context, status=400 if form.errors else 200)


@writing
@reviewing
def decision(request, pk):
    """Propose an answer, or see the one that is held and confirm it, send it back or release it."""
    application = open_for(request, pk, By.CHAIR)
    if request.method == "POST":
        for verb in HELD_VERBS:
            if verb in request.POST:
                return done_to_held(request, application, verb)
        return propose(request, application)
    words, held = waited(request), workflow.held_decision(application)
    if held and not words:
        return held_page(request, application, held)
    form, letter = form_for(request, application, words), letter_form(application, words)
    if held:
        return held_page(request, application, held, words=typed_into(form, letter))
    return proposal_page(request, application, form, letter)


def done_to_held(request, application, verb):
    """Do a verb to the decision that the page showed, not to one that came in its place."""
    try:
        read = get_object_or_404(application.decisions, pk=request.POST[verb])
    except ValueError:
        raise Http404 from None
    try:
        getattr(workflow, verb)(application=application, actor=request.user, decision=read)
    except NotReady as refusal:
        if not (held := workflow.held_decision(application)):
            raise
        return held_page(request, application, held, refusal.reasons, status=400)
    notices.success(request, HELD_VERBS[verb])
    return see_other("review_decision", application.pk)


def held_page(request, application, held, reasons=(), words=(), status=200):
    """`words` are what whoever reads it wrote for one of their own meanwhile, each (label, text)."""
    check = application.authority_checks.that_count().select_related("by").first()
    will_be, obstacles = None, []
    if held.is_accepting:
        try:
            will_be = government_of(application)
        except ValidationError as refusal:
            obstacles = words_of(refusal)
    context = {
        "application": application,
        "decision": held,
        "is_mine": held.proposed_by_id == request.user.pk,
        "check": check if check and check.is_confirmed else None,
        "will_be": will_be,
        "obstacles": obstacles,
        "reasons": reasons,
        "words": words,
        "comparison": Comparison(application) if desk.reads_reviews(request.user, application) else None,
    }
    return render(request, "review/held.html", context, status=status)


def outcomes_from(application):
    """The outcomes that can be proposed where an application stands; none where nothing can."""
    if application.status == Status.SCREENING:
        return [Outcome.REFERRED]
    return list(Outcome) if application.status == Status.IN_REVIEW else []


def form_for(request, application, words=None):
    """The form of a proposal: as it was sent, or beginning from `words` that waited, or from the one that was sent back
    last."""
    outcomes = outcomes_from(application)
    if request.method == "POST":
        form = DecisionForm(outcomes or list(Outcome), request.POST)
        if not is_writer(request, request.POST):
            form.add_error(None, not_theirs())
        return form
    usual = {"back_on": None, "outcome": outcomes[0] if len(outcomes) == 1 else None}
    if before := sent_back(application):
        usual = {name: getattr(before, name) for name in ("outcome", *DecisionForm.BELONGS)}
    form = DecisionForm(outcomes, initial=usual | (words.dict() if words else {}))
    form.waited = bool(words)
    return form


def sent_back(application):
    return application.decisions.filter(ended_at__isnull=False).order_by("-ended_at").first()


def letter_form(application, words):
    """The letter to begin from: of `words` that waited, or of the decision that was sent back last; None for none."""
    before = sent_back(application)
    letter = words and words.get("letter") or before and before.letter
    return LetterForm(initial={"letter": letter}) if letter else None


def propose(request, application):
    """Step by step, and without a script: what is decided, its letter, how it reads, and then it is proposed."""
    form, step = form_for(request, application), request.POST.get("step")
    letter = LetterForm(request.POST) if request.POST.get("letter") or step in ("preview", "propose") else None
    is_valid = form.is_valid()
    if step == "propose" and is_valid and letter.is_valid():
        try:
            workflow.propose(
                application=application,
                actor=request.user,
                letter=letter.cleaned_data["letter"],
                note=form.cleaned_data["note"],
                **form.decision,
            )
        except AlreadyDecided as refusal:
            return overtaken(request, application, form, refusal.decision)
        except NotReady as refusal:
            form.add_error(None, refusal.reasons)
        except NotPossible:
            return overtaken(request, application, form)
        else:
            notices.success(request, _("The decision is proposed. A second person confirms it."))
            return done(request, "review_decision", application.pk)
    elif not outcomes_from(application):
        return overtaken(request, application, form, workflow.held_decision(application))
    if is_valid and (step == "anew" or step == "letter" and letter is None):
        letter = LetterForm(initial={"letter": letter_for(application, form.decision)})
    is_preview = letter is not None and letter.is_bound and letter.is_valid() and form.is_valid()
    return proposal_page(request, application, form, letter, is_preview=is_preview and step in ("preview", "propose"))


def overtaken(request, application, form, held=None):
    """Somebody else was first. What this person wrote is kept as an internal note, and they read who decided when."""
    outcome = dict(Outcome.choices).get(form["outcome"].value(), "")
    typed = [form[name].value() for name in ("note", "conditions", "referred_to", "back_on")]
    first = _("Not proposed, as somebody else was first: %(outcome)s") % {"outcome": outcome}
    text = plain("\n\n".join(filter(None, [first, *typed, request.POST.get("letter")])))
    # The same form sent twice is one note.
    token = uuid.uuid5(application.pk, f"{request.user.pk} {text}")
    workflow.note(application=application, actor=request.user, text=text, token=token)
    waiting.forget(request)
    context = {"application": application, "decision": held, "text": text}
    return render(request, "review/overtaken.html", context, status=409)


def proposal_page(request, application, form, letter, is_preview=False):
    related = "released_by", "roadmap", "cohort"
    released = list(application.decisions.released().select_related(*related).order_by("-released_at"))
    reads_reviews = desk.reads_reviews(request.user, application)
    is_valid = not form.is_bound or form.is_valid()
    is_letter_fine = letter is None or not letter.is_bound or letter.is_valid()
    context = {
        "application": application,
        "form": form,
        "letter": letter,
        "words": typed_into(form, letter),
        "is_preview": is_preview,
        "is_open": may_change(application, VERBS["propose"].sources),
        "comparison": Comparison(application) if reads_reviews else None,
        "roadmaps": {one.roadmap_id: one.roadmap for one in released if one.roadmap},
        "released": released,
        "may_reconsider": application.access.is_admin and may_change(application, VERBS["reconsider"].sources),
    }
    return render(request, "review/proposal.html", context, status=200 if is_valid and is_letter_fine else 400)


@form_page
@reviewing
def government(request, pk):
    """Say which government applied, where the answers and the records do not tell it by themselves."""
    application = open_for(request, pk, By.CHAIR)
    typed = clean(request.GET.get("q", "")) or f"{application.government_name}, {application.state}"
    records = list(Jurisdiction.objects.named(typed)[:MOST_NAMED])
    places = [one for one in Place.objects.lookup(typed) if not any(one.pk == record.place_id for record in records)]
    for chosen, found in ((application.jurisdiction, records), (application.place, places)):
        if chosen and chosen not in found and getattr(chosen, "jurisdiction", None) not in records:
            found.insert(0, chosen)
    form = NameGovernmentForm(records, places, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        workflow.name_government(application=application, actor=request.user, **form.chosen)
        notices.success(request, _("It is on record which government it is."))
        return see_other("review_decision", pk)
    context = {"application": application, "form": form, "typed": typed, "may_name": may_change(application, UNDER_WAY)}
    return render(request, "review/government.html", context, status=400 if form.errors else 200)


@writing
@reviewing
def reconsider(request, pk):
    """An admin takes a “not yet” or a referral back into review."""
    application = open_for(request, pk, By.ADMIN)
    form = filled(ReasonForm, request)
    with keeping(typed_into(form)):
        if form.is_bound and form.is_valid():
            workflow.reconsider(application=application, actor=request.user, **form.cleaned_data)
            notices.success(request, _("It is in review again. Everybody in the team gets a mail."))
            return done(request, "review", pk)
        if application.status not in VERBS["reconsider"].sources:
            raise NotPossible(application.status, by_team=False)
    context = {"application": application, "form": form}
    return render(request, "review/reconsider.html", context, status=400 if form.errors else 200)


@form_page
@reviewing
def decisions(request):
    """All decisions that are held, to be released one by one or together. Each is released in a transaction of its
    own, so that one that is refused stops no other."""
    if not desk.has_part(request.user, By.CHAIR):
        raise Http404
    released, refused = [], []
    if request.method == "POST":
        chosen = request.POST.getlist("decision")
        for one in held_for(request.user).filter(pk__in=[int(pk) for pk in chosen if is_number(pk)])[:A_PAGE]:
            try:
                workflow.release(application=one.application, actor=request.user, decision=one)
                released.append(one)
            except (NotPossible, NotReady) as refusal:
                refused.append((one, getattr(refusal, "reasons", [str(refusal)])))
            except Http404:
                refused.append((one, [_("It is not there for you any more.")]))
    page = Paginator(held_for(request.user), A_PAGE).get_page(request.GET.get("page"))
    undeclared = desk.open_to(request.user).filter(status=Status.DECIDED).exclude(pk__in=declared_by(request.user))
    context = {
        "page": page,
        "undeclared": undeclared.order_by("reference")[:A_PAGE],
        "released": released,
        "refused": refused,
        "has_chosen": request.method != "POST" or released or refused,
    }
    return render(request, "review/decisions.html", context, status=409 if refused else 200)


def is_number(text):
    return text.isascii() and text.isdigit() and len(text) < 19


def declared_by(user):
    """The applications of which somebody said that they have no conflict of interest."""
    return Application.objects.filter(declarations__by=user, declarations__has_conflict=False).values("pk")


def held_for(user):
    """The decisions that a chair may release or confirm: of what is open to them, and declared."""
    applications = desk.open_to(user).filter(pk__in=declared_by(user), status=Status.DECIDED)
    decisions = Decision.objects.held().filter(application__in=applications)
    checks = Application.authority_checks.rel.related_model.objects.filter(application=OuterRef("application"))
    confirmed = checks.that_count().values("is_confirmed")[:1]
    related = "application", "proposed_by", "confirmed_by"
    return decisions.annotate(has_check=Subquery(confirmed)).select_related(*related).order_by("proposed_at", "pk")
