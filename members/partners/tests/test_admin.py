import pytest

from alliance.core.tests.admin_forms import complaints, filled_in, messages
from alliance.core.tests.factories import make_curator, sign_in
from cohorts.tests.factories import make_jurisdiction
from members.partners.models import Partner

from .factories import make_partner

pytestmark = pytest.mark.django_db

PARTNERS = "/admin/partners/partner/"


@pytest.fixture
def curator(client):
    sign_in(client, make_curator())
    return client


def rows(response):
    return list(response.context["cl"].result_list)


def test_the_list_asks_the_same_questions_at_1_and_at_30_rows(curator, django_assert_num_queries):
    make_partner(jurisdiction=make_jurisdiction())
    with django_assert_num_queries(8):
        assert len(rows(curator.get(PARTNERS))) == 1
    for _ in range(29):
        make_partner(jurisdiction=make_jurisdiction())
    with django_assert_num_queries(8):
        assert len(rows(curator.get(PARTNERS))) == 30


def test_a_partner_is_found_by_a_later_name_and_by_who_stood_for_it(curator):
    partner = make_partner(name="Institute One", later_name="Othering Center", representative="Jane Roe")
    make_partner(name="Foundation Two")
    assert [rows(curator.get(f"{PARTNERS}?q={words}")) for words in ("othering", "roe", "institut one")] == [
        [partner]
    ] * 3


def test_partners_are_published_together(curator):
    drafts = [make_partner(status="draft") for _ in range(2)]
    data = {"action": "publish", "_selected_action": [one.pk for one in drafts]}
    assert messages(curator.post(PARTNERS, data, follow=True)) == ["2 pages were published."]
    assert Partner.objects.published().count() == 2


def test_the_filter_for_what_is_missing_finds_partners_without_seats(curator):
    partner = make_partner()
    assert rows(curator.get(PARTNERS + "?missing=seats")) == [partner]
    assert rows(curator.get(PARTNERS + "?missing=nonsense")) == [partner]


def test_two_partners_cannot_stand_at_one_place_of_the_list(curator):
    make_partner(position=7)
    data = filled_in(curator.get(PARTNERS + "add/"), name="New", slug="new-partner", sector="community", position="7")
    assert complaints(curator.post(PARTNERS + "add/", data)) == {
        "position": ["Partner with this Place in the Alliance's list already exists."]
    }
