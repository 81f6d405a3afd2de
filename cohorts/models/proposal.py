import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets import ProposalQuerySet
from .jurisdiction import Jurisdiction


def kinds():
    """The choices of `kind`; the apps name them."""
    from ..proposals import kinds

    return [(kind.name, kind.label) for kind in kinds().values()]


class Proposal(models.Model):
    """A change of a government's page that a member proposed. `cohorts.proposals` alone moves it from state to state.

    Its key comes from the form, so one form makes one proposal. The values are those of the kind's form, {field:
    value}: what stood on the page then (nothing for what is new), what was proposed, and what a curator made of it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, related_name="proposals", verbose_name=_("government")
    )
    kind = models.CharField(_("what"), max_length=20, choices=kinds)
    target = models.BigIntegerField(_("number of what is to change"), null=True, editable=False)
    about = models.CharField(_("which"), max_length=300, blank=True)
    before = models.JSONField(default=dict)
    proposed = models.JSONField()
    final = models.JSONField(null=True)
    note = models.TextField(_("note to the curator"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("proposed by"), related_name="proposals"
    )
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("settled by"), null=True, related_name="+"
    )
    answer = models.TextField(_("answer to the member"), blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        # What is open stands first, the longest waiting before the others.
        ordering = [models.F("settled_at").desc(nulls_first=True), "proposed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(final__isnull=True, answer="")
                & (
                    Q(state="open", settled_at=None, settled_by=None)
                    | Q(state="withdrawn", settled_at__isnull=False, settled_by=None)
                )
                | Q(settled_at__isnull=False, settled_by__isnull=False)
                & (Q(state="accepted", final__isnull=False) | Q(state="declined", final__isnull=True) & ~Q(answer="")),
                name="cohorts_proposal_state",
                violation_error_message=_("The state of a proposal does not go with what is on record of it."),
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(settled_by=models.F("proposed_by")),
                name="cohorts_proposal_not_by_self",
                violation_error_message=_("Nobody settles what they proposed themselves."),
            ),
        ]

    def __str__(self):
        """Without words that may hold a name: logs keep it."""
        return f"{self.get_kind_display()}: {self.jurisdiction}"

    def get_absolute_url(self):
        return reverse("proposal", args=[self.jurisdiction.slug, self.pk])

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def was_edited(self):
        """Whether a curator accepted it in other words."""
        return self.state == self.State.ACCEPTED and self.final != self.proposed
