from django.db import models
from django.db.models import Count, Prefetch

from alliance.core.querysets import PublishableQuerySet


class CollaborationQuerySet(PublishableQuerySet):
    def with_seat_count(self):
        """Add `seat_count`."""
        return self.annotate(seat_count=Count("seats", distinct=True))

    def with_members(self):
        """Load the seats and whoever holds them."""
        return self.prefetch_related(Prefetch("seats", self.model.seats.rel.related_model.objects.with_members()))


class SeatQuerySet(models.QuerySet):
    def with_members(self):
        """Load who holds each seat, and the place of the government behind it."""
        return self.select_related("partner__jurisdiction__place", "jurisdiction__place")
