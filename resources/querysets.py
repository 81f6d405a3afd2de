"""The public vocabulary of the library."""

from django.db import models
from django.db.models import Count, Prefetch, Q, Value
from django.db.models.functions import Coalesce

from alliance.core.querysets import PublishableQuerySet

from . import likeness
from .domains import TOPICS


class TopicQuerySet(PublishableQuerySet):
    def with_resource_count(self):
        """Add `resource_count`: how many published resources it has."""
        published = Q(resources__status="published")
        return self.annotate(resource_count=Count("resources", filter=published, distinct=True))


class ResourceQuerySet(PublishableQuerySet):
    def lean(self):
        """Without the two long columns, the text and the search document, where nothing shows them."""
        return self.defer("body", "search")

    def newest(self):
        """The latest year first, those without a year last; of one year, what came last to the library."""
        return self.order_by(Coalesce("year", 0).desc(), "-pk")

    def most_used(self):
        """Those that most governments use first; of equals, the newest."""
        return self.order_by("-uses", Coalesce("year", 0).desc(), "-pk")

    def labelled(self, facet, value):
        """Those that a filter of the library finds; the index of the search answers it."""
        return self.filter(search=likeness.AnyLabel([f"{facet}:{value}"]))

    def for_domain(self, domain):
        """Those on the topics of a readiness domain, and those in a published collection for it."""
        items = self.model.collections.through.objects
        listed = items.filter(collection__domain=domain, collection__status="published").values("resource")
        labels = [f"topic:{topic}" for topic in TOPICS[domain]]
        on_topic = Q(search=likeness.AnyLabel(labels)) if labels else Q()
        return self.filter(Q(pk__in=listed) | on_topic)

    def with_topics(self):
        """Load the published topics beside each resource, as `public_topics`."""
        topics = self.model.topics.rel.model.objects.published()
        return self.prefetch_related(Prefetch("topics", topics, to_attr="public_topics"))

    def like(self, resource):
        """Published resources most like `resource` by topics, stage and words, best first; adds `likeness` (0 to 1)."""
        return likeness.rank(self.published(), resource)

    def relatives(self):
        """(relation, name, slug) of the published governments, partners and collections that these are tied to."""
        relations = {
            "collections": "title",
            "contributed_by_jurisdictions": "name",
            "contributed_by_partners": "name",
            "mentions": "name",
        }
        first, *others = [
            self.filter(**{f"{relation}__status": "published"})
            .order_by()
            .values_list(Value(relation), f"{relation}__{name}", f"{relation}__slug")
            for relation, name in relations.items()
        ]
        return first.union(*others).order_by("collections__title", "collections__slug")


class AdoptionQuerySet(models.QuerySet):
    def published(self):
        """Adoptions of which both the resource and the government have a public page."""
        return self.filter(resource__status="published", jurisdiction__status="published")

    def in_use(self):
        """Adoptions that no page says have ended."""
        return self.filter(until=None)

    def with_jurisdictions(self):
        """With the government of each, by name."""
        return self.select_related("jurisdiction").order_by("jurisdiction__key", "jurisdiction__state", "pk")


class CollectionItemQuerySet(models.QuerySet):
    def published(self):
        """Items whose resource has a public page, in their order, with the resource."""
        return self.filter(resource__status="published").select_related("resource")


class CollectionQuerySet(PublishableQuerySet):
    def about(self, topic):
        """Collections that hold a published resource on the topic."""
        return self.filter(pk__in=topic.resources.published().values("collections"))

    def with_resource_count(self):
        """Add `resource_count`: how many published resources it holds."""
        published = Q(resources__status="published")
        return self.annotate(resource_count=Count("resources", filter=published, distinct=True))
