"""What admins set for the review: its targets, how long decided applications are kept, and texts to begin from; and
what its people keep for themselves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReviewPolicy(models.Model):
    """The one row of what the Alliance aims at: working days for screening and review, and years that decided
    applications are kept. The pages that promise it read it from here."""

    screening_days = models.PositiveSmallIntegerField(_("working days for screening"), default=5)
    review_days = models.PositiveSmallIntegerField(_("working days for the review"), default=20)
    years_kept = models.PositiveSmallIntegerField(
        _("years that the content of decided applications is kept"), default=7
    )

    class Meta:
        verbose_name = _("review policy")
        verbose_name_plural = _("review policy")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1), name="pathway_policy_one", violation_error_message=_("There is one policy.")
            ),
            models.CheckConstraint(
                condition=Q(screening_days__range=(1, 60), review_days__range=(1, 250), years_kept__range=(1, 50)),
                name="pathway_policy_ranges",
                violation_error_message=_(
                    "Screening takes 1 to 60 working days, the review 1 to 250; applications are kept 1 to 50 years."
                ),
            ),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls):
        """What holds now; the defaults before anybody has set anything. One query."""
        return cls.objects.first() or cls(pk=1)


class CannedText(models.Model):
    """A text that messages to applicants can begin from."""

    title = models.CharField(_("title"), max_length=120, unique=True)
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["title"]
        verbose_name = _("text for messages")
        verbose_name_plural = _("texts for messages")

    def __str__(self):
        return self.title


class KeptView(models.Model):
    """A view of the queue that somebody keeps under a name: the words of its query string, which anybody may open."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="kept_views")
    name = models.CharField(_("name of the view"), max_length=60)
    query = models.TextField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="pathway_view_once")]

    def __str__(self):
        return f"{self.owner_id}: {self.name}"
