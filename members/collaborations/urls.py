from django.urls import path

from .views import collaborations, gatherings, joining, measures

urlpatterns = [
    path("collaborations/", collaborations.collaboration_list, name="collaboration_list"),
    path("collaborations/measures/", measures.measure_list, name="measure_list"),
    path("collaborations/measures/<slug:slug>/", measures.measure_detail, name="measure_detail"),
    path("collaborations/measures/<slug:slug>.csv", measures.measure_csv, name="measure_csv"),
    path("collaborations/<slug:slug>/", collaborations.collaboration_detail, name="collaboration_detail"),
    path("collaborations/<slug:slug>/activities/", collaborations.activity_list, name="activity_list"),
    path("collaborations/<slug:slug>/updates/", collaborations.update_list, name="update_list"),
    path("collaborations/<slug:slug>/calendar.ics", gatherings.calendar_ics, name="calendar_ics"),
    path("collaborations/<slug:slug>/gatherings/", gatherings.gathering_list, name="gathering_list"),
    path("collaborations/<slug:slug>/gatherings/<int:pk>/", gatherings.gathering, name="gathering"),
    path("collaborations/<slug:slug>/gatherings/<int:pk>.ics", gatherings.gathering_ics, name="gathering_ics"),
    path("account/collaborations/<slug:slug>/gatherings/<int:pk>/", gatherings.known_gathering, name="known_gathering"),
    path(
        "account/collaborations/<slug:slug>/gatherings/<int:pk>.ics",
        gatherings.known_gathering_ics,
        name="known_gathering_ics",
    ),
    path(
        "collaborations/<slug:slug>/measures.csv",
        measures.collaboration_measures_csv,
        name="collaboration_measures_csv",
    ),
    path("account/collaborations/<slug:slug>/join/", joining.ask, name="collaboration_join"),
    path("account/collaborations/<slug:slug>/requests/", joining.requests, name="collaboration_requests"),
    path("account/collaborations/<slug:slug>/requests/<int:pk>/", joining.answer, name="collaboration_request"),
    path("account/collaborations/<slug:slug>/close/", joining.close, name="collaboration_close"),
]
