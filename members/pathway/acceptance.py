"""What an acceptance begins: the government in the network, its seat or role, its people's membership, its plan."""

from datetime import timedelta

from django.utils import timezone
from django.utils.text import slugify

from cohorts.models import CohortSeat, Jurisdiction, Membership

from .models import Onboarding, OnboardingStep, TeamMember
from .plan import PAGE, steps_for
from .roadmap import agreed_levels

# Of a team, whoever works for the government; viewers may be advisers from elsewhere.
MEMBERS = (TeamMember.Role.LEAD, TeamMember.Role.EDITOR, TeamMember.Role.SPONSOR)


def take_in(application, decision):
    """Create or link all of it, in the caller's transaction, with the application locked."""
    jurisdiction = government_of(application)
    if not jurisdiction.is_member:
        jurisdiction.role = Jurisdiction.Role.MEMBER
        jurisdiction.role_year = timezone.localdate().year
        jurisdiction.role_words = ""
        jurisdiction.save()
    application.jurisdiction = jurisdiction
    application.save(update_fields=["jurisdiction", "updated_at"])
    if (
        decision.cohort
        and not CohortSeat.objects.filter(cohort=decision.cohort, jurisdiction=jurisdiction, left=None).exists()
    ):
        CohortSeat.objects.create(
            cohort=decision.cohort, jurisdiction=jurisdiction, joined=timezone.localdate().isoformat()
        )
    make_members(application, jurisdiction, decision)
    begin_onboarding(application, jurisdiction)


def government_of(application):
    """The government of the register or the network that applied, or a new one, unpublished, from the answers."""
    if application.jurisdiction:
        return application.jurisdiction
    if application.place and (known := Jurisdiction.objects.filter(place=application.place).first()):
        return known
    answers = {name: answer for one in application.sections.all() for name, answer in one.answers.items()}
    return Jurisdiction.objects.create(
        name=application.government_name[:160],
        slug=free_slug(f"{application.government_name} {application.state}"),
        kind=application.kind,
        state=application.place.state if application.place else application.state,
        place=application.place,
        website=answers.get("website", ""),
        sources=list(dict.fromkeys(filter(None, (answers.get("commitment_link"), answers.get("website"))))),
    )


def free_slug(words):
    """An address word that no other government has."""
    base = slugify(words)[:110] or "government"
    taken = set(Jurisdiction.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    words = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))]
    return next(word for word in words if word not in taken)


def make_members(application, jurisdiction, decision):
    """The people of the team belong to the government, as the check of its authority showed; whoever did belong to it
    and was not verified is now."""
    for member in application.team.current().filter(role__in=MEMBERS).select_related("user"):
        tie, _is_new = Membership.objects.get_or_create(
            user=member.user, jurisdiction=jurisdiction, ended_on=None, defaults={"started_on": None}
        )
        if not tie.verified_on:
            tie.verified_on, tie.verified_by = timezone.localdate(), decision.released_by
            tie.save(update_fields=["verified_on", "verified_by", "updated_at"])


def begin_onboarding(application, jurisdiction):
    onboarding = Onboarding.objects.create(application=application, jurisdiction=jurisdiction)
    today = timezone.localdate()
    steps = steps_for(agreed_levels(application))
    if jurisdiction.is_published:
        steps = [step for step in steps if step.id != PAGE]
    OnboardingStep.objects.bulk_create(
        OnboardingStep(
            onboarding=onboarding,
            step=step.id,
            domain=step.domain,
            position=position,
            title=step.title,
            help=step.help,
            owner=step.owner,
            due_on=today + timedelta(days=step.days),
        )
        for position, step in enumerate(steps)
    )
