from django.urls import path

from .views import collaborations

urlpatterns = [
    path("collaborations/", collaborations.collaboration_list, name="collaboration_list"),
    path("collaborations/<slug:slug>/", collaborations.collaboration_detail, name="collaboration_detail"),
]
