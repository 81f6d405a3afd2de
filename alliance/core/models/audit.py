from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast, Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Characters of JSON. An entry says what was done; it is no place for what people wrote.
MOST_FACTS = 4000


class AuditQuerySet(models.QuerySet):
    """Words for who did what to which object. Nothing changes or deletes an entry: the database refuses it."""

    def by(self, user):
        return self.filter(actor=user)

    def about(self, thing):
        """What was done to one object, whether it is still there or not."""
        return self.filter(kind=thing._meta.label_lower, object_id=str(thing.pk))

    def about_any(self, *of_models):
        """What was done to objects of these kinds."""
        return self.filter(kind__in=[model._meta.label_lower for model in of_models])


class AuditEntry(models.Model):
    """Who did what to which object, when, and within which request. `alliance.core.audit.record` alone writes it.

    Neither names nor addresses of people stand in it, no message, and no key: it is never changed, so what is in it
    could not be forgotten. The object is named by its kind ("cohorts.jurisdiction") and key, so that the entry is not
    touched when the object goes.
    """

    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("who"),
        null=True,
        editable=False,
        related_name="+",
    )
    action = models.CharField(_("what"), max_length=40, editable=False)
    kind = models.CharField(_("kind"), max_length=80, blank=True, editable=False)
    object_id = models.CharField(max_length=64, blank=True, editable=False)
    label = models.CharField(_("object"), max_length=200, blank=True, editable=False)
    before = models.JSONField(_("before"), encoder=DjangoJSONEncoder, null=True, editable=False)
    after = models.JSONField(_("after"), encoder=DjangoJSONEncoder, null=True, editable=False)
    facts = models.JSONField(_("details"), encoder=DjangoJSONEncoder, default=dict, editable=False)
    request_id = models.CharField(_("request"), max_length=16, blank=True, editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(F("at").desc(), F("id").desc(), name="core_audit_latest"),
            models.Index("kind", "object_id", name="core_audit_object"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="", object_id="", label="") | ~Q(kind="") & ~Q(object_id=""),
                name="core_audit_whole_object",
                violation_error_message=_("An entry names its object by kind and key, or has none."),
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length(Cast("facts", TextField())), MOST_FACTS),
                name="core_audit_facts_small",
                violation_error_message=_("The details of an entry are too long."),
            ),
        ]

    def __str__(self):
        return f"{self.action} {self.label}".strip()
