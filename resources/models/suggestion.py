from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.core.fields import WebAddressField
from alliance.core.mail import address_of
from alliance.core.models import PublicNote

from .resource import Resource


class Suggestion(PublicNote):
    """Something that the library should have, as a reader thinks; a curator makes a draft of it."""

    title = models.CharField(_("title"), max_length=300, help_text=_("What it is called."))
    link = WebAddressField(_("web address"), help_text=_("Where everybody can read it or get it."))
    why = models.TextField(
        _("why it helps"), max_length=2000, help_text=_("For whom is it, and what can they do with it?")
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True, help_text=_("Who made it."))
    # The draft that was made of it.
    resource = models.ForeignKey(
        Resource, models.SET_NULL, verbose_name=_("resource"), null=True, editable=False, related_name="suggestions"
    )

    SAID = ("title", "link", "why", "publisher")
    LINKS = ("link",)
    ANSWERS = {
        PublicNote.State.USED: _("Thank you. It is in the library now:"),
        PublicNote.State.NOT_USED: _(
            "Thank you for the suggestion. We looked at it and did not take it into the library: it does not fit what "
            "we collect there, or we have it already."
        ),
    }

    class Meta(PublicNote.Meta):
        verbose_name = _("suggested resource")
        verbose_name_plural = _("suggested resources")

    def __str__(self):
        return self.title

    @property
    def obstacle(self):
        if self.resource is None:
            return _("Make a draft of it first, complete it, and publish it.")
        if not self.resource.is_published:
            return _("Publish the resource first: the mail leads to its page.")
        return ""

    @property
    def outcome_url(self):
        return address_of("resource_detail", self.resource.slug)
