from django.urls import path

from . import views

urlpatterns = [
    path("resources/", views.resource_list, name="resource_list"),
    # Not below /resources/, where it would be the address of a resource by that name.
    path("suggest/", views.suggest, name="suggest"),
    path("resources/topics/<slug:slug>/", views.topic_detail, name="topic_detail"),
    path("resources/collections/<slug:slug>/", views.collection_detail, name="collection_detail"),
    path("resources/<slug:slug>/", views.resource_detail, name="resource_detail"),
    path("resources/<slug:slug>/file/", views.resource_file, name="resource_file"),
]
