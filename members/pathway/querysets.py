from datetime import timedelta

from django.db import models
from django.db.models import Exists, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from cohorts.models import Jurisdiction, Membership
from members.collaborations.models import Seat
from members.partners.models import Affiliation

from .states import OUTCOMES, TOLD, UNDER_WAY, Status


def further_out(user):
    """`user` for a query inside of one that knows them: a person is the same everywhere, an OuterRef reaches out one
    query further."""
    return models.OuterRef(user) if isinstance(user, models.OuterRef) else user


def lasts(path=""):
    """The condition that a tie has not ended, also where it is to end on a coming day."""
    return Q(**{f"{path}ended_on": None}) | Q(**{f"{path}ended_on__gte": timezone.localdate()})


def ties_of(user):
    """The condition for governments that somebody belongs to, verified or not, or to a partner that is this government,
    with their departments and what these belong to; and for those that sit in a collaboration together with a partner
    that they belong to."""
    user = further_out(user)
    own = Membership.objects.filter(lasts(), user=user).order_by().values("jurisdiction")
    affiliations = Affiliation.objects.filter(lasts(), user=user).order_by()
    as_partner = affiliations.exclude(partner__jurisdiction=None).values("partner__jurisdiction")
    partners = Q(lasts("partner__affiliations__"), partner__affiliations__user=user)
    shared = Seat.objects.current().filter(partners).order_by().values("collaboration")
    return (
        Q(pk__in=own)
        | Q(parent__in=own)
        | Q(departments__in=own)
        | Q(pk__in=as_partner)
        | Q(parent__in=as_partner)
        | Q(departments__in=as_partner)
        | Q(seats__collaboration__in=shared, seats__ended=None)
        | Q(partners__seats__collaboration__in=shared, partners__seats__ended=None)
    )


class AssessmentQuerySet(models.QuerySet):
    def current(self):
        """Those whose time has not run out; the others are gone for everybody, also before they are deleted."""
        return self.filter(expires_on__gt=timezone.localdate())

    def expired(self):
        """Those whose time has run out, and those that were begun the day before or earlier and left empty."""
        yesterday = timezone.now() - timedelta(days=1)
        over = Q(expires_on__lte=timezone.localdate())
        return self.filter(over | Q(created_at__lt=yesterday, answers=None))

    def with_government(self):
        """Load the government that was chosen, whichever way."""
        return self.select_related("place__jurisdiction", "jurisdiction__place")


class ApplicationQuerySet(models.QuerySet):
    def of(self, user):
        """Those that somebody works on now."""
        return self.filter(team__user=user, team__left_at=None)

    def live(self):
        """Handed in, and waiting for something."""
        return self.filter(status__in=UNDER_WAY)

    def handed_in(self):
        """What the reviewers' side may know of: not what is, or is again, a draft."""
        return self.filter(submitted_at__isnull=False).exclude(status=Status.DRAFT)

    def assigned_to(self, user):
        return self.filter(assignments__reviewer=user, assignments__removed_at=None)

    def with_assigned(self, user):
        """Say as `is_assigned` of each whether somebody reviews it now."""
        assignments = self.model.assignments.rel.related_model.objects.current()
        return self.annotate(is_assigned=Exists(assignments.filter(application=models.OuterRef("pk"), reviewer=user)))

    def without_conflict(self, user):
        """Those that nothing ties somebody to. `user` may be an OuterRef."""
        return self.exclude(self.tied_to(user))

    def with_conflict(self, user):
        """All others."""
        return self.filter(self.tied_to(user))

    def tied_to(self, user):
        """The condition that something ties somebody to an application: a part in the team, a conflict that they
        declared, a tie to the government, or to a partner that sits in a collaboration with it."""
        user = further_out(user)
        own = Jurisdiction.objects.filter(ties_of(user)).order_by()
        the_application = {"application": models.OuterRef("pk")}
        relations = self.model.team.rel.related_model, self.model.declarations.rel.related_model
        in_team, declared = (relation.objects.filter(**the_application) for relation in relations)
        named = own.filter(key=models.OuterRef("key"), state=models.OuterRef("state")).exclude(key="")
        return (
            Q(Exists(in_team.filter(user=user)))
            | Q(Exists(declared.filter(by=user, has_conflict=True)))
            | Q(Exists(own.filter(pk=models.OuterRef("jurisdiction"))))
            | Q(Exists(own.filter(place=models.OuterRef("place"))))
            | Q(Exists(named))
        )

    def kept_long_enough(self, years):
        """Over for this many years, by an outcome or a withdrawal, with content that is still there."""
        is_full = Q(emptied_at=None) | Q(emptied_at__lt=models.F("since"))
        day = timezone.localdate()
        end = day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)
        over = self.filter(status__in=(*OUTCOMES, Status.WITHDRAWN), submitted_at__isnull=False)
        return over.filter(is_full, since__date__lt=end)

    def with_lead(self):
        """Load whoever leads them now as `leads`, a list of one, or of none where the lead has left us."""
        lead = self.model.team.rel.related_model.objects.current().filter(role="lead").select_related("user")
        return self.prefetch_related(models.Prefetch("team", queryset=lead, to_attr="leads"))

    def with_others(self, user):
        """Count as `others` how many more there are for the same government, but for those that were withdrawn, and
        those that somebody has a conflict of interest with."""
        named = Q(key=models.OuterRef("key"), state=models.OuterRef("state")) & ~Q(key="")
        same = Q(place=models.OuterRef("place")) | Q(jurisdiction=models.OuterRef("jurisdiction")) | named
        others = self.model.objects.without_conflict(user).filter(same)
        others = others.exclude(pk=models.OuterRef("pk")).exclude(status=Status.WITHDRAWN)
        counted = others.order_by().values(all=models.Value(1)).annotate(count=models.Count("pk")).values("count")
        return self.annotate(others=Coalesce(models.Subquery(counted), 0))

    def days_to_outcome(self, before):
        """How many days each took from handing in to its first outcome, of those that had it before a moment."""
        first = models.Min("history__at", filter=Q(history__target__in=OUTCOMES))
        decided = self.annotate(decided_at=first).filter(decided_at__lt=before)
        return [(end - start).days for start, end in decided.values_list("submitted_at", "decided_at")]


