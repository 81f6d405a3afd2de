from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from cohorts.models import Cohort, Jurisdiction
from members.collaborations.models import Collaboration, SharedMeasure
from members.partners.models import Partner
from resources.models import Collection, Resource, Topic


class PlainPages(Sitemap):
    def items(self):
        return [
            "home", "about", "contact", "privacy", "accessibility", "pathway", "data", "cohort_list",
            "jurisdiction_list", "jurisdiction_peers", "milestone_list", "partner_list", "collaboration_list",
            "measure_list", "resource_list", "search", "readiness", "pathway_questions",
        ]  # fmt: skip

    def location(self, name):
        return reverse(name)


class Published(Sitemap):
    """The published pages of one model."""

    def __init__(self, model):
        self.model = model

    def items(self):
        return self.model.objects.published().only("slug", "updated_at").order_by("pk")

    def lastmod(self, page):
        return page.updated_at

    def get_latest_lastmod(self):
        return self.model.objects.published().aggregate(latest=Max("updated_at"))["latest"]


MODELS = (Cohort, Jurisdiction, Partner, Collaboration, SharedMeasure, Resource, Topic, Collection)
SITEMAPS = {"pages": PlainPages} | {model._meta.model_name: Published(model) for model in MODELS}
