"""What is not published is on no page, in no file and in no feed, whatever it hangs on."""

import json

import pytest

from cohorts.tests.factories import make_cohort, make_cohort_seat, make_jurisdiction, make_milestone, make_place
from members.collaborations.tests.factories import (
    make_activity,
    make_collaboration,
    make_measure,
    make_seat,
)
from members.partners.models import Partner
from members.partners.tests.factories import make_partner
from resources.tests.factories import make_adoption, make_collection, make_item, make_resource, make_topic

pytestmark = pytest.mark.django_db

SECRET = "Quiet"
# The files that name nothing unpublished; collaborations name all their members.
HIDING = (
    "jurisdictions", "milestones", "cohorts", "partners", "resources", "adoptions", "measures", "data-points",
)  # fmt: skip
ADDRESSES = [
    "/",
    "/cohorts/",
    "/cohorts/open-cohort/",
    "/jurisdictions/",
    "/jurisdictions/open-mn/",
    "/jurisdictions/milestones/",
    "/jurisdictions/peers/?place=elsewhere",
    "/partners/",
    "/partners/open-partner/",
    "/collaborations/",
    "/collaborations/measures/",
    "/collaborations/measures/open-measure/",
    "/collaborations/measures/open-measure.csv",
    "/collaborations/open-group/measures.csv",
    "/resources/",
    "/resources/open-guide/",
    "/resources/topics/open-topic/",
    "/resources/collections/open-list/",
    "/feeds/milestones.atom",
    "/feeds/resources.atom",
    "/feeds/topics/open-topic.atom",
    *(f"/sitemaps/{model}.xml" for model in ("jurisdiction", "cohort", "partner", "collaboration", "sharedmeasure")),
    *(f"/sitemaps/{model}.xml" for model in ("resource", "topic", "collection")),
    *(f"/data/{name}.json" for name in HIDING),
]


@pytest.fixture(params=["draft", "archived"])
def neighbors(request):
    """Open pages of every kind, each tied to unpublished ones of every kind that it can be tied to."""
    hidden = {"status": request.param}
    place = make_place(name="Elsewhere", latitude=40.5, longitude=-100.25)
    quiet = make_jurisdiction(name="Quiet Town", slug="quiet-mn", place=place, **hidden)
    open_one = make_jurisdiction(name="Open Town", slug="open-mn", place=make_place(name="Elsewhere"))
    make_jurisdiction(name="Quiet Department", slug="quiet-department", kind="department", parent=open_one, **hidden)
    make_milestone(jurisdiction=quiet, title="Quiet act")
    cohort = make_cohort(name="Open Cohort", slug="open-cohort")
    quiet_cohort = make_cohort(name="Quiet Cohort", slug="quiet-cohort", **hidden)
    for one, group in ((quiet, cohort), (open_one, quiet_cohort), (open_one, cohort)):
        make_cohort_seat(jurisdiction=one, cohort=group)
    partner = make_partner(name="Open Partner", slug="open-partner", jurisdiction=quiet)
    make_partner(name="Quiet Partner", slug="quiet-partner", jurisdiction=open_one, **hidden)
    quiet_group = make_collaboration(name="Quiet Group", slug="quiet-group", cohort=cohort, **hidden)
    make_seat(collaboration=quiet_group, partner=partner)
    make_seat(collaboration=quiet_group, jurisdiction=open_one)
    open_group = make_collaboration(slug="open-group")
    make_seat(collaboration=open_group, jurisdiction=quiet)
    measure = make_measure([("2020", "Asian", 1)], slug="open-measure", collaboration=open_group)
    make_activity(title="Quiet work", measure=measure, collaboration=quiet_group)
    make_measure([("2020", "White", 1)], name="Quiet rate", slug="quiet-rate", collaboration=open_group, **hidden)
    make_measure([("2020", "White", 1)], name="Quiet share", slug="quiet-share", collaboration=quiet_group)
    topic, quiet_topic = make_topic(slug="open-topic"), make_topic(name="Quiet topic", slug="quiet-topic", **hidden)
    guide = make_resource(
        slug="open-guide",
        topics=[topic, quiet_topic],
        mentions=[quiet],
        contributed_by_jurisdictions=[quiet],
        contributed_by_partners=list(Partner.objects.filter(slug="quiet-partner")),
    )
    make_adoption(resource=guide, jurisdiction=quiet, how="Quietly")
    quiet_guide = make_resource(
        title="Quiet guide",
        slug="quiet-guide",
        publisher="Quiet Press",
        year=1901,
        topics=[topic],
        mentions=[open_one],
        contributed_by_jurisdictions=[open_one],
        contributed_by_partners=[partner],
        **hidden,
    )
    make_adoption(resource=quiet_guide, jurisdiction=open_one)
    for reading_list in (
        make_collection(slug="open-list"),
        make_collection(title="Quiet list", slug="quiet-list", **hidden),
    ):
        make_item(collection=reading_list, resource=guide)
        make_item(collection=reading_list, resource=quiet_guide)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_names_or_links_what_is_not_published(address, neighbors, client):
    answer = client.get(address)
    text = (answer.getvalue() if answer.streaming else answer.content).decode()
    assert answer.status_code == 200
    # A button that says it quietly is none of them.
    assert SECRET.lower() not in text.lower().replace("btn quiet", "btn")


@pytest.mark.parametrize("query", ["q=quiet", "year=1901", "topic=quiet-topic", "jurisdiction=quiet-mn", "q=quite"])
def test_no_search_or_filter_of_the_library_finds_what_is_not_published(query, neighbors, client):
    listing = client.get(f"/resources/?{query}").context["listing"]
    offered = [choice.label for _facet, choices in listing.choices for choice in choices if not choice.is_active]
    assert "quiet-guide" not in [one.slug for one in listing.page]
    assert [label for label in offered if SECRET.lower() in str(label).lower()] == []
    assert listing.corrected == ""


def test_a_collaboration_names_all_its_members_but_links_and_places_the_published_only(neighbors, client):
    page = client.get("/collaborations/open-group/")
    assert "Quiet Town" in page.content.decode()
    assert "/jurisdictions/quiet-mn/" not in page.content.decode()
    assert page.context["map"].points == []


@pytest.mark.parametrize("name", ["jurisdictions", "milestones", "cohorts", "partners", "collaborations"])
def test_no_file_holds_the_point_of_what_is_not_published(name, neighbors, client):
    assert "-100.25" not in client.get(f"/data/{name}.geojson").getvalue().decode()


def test_a_partner_that_is_a_published_government_has_its_point(client):
    one = make_jurisdiction(slug="open-mn", place=make_place(latitude=45, longitude=-93))
    make_partner(jurisdiction=one)
    (feature,) = json.loads(client.get("/data/partners.geojson").getvalue())["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-93, 45]}
    assert feature["properties"]["jurisdiction"] == "open-mn"
