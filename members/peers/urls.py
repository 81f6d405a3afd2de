from django.urls import path

from .views import directory, finder, introductions, joining, own

urlpatterns = [
    path("jurisdictions/peers/", finder.jurisdiction_peers, name="jurisdiction_peers"),
    path("peers/", directory.peers, name="peer_list"),
    path("peers/<int:pk>/", directory.peer, name="peer_detail"),
    path("peers/join/", joining.join, name="peers_join"),
    path("account/peer/", own.profile, name="peer_profile"),
    path("peers/<int:pk>/ask/", introductions.ask, name="peer_ask"),
    path("peers/<int:pk>/block/", introductions.block_profile, name="peer_block"),
    path("peers/<int:pk>/report/", introductions.report_profile, name="peer_report"),
    path("account/introductions/", introductions.introductions_page, name="introduction_list"),
    path("account/introductions/<uuid:pk>/", introductions.introduction, name="introduction"),
    path("account/introductions/<uuid:pk>/report/", introductions.report, name="introduction_report"),
]
