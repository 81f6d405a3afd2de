import re
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
from resources.models import Resource, Topic

LENGTH = 30

# XML has no way to write these (W3C, XML 1.0, section 2.2), and a word processor leaves some of them in pasted text.
UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text):
    """The text without what XML cannot hold."""
    return UNWRITABLE.sub("", text)


class PortalFeed(Feed):
    """What feeds of the portal share (Atom, RFC 4287); `name` is what it brings."""

    feed_type = Atom1Feed

    def title(self, *args):
        return _("%(name)s: %(site)s") % {"name": self.name, "site": settings.SITE_NAME}

    def author_name(self):
        return settings.SITE_NAME

    def item_guid(self, thing):
        """Stays the same when the address of the page changes."""
        return uuid.uuid5(uuid.NAMESPACE_OID, f"alliance-portal/{thing._meta.model_name}/{thing.pk}").urn

    def item_updateddate(self, thing):
        return thing.updated_at


class MilestoneFeed(PortalFeed):
    """The milestones that came to the record last."""

    name = _("Milestones")
    link = reverse_lazy("milestone_list")
    subtitle = _("Dated, sourced public acts of governments in the network.")

    def items(self):
        """What came to the record last, by the day; of one day, the latest act first."""
        return Milestone.objects.public().order_by(TruncDate("created_at").desc(), "-date", "-pk")[:LENGTH]

    def item_title(self, milestone):
        return writable(f"{milestone.jurisdiction.name}: {milestone.title} ({dates.describe(milestone.date)})")

    def item_description(self, milestone):
        # The format takes it for HTML.
        return escape(writable(milestone.description))

    def item_pubdate(self, milestone):
        return milestone.created_at

    def item_categories(self, milestone):
        return [milestone.kind]


class ResourceFeed(PortalFeed):
    """The resources that came to the library last."""

    name = _("Resources")
    link = reverse_lazy("resource_list")
    subtitle = _("New tools, plans and reports in the library.")

    def items(self):
        return self.latest(Resource.objects.all())

    def latest(self, resources):
        return resources.published().lean().with_topics().order_by("-published_at", "-pk")[:LENGTH]

    def item_title(self, resource):
        return writable(resource.title)

    def item_description(self, resource):
        return escape(writable(resource.summary))

    def item_pubdate(self, resource):
        return resource.published_at

    def item_categories(self, resource):
        return [resource.kind, *(writable(topic.name) for topic in resource.public_topics)]


class TopicFeed(ResourceFeed):
    """The resources on one topic that came to the library last."""

    def get_object(self, request, slug):
        return Topic.objects.published().get(slug=slug)

    def title(self, topic):
        return _("%(name)s: %(site)s") % {"name": writable(topic.name), "site": settings.SITE_NAME}

    def link(self, topic):
        return topic.get_absolute_url()

    def subtitle(self, topic):
        return writable(topic.description)

    def items(self, topic):
        return self.latest(Resource.objects.labelled("topic", topic.slug))
