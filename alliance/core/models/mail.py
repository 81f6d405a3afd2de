import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutgoingMailQuerySet(models.QuerySet):
    def due(self):
        """What a sender should take up now, the longest waiting first."""
        return self.filter(state=OutgoingMail.State.WAITING, due_at__lte=timezone.now()).order_by("due_at", "pk")

    def failed(self):
        """What staff must look at: it is not tried again by itself."""
        return self.filter(state=OutgoingMail.State.FAILED)

    def try_again(self):
        """Make mail that waits or failed due now; return how many. What a sender has in hand is being tried anyway."""
        rows = self.filter(state__in=[OutgoingMail.State.WAITING, OutgoingMail.State.FAILED])
        with transaction.atomic():
            keys = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
            return self.model.objects.filter(pk__in=keys).update(
                state=OutgoingMail.State.WAITING, due_at=timezone.now(), attempts=0, done_at=None
            )


class OutgoingMail(models.Model):
    """A mail on its way: written in the transaction of the change that it tells of, sent by `manage.py send_mail`.

    Its texts are blanked once it is sent or will not be: a code or a name has no business staying here. `message_id`
    goes with every attempt, so that a mailbox can tell a mail that came twice.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        LATE = "late", _("Not sent: too late")
        FAILED = "failed", _("Not sent: failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    to = models.EmailField(_("to"), max_length=254)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    expires_at = models.DateTimeField(_("of no use after"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last answer of the mail server"), max_length=500, blank=True)
    done_at = models.DateTimeField(_("done"), null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mail")
        ordering = ["-created_at"]
        indexes = [models.Index("due_at", condition=Q(state="waiting"), name="core_mail_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to__regex=r"^[!-~]+@[!-~]+$"),
                name="core_mail_to_plain",
                violation_error_message=_("Mail goes to an address in plain letters."),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", done_at=None) | ~Q(state="waiting") & Q(done_at__isnull=False),
                name="core_mail_done_at",
                violation_error_message=_("A mail is either waiting or done at some time."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "failed"]) | Q(text="", html=""),
                name="core_mail_text_blanked",
                violation_error_message=_("The text of a mail that is done is not kept."),
            ),
        ]

    def __str__(self):
        """Its kind and number only: the admin's log keeps this, and must hold neither address nor subject."""
        return f"{self.kind} {self.pk}"

    def finish(self, state, answer=""):
        """Be done with it in this state, for which the mail server gave this answer. Failed mail keeps its texts, so
        that staff can have it tried again."""
        self.state, self.done_at, self.last_error = state, timezone.now(), answer
        if state != self.State.FAILED:
            self.text = self.html = ""
        self.save()

    def put_off(self, pause, answer):
        """Try again after a pause, or when it becomes useless, whichever is sooner."""
        self.due_at = min(filter(None, (timezone.now() + pause, self.expires_at)))
        self.last_error = answer
        self.save()
