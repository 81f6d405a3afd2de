from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .querysets import PublishableQuerySet
from .vocabulary import RESERVED_SLUGS


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


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """Create a person; the address is stored in lower case, the form in which people are looked up."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        """The person with this address in any case, found by the index that keeps addresses apart."""
        return self.alias(folded=Lower("email")).get(folded=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("May open the admin."))
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Unset this instead of deleting the person.")
    )
    password_is_temporary = models.BooleanField(
        _("must choose a password"),
        default=False,
        help_text=_("The admin asks for a new password before anything else."),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="core_user_email_once",
                violation_error_message=_("There is already an account with this e-mail address."),
            )
        ]

    def __str__(self):
        return self.get_full_name()

    def get_full_name(self):
        return self.name or self.email

    get_short_name = get_full_name

    def set_password(self, raw_password):
        self.password_is_temporary = False
        super().set_password(raw_password)
