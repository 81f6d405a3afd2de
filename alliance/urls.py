"""Every address of the portal; `access.py` says who may open which."""

from django.contrib import admin
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path, register_converter
from django.views.decorators.http import require_safe

from alliance.core.keys import KeyConverter
from alliance.core.notes import views as notes
from alliance.core.opendata import FORMATS

from . import views
from .feeds import MilestoneFeed, ResourceFeed, TopicFeed
from .sitemaps import SITEMAPS


class DatasetConverter:
    regex = "|".join(views.DATASETS)
    to_python = to_url = str


class FormatConverter:
    regex = "|".join(FORMATS)
    to_python = to_url = str


class DoneConverter:
    regex = "|".join(notes.DONE)
    to_python = to_url = str


register_converter(DatasetConverter, "dataset")
register_converter(FormatConverter, "format")
register_converter(DoneConverter, "done")
register_converter(KeyConverter, "key")

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.page, {"name": "about"}, name="about"),
    path("contact/", views.page, {"name": "contact"}, name="contact"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.page, {"name": "accessibility"}, name="accessibility"),
    path("report/", notes.report, name="report"),
    path("notes/<done:name>/", notes.answer, name="note_answer"),
    path("notes/<key:key>/", notes.note, name="note"),
    path("search/", views.search, name="search"),
    path("search/names/", views.search_names, name="search_names"),
    path("data/", views.data, name="data"),
    path("data/<dataset:name>.<format:extension>", views.data_file, name="data_file"),
    path("feeds/milestones.atom", require_safe(MilestoneFeed()), name="milestone_feed"),
    path("feeds/resources.atom", require_safe(ResourceFeed()), name="resource_feed"),
    path("feeds/topics/<slug:slug>.atom", require_safe(TopicFeed()), name="topic_feed"),
    path(
        "sitemap.xml",
        require_safe(index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"},
        name="sitemap",
    ),
    path("sitemaps/<slug:section>.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap_section"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    # Before the pages of governments: /jurisdictions/peers/ is none of them.
    path("", include("members.peers.urls")),
    path("", include("cohorts.urls")),
    path("", include("members.partners.urls")),
    path("", include("members.collaborations.urls")),
    path("", include("resources.urls")),
    path("", include("members.pathway.urls")),
    path("account/", include("alliance.accounts.urls")),
    path("admin/", admin.site.urls),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
