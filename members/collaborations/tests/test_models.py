import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cohorts.tests.factories import make_jurisdiction
from members.collaborations.models import Collaboration, Seat
from members.collaborations.tests.factories import make_collaboration, make_seat
from members.partners.tests.factories import make_partner

pytestmark = pytest.mark.django_db


def refused(name, **fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Seat.objects.create(**fields)


def test_a_seat_is_that_of_one_member_exactly():
    collaboration, partner, jurisdiction = make_collaboration(), make_partner(), make_jurisdiction()
    name = "collaborations_seat_of_one"
    refused(name, collaboration=collaboration)
    refused(name, collaboration=collaboration, partner=partner, jurisdiction=jurisdiction)
    refused(name, collaboration=collaboration, partner=partner, name_as_printed="A name")
    refused(name, collaboration=collaboration, jurisdiction=jurisdiction, name_as_printed="A name")
    with pytest.raises(ValidationError, match="Give exactly one"):
        Seat(collaboration=collaboration).validate_constraints()


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        (lambda: {"partner": make_partner()}, "collaborations_seat_partner_once"),
        (lambda: {"jurisdiction": make_jurisdiction()}, "collaborations_seat_jurisdiction_once"),
        (lambda: {"name_as_printed": "Growth & Justice"}, "collaborations_seat_name_once"),
    ],
)
def test_a_member_sits_in_a_collaboration_once_and_in_another_again(holder, name):
    member = holder()
    seat = make_seat(**member)
    make_seat(**member)
    refused(name, collaboration=seat.collaboration, **member)


def test_a_printed_name_in_another_spelling_is_the_same_name():
    seat = make_seat(name_as_printed="Saint Paul Schools")
    refused("collaborations_seat_name_once", collaboration=seat.collaboration, name_as_printed="St. Paul schools")


def test_a_seat_knows_its_sector_its_government_and_its_page():
    jurisdiction = make_jurisdiction()
    partner = make_partner(sector="government", jurisdiction=jurisdiction, status="draft")
    seats = [make_seat(jurisdiction=jurisdiction), make_seat(partner=partner), make_seat(name_as_printed="A name")]
    assert [(str(seat.sector_label), seat.government, seat.page) for seat in seats] == [
        ("Government", jurisdiction, jurisdiction),
        ("Government", jurisdiction, None),
        ("Sector not on record", None, None),
    ]


def test_a_collaboration_counts_its_seats():
    seat = make_seat()
    make_seat(collaboration=seat.collaboration)
    make_collaboration(slug="empty")
    counts = Collaboration.objects.with_seat_count().values_list("slug", "seat_count")
    assert dict(counts) == {seat.collaboration.slug: 2, "empty": 0}


def test_an_unpublished_member_is_named_without_a_link(client):
    draft = make_jurisdiction(name="Quiet County", status="draft")
    seat = make_seat(jurisdiction=draft)
    page = client.get(seat.collaboration.get_absolute_url()).content.decode()
    assert "Quiet County" in page
    assert draft.get_absolute_url() not in page


def test_a_row_counts_each_save_also_that_from_an_older_reading():
    seat = make_seat()
    other = Seat.objects.get(pk=seat.pk)
    seat.save()
    other.role = "steering"
    other.save(update_fields=["role"])
    assert (seat.version, other.version, Seat.objects.get(pk=seat.pk).version) == (2, 3, 3)
