from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.models import Publishable
from alliance.core.search import Fold

from ..querysets import TopicQuerySet


class Topic(Publishable):
    """A field of work that resources are sorted by."""

    name = models.CharField(max_length=60)
    description = models.TextField(blank=True, help_text=_("One or two sentences: what a government finds here."))
    key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    history = HistoricalRecords(excluded_fields=["key"])

    objects = TopicQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["name"]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                Fold("name"),
                name="resources_topic_once",
                violation_error_message=_("There is already a topic with this name."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("topic_detail", args=[self.slug])
