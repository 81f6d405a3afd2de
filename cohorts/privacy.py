"""A person's ties to governments, those that they verified, where a government names them, what they changed, and what
they proposed or settled of a government's page."""

import re

from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone

from alliance.core.privacy import changes_by

from .models import Cohort, CohortSeat, Jurisdiction, Membership, Milestone, Proposal

COVERS = (
    "cohorts.HistoricalCohort.history_user",
    "cohorts.HistoricalCohortSeat.history_user",
    "cohorts.HistoricalJurisdiction.history_user",
    "cohorts.HistoricalJurisdiction.office_email",
    "cohorts.HistoricalJurisdiction.office_person",
    "cohorts.HistoricalJurisdiction.office_person_agreed",
    "cohorts.HistoricalMilestone.history_user",
    "cohorts.Jurisdiction.office_email",
    "cohorts.Jurisdiction.office_person",
    "cohorts.Jurisdiction.office_person_agreed",
    "cohorts.Membership.user",
    "cohorts.Membership.title",
    "cohorts.Membership.verified_by",
    "cohorts.Proposal.proposed_by",
    "cohorts.Proposal.settled_by",
)

# What the rows of each model that has a history are called by.
NAMED_BY = {Jurisdiction: "name", Milestone: "title", Cohort: "name", CohortSeat: "jurisdiction__name"}


def export(user):
    ties = Membership.objects.select_related("jurisdiction").order_by("pk")
    return {
        "ties to governments": [
            {
                "government": str(tie.jurisdiction),
                "job title": tie.title,
                "began": tie.started_on,
                "ended": tie.ended_on,
                "verified": tie.verified_on,
                "written down": tie.created_at,
            }
            for tie in ties.filter(user=user)
        ],
        "ties that you verified": [
            {"government": str(tie.jurisdiction), "verified": tie.verified_on} for tie in ties.filter(verified_by=user)
        ],
        "governments that name you as whom to ask": [
            {"government": str(one), "office": one.office, "person": one.office_person, "mailbox": one.office_email}
            for one in naming(user, Jurisdiction.objects).order_by("pk")
        ],
        "older versions of what governments name you for": [
            {
                "when": version.history_date,
                "office": version.office,
                "person": version.office_person,
                "mailbox": version.office_email,
            }
            for version in naming(user, Jurisdiction.history).order_by("history_date", "history_id")
        ],
        "changes that you made to governments and cohorts": changes_by(user, NAMED_BY),
        "changes that you proposed": [
            told(one) | {"proposed": one.proposed, "note to the curator": one.note, "answer": one.answer}
            for one in user.proposals.select_related("jurisdiction").order_by("proposed_at", "pk")
        ],
        "proposed changes that you settled": [
            told(one) | {"answer": one.answer}
            for one in Proposal.objects.filter(settled_by=user)
            .select_related("jurisdiction")
            .order_by("settled_at", "pk")
        ],
    }


def told(proposal):
    return {
        "government": str(proposal.jurisdiction),
        "what": proposal.get_kind_display(),
        "about": proposal.about,
        "when": proposal.proposed_at,
        "state": proposal.get_state_display(),
        "settled": proposal.settled_at,
    }


def naming(user, rows, inside=""):
    """Those of the governments, or of what holds such values `inside` a column, whose public contact is this person: by
    their address, or by their full name. One name alone is no one's own."""
    whole = rf"(^|\W){re.escape(user.name.strip())}($|\W)" if " " in user.name.strip() else None
    by_name = Q(**{f"{inside}office_person__iregex": whole}) if whole else Q()
    return rows.filter(Q(**{f"{inside}office_email__iexact": user.email}) | by_name)


def erase(user):
    """A tie that staff verified stays as ended, without the title; one that nobody verified is nobody's decision.

    Of what they proposed only that stays which is on a page, as its history, without what they wrote beside it.
    """
    user.proposals.exclude(state=Proposal.State.ACCEPTED).delete()
    user.proposals.update(note="", answer="")
    unnamed = {"office_person": "", "office_person_agreed": False}
    for column in ("before", "proposed", "final"):
        for proposal in naming(user, Proposal.objects.all(), f"{column}__"):
            setattr(proposal, column, getattr(proposal, column) | unnamed | {"office_email": ""})
            proposal.save(update_fields=[column])
    for governments in (Jurisdiction.objects.all(), Jurisdiction.history.all()):
        naming(user, governments).update(**unnamed, updated_at=Now())
        governments.filter(office_email__iexact=user.email).update(office_email="", updated_at=Now())
    ties = Membership.objects.filter(user=user)
    ties.filter(verified_on=None).delete()
    today = timezone.localdate()
    ties.update(title="", ended_on=Coalesce("ended_on", Greatest("started_on", today)), updated_at=Now())
