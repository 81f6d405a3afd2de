"""What admins set for the review, and people's ties to partners: theirs alone."""

import pytest
from django.urls import reverse

from alliance.core.models import User
from alliance.core.tests.admin_forms import complaints
from alliance.core.tests.factories import make_admin, make_curator, make_user, sign_in
from cohorts.tests.factories import make_jurisdiction, make_membership
from members.partners.models import Affiliation
from members.partners.tests.factories import make_partner
from members.pathway.models import CannedText, ReviewPolicy

from .factories import make_chair, make_reviewer

pytestmark = pytest.mark.django_db

LISTS = ("/admin/pathway/reviewpolicy/", "/admin/pathway/cannedtext/", "/admin/partners/affiliation/")


@pytest.fixture
def as_admin(client):
    sign_in(client, make_admin())
    return client


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("make_person", [make_curator, make_reviewer, make_chair])
def test_they_are_for_admins_alone(make_person, address, client):
    sign_in(client, make_person())
    assert (client.get(address).status_code, client.post(f"{address}add/").status_code) == (403, 403)


def test_there_is_one_policy_which_is_changed_and_never_added_again_nor_deleted(as_admin, client):
    values = {"screening_days": 3, "review_days": 15, "years_kept": 5}
    as_admin.post(f"{LISTS[0]}add/", values)
    policy = ReviewPolicy.objects.get()
    assert (policy.pk, policy.years_kept) == (1, 5)
    change = reverse("admin:pathway_reviewpolicy_change", args=[1])
    as_admin.post(change, values | {"years_kept": 6})
    assert ReviewPolicy.current().years_kept == 6
    assert as_admin.get(f"{LISTS[0]}add/").status_code == 403
    assert as_admin.post(reverse("admin:pathway_reviewpolicy_delete", args=[1]), {"post": "yes"}).status_code == 403
    answer = as_admin.post(change, values | {"years_kept": 0})
    assert "applications are kept 1 to 50 years" in str(complaints(answer))


def test_an_admin_keeps_texts_for_messages(as_admin):
    as_admin.post(f"{LISTS[1]}add/", {"title": "Thanks", "text": "Thank you."})
    assert str(CannedText.objects.get()) == "Thanks"


def test_an_admin_ties_a_person_to_a_partner_and_ends_the_tie(as_admin):
    person, partner = make_user(), make_partner()
    as_admin.post(f"{LISTS[2]}add/", {"user": person.pk, "partner": partner.pk})
    tie = Affiliation.objects.get()
    assert (tie.user, tie.partner) == (person, partner)
    other = make_user()
    as_admin.post(
        reverse("admin:partners_affiliation_change", args=[tie.pk]), {"user": other.pk, "ended_on": "2026-01-31"}
    )
    tie.refresh_from_db()
    assert (tie.user, str(tie.ended_on)) == (person, "2026-01-31")


@pytest.mark.parametrize("kind", ["partners_affiliation", "cohorts_membership"])
def test_nobody_lifts_what_bars_them_by_ending_their_own_tie(kind, as_admin):
    admin = User.objects.get(is_superuser=True)
    ties = {
        "partners_affiliation": lambda user: Affiliation.objects.create(user=user, partner=make_partner()),
        "cohorts_membership": lambda user: make_membership(user=user, jurisdiction=make_jurisdiction()),
    }
    own, other = (ties[kind](user) for user in (admin, make_user()))

    def answers(tie):
        pages = [reverse(f"admin:{kind}_{verb}", args=[tie.pk]) for verb in ("change", "delete")]
        return [as_admin.post(page, {"ended_on": "2026-01-31", "post": "yes"}).status_code for page in pages]

    assert answers(own) == [403, 403]
    chosen = {"action": "delete_selected", "_selected_action": [own.pk], "post": "yes"}
    as_admin.post(reverse(f"admin:{kind}_changelist"), chosen)
    own.refresh_from_db()
    assert own.ended_on is None
    assert answers(other) == [302, 302]
