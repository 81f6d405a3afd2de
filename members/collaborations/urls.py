from django.urls import path

from . import views

urlpatterns = [
    path("collaborations/", views.collaboration_list, name="collaboration_list"),
    path("collaborations/<slug:slug>/", views.collaboration_detail, name="collaboration_detail"),
]
