"""What an acceptance begins: the government in the network, its seat or role, its people's membership, its plan."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.pages import free_slug
from alliance.core.search import Fold
from cohorts.models import CohortSeat, Jurisdiction, Membership

from .answers import forms_of
from .models import Onboarding, OnboardingStep, TeamMember
from .plan import PAGE, steps_for
from .roadmap import agreed_levels

# Of a team, whoever works for the government; viewers may be advisers from elsewhere.
MEMBERS = (TeamMember.Role.LEAD, TeamMember.Role.EDITOR, TeamMember.Role.SPONSOR)


def take_in(application, decision):
    """Create or link all of it, in the caller's transaction, with the application locked. Raises ValidationError where
    nobody can tell which government it is, or the records do not allow it."""
    with connection.cursor() as cursor:  # so that two at the same moment make one record of one government
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('acceptance', 0))")
    jurisdiction = government_of(application)
    if not jurisdiction.is_member:
        jurisdiction.role = Jurisdiction.Role.MEMBER
        jurisdiction.role_year = timezone.localdate().year
        jurisdiction.role_words = ""
        if (parent := jurisdiction.parent) and not parent.pk:
            keep(parent)
            jurisdiction.parent = parent  # which has its number now
        keep(jurisdiction)
    application.jurisdiction = jurisdiction
    application.save(update_fields=["jurisdiction", "updated_at"])
    if decision.cohort:
        give_seat(jurisdiction, decision.cohort)
    make_members(application, jurisdiction, decision)
    begin_onboarding(application, jurisdiction)


def keep(record):
    """Save a record that is sound; otherwise ValidationError says what is wrong with it."""
    record.full_clean()
    record.save()


def give_seat(jurisdiction, cohort):
    """A seat from today on, where the government has none now or to come."""
    today = timezone.localdate().isoformat()
    seats = CohortSeat.objects.filter(cohort=cohort, jurisdiction=jurisdiction)
    if not seats.filter(Q(left=None) | Q(left__gt=today)).exists():
        keep(CohortSeat(cohort=cohort, jurisdiction=jurisdiction, joined=today))


def words_of(refusal):
    """What a ValidationError says, each with the field that it speaks of."""
    if not hasattr(refusal, "error_dict"):
        return refusal.messages
    label = {field.name: field.verbose_name for field in Jurisdiction._meta.fields}
    return [
        f"{label[name]}: {message}" if name in label else message
        for name, messages in refusal.message_dict.items()
        for message in messages
    ]


# --- Which government it is -------------------------------------------------------------------------------------------


def government_of(application):
    """The record of the government that applied: the one that a chair named, else that of the register or the network,
    else a new one, not saved yet. ValidationError where the answers speak of another one, or of several.

    What a department belongs to is its `parent`, perhaps not saved yet either.
    """
    answers = answers_that_will_do(application)
    at_place = application.place and Jurisdiction.objects.filter(place=application.place).first()
    on_record = application.jurisdiction or at_place
    is_named = application.history.filter(verb="name_government").exists()
    if not is_named:
        need_same(application, on_record)
        on_record = on_record or by_name(application)
    is_department = answers.get("whole") == "department" or application.kind == Jurisdiction.Kind.DEPARTMENT
    if not is_department or on_record and on_record.kind == Jurisdiction.Kind.DEPARTMENT:
        return on_record or new_record(application, answers)
    if answers.get("whole") == "department":
        return department_of(on_record or new_record(application, answers), answers["department"], answers)
    if not on_record:
        raise ValidationError(_("It is a department: name the government that it belongs to."))
    return department_of(on_record, application.government_name, answers)


def need_same(application, on_record):
    """The record, or where there is none yet the entry of the register, is that of the government in the answers."""
    place = application.place
    if on_record:
        name, key, kind, state = on_record.name, on_record.key, on_record.kind, on_record.state
    elif place:
        name, key, kind, state = place.full_name, place.key, place.government_kind, place.state
    else:
        return
    part_of_it = Jurisdiction.Kind.DEPARTMENT in (kind, application.kind)
    differing = [
        application.state != state,
        kind is not None and application.kind != kind and not part_of_it,
        key not in application.key and application.key not in key and not part_of_it,
    ]
    if any(differing):
        raise ValidationError(
            _(
                "The answers speak of %(name)s (%(kind)s, %(state)s), our record of %(theirs)s (%(their_kind)s, "
                "%(there)s)."
            )
            % {
                "name": application.government_name,
                "kind": dict(Jurisdiction.Kind.choices).get(application.kind, _("kind not said")),
                "state": application.state,
                "theirs": name,
                "their_kind": Jurisdiction.Kind(kind).label if kind else place.get_kind_display(),
                "there": state,
            }
        )


def by_name(application):
    """The record with this name, kind and state, None for none; ValidationError where there are several."""
    same = Jurisdiction.objects.filter(key=application.key, state=application.state, kind=application.kind)
    found = list(same.exclude(key="").filter(Q(place=None) if application.place else Q())[:2])
    if len(found) > 1:
        raise ValidationError(_("Several governments on record have this name, kind and state."))
    return found[0] if found else None


def new_record(application, answers):
    """A record of the whole government as the answers name it, unpublished and not saved."""
    return Jurisdiction(
        name=application.government_name,
        slug=free_slug(Jurisdiction, f"{application.government_name} {application.state}"),
        kind=application.kind,
        state=application.state,
        place=application.place,
        website=answers.get("website", ""),
        sources=sources_in(answers),
    )


def sources_in(answers):
    """The public pages that the answers name, each once."""
    return list(dict.fromkeys(filter(None, (answers.get("commitment_link"), answers.get("website")))))


def department_of(parent, name, answers):
    """The record of a department: the one that is there, or a new one."""
    if parent.pk:
        same = parent.departments.annotate(folded=Fold(Value(name))).filter(key=F("folded"))
        if found := same.first():
            return found
    return Jurisdiction(
        name=name,
        slug=free_slug(Jurisdiction, f"{parent.name} {name} {parent.state}"),
        kind=Jurisdiction.Kind.DEPARTMENT,
        parent=parent,
        state=parent.state,
        website=answers.get("website", ""),
        sources=sources_in(answers),
    )


def answers_that_will_do(application):
    """The answers as their forms read them: an address that was typed without its “https://” has it."""
    typed = {name: answer for one in application.sections.all() for name, answer in one.answers.items()}
    answers = {}
    for form in forms_of(typed):
        form.full_clean()
        answers |= form.cleaned_data
    return answers


def make_members(application, jurisdiction, decision):
    """The people of the team belong to the government. Those who were in it when its authority was checked are verified
    by that; whoever came later waits for an admin."""
    for member in application.team.current().filter(role__in=MEMBERS).select_related("user"):
        tie, _is_new = Membership.objects.get_or_create(
            user=member.user, jurisdiction=jurisdiction, ended_on=None, defaults={"started_on": None}
        )
        if not tie.verified_on and member.joined_at <= decision.authority_check.at:
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
