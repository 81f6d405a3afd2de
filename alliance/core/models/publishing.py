"""What every page has: its word in the address, its state of publication, and what was loaded as first content."""

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import PublishableQuerySet
from ..vocabulary import RESERVED_SLUGS


class Timestamped(models.Model):
    """A row that knows when it was made and last changed."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class Publishable(Timestamped):
    """Something with a public page: an address word of its own and a state of publication.

    When the address word changes by `save()`, the old one is kept as an `OldSlug`, so that links to it go on working;
    `update()` leaves no trace.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    slug = models.SlugField(
        _("address word"),
        max_length=120,
        unique=True,
        help_text=_("The last word of the page's address. When you change it, the old address leads to the new one."),
    )
    status = models.CharField(_("publication"), max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("first published"), null=True, blank=True, editable=False)

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS),
                name="%(app_label)s_%(class)s_slug_free",
                violation_error_message=_("This address word is part of the site's own addresses. Choose another."),
            ),
            models.CheckConstraint(
                condition=Q(slug=Lower("slug")),
                name="%(app_label)s_%(class)s_slug_small",
                violation_error_message=_("Write the address word in small letters."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_published_at",
                violation_error_message=_("A published page needs the day on which it was published."),
            ),
        ]

    def save(self, **kwargs):
        if self.status == self.Status.PUBLISHED and not self.published_at:
            self.published_at = timezone.now()
        writes_slug = "slug" in (kwargs.get("update_fields") or ["slug"])
        moved = writes_slug and getattr(self, "_stored_slug", None) not in (None, self.slug)
        with transaction.atomic():
            super().save(**kwargs)
            if moved:
                OldSlug.objects.update_or_create(
                    model=self._meta.label_lower, slug=self._stored_slug, defaults={"object_id": self.pk}
                )
        if writes_slug:
            self._stored_slug = self.slug

    @classmethod
    def from_db(cls, *args):
        instance = super().from_db(*args)
        instance._stored_slug = instance.__dict__.get("slug")
        return instance

    @property
    def is_published(self):
        return self.status == self.Status.PUBLISHED


class OldSlug(models.Model):
    """An address word that a page once had; `pages.get_page` answers it with a permanent redirect."""

    model = models.CharField(max_length=60)
    slug = models.SlugField(max_length=120)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("model", "slug", name="core_oldslug_once")]

    def __str__(self):
        return f"{self.model}: {self.slug}"


class SeedRecord(models.Model):
    """A piece of first content that was loaded here; it is never loaded again, whatever a curator did with it."""

    key = models.CharField(max_length=200, primary_key=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.key
