from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.models import Publishable
from alliance.core.search import Fold
from alliance.core.vocabulary import Domain, Stage

from ..querysets import CollectionItemQuerySet, CollectionQuerySet
from .resource import Resource


class CollectionItem(models.Model):
    """A resource's place in a collection, which comes below, because its history copies the fields of this."""

    collection = models.ForeignKey("Collection", models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("place in the list"))
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="collection_items")
    note = models.TextField(help_text=_("Why this one, and what to take from it."))

    objects = CollectionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "collection", "resource", name="resources_item_once",
                violation_error_message=_("This resource is already in the reading list."),
            ),
            # Checked at the end, so that two items can change places.
            models.UniqueConstraint(
                fields=["collection", "position"], name="resources_item_place", deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two items have the same place in the list."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.position}. {self.resource}"


class Collection(Publishable):
    """A curated reading list: resources in the order in which to read them, each with a note on why."""

    title = models.CharField(max_length=160)
    purpose = models.TextField(help_text=_("For whom it is, and what they can do afterwards."))
    stage = models.CharField(max_length=16, choices=Stage, blank=True)
    domain = models.CharField(_("readiness domain"), max_length=16, choices=Domain, blank=True)
    resources = models.ManyToManyField(Resource, through=CollectionItem, related_name="collections")
    key = models.GeneratedField(expression=Fold("title"), output_field=models.TextField(), db_persist=True)

    history = HistoricalRecords(excluded_fields=["key"], m2m_fields=["resources"])

    objects = CollectionQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("reading list")
        verbose_name_plural = _("reading lists")
        ordering = ["title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("collection_detail", args=[self.slug])
