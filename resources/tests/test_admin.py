from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.utils import timezone

from alliance.core.tests.admin_forms import complaints, filled_in, messages, new_row
from alliance.core.tests.factories import make_admin, make_curator, make_user
from cohorts.tests.factories import make_jurisdiction
from members.partners.tests.factories import make_partner
from resources.models import Adoption, Collection, LinkCheck, Resource, Topic

from .factories import make_adoption, make_collection, make_item, make_resource, make_topic

pytestmark = pytest.mark.django_db

RESOURCES = "/admin/resources/resource/"


@pytest.fixture
def curator(client):
    client.force_login(make_curator(name="Ada"))
    return client


@pytest.fixture
def admin(client):
    client.force_login(make_admin())
    return client


def make_check(**fields):
    values = {"resource": None, "url": "https://example.org", "checked_at": timezone.now(), "outcome": "ok"}
    return LinkCheck.objects.create(**values | {"resource": fields.pop("resource", None) or make_resource()} | fields)


def change(page):
    return f"/admin/{page._meta.app_label}/{page._meta.model_name}/{page.pk}/change/"


def act(client, action, objects, **data):
    data |= {"action": action, "_selected_action": [one.pk for one in objects]}
    return client.post(RESOURCES, data, follow=True)


def rows(response):
    return list(response.context["cl"].result_list)


# --- Lists ---


@pytest.mark.parametrize(
    ("name", "make", "queries"),
    [
        ("topic", make_topic, 5),
        ("resource", make_resource, 6),
        ("collection", make_collection, 5),
        ("adoption", make_adoption, 6),
        ("linkcheck", make_check, 5),
    ],
)
def test_a_list_asks_the_same_questions_at_1_and_at_30_rows(admin, django_assert_num_queries, name, make, queries):
    make()
    with django_assert_num_queries(queries):
        assert len(rows(admin.get(f"/admin/resources/{name}/"))) == 1
    for _ in range(29):
        make()
    with django_assert_num_queries(queries):
        assert len(rows(admin.get(f"/admin/resources/{name}/"))) == 30


# --- Forms ---


def test_a_curator_drafts_a_resource_with_everything_that_belongs_to_it(curator):
    housing, minneapolis, partner = make_topic(), make_jurisdiction(), make_partner()
    address = RESOURCES + "add/"
    data = filled_in(
        curator.get(address),
        title="A guide to fair budgets",
        slug="fair-budgets",
        kind="guide",
        authors="Ida B. Wells, Jr.\n Pauli Murray ",
        year="2021",
        url="https://example.org/budgets",
        topics=[housing.pk],
        contributed_by_jurisdictions=[minneapolis.pk],
        contributed_by_partners=[partner.pk],
        mentions=[minneapolis.pk],
    )
    response = curator.post(address, data)
    assert response.status_code == 302, complaints(response)
    made = Resource.objects.get()
    assert (made.title, made.status, made.authors, made.year) == (
        "A guide to fair budgets",
        "draft",
        ["Ida B. Wells, Jr.", "Pauli Murray"],
        2021,
    )
    assert [list(getattr(made, name).all()) for name in ("topics", "mentions")] == [[housing], [minneapolis]]
    assert list(made.contributed_by_jurisdictions.all()) == [minneapolis]
    assert list(made.contributed_by_partners.all()) == [partner]
