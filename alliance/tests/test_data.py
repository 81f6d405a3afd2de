"""Open data: complete, streamed, and harmless in a spreadsheet."""

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.opendata import safe_cell
from alliance.views import DATASETS
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_cohort, make_cohort_seat, make_jurisdiction, make_milestone, make_place
from members.collaborations.tests.factories import make_collaboration, make_seat
from members.partners.tests.factories import make_partner
from resources.tests.factories import make_adoption, make_resource, make_topic


def rows_of(client, address):
    answer = client.get(address)
    assert answer.streaming
    return list(csv.DictReader(answer.getvalue().decode().splitlines()))


@given(st.text())
def test_no_cell_starts_a_formula(text):
    cell = safe_cell(text)
    assert not cell.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert cell in (text, f"'{text}")


@pytest.mark.parametrize("text", ["=1+1", " =1+1", "\n=1+1", "＝1+1", "'=1+1", "\tx", "@x", "-x"])
def test_what_a_spreadsheet_may_run_gets_an_apostrophe(text):
    assert safe_cell(text) == f"'{text}"


def test_numbers_and_nothing_stay_what_they_are():
    assert [safe_cell(value) for value in (-93.5, 0, None, ["a", "b"])] == [-93.5, 0, "", "a; b"]


@pytest.mark.django_db
def test_a_formula_in_a_name_arrives_as_text(client):
    make_partner(name='=HYPERLINK("http://example.org","here")')
    assert [row["name"] for row in rows_of(client, "/data/partners.csv")] == [
        '\'=HYPERLINK("http://example.org","here")'
    ]


@pytest.mark.django_db
def test_a_jurisdiction_carries_the_figures_of_its_place(client):
    place = make_place(geoid="2743000", population=429_954, latitude=44.98, longitude=-93.26)
    one = make_jurisdiction(name="Minneapolis", place=place)
    (row,) = json.loads(client.get("/data/jurisdictions.json").getvalue())
    assert {name: row[name] for name in ("id", "name", "geoid", "population", "latitude", "longitude")} == {
        "id": one.pk,
        "name": "Minneapolis",
        "geoid": "2743000",
        "population": 429_954,
        "latitude": 44.98,
        "longitude": -93.26,
    }


@pytest.mark.django_db
def test_only_published_records_are_in_the_files(client):
    make_partner(status="draft")
    make_partner(status="archived")
    shown = make_partner()
    assert [row["id"] for row in rows_of(client, "/data/partners.csv")] == [str(shown.pk)]


@pytest.mark.django_db
def test_a_geometry_is_nothing_a_point_or_several_with_the_longitude_first(client):
    here, there = make_place(latitude=45, longitude=-93), make_place(latitude=46, longitude=-94)
    cohort = make_cohort()
    for place in (here, there):
        make_cohort_seat(cohort=cohort, jurisdiction=make_jurisdiction(place=place))
    make_milestone(jurisdiction=Jurisdiction.objects.get(place=here))
    make_seat(collaboration=make_collaboration())
    geometries = {
        name: [
            feature["geometry"] for feature in json.loads(client.get(f"/data/{name}.geojson").getvalue())["features"]
        ]
        for name, dataset in DATASETS.items()
        if dataset.points
    }
    assert geometries == {
        "jurisdictions": [
            {"type": "Point", "coordinates": [-93, 45]},
            {"type": "Point", "coordinates": [-94, 46]},
        ],
        "cohorts": [{"type": "MultiPoint", "coordinates": [[-93, 45], [-94, 46]]}],
        "milestones": [{"type": "Point", "coordinates": [-93, 45]}],
        "partners": [],
        "collaborations": [None],
    }


@pytest.mark.django_db
def test_what_has_no_place_on_earth_is_no_geojson(client):
    assert [client.get(f"/data/{name}.geojson").status_code for name in ("resources", "adoptions")] == [404] * 2
    assert "/data/resources.geojson" not in client.get("/data/").content.decode()


@pytest.mark.django_db
def test_resources_and_their_use_are_open_data(client):
    topic, town = make_topic(slug="housing"), make_jurisdiction(slug="town-mn")
    one = make_resource(slug="plan", authors=["Ann", "Bo"], topics=[topic], last_verified_on="2026-05-01")
    make_adoption(resource=one, jurisdiction=town, since="2016-07", how="Every year", contact="ann@example.org")
    (row,) = json.loads(client.get("/data/resources.json").getvalue())
    assert {name: row[name] for name in ("slug", "authors", "year", "topics", "uses", "last_verified_on")} == {
        "slug": "plan",
        "authors": ["Ann", "Bo"],
        "year": None,
        "topics": ["housing"],
        "uses": 1,
        "last_verified_on": "2026-05-01",
    }
    (use,) = json.loads(client.get("/data/adoptions.json").getvalue())
    assert {name: use[name] for name in use if name != "id"} == {
        "resource": "plan",
        "jurisdiction": "town-mn",
        "since": "2016-07",
        "until": None,
        "how": "Every year",
        "outcome": "",
        "sources": [],
    }


@pytest.mark.django_db
@pytest.mark.parametrize("name", DATASETS)
def test_the_columns_are_those_of_the_data_dictionary(name, client):
    header = client.get(f"/data/{name}.csv").getvalue().decode().splitlines()[0].split(",")
    assert header == [column.name for column in DATASETS[name].columns]
    page = client.get("/data/").content.decode()
    assert all(f"<code>{column}</code>" in page for column in header)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("extension", "kind"), [("csv", "text/csv"), ("json", "application/json"), ("geojson", "application/geo+json")]
)
def test_a_file_says_what_it_is_and_how_it_is_called(extension, kind, client):
    answer = client.get(f"/data/cohorts.{extension}")
    assert answer.headers["Content-Type"].split(";")[0] == kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="cohorts.{extension}"'


@pytest.mark.django_db
def test_other_tables_and_formats_do_not_exist(client):
    assert [client.get(f"/data/{name}").status_code for name in ("users.csv", "partners.xlsx", "partners")] == [404] * 3
