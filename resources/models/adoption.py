from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.dates import PartialDateField, not_before
from alliance.core.fields import SourcesField
from alliance.core.models import Timestamped
from alliance.core.vocabulary import Visibility
from cohorts.models import Jurisdiction

from ..querysets import AdoptionQuerySet
from .resource import Resource


class Adoption(Timestamped):
    """A government uses a resource: since when, how, what came of it, and whom to ask."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="adoptions")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="adoptions")
    since = PartialDateField(null=True, blank=True)
    until = PartialDateField(null=True, blank=True, help_text=_("Empty while it is in use."))
    how = models.TextField(_("how it is used"), blank=True)
    outcome = models.TextField(_("what came of it"), blank=True)
    contact = models.CharField(max_length=254, blank=True, help_text=_("An office, a person or an address to ask."))
    contact_visibility = models.CharField(
        _("who sees the contact"), max_length=8, choices=Visibility, default=Visibility.STAFF
    )
    sources = SourcesField(blank=True)

    history = HistoricalRecords()

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a resource")
        verbose_name_plural = _("resources in use")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "resource", "jurisdiction", name="resources_adoption_once",
                violation_error_message=_("It is already on record that this government uses this resource."),
            ),
            models.CheckConstraint(
                condition=not_before("since", "until"), name="resources_adoption_dates",
                violation_error_message=_("Its use cannot end before it began."),
            ),
            models.CheckConstraint(
                condition=Q(contact_visibility="staff") | ~Q(contact=""), name="resources_adoption_contact",
                violation_error_message=_("Enter the contact that others may see, or leave it to staff."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.jurisdiction}: {self.resource}"

    @property
    def public_contact(self):
        return self.contact if self.contact_visibility == Visibility.PUBLIC else ""
