"""What the pathway holds about a person: readiness checks that they keep, and their part in applications.

An application is its government's. What somebody wrote for it, signed or did stays, by the number of their row; what
names them is blanked wherever it stands. docs/decisions/0013-applications.md says more.
"""

from pathlib import PurePath

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from . import review_privacy, workflow
from .models import (
    Application,
    Assessment,
    Attachment,
    ChangeRequest,
    HistoryEntry,
    Invitation,
    Message,
    SectionAnswers,
    SignOff,
    SnapshotAnswer,
    TeamMember,
)
from .naming import names, naming, pattern_of
from .questions import BY_ID, SECTIONS, Kind
from .states import UNDER_WAY, Status

COVERS = (
    "pathway.Assessment.kept_by",
    "pathway.Attachment.added_by",
    "pathway.ChangeRequest.asked_by",
    "pathway.HistoryEntry.actor",
    "pathway.Invitation.email",
    "pathway.Invitation.invited_by",
    "pathway.Message.author",
    "pathway.SectionAnswers.saved_by",
    "pathway.SignOff.by",
    "pathway.Snapshot.taken_by",
    "pathway.TeamMember.user",
    *review_privacy.COVERS,
)

# The questions about each person that an application names: {id of the address: ids of all of them}.
PEOPLE = {
    question.id: {f"{question.id.removesuffix('_email')}_{part}" for part in ("name", "title", "email", "visibility")}
    for question in BY_ID.values()
    if question.kind == Kind.EMAIL
}


SECTION = {section.id: section for section in SECTIONS}


def export(user):
    own = set(Application.objects.of(user).values_list("pk", flat=True))
    return (
        checks(user)
        | review_privacy.export(user)
        | {
            "applications that you work or worked on": [
                {
                    **of(one.application),
                    "part": one.get_role_display(),
                    "joined": one.joined_at,
                    "left": one.left_at,
                }
                for one in rows(TeamMember, user=user)
            ],
            "invitations to you": [
                {**of(one.application), "part": one.get_role_display(), "sent": one.invited_at, "until": one.expires_at}
                for one in rows(Invitation, email=user.email)
            ],
            "invitations that you sent": [
                {**of(one.application), "part": one.get_role_display(), "sent": one.invited_at}
                for one in rows(Invitation, invited_by=user)
            ],
            "what applications say of you": [
                {**of(one.application), "question": str(BY_ID[name].label), "answer": one.answers[name]}
                for one in naming(user, SectionAnswers.objects.select_related("application"), "answers", own)
                for name in BY_ID
                if name in as_a_person(pattern_of(user, one.application_id in own), one.answers) & set(one.answers)
            ],
            "sections of applications that you saved last": [
                {**of(one.application), "section": str(SECTION[one.section].label), "when": one.saved_at}
                for one in rows(SectionAnswers, saved_by=user)
            ],
            "applications that you signed off": [
                {**of(one.application), "when": one.at} for one in rows(SignOff, by=user)
            ],
            "what you did to applications": [
                {**of(one.application), "when": one.at, "what": one.get_verb_display()}
                for one in rows(HistoryEntry, actor=user)
            ],
            "files that you added to applications": [
                {**of(one.application), "name": one.name, "when": one.added_at}
                for one in rows(Attachment, added_by=user)
            ],
            "messages that you wrote about applications": [
                {**of(one.application), "when": one.sent_at, "text": one.text} for one in rows(Message, author=user)
            ],
            "answers that you asked about again": [
                {
                    **of(one.application),
                    "when": one.asked_at,
                    "question": str(BY_ID[one.question].label),
                    "text": one.words,
                }
                for one in rows(ChangeRequest, asked_by=user)
            ],
        }
    )


def checks(user):
    kept = Assessment.objects.filter(kept_by=user).with_government().prefetch_related("answers").order_by("pk")
    return {
        "readiness checks that you keep": [
            {
                "government": one.government_name,
                "begun": one.created_at,
                "changed": one.updated_at,
                "kept until": one.expires_on,
                "levels": {str(domain.label): level for domain, level in one.levels.items()},
            }
            for one in kept
        ]
    }


def of(application):
    """Which application it is: its reference, or for one never handed in, its key."""
    return {"application": application.reference or str(application.pk)}


def rows(model, **of_them):
    return model.objects.filter(**of_them).select_related("application").order_by("pk")


# --- What names somebody ---


