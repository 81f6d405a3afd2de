"""What the review holds about the people of the Alliance who did it: see `privacy.py`.

What they decided, scored and checked stays, under a number without a name; where a text of the Alliance names somebody,
whoever it is, that is taken out.
"""

from django.db.models import F, Q
from django.utils import timezone

from .models import (
    AdminReading,
    Assignment,
    AuthorityCheck,
    ChangeRequest,
    Decision,
    Declaration,
    HistoryEntry,
    InternalNote,
    KeptView,
    Message,
    OnboardingStep,
    Override,
    Review,
    Score,
    ScreeningCheck,
)
from .naming import naming, pattern_of

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

# What the Alliance wrote in words of its own, and the thread with the team: the model, its column, and the way from
# there to the application.
TEXTS = (
    (AuthorityCheck, "contact", "application"),
    (AuthorityCheck, "words", "application"),
    (ChangeRequest, "words", "application"),
    (Decision, "conditions", "application"),
    (Decision, "letter", "application"),
    (Decision, "referred_to", "application"),
    (Declaration, "words", "application"),
    (InternalNote, "text", "application"),
    (Message, "text", "application"),
    (OnboardingStep, "owner", "onboarding__application"),
    (Override, "reason", "application"),
    (Review, "summary", "application"),
    (Score, "rationale", "review__application"),
)
TAKEN_OUT = "[…]"


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
            {
                "application": str(one.application),
                "begun": one.begun_at,
                "handed in": one.submitted_at,
                "in short": one.summary,
                "scores": {
                    str(score.get_domain_display()): {"level": score.level, "reason": score.rationale}
                    for score in one.scores.all()
                },
            }
            for one in rows(Review, reviewer=user).prefetch_related("scores")
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
        "what you wrote when you checked who may speak for a government": [
            {"application": str(one.application), "when": one.at, "whom you asked": one.contact, "words": one.words}
            for one in rows(AuthorityCheck, by=user)
        ],
        "letters that you proposed": [
            {"application": str(one.application), "when": one.proposed_at, "letter": one.letter}
            for one in rows(Decision, proposed_by=user)
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


def erase(user, own):
    """They are assigned to nothing any more; nobody waits for them. Of what the Alliance wrote, what names them is
    taken out and the rest stays: the reasons of a decision outlive the people. `own` are the applications in whose team
    they are or were; of the Alliance's people, those that they declared about or did anything to."""
    declared = Declaration.objects.filter(by=user).values_list("application", flat=True)
    done = HistoryEntry.objects.filter(Q(actor=user) | Q(person=user)).values_list("application", flat=True)
    own = own | set(declared) | set(done)
    user.kept_views.all().delete()
    Assignment.objects.current().filter(reviewer=user).update(removed_at=timezone.now())
    patterns = {is_own: pattern_of(user, is_own) for is_own in (True, False)}
    for model, column, application in TEXTS:
        for row in naming(user, model.objects.annotate(of=F(application)), column, own, application):
            text = getattr(row, column)
            if (less := patterns[row.of in own].sub(TAKEN_OUT, text)) != text:
                model.objects.filter(pk=row.pk).update(**{column: less})
