from django.urls import path, register_converter

from alliance.core.vocabulary import Domain

from . import views


class DomainConverter:
    regex = "|".join(Domain.values)
    to_python = Domain
    to_url = str


register_converter(DomainConverter, "domain")

urlpatterns = [
    path("pathway/readiness/", views.readiness, name="readiness"),
    path("pathway/readiness/start/", views.government, name="readiness_start"),
    path("pathway/readiness/shared/<key:share_key>/", views.shared, name="readiness_shared"),
    path("pathway/readiness/<key:key>/", views.result, name="readiness_result"),
    path("pathway/readiness/<key:key>/government/", views.government, name="readiness_government"),
    path("pathway/readiness/<key:key>/share/", views.share, name="readiness_share"),
    path("pathway/readiness/<key:key>/keep/", views.keep, name="readiness_keep"),
    path("pathway/readiness/<key:key>/delete/", views.delete, name="readiness_delete"),
    path("pathway/readiness/<key:key>/<domain:domain>/", views.domain, name="readiness_domain"),
]