def as_a_person(pattern, answers):
    """The ids of the questions that ask about the places in the team which this person fills."""
    return {
        name
        for address, group in PEOPLE.items()
        if any(names(pattern, answers.get(name)) for name in group)
        for name in group
    }


def about(pattern, answers):
    """The ids of the answers that name a person, or are of a place in the team which they fill."""
    return as_a_person(pattern, answers) | {name for name, answer in answers.items() if names(pattern, answer)}


# --- Leaving ---


def led_by(user):
    return Application.objects.filter(team__user=user, team__role="lead", team__left_at=None).order_by("pk")


def alone(user):
    """The drafts that nobody but their lead knows of: never handed in or withdrawn, never signed, nobody else there."""
    others = TeamMember.objects.current().exclude(user=user).filter(application=OuterRef("pk"))
    told = HistoryEntry.objects.exclude(actor=user).filter(application=OuterRef("pk"))
    steps = HistoryEntry.objects.steps().filter(application=OuterRef("pk"))
    drafts = led_by(user).filter(status=Status.DRAFT, sign_offs=None, messages=None)
    return drafts.filter(~Exists(others), ~Exists(told), ~Exists(steps))


def handovers(user):
    for application in led_by(user).filter(status__in=(Status.DRAFT, *UNDER_WAY)).exclude(pk__in=alone(user)):
        sentence = _("You lead the application %(name)s: hand it over or withdraw it first.")
        name = application.reference or application.government_name or _("that is a draft")
        yield sentence % {"name": name}, reverse("application_team", args=[application.pk])


def erase(user):
    """Nobody keeps their checks any more; those stay for whoever has their address. Drafts that only they knew of go.
    Of other applications nothing goes but what names them, and they are in no team."""
    user.kept_assessments.clear()
    own = set(TeamMember.objects.filter(user=user).values_list("application", flat=True))
    naming_them = naming(user, SectionAnswers.objects.all(), "answers", own).values("application")
    for application in Application.objects.filter(Q(team__user=user) | Q(pk__in=naming_them)).distinct().order_by("pk"):
        workflow.locked(application)
    for draft in alone(user):
        forget_files(draft)
        draft.history.all().delete()
        draft.delete()
    Invitation.objects.filter(email=user.email).delete()
    TeamMember.objects.current().filter(user=user).update(left_at=timezone.now())
    blank(user, own)
    review_privacy.erase(user, own)


def forget_files(draft):
    for one in draft.attachments.current():
        transaction.on_commit(lambda file=one.file: file.delete(save=False))


def blank(user, own):
    """Blank what names a person in any application, `own` being those whose team they are or were in: answers, also
    those handed in or asked about; messages of the team; the names of files. The number of a section's version goes up,
    so that nobody saves it back unseen."""
    patterns = {is_own: pattern_of(user, is_own) for is_own in (True, False)}

    def of_this(application):
        return patterns[application in own]

    blanked = {}
    for kept in naming(user, SectionAnswers.objects.all(), "answers", own):
        if theirs := about(of_this(kept.application_id), kept.answers) & set(kept.answers):
            kept.answers = {name: answer for name, answer in kept.answers.items() if name not in theirs}
            kept.version += 1
            kept.save(update_fields=["answers", "version"])
            blanked.setdefault(kept.application_id, set()).update(theirs)
    found = naming(user, SnapshotAnswer.objects.all(), "answer", own, "snapshot__application").values("snapshot")
    answers = {}
    for one in SnapshotAnswer.objects.filter(snapshot__in=found).select_related("snapshot").exclude(answer=None):
        answers.setdefault(one.snapshot, {})[one.question] = one.answer
    for snapshot, handed_in in answers.items():
        theirs = about(of_this(snapshot.application_id), handed_in)
        snapshot.answers.filter(question__in=theirs).update(answer=None)
        blanked.setdefault(snapshot.application_id, set()).update(theirs)
    for application, theirs in blanked.items():
        ChangeRequest.objects.filter(application=application, question__in=theirs).update(before=None)
    for queryset, column, empty in (
        (ChangeRequest.objects.all(), "before", None),
        (Message.objects.filter(is_from_team=True), "text", ""),
    ):
        for row in naming(user, queryset, column, own):
            if names(of_this(row.application_id), getattr(row, column)):
                queryset.filter(pk=row.pk).update(**{column: empty})
    for file in naming(user, Attachment.objects.all(), "name", own):
        if names(of_this(file.application_id), PurePath(file.name).stem):
            Attachment.objects.filter(pk=file.pk).update(name=f"file{PurePath(file.name).suffix}")
