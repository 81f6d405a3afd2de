"""From a draft that is written to the receipt: the sponsor signs, the lead hands in; and the whole on paper."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.writing import form_page, see_other

from .. import workflow
from ..states import Status
from ..team import EVERY_ROLE, LEAD, SPONSOR, Role, find
from ..whole import Whole, changes_of
from ..workflow import NotPossible, NotReady
from . import answering


@form_page
@answering
def sign_off(request, pk):
    """Everything on one page, and whether the sponsor signed it; the sponsor signs here."""
    application, member = find(request.user, pk, SPONSOR if request.method == "POST" else EVERY_ROLE)
    reasons = []
    if request.method == "POST":
        try:
            workflow.sign_off(application=application, user=request.user, digest=request.POST.get("digest", ""))
        except NotReady as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _("You have signed the application off."))
            return see_other("application_sign_off", pk)
    whole = Whole(application)
    context = {
        "application": application,
        "member": member,
        "whole": whole,
        "reasons": reasons,
        "may_sign": member.role == Role.SPONSOR and application.is_editable,
        "has_signed": any(one.counts and one.by == request.user for one in whole.signatures),
    }
    return render(request, "pathway/sign_off.html", context, status=400 if reasons else 200)


@form_page
@answering
def submit(request, pk):
    """Everything once more, then the button. Whoever comes back after it is handed in is led to the receipt."""
    application, member = find(request.user, pk, LEAD)
    status, reasons = 200, []
    if request.method == "POST":
        try:
            workflow.in_turn(
                workflow.hand_in,
                application=application,
                user=request.user,
                turn=request.POST.get("turn", ""),
                digest=request.POST.get("digest", ""),
            )
        except NotReady as refusal:
            status, reasons = 400, refusal.reasons
        except NotPossible:
            status = 409
            reasons = [_("This page was from before the last step of the application. Look through it again.")]
        application.refresh_from_db()
    if not application.is_editable:
        if not application.is_under_way:
            raise NotPossible(application.status_for_team)
        return (see_other if request.method == "POST" else redirect)("application_receipt", pk)
    whole = Whole(application)
    context = {
        "application": application,
        "member": member,
        "whole": whole,
        "reasons": reasons,
        "is_ready": whole.is_signed and not whole.missing,
        "turn": workflow.turn_of(application),
        "changes": changes_of(application) if application.status == Status.CHANGES_REQUESTED else [],
    }
    return render(request, "pathway/submit.html", context, status=status)


@require_safe
def receipt(request, pk):
    application, member = find(request.user, pk)
    if not application.submitted_at:
        raise Http404
    context = {
        "application": application,
        "member": member,
        "whole": Whole(application),
        "policy": application.policy,
        "is_with_us": application.is_under_way or application.is_answered,
    }
    return render(request, "pathway/receipt.html", context)


@require_safe
def whole(request, pk):
    """Everything, made to be printed or kept as a PDF."""
    application, member = find(request.user, pk)
    context = {"application": application, "member": member, "whole": Whole(application)}
    return render(request, "pathway/whole.html", context)


@require_safe
def as_json(request, pk):
    """Everything as a file that other programs read."""
    application, _member = find(request.user, pk)
    name = application.reference or "application-draft"
    return JsonResponse(
        in_data(application),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": f'attachment; filename="{name}.json"'},
    )


def in_data(application):
    """What the print shows, as data. Times are in UTC; `answer` is what was typed, `words` what it says."""
    whole = Whole(application)
    return {
        "reference": application.reference,
        "status": application.status_for_team,
        "status_in_words": application.status_for_team.label,
        "government": application.government_name,
        "questions_version": application.questions_version,
        "begun_at": application.created_at,
        "submitted_at": application.submitted_at,
        "sections": [
            {
                "id": part.section.id,
                "label": part.section.label,
                "saved_at": part.saved and part.saved.saved_at,
                "questions": [
                    {
                        "id": row.question.id,
                        "label": row.question.label,
                        "answer": whole.answers.get(row.question.id),
                        "words": row.text,
                    }
                    for row in part.rows
                ],
            }
            for part in whole.parts
        ],
        "team": [{"name": str(member.user), "role": member.get_role_display()} for member in whole.team],
        "files": [{"name": one.name, "bytes": one.size, "added_at": one.added_at} for one in whole.files],
        "sign_offs": [{"name": str(one.by), "at": one.at, "counts": one.counts} for one in whole.signatures],
        "history": [
            {"at": step.at, "what": step.words, "by": str(step.who or _("The Alliance"))}
            for step in application.timeline.steps
        ],
    }
