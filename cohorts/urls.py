from django.urls import path

from . import views

urlpatterns = [
    path("cohorts/", views.cohort_list, name="cohort_list"),
    path("cohorts/<slug:slug>/", views.cohort_detail, name="cohort_detail"),
    path("jurisdictions/", views.jurisdiction_list, name="jurisdiction_list"),
    path("jurisdictions/peers/", views.jurisdiction_peers, name="jurisdiction_peers"),
    path("jurisdictions/milestones/", views.milestone_list, name="milestone_list"),
    path("jurisdictions/<slug:slug>/", views.jurisdiction_detail, name="jurisdiction_detail"),
]
