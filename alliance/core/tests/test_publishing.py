"""Publication, address words and what a page's life does to them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from alliance.core.models import OldSlug
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_jurisdiction
from members.partners.models import Partner
from members.partners.tests.factories import make_partner

pytestmark = pytest.mark.django_db


def test_a_page_remembers_the_day_it_was_first_published():
    partner = make_partner(status="draft")
    assert partner.published_at is None
    assert Partner.objects.filter(pk=partner.pk).publish() == 1
    first = Partner.objects.get().published_at
    assert Partner.objects.archive() == 1
    assert Partner.objects.publish() == 1
    assert Partner.objects.get().published_at == first


def test_publishing_and_archiving_twice_change_nothing_more():
    make_partner()
    assert [Partner.objects.publish(), Partner.objects.archive(), Partner.objects.archive()] == [0, 1, 0]
    assert Partner.objects.published().count() == 0


def test_saving_a_published_page_gives_it_its_day():
    assert make_partner(status="published").published_at is not None


def test_the_database_refuses_a_published_page_without_its_day():
    make_partner(status="draft")
    with pytest.raises(IntegrityError, match="partners_partner_published_at"), transaction.atomic():
        Partner.objects.update(status="published")


@pytest.mark.parametrize("slug", ["peers", "milestones", "topics"])
def test_a_word_of_the_address_map_is_no_slug(slug):
    with pytest.raises(IntegrityError, match="cohorts_jurisdiction_slug_free"), transaction.atomic():
        make_jurisdiction(slug=slug)
    with pytest.raises(ValidationError, match="part of the site's own addresses"):
        Jurisdiction(slug=slug, name="X", kind="city", state="MN").validate_constraints()


def test_two_pages_of_a_kind_do_not_share_a_slug():
    make_partner(slug="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_partner(slug="same")


def test_a_slug_is_written_small():
    with pytest.raises(IntegrityError, match="partners_partner_slug_small"), transaction.atomic():
        make_partner(slug="Loom")


def test_a_slug_that_was_not_written_leaves_nothing_behind():
    partner = Partner.objects.get(pk=make_partner(slug="kept").pk)
    partner.slug = "never-written"
    partner.save(update_fields=["name"])
    assert OldSlug.objects.count() == 0
    partner.save()
    assert OldSlug.objects.get().slug == "kept"


def test_a_new_slug_leaves_the_old_one_behind_and_a_plain_save_does_not():
    partner = make_partner(slug="first")
    partner.save()
    assert OldSlug.objects.count() == 0
    partner.slug = "second"
    partner.save()
    partner.slug = "third"
    partner.save()
    assert list(OldSlug.objects.order_by("slug").values_list("model", "slug", "object_id")) == [
        ("partners.partner", "first", partner.pk),
        ("partners.partner", "second", partner.pk),
    ]


def test_an_old_slug_that_another_page_had_later_leads_to_the_later_one():
    first, second = make_partner(slug="word"), make_partner(slug="other")
    first.slug = "moved"
    first.save()
    second.slug = "word"
    second.save()
    second.slug = "gone"
    second.save()
    assert OldSlug.objects.get(slug="word").object_id == second.pk
