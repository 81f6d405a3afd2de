from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _

from alliance.core import dates
from cohorts.models import Milestone


class MilestoneFeed(Feed):
    """The latest milestones in the order of their dates (Atom, RFC 4287)."""

    feed_type = Atom1Feed
    link = reverse_lazy("milestone_list")
    subtitle = _("Dated, sourced public acts of governments in the network.")

    def title(self):
        return _("Milestones: %(site)s") % {"site": settings.SITE_NAME}

    def items(self):
        return Milestone.objects.public().latest_first()[:30]

    def item_title(self, milestone):
        return f"{milestone.jurisdiction.name}: {milestone.title} ({dates.describe(milestone.date)})"

    def item_description(self, milestone):
        return milestone.description

    def item_pubdate(self, milestone):
        return milestone.created_at

    def item_updateddate(self, milestone):
        return milestone.updated_at

    def item_categories(self, milestone):
        return [milestone.kind]
