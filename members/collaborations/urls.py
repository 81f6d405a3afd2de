from django.urls import path, register_converter

from .kinds import KINDS
from .views import collaborations, gatherings, joining, measures, pasting, rooms


class KindConverter:
    """What belongs to a collaboration; figures stand below their measure."""

    regex = "|".join(name for name, kind in KINDS.items() if not kind.is_of_measure)
    to_python = to_url = str


register_converter(KindConverter, "kind")

ROOM = "account/collaborations/<slug:slug>/"
POINTS = f"{ROOM}measures/<int:measure>/figures/"
POINT = {"kind": "point"}

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
    path(ROOM, rooms.room, name="collaboration_room"),
    path(f"{ROOM}history/", rooms.history, name="collaboration_history"),
    path(f"{ROOM}edit/<kind:kind>/", rooms.edit, name="collaboration_edit"),
    path(f"{ROOM}edit/<kind:kind>/<int:target>/", rooms.edit, name="collaboration_edit"),
    path(f"{ROOM}edit/<kind:kind>/<int:target>/remove/", rooms.remove, name="collaboration_remove"),
    path(POINTS, rooms.points, name="collaboration_points"),
    path(f"{POINTS}new/", rooms.edit, POINT, name="collaboration_edit"),
    path(f"{POINTS}paste/", pasting.paste, name="collaboration_paste"),
    path(f"{POINTS}<int:target>/", rooms.edit, POINT, name="collaboration_edit"),
    path(f"{POINTS}<int:target>/remove/", rooms.remove, POINT, name="collaboration_remove"),
]
