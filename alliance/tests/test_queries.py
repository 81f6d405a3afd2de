"""Every list and page asks the database a fixed number of questions, however many rows there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.core.tests.factories import numbers
from alliance.core.vocabulary import Domain
from cohorts.models import Cohort
from cohorts.tests.factories import make_cohort, make_cohort_seat, make_jurisdiction, make_milestone, make_place
from members.collaborations.tests.factories import (
    make_activity,
    make_collaboration,
    make_group,
    make_measure,
    make_point,
    make_seat,
)
from members.partners.tests.factories import make_partner
from members.pathway.tests.factories import make_assessment
from resources.tests.factories import (
    make_adoption,
    make_collection,
    make_item,
    make_resource,
    make_suggestion,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """One object of each kind with a page, and a function that hangs `count` of everything on them and beside them."""
    place = make_place(name="Northfield")
    one = make_jurisdiction(slug="one-mn", name="One", place=place)
    forefront = make_cohort(slug="forefront", kind=Cohort.Kind.FOREFRONT)
    partner = make_partner(slug="partner", jurisdiction=one)
    collaboration = make_collaboration(slug="collaboration", cohort=forefront)
    points = [("2020", "White", 10), ("2020", "Asian", 20)]
    measure = make_measure(points, slug="measure", topic="housing", collaboration=collaboration)
    topic = make_topic(slug="topic")
    resource = make_resource(slug="resource", topics=[topic])
    collection = make_collection(slug="collection")
    make_assessment(dict.fromkeys(Domain, 1), key="a" * 32, share_key="s" * 32, place=make_place())
    make_assessment(dict.fromkeys(Domain, 1), key="b" * 32)
    make_suggestion(state="unconfirmed", key="c" * 32)

    def grow(count):
        for _ in range(count):
            other = make_jurisdiction(place=make_place())
            make_jurisdiction(kind="department", parent=one)
            make_milestone(jurisdiction=one)
            make_milestone(jurisdiction=other)
            make_cohort_seat(cohort=forefront, jurisdiction=other)
            make_cohort_seat(cohort=make_cohort(), jurisdiction=one)
            make_seat(collaboration=make_collaboration(), partner=partner)
            make_seat(collaboration=make_collaboration(), jurisdiction=one)
            make_seat(collaboration=collaboration, partner=make_partner(jurisdiction=other))
            make_seat(collaboration=collaboration, jurisdiction=other)
            make_seat(collaboration=collaboration, name_as_printed=f"Printed {next(numbers)}")
            year = str(1900 + next(numbers))
            make_measure([(year, "White", 10), (year, "Asian", 20)], topic="housing", collaboration=collaboration)
            make_point(measure=measure, period=year)
            make_point(measure=measure, period=year, group=make_group(f"Group {year}"))
            make_activity(measure=measure, collaboration=make_collaboration(), lead=None)
            guide = make_resource(
                topics=[topic, make_topic()],
                mentions=[one],
                contributed_by_jurisdictions=[one, other],
                contributed_by_partners=[partner],
            )
            make_adoption(resource=guide, jurisdiction=one)
            make_adoption(resource=resource, jurisdiction=other)
            make_item(collection=collection, resource=guide)
            make_item(collection=make_collection(), resource=resource)
            resource.topics.add(make_topic())
            resource.mentions.add(other)
            for kind in ("office", "training", "report", "tool", "action_plan"):
                make_milestone(jurisdiction=other, kind=kind)
            make_adoption(resource=make_resource(topics=[topic], stage="organize"), jurisdiction=other)

    return grow


QUERIES = {
    "/": 6,
    "/about/": 0,
    "/contact/": 0,
    "/privacy/": 1,
    "/accessibility/": 0,
    "/pathway/": 2,
    "/pathway/questions/": 0,
    "/pathway/readiness/": 0,
    f"/pathway/readiness/{'a' * 32}/": 16,
    f"/pathway/readiness/{'b' * 32}/": 15,
    f"/pathway/readiness/shared/{'s' * 32}/": 17,
    # Two of each are the savepoint of a page that is also a form.
    "/pathway/readiness/start/": 2,
    "/pathway/readiness/start/?q=northfield": 6,
    f"/pathway/readiness/{'a' * 32}/data/": 4,
    f"/pathway/readiness/{'a' * 32}/government/": 3,
    f"/pathway/readiness/{'a' * 32}/delete/": 3,
    "/report/?page=/jurisdictions/": 0,
    "/suggest/": 0,
    "/notes/sent/": 0,
    # The two kinds of notes, one after the other.
    f"/notes/{'c' * 32}/": 2,
    "/account/login/": 2,
    "/account/signup/": 2,
    "/data/": 0,
    "/cohorts/": 3,
    "/cohorts/forefront/": 4,
    "/jurisdictions/": 5,
    "/jurisdictions/?q=gov&state=MN&kind=city&link=member": 5,
    "/jurisdictions/one-mn/": 7,
    "/jurisdictions/milestones/": 3,
    "/jurisdictions/peers/": 1,
    "/jurisdictions/peers/?place=northfield": 7,
    "/jurisdictions/peers/?government=one-mn&domain=tools&topic=topic": 4,
    "/partners/": 3,
    "/partners/partner/": 3,
    "/collaborations/": 4,
    "/collaborations/?q=col&state=MN&kind=local": 4,
    "/collaborations/collaboration/": 10,
    "/collaborations/measures/": 4,
    "/collaborations/measures/?q=measure&state=MN&topic=housing": 4,
    "/collaborations/measures/measure/": 4,
    "/collaborations/measures/measure.csv": 3,
    "/collaborations/collaboration/measures.csv": 3,
    "/resources/": 4,
    "/resources/?kind=toolkit&topic=topic&state=MN&jurisdiction=one-mn": 4,
    "/resources/?q=guidebock": 6,
    "/resources/resource/": 6,
    "/resources/topics/topic/": 4,
    "/resources/collections/collection/": 2,
    "/search/": 0,
    "/search/?q=gov": 3,
    "/search/?q=guidebock": 7,
    "/data/jurisdictions.json": 2,
    "/data/milestones.json": 1,
    "/data/cohorts.json": 2,
    "/data/partners.json": 1,
    "/data/collaborations.json": 2,
    "/data/measures.json": 1,
    "/data/data-points.json": 2,
    "/data/resources.json": 2,
    "/data/adoptions.json": 1,
    "/feeds/milestones.atom": 1,
    "/feeds/resources.atom": 2,
    "/feeds/topics/topic.atom": 3,
}


def queries_of(client, address):
    """How many questions the answer at an address takes, all of it read."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
        assert answer.status_code == 200
        if answer.streaming:
            answer.getvalue()
    return len(asked)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_is_fixed(rows, world, client):
    world(rows)
    assert {address: queries_of(client, address) for address in QUERIES} == QUERIES


@pytest.mark.parametrize("address", ["/jurisdictions/?state=XX", "/partners/?q=zzzzzz&state=MN&sector=university"])
def test_an_empty_list_asks_once_more_at_most(address, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        assert client.get(address).status_code == 200
