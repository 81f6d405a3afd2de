from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.core.models import Timestamped
from alliance.core.vocabulary import Domain, Language
from cohorts.models import Membership
from resources.models import Topic

from ..querysets import PeerProfileQuerySet


class PeerProfile(Timestamped):
    """What somebody tells the peer network of themselves. Others see a profile while it is listed and the tie that it
    names is current and verified, and of it only the parts in `shown`; `PeerProfile.objects.visible_to` says which."""

    class Part(models.TextChoices):
        """What a person opts to show, each for itself."""

        NAME = "name", _("Your name")
        GOVERNMENT = "government", _("Your government")
        TITLE = "title", _("Your job title")
        HELPS = "helps", _("What you can help with")
        SEEKS = "seeks", _("What you look for")
        LANGUAGES = "languages", _("Languages")
        TIME = "time", _("How much time you have")

    class Time(models.TextChoices):
        MESSAGE = "message", _("An e-mail now and then")
        CALL = "call", _("A call now and then")
        MONTHLY = "monthly", _("An hour a month")
        MORE = "more", _("More than an hour a month")

    class Digest(models.TextChoices):
        MONTHLY = "monthly", _("Once a month")
        NEVER = "never", _("Never")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="peer_profile")
    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="+", verbose_name=_("government and role"),
        help_text=_("The verified tie that you appear with."),
    )  # fmt: skip
    helps = models.TextField(_("what you can help with"), max_length=1000, blank=True)
    helps_domains = ArrayField(models.CharField(max_length=16, choices=Domain), default=list, blank=True)
    helps_topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    seeks = models.TextField(_("what you look for"), max_length=1000, blank=True)
    seeks_domains = ArrayField(models.CharField(max_length=16, choices=Domain), default=list, blank=True)
    seeks_topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    languages = ArrayField(models.CharField(max_length=3, choices=Language), default=list, blank=True)
    time = models.CharField(max_length=8, choices=Time, blank=True)
    shown = ArrayField(models.CharField(max_length=10, choices=Part), default=list, blank=True)
    is_listed = models.BooleanField(_("others may find me"), default=False)
    digest = models.CharField(_("new people by mail"), max_length=8, choices=Digest, default=Digest.NEVER)
    digest_on = models.DateField(_("last digest"), null=True, editable=False)
    listed_at = models.DateTimeField(null=True, editable=False)

    objects = PeerProfileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_listed=False) | ~Q(shown=[]),
                name="peers_peerprofile_shows_something",
                violation_error_message=_("Choose what others may see, or stay hidden."),
            ),
        ]

    def __str__(self):
        """Without the name: the admin's log keeps it, where nobody would find it again to forget it."""
        return f"Person {self.user_id}"
