"""The public vocabulary of the library."""

from django.db import models
from django.db.models import Count, Prefetch, Q

from alliance.core.querysets import PublishableQuerySet


class TopicQuerySet(PublishableQuerySet):
    def with_resource_count(self):
        """Add `resource_count`: how many published resources it has."""
        published = Q(resources__status="published")
        return self.annotate(resource_count=Count("resources", filter=published, distinct=True))


class ResourceQuerySet(PublishableQuerySet):
    def newest(self):
        """The latest year first, those without a year last; of one year, what came last to the library."""
        return self.order_by(models.F("year").desc(nulls_last=True), "-pk")

    def with_topics(self):
        """Load the published topics beside each resource, as `public_topics`."""
        topics = self.model.topics.rel.model.objects.published()
        return self.prefetch_related(Prefetch("topics", topics, to_attr="public_topics"))


class AdoptionQuerySet(models.QuerySet):
    def published(self):
        """Adoptions of which both the resource and the government have a public page."""
        return self.filter(resource__status="published", jurisdiction__status="published")


class CollectionQuerySet(PublishableQuerySet):
    def with_resource_count(self):
        """Add `resource_count`: how many published resources it holds."""
        published = Q(resources__status="published")
        return self.annotate(resource_count=Count("resources", filter=published, distinct=True))
