from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce, Now


class PublishableQuerySet(models.QuerySet):
    """The words that every published page shares."""

    def published(self):
        return self.filter(status=self.model.Status.PUBLISHED)

    def publish(self):
        """Make the pages public; the day on which a page was first published stays. Returns how many changed."""
        return self.exclude(status=self.model.Status.PUBLISHED).update(
            status=self.model.Status.PUBLISHED, published_at=Coalesce(F("published_at"), Now()), updated_at=Now()
        )

    def archive(self):
        """Take the pages out of public view without losing them. Returns how many changed."""
        return self.exclude(status=self.model.Status.ARCHIVED).update(
            status=self.model.Status.ARCHIVED, updated_at=Now()
        )
