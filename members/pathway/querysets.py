from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from .states import OUTCOMES, UNDER_WAY, Status


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

    def with_lead(self):
        """Load whoever leads them now as `leads`, a list of one, or of none where the lead has left us."""
        lead = self.model.team.rel.related_model.objects.current().filter(role="lead").select_related("user")
        return self.prefetch_related(models.Prefetch("team", queryset=lead, to_attr="leads"))

    def with_others(self):
        """Count as `others` how many more are there for the same government, but for those that were withdrawn."""
        same = Q(place=models.OuterRef("place")) | Q(jurisdiction=models.OuterRef("jurisdiction"))
        others = self.model.objects.filter(same).exclude(pk=models.OuterRef("pk")).exclude(status=Status.WITHDRAWN)
        counted = others.order_by().values(all=models.Value(1)).annotate(count=models.Count("pk")).values("count")
        return self.annotate(others=Coalesce(models.Subquery(counted), 0))

    def days_to_outcome(self):
        """How many days each took from handing in to its first outcome."""
        first = models.Min("history__at", filter=Q(history__target__in=OUTCOMES))
        decided = self.annotate(decided_at=first).filter(decided_at__isnull=False)
        return [(end - start).days for start, end in decided.values_list("submitted_at", "decided_at")]


class HistoryQuerySet(models.QuerySet):
    def for_team(self):
        """Without what nobody of the team may notice: a decision that is held, and one that was taken back."""
        known = (*OUTCOMES, Status.WITHDRAWN)
        return self.exclude(target=Status.DECIDED).exclude(Q(source=Status.DECIDED) & ~Q(target__in=known))


class TeamMemberQuerySet(models.QuerySet):
    def current(self):
        return self.filter(left_at=None)

    def with_application(self):
        """Load the applications with the names of their governments, the newest first."""
        return self.select_related("application").prefetch_related("application__sections").order_by("-pk")


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
