"""What the review holds about the people of the Alliance who did it: see `privacy.py`.

What they decided, scored and checked stays, under a number without a name.
"""

from django.utils import timezone

from .models import (
    AdminReading,
    Assignment,
    AuthorityCheck,
    Decision,
    Declaration,
    HistoryEntry,
    InternalNote,
    KeptView,
    OnboardingStep,
    Override,
    Review,
    ScreeningCheck,
)

COVERS = (
    "pathway.AdminReading.by",
    "pathway.Assignment.assigned_by",
    "pathway.Assignment.reviewer",
    "pathway.AuthorityCheck.by",
    "pathway.AuthorityCheck.contact",
    "pathway.Decision.confirmed_by",
    "pathway.Decision.proposed_by",
    "pathway.Decision.released_by",
    "pathway.Declaration.by",
    "pathway.HistoryEntry.person",
    "pathway.InternalNote.author",
    "pathway.KeptView.owner",
    "pathway.Onboarding.agreed_by",
    "pathway.OnboardingStep.done_by",
    "pathway.OnboardingStep.owner",
    "pathway.Override.by",
    "pathway.Review.reviewer",
    "pathway.ScreeningCheck.by",
)


def export(user):
    def rows(model, **of_them):
        return model.objects.filter(**of_them).select_related("application").order_by("pk")

    return {
        "applications that you were assigned to": [
            {"application": str(one.application), "from": one.assigned_at, "until": one.removed_at}
            for one in rows(Assignment, reviewer=user)
        ],
        "conflicts of interest that you declared or denied": [
            {"application": str(one.application), "conflict": one.has_conflict, "words": one.words, "when": one.at}
            for one in rows(Declaration, by=user)
        ],
        "your reviews": [
            {"application": str(one.application), "begun": one.begun_at, "handed in": one.submitted_at}
            for one in rows(Review, reviewer=user)
        ],
        "your internal notes": [
            {"application": str(one.application), "when": one.at, "text": one.text}
            for one in rows(InternalNote, author=user)
        ],
        "views of the queue that you keep": [
            {"name": one.name, "address": f"/review/?{one.query}"} for one in KeptView.objects.filter(owner=user)
        ],
        "what you checked, proposed, confirmed and released": [
            {"application": str(one.application), "when": when, "what": what}
            for what, model, field, moment in (
                ("checklist", ScreeningCheck, "by", "at"),
                ("authority", AuthorityCheck, "by", "at"),
                ("proposed", Decision, "proposed_by", "proposed_at"),
                ("confirmed", Decision, "confirmed_by", "confirmed_at"),
                ("released", Decision, "released_by", "released_at"),
            )
            for one in rows(model, **{field: user})
            for when in [getattr(one, moment)]
        ],
        "applications that you opened as an admin": [
            {"application": str(one.application), "day": one.on} for one in rows(AdminReading, by=user)
        ],
        "overrides": [
            {"application": str(one.application), "when": one.at, "reason": one.reason}
            for one in rows(Override, by=user)
        ],
        "what others did to your part in applications": [
            {"application": str(one.application), "when": one.at, "what": one.get_verb_display()}
            for one in rows(HistoryEntry, person=user)
        ],
        "steps of onboardings that you ticked off": [
            {"step": one.title, "when": one.done_at}
            for one in OnboardingStep.objects.filter(done_by=user).order_by("pk")
        ],
    }


def erase(user):
    """They are assigned to nothing any more; nobody waits for them."""
    KeptView.objects.filter(owner=user).delete()
    Assignment.objects.current().filter(reviewer=user).update(removed_at=timezone.now())
