"""The first content: complete, faithful to its sources, and never in the way of a curator."""

import pytest

from alliance.core.models import SeedRecord
from alliance.core.seeding import read, seed_all
from cohorts.models import Cohort, CohortSeat, Jurisdiction, Milestone, Place
from cohorts.seed import FOLDER
from members.collaborations.models import Collaboration, Seat
from members.partners.models import Partner
from members.partners.seed import FOLDER as PARTNERS
from resources.models import Adoption

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_as_many_records_as_the_sources_hold():
    counts = {
        "jurisdictions": Jurisdiction.objects.published().count(),
        "drafts": Jurisdiction.objects.filter(status="draft").count(),
        "milestones": Milestone.objects.count(),
        "cohorts": Cohort.objects.published().count(),
        "partners": Partner.objects.published().count(),
        "collaborations": Collaboration.objects.published().count(),
        "printed names": Seat.objects.exclude(name_as_printed="").count(),
        "with a place": Jurisdiction.objects.published().exclude(place=None).count(),
        "places": Place.objects.count(),
    }
    assert counts == {
        "jurisdictions": 94,
        "drafts": 4,
        "milestones": 57,
        "cohorts": 10,
        "partners": 52,
        "collaborations": 25,
        "printed names": 33,
        "with a place": 78,
        "places": 21_783 + 3_142,
    }


def test_the_first_cohort_holds_the_seven_of_2014():
    seats = CohortSeat.objects.filter(cohort__slug="first-cohort").values_list("jurisdiction__slug", flat=True)
    assert sorted(seats) == [
        "madison-wi",
        "minneapolis-mn",
        "multnomah-county-or",
        "portland-or",
        "saint-paul-mn",
        "seattle-wa",
        "tacoma-wa",
    ]


def test_the_partners_stand_word_for_word_in_the_order_of_the_alliance():
    names = Partner.objects.order_by("position").values_list("name", flat=True)
    assert list(names) == [record["name"] for record in read(PARTNERS, "partners")]
    assert (names[0], names[51]) == ("Mayor Hodges, City of Minneapolis", "Loom Foundation")


def test_every_fact_has_a_source():
    sourceless = [
        str(one)
        for model in (Jurisdiction, Cohort, Partner, Collaboration)
        for one in model.objects.published().filter(sources__len=0)
    ]
    assert sourceless == []
    assert not CohortSeat.objects.filter(sources__len=0).exists()


def test_only_the_members_of_a_source_read_as_members():
    assert Jurisdiction.objects.published().members().count() == 9 + 8
    seattle = Jurisdiction.objects.get(slug="seattle-wa")
    assert (seattle.is_member, seattle.role_in_words) == (False, "Took part in a cohort, 2014")


def test_an_association_is_a_partner_and_not_a_jurisdiction():
    assert not Jurisdiction.objects.filter(name__icontains="League of").exists()
    assert Partner.objects.get(name="League of Minnesota Cities").sector == "association"


def test_the_district_of_columbia_is_a_city_and_county():
    assert Jurisdiction.objects.get(slug="district-of-columbia-dc").kind == "city_county"


def test_a_date_stays_as_exact_as_its_source():
    dates = Milestone.objects.filter(jurisdiction__slug="seattle-wa").values_list("date", flat=True)
    assert list(dates) == [
        "2004",
        "2008",
        "2008-03-31",
        "2009-11-30",
        "2014-04-03",
        "2015",
        "2015-05",
        "2017-11-20",
        "2020-09",
        "2023-04-18",
    ]


def test_a_government_whose_place_has_two_namesakes_got_the_right_one():
    st_paul = Jurisdiction.objects.get(slug="saint-paul-mn").place
    assert (st_paul.name, st_paul.state, st_paul.population > 250_000) == ("Saint Paul", "MN", True)


def test_a_second_run_changes_nothing():
    before = Jurisdiction.objects.latest("updated_at").updated_at
    assert seed_all() == 0
    assert Jurisdiction.objects.latest("updated_at").updated_at == before


def test_what_a_curator_edited_or_deleted_stays_so():
    Partner.objects.filter(slug="loom-foundation").update(summary="Ours now.")
    Seat.objects.filter(partner__slug="local-progress").delete()
    Partner.objects.filter(slug="local-progress").delete()
    Milestone.objects.filter(jurisdiction__slug="seattle-wa").delete()
    Adoption.objects.filter(jurisdiction__slug="tacoma-wa").delete()
    Jurisdiction.objects.get(slug="tacoma-wa").delete()
    assert seed_all() == 0
    assert Partner.objects.get(slug="loom-foundation").summary == "Ours now."
    assert not Partner.objects.filter(slug="local-progress").exists()
    assert Seat.objects.filter(collaboration__slug="twin-cities-convening-on-racial-equity").count() == 51
    assert not Jurisdiction.objects.filter(slug="tacoma-wa").exists()
    assert not Milestone.objects.filter(jurisdiction__slug="seattle-wa").exists()


def test_a_new_piece_is_loaded_beside_the_old_ones():
    key = "milestone:seattle-wa:2004:Race and Social Justice Initiative launched"
    SeedRecord.objects.get(key=key).delete()
    Milestone.objects.filter(jurisdiction__slug="seattle-wa", date="2004").delete()
    assert seed_all() == 1
    assert Milestone.objects.filter(jurisdiction__slug="seattle-wa").count() == 10


def test_a_page_that_a_curator_made_first_keeps_its_words():
    SeedRecord.objects.get(key="partner:loom-foundation").delete()
    Partner.objects.filter(slug="loom-foundation").update(summary="Written before the seed came.")
    seed_all()
    assert Partner.objects.get(slug="loom-foundation").summary == "Written before the seed came."


def test_a_piece_whose_government_is_gone_is_passed_over():
    Adoption.objects.filter(jurisdiction__slug="tacoma-wa").delete()
    Jurisdiction.objects.get(slug="tacoma-wa").delete()
    SeedRecord.objects.filter(key__startswith="milestone:tacoma-wa").delete()
    assert seed_all() == 7
    assert not Milestone.objects.filter(jurisdiction__slug="tacoma-wa").exists()


@pytest.mark.parametrize("record", read(FOLDER, "jurisdictions"), ids=lambda record: record["slug"])
def test_a_slug_is_the_name_and_the_state(record):
    assert record["slug"].endswith(f"-{record['state'].lower()}")
