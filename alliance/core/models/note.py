"""What anybody may send us without an account: a report of a mistake here, a suggestion in the library."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..fields import WebAddressField
from ..keys import new_key

# How long the link in the mail to the sender can be used; then the note is deleted.
TIME_TO_CONFIRM = timedelta(days=3)


class PublicNoteQuerySet(models.QuerySet):
    def to_confirm(self):
        """Those whose sender may still confirm them."""
        return self.filter(state=PublicNote.State.UNCONFIRMED, created_at__gt=timezone.now() - TIME_TO_CONFIRM)

    def expired(self):
        """Those that nobody confirmed in time: gone for everybody, also before they are deleted."""
        return self.filter(state=PublicNote.State.UNCONFIRMED, created_at__lte=timezone.now() - TIME_TO_CONFIRM)

    def waiting(self):
        return self.filter(state=PublicNote.State.WAITING)

    def confirmed(self):
        """Those that a sender stood up for, settled or not: what curators see."""
        return self.exclude(state=PublicNote.State.UNCONFIRMED)


class PublicNote(models.Model):
    """A note of somebody without an account. `alliance.core.notes` alone moves it from state to state.

    The address of the sender stays no longer than we need it to answer; the key, no longer than it opens something.
    A kind of note names the fields that its sender fills in (`SAID`), those of them that are addresses to open
    (`LINKS`), and the answer that is proposed for each outcome (`ANSWERS`).
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Not confirmed")
        WAITING = "waiting", _("Waiting")
        USED = "used", _("Used")
        NOT_USED = "not_used", _("Not used")

    email = models.EmailField(_("your e-mail address"), max_length=254, blank=True)
    key = models.CharField(max_length=32, unique=True, null=True, blank=True, default=new_key, editable=False)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.UNCONFIRMED, editable=False)
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("settled by"),
        null=True,
        editable=False,
        related_name="+",
    )
    answer = models.TextField(_("answer to the sender"), blank=True, editable=False)

    objects = PublicNoteQuerySet.as_manager()

    SAID = LINKS = ()
    ANSWERS = {}

    class Meta:
        abstract = True
        # What waits stands first, the longest waiting before the others.
        ordering = [models.F("settled_at").desc(nulls_first=True), "confirmed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="unconfirmed", key__isnull=False, confirmed_at=None, settled_at=None)
                | Q(state="waiting", key=None, confirmed_at__isnull=False, settled_at=None)
                | Q(state__in=["used", "not_used"], key=None, confirmed_at__isnull=False, settled_at__isnull=False),
                name="%(app_label)s_%(class)s_state",
                violation_error_message=_("State, key and times of a note do not go together."),
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, answer="") & ~Q(email="")
                | Q(settled_at__isnull=False, email="") & ~Q(answer=""),
                name="%(app_label)s_%(class)s_answered",
                violation_error_message=_("A note has an address until it is settled, and an answer from then on."),
            ),
        ]

    @property
    def facts(self):
        """(label, what the sender wrote, whether it is an address to open) of each field that they filled in."""
        values = [(name, getattr(self, name)) for name in self.SAID]
        return [(self._meta.get_field(name).verbose_name, value, name in self.LINKS) for name, value in values if value]

    @property
    def obstacle(self):
        """What must happen before the note can be settled as used, in words; empty where nothing must."""
        return ""

    @property
    def outcome_url(self):
        """The page that came of it, for the mail to the sender; empty where there is none."""
        return ""


class Report(PublicNote):
    """Something is wrong on a page of this site."""

    page = models.CharField(
        _("page"), max_length=500, help_text=_("Its address. Correct it if you mean another page of this site.")
    )
    what = models.TextField(
        _("what is wrong"), max_length=4000, help_text=_("What stands there now, and what should stand there?")
    )
    source = WebAddressField(
        _("source"), blank=True, help_text=_("Optional: the address of a public page that shows it.")
    )

    SAID = ("page", "what", "source")
    LINKS = ("page", "source")
    ANSWERS = {
        PublicNote.State.USED: _("Thank you. You were right, and the page is corrected now."),
        PublicNote.State.NOT_USED: _(
            "Thank you for writing. We looked into it and found no public source that shows it, so the page stays as "
            "it is. If you know of one, please write again."
        ),
    }

    class Meta(PublicNote.Meta):
        verbose_name = _("report of a mistake")
        verbose_name_plural = _("reports of mistakes")
        constraints = [
            *PublicNote.Meta.constraints,
            models.CheckConstraint(
                condition=Q(page__regex=r"^/([^/\\]|$)"),
                name="core_report_page",
                violation_error_message=_("A report is about a page of this site."),
            ),
        ]

    def __str__(self):
        return self.page
