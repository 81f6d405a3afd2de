from django.urls import path

from .views import directory, joining, own

urlpatterns = [
    path("peers/", directory.peers, name="peer_list"),
    path("peers/<int:pk>/", directory.peer, name="peer_detail"),
    path("peers/join/", joining.join, name="peers_join"),
    path("account/peer/", own.profile, name="peer_profile"),
]
