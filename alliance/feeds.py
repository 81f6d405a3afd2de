import uuid

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models.functions import TruncDate
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from alliance.core import dates
from cohorts.models import Milestone


class MilestoneFeed(Feed):
    """The milestones that came to the record last (Atom, RFC 4287)."""

    feed_type = Atom1Feed
    link = reverse_lazy("milestone_list")
    subtitle = _("Dated, sourced public acts of governments in the network.")

    def title(self):
        return _("Milestones: %(site)s") % {"site": settings.SITE_NAME}

    def author_name(self):
        return settings.SITE_NAME

    def items(self):
        """What came to the record last, by the day; of one day, the latest act first."""
        return Milestone.objects.public().order_by(TruncDate("created_at").desc(), "-date", "-pk")[:30]

    def item_guid(self, milestone):
        """Stays the same when the address of the page changes."""
        return uuid.uuid5(uuid.NAMESPACE_OID, f"alliance-portal/milestone/{milestone.pk}").urn

    def item_title(self, milestone):
        return f"{milestone.jurisdiction.name}: {milestone.title} ({dates.describe(milestone.date)})"

    def item_description(self, milestone):
        # The format takes it for HTML.
        return escape(milestone.description)

    def item_pubdate(self, milestone):
        return milestone.created_at

    def item_updateddate(self, milestone):
        return milestone.updated_at

    def item_categories(self, milestone):
        return [milestone.kind]