class HistoryQuerySet(models.QuerySet):
    def for_team(self):
        """What its team is told: nothing of reviewers, nor of a decision that is held or was sent back."""
        return self.filter(verb__in=TOLD)

    def steps(self):
        """The verbs that led from one status to another."""
        return self.exclude(source=models.F("target"))


class MessageQuerySet(models.QuerySet):
    def unanswered(self):
        """What a team wrote since the Alliance wrote last."""
        answers = self.model.objects.filter(
            application=models.OuterRef("application"), is_from_team=False, sent_at__gt=models.OuterRef("sent_at")
        )
        return self.filter(~Exists(answers), is_from_team=True)


class TeamMemberQuerySet(models.QuerySet):
    def current(self):
        return self.filter(left_at=None)

    def with_application(self):
        """Load the applications, the newest first."""
        return self.select_related("application").order_by("-pk")


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class AttachmentQuerySet(models.QuerySet):
    def current(self):
        return self.filter(removed_at=None)

    def bytes(self):
        """Bytes of all of them together."""
        return self.aggregate(total=models.Sum("size", default=0))["total"]


class AssignmentQuerySet(models.QuerySet):
    def current(self):
        return self.filter(removed_at=None)


class ReviewQuerySet(models.QuerySet):
    def current(self):
        """The latest of each reviewer, handed in or not."""
        return self.filter(replaced_at=None)

    def handed_in(self):
        """Those that count: the latest of each reviewer, but for who declared a conflict of interest since."""
        declared = self.model.application.field.related_model.declarations.rel.related_model.objects
        has_conflict = declared.filter(
            application=models.OuterRef("application"), by=models.OuterRef("reviewer"), has_conflict=True
        )
        return self.current().filter(~Exists(has_conflict), submitted_at__isnull=False)


class AuthorityCheckQuerySet(models.QuerySet):
    def that_count(self):
        """Those since the application was last handed in, the latest first: the first decides."""
        return self.filter(at__gte=models.F("application__submitted_at")).order_by("-at", "-pk")


class DecisionQuerySet(models.QuerySet):
    def held(self):
        """Proposed, and neither released nor ended."""
        return self.filter(released_at=None, ended_at=None)

    def released(self):
        return self.filter(released_at__isnull=False)


class OnboardingQuerySet(models.QuerySet):
    def with_progress(self):
        """Count the steps of each: `all`, `done` and `late` ones; `last` is when one was ticked off last."""
        late = Q(steps__done_at=None, steps__due_on__lt=timezone.localdate())
        return self.annotate(
            all=models.Count("steps"),
            done=models.Count("steps", filter=Q(steps__done_at__isnull=False)),
            late=models.Count("steps", filter=late),
            last=models.Max("steps__done_at"),
        )

    def stuck(self):
        """With a step that is late, or a page that nobody has said yes to for two weeks; the latest first."""
        two_weeks_ago = timezone.now() - timedelta(days=14)
        silent = Q(agreed_at=None, created_at__lt=two_weeks_ago) & ~Q(jurisdiction__status="published")
        return self.with_progress().filter(Q(late__gt=0) | silent)

    def waiting_to_be_listed(self):
        """Agreed to, with the page not shown yet although its day has come."""
        return self.filter(
            Q(list_from=None) | Q(list_from__lte=timezone.localdate()), agreed_at__isnull=False, listed_at=None
        )


class OnboardingStepQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at=None)

    def overdue(self):
        return self.open().filter(due_on__lt=timezone.localdate())
