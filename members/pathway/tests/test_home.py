"""What of the review stands on the front page of the admin."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.core.tests.factories import make_admin, make_curator, sign_in
from cohorts.tests.factories import make_jurisdiction
from members.pathway.states import Status

from .factories import assign, make_application_in, make_chair, make_reviewer

pytestmark = pytest.mark.django_db

NEEDING, OVERDUE = "/review/", "/review/?flag=overdue"
LINKS = {"/review/", "/review/onboardings/"}


def make_late(status=Status.SUBMITTED, **fields):
    return make_application_in(status, since=timezone.now() - timedelta(days=100), **fields)


def front(client, user):
    sign_in(client, user)
    page = client.get("/admin/")
    needs = {address: count for _label, count, address in page.context["needs"] if address.startswith("/review/")}
    links = {address for _label, address in page.context["links"] if address.startswith("/review/")}
    return needs, links


def test_each_sees_what_needs_them_and_the_pages_that_are_theirs(client):
    make_late()
    make_application_in(Status.SUBMITTED)
    make_application_in(Status.ACCEPTED)
    read = make_late(Status.IN_REVIEW)
    reviewer = make_reviewer()
    assign(read, reviewer)
    assert front(client, reviewer) == ({NEEDING: 1, OVERDUE: 1}, {"/review/"})
    assert front(client, make_chair()) == ({NEEDING: 3, OVERDUE: 2}, LINKS)
    assert front(client, make_admin()) == ({NEEDING: 3, OVERDUE: 2}, LINKS)
    assert front(client, make_curator()) == ({}, set())


def test_the_line_of_the_late_ones_says_as_many_as_the_queue(client):
    for _time in range(3):
        make_late()
    chair = make_chair()
    (needs, _links) = front(client, chair)
    assert client.get(OVERDUE).context["listing"].total == needs[OVERDUE] == 3


def test_what_somebody_has_a_conflict_with_is_in_no_count(client):
    home = make_jurisdiction()
    make_late(jurisdiction=home)
    chair, admin = make_chair(), make_admin()
    for person in (chair, admin):
        home.memberships.create(user=person)
        assert front(client, person) == ({}, LINKS)


def test_an_application_that_somebody_has_a_conflict_with_is_not_in_their_admin(client):
    home = make_jurisdiction()
    shut, free = make_late(jurisdiction=home), make_late()
    admin = make_admin()
    home.memberships.create(user=admin)
    sign_in(client, admin)
    assert list(client.get("/admin/pathway/application/").context["cl"].result_list) == [free]
    answers = [client.get(f"/admin/pathway/application/{one.pk}/change/").status_code for one in (shut, free)]
    assert answers == [302, 200]
    page = client.get("/admin/search/", {"q": shut.reference})
    assert page.context["sections"] == []
    assert client.get("/admin/search/", {"q": free.reference}).context["sections"] != []
