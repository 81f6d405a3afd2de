from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, When
from django.utils import timezone

from alliance.core.querysets import PublishableQuerySet
from cohorts.models import Jurisdiction, Membership
from members.partners.models import Affiliation


class CollaborationQuerySet(PublishableQuerySet):
    def with_seat_count(self):
        """Add `seat_count`: the seats that have not ended."""
        return self.annotate(seat_count=Count("seats", filter=Q(seats__ended=None), distinct=True))

    def with_members(self):
        """Load the current seats and whoever holds them."""
        seats = self.model.seats.rel.related_model.objects.current().with_members()
        return self.prefetch_related(Prefetch("seats", seats))

    def wanting_a_steward(self):
        """Those that nobody keeps and that somebody wants to join."""
        requests = self.model.join_requests.rel.related_model.objects.open().without_steward()
        return self.filter(Exists(requests.filter(collaboration=OuterRef("pk")).order_by()))

    def kept_by(self, user):
        """Those whose page a person keeps as a steward."""
        return self.filter(kept_by(user))

    def with_kept_by(self, user):
        """Add `is_kept`: whether a person keeps the page."""
        return self.annotate(is_kept=kept_by(user))

    def known_to(self, user):
        """Those of which a person sees what is for members: as a steward, or as somebody of a government or partner
        that sits there now."""
        governments = user.memberships.current().values("jurisdiction")
        partners = user.affiliations.current().values("partner")
        seats = self.model.seats.rel.related_model.objects.current().filter(collaboration=OuterRef("pk"))
        sits = seats.filter(
            Q(jurisdiction__in=governments) | Q(partner__in=partners) | Q(partner__jurisdiction__in=governments)
        )
        return self.filter(Exists(sits.order_by()) | kept_by(user))


def kept_by(user):
    """Condition: the person is a steward of the collaboration now."""
    return Exists(user.stewardships.current().filter(collaboration=OuterRef("pk")))


class SeatQuerySet(models.QuerySet):
    def current(self):
        """Those that have not ended."""
        return self.filter(ended=None)

    def public(self):
        """Those in collaborations that have a public page, with the collaboration."""
        return self.filter(collaboration__status="published").select_related("collaboration")

    def of(self, holder):
        """Those of a partner or a government, also where a government sits as the partner that it is."""
        if isinstance(holder, Jurisdiction):
            return self.filter(Q(jurisdiction=holder) | Q(partner__jurisdiction=holder))
        return self.filter(Q(partner=holder) | Q(jurisdiction__isnull=False, jurisdiction=holder.jurisdiction_id))

    def with_members(self):
        """Load who holds each seat, and the place of the government behind it."""
        return self.select_related("partner__jurisdiction__place", "jurisdiction__place")


class StewardQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_on=None)


class JoinRequestQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for an answer."""
        return self.filter(state=self.model.State.ASKED)

    def settled(self):
        """Those that wait no more, the latest first."""
        return self.exclude(state=self.model.State.ASKED).order_by("-updated_at", "-pk")

    def with_page(self):
        """Load who asks, of which collaboration, and who would hold the seat."""
        return self.select_related("collaboration", "partner", "jurisdiction", "asked_by")

    def seen_by(self, user):
        """What a person asked for, and what waits for them as a steward or did."""
        kept = user.stewardships.current().filter(collaboration=OuterRef("collaboration"))
        return self.filter(Q(asked_by=user) | Exists(kept))

    def with_standing(self):
        """Add `speaks_for_it`: whether staff have verified that who asks belongs to the partner or government."""
        governments = Q(jurisdiction=OuterRef("jurisdiction")) | Q(jurisdiction=OuterRef("partner__jurisdiction"))
        member = Membership.objects.current().filter(governments, user=OuterRef("asked_by"))
        affiliate = Affiliation.objects.current().filter(user=OuterRef("asked_by"), partner=OuterRef("partner"))
        return self.annotate(speaks_for_it=Exists(member) | Exists(affiliate))

    def without_steward(self):
        """Those of collaborations that nobody keeps: staff answer them."""
        steward = self.model.collaboration.field.related_model.stewards.rel.related_model.objects.current()
        return self.filter(~Exists(steward.filter(collaboration=OuterRef("collaboration"))))


class SharedMeasureQuerySet(PublishableQuerySet):
    def published(self):
        """Those that everyone may see: a measure of a collaboration is no more public than that."""
        return super().published().filter(Q(collaboration=None) | Q(collaboration__status="published"))

    def with_figures(self):
        """Load what `figures.read` needs."""
        points = self.model.points.rel.related_model.objects.select_related("group")
        return self.select_related("reference").prefetch_related(Prefetch("points", points))

    def free_in(self, states):
        """Those of these states that no collaboration has taken up."""
        return self.filter(collaboration=None, state__in=states)


class DataPointQuerySet(models.QuerySet):
    def on_record(self):
        """Those of measures that everyone may see."""
        return self.filter(measure__in=self.model._meta.get_field("measure").related_model.objects.published())


class ActivityQuerySet(models.QuerySet):
    def on_record(self):
        """Those of collaborations that everyone may see."""
        return self.filter(collaboration__status="published")

    def by_status(self):
        """What is under way first, then what is planned, done and stopped."""
        order = ("under_way", "planned", "done", "stopped")
        return self.order_by(Case(*(When(status=one, then=place) for place, one in enumerate(order))), "title", "pk")

    def with_members(self):
        """Load who leads, who joins, and the measure."""
        seats = self.model._meta.get_field("joined_by").related_model.objects.with_members()
        return self.select_related("measure__collaboration", "lead__partner", "lead__jurisdiction").prefetch_related(
            Prefetch("joined_by", seats)
        )


class GatheringQuerySet(models.QuerySet):
    def public(self):
        return self.filter(is_public=True)

    def to_come(self):
        """Those that end today or later, the next one first. By the day, as public pages have no finer clock."""
        return self.filter(ends_at__gte=start_of_today()).order_by("starts_at", "pk")

    def over(self):
        """Those that were over before today, the last one first."""
        return self.filter(ends_at__lt=start_of_today()).order_by("-starts_at", "pk")

    def with_attendance(self):
        """Add `came`: how many organizations were there. Leave the long texts in the database: `has_agenda`,
        `has_notes`."""
        return self.defer("agenda", "notes").annotate(
            came=Count("attended_by"), has_agenda=~Q(agenda=""), has_notes=~Q(notes="")
        )

    def with_attended(self):
        """Load the seats of who came."""
        seats = self.model._meta.get_field("attended_by").related_model.objects.with_members()
        return self.prefetch_related(Prefetch("attended_by", seats))


def start_of_today():
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
