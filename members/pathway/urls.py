from django.urls import path, register_converter

from alliance.core.vocabulary import Domain

from . import views


class KeyConverter:
    """What `models.new_key` makes."""

    regex = "[A-Za-z0-9_-]{32}"
    to_python = to_url = str


class DomainConverter:
    regex = "|".join(Domain.values)
    to_python = Domain
    to_url = str


register_converter(KeyConverter, "key")
register_converter(DomainConverter, "domain")

urlpatterns = [
    path("pathway/readiness/", views.readiness, name="readiness"),
    path("pathway/readiness/start/", views.government, name="readiness_start"),
    path("pathway/readiness/<key:key>/", views.result, name="readiness_result"),
    path("pathway/readiness/<key:key>/government/", views.government, name="readiness_government"),
    path("pathway/readiness/<key:key>/delete/", views.delete, name="readiness_delete"),
    path("pathway/readiness/<key:key>/<domain:domain>/", views.domain, name="readiness_domain"),
]
