from django.urls import path

from . import proposal_views, views

urlpatterns = [
    path("cohorts/", views.cohort_list, name="cohort_list"),
    path("cohorts/<slug:slug>/", views.cohort_detail, name="cohort_detail"),
    path("jurisdictions/", views.jurisdiction_list, name="jurisdiction_list"),
    path("jurisdictions/milestones/", views.milestone_list, name="milestone_list"),
    path("jurisdictions/<slug:slug>/", views.jurisdiction_detail, name="jurisdiction_detail"),
    path("account/governments/<slug:slug>/", proposal_views.government, name="government"),
    path("account/governments/<slug:slug>/propose/<slug:kind>/", proposal_views.propose, name="propose"),
    path(
        "account/governments/<slug:slug>/propose/<slug:kind>/<int:target>/",
        proposal_views.propose,
        name="propose_change",
    ),
    path("account/governments/<slug:slug>/proposals/<uuid:pk>/", proposal_views.proposal, name="proposal"),
]
