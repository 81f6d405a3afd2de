"""The pages and files of measures: what they say, for whom, and where they lead."""

import csv
import json
import re

import pytest

from members.collaborations.models import PopulationGroup
from members.collaborations.tests.factories import (
    make_activity,
    make_collaboration,
    make_group,
    make_measure,
    make_point,
)

pytestmark = pytest.mark.django_db

FIGURES = [("2012", "White", "5.2"), ("2012", "Asian", "13.8"), ("2013", "White", 5), ("2013", "Asian", None)]


def rows_of(answer):
    return list(csv.DictReader(answer.getvalue().decode().splitlines()))


def test_a_page_names_the_reference_group_the_gap_and_what_should_move_it(client):
    collaboration = make_collaboration(name="Everybody In")
    measure = make_measure(
        FIGURES, slug="rate", result="No gap.", collaboration=collaboration, baseline=14, baseline_period="2010"
    )
    make_activity(title="Hire here", measure=measure, collaboration=collaboration, status="under_way")
    text = " ".join(re.sub(r"<[^>]+>", " ", client.get("/collaborations/measures/rate/").content.decode()).split())
    for words in (
        "The gap between Asian and White was 8.6 points in 2012.",
        "Each gap is the difference from the reference group, White, in the same period.",
        "Asian: 8.6 points higher than White in 2012.",
        "The result it belongs to: No gap.",
        "Thin lines across: baseline 14%, 2010.",
        "Used by Everybody In Baseline 14%, 2010",
        "Under way Hire here Everybody In",
        "2013 withheld 5%",
    ):
        assert words in text


def test_the_words_come_before_the_pictures_and_the_table_behind_them(client):
    make_measure(FIGURES, slug="rate")
    html = client.get("/collaborations/measures/rate/").content.decode()
    places = [html.index(mark) for mark in ("8.6 points higher than White", '<svg class="chart"', "<table>")]
    assert places == sorted(places)


def test_a_measure_without_figures_says_so(client):
    make_measure(slug="rate")
    html = client.get("/collaborations/measures/rate/").content.decode()
    assert "No figures yet." in html
    assert "No figures on record yet." in html
    assert '<svg class="chart"' not in html


def test_what_a_source_says_of_a_figure_stands_beside_it_and_is_inert(client):
    note, words = "<b>about</b>", 'Black "alone"'
    measure = make_measure(slug="rate", name="<script>rate", unit="<i>percent</i>")
    make_point(measure=measure, note=note, group_as_published=words, margin=2, method="survey", is_approximate=True)
    html = client.get("/collaborations/measures/rate/").content.decode()
    assert "published as “Black &quot;alone&quot;”" in html
    assert "about 10% ± 2 points" in html
    assert "<b>about" not in html
    assert "<script>rate" not in html
    assert "<i>percent" not in html


def test_a_moved_page_leads_to_the_new_address(client):
    measure = make_measure(slug="old")
    measure.slug = "newer"
    measure.save()
    for tail in ("/", ".csv"):
        assert client.get(f"/collaborations/measures/old{tail}").url == f"/collaborations/measures/newer{tail}"


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_published_is_not_there(status, client):
    measure = make_measure(FIGURES, slug="rate", status=status)
    collaboration = make_collaboration(slug="group")
    measure.collaboration = collaboration
    measure.save()
    missing = client.get("/collaborations/measures/no-such-page/")
    assert missing.status_code == 404
    for address in ("/collaborations/measures/rate/", "/collaborations/measures/rate.csv"):
        assert client.get(address).status_code == 404
    assert rows_of(client.get("/collaborations/group/measures.csv")) == []
    assert rows_of(client.get("/data/data-points.csv")) == []


def test_the_list_narrows_by_state_and_topic_and_tells_each_headline(client):
    make_measure(FIGURES, name="Jobs", topic="jobs", state="MN")
    make_measure(name="Homes", topic="housing", state="WA")
    page = client.get("/collaborations/measures/?state=MN&topic=jobs")
    assert [(one.name, read.headline) for one, read in page.context["rows"]] == [
        ("Jobs", "The gap between Asian and White was 8.6 points in 2012")
    ]
    assert [one.name for one, _read in client.get("/collaborations/measures/").context["rows"]] == ["Homes", "Jobs"]


def test_the_file_of_a_measure_has_each_figure_its_gap_and_its_source(client):
    measure = make_measure(FIGURES, slug="rate")
    make_point(
        measure=measure, period="2011", group=make_group("Hmong"), value="-1000.5", margin="0.5", is_approximate=True,
        note="=1+1", source="",
    )  # fmt: skip
    answer = client.get("/collaborations/measures/rate.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rate.csv"'
    names = ["period", "group", "value", "margin_of_error", "approximate", "suppressed", "gap", "note", "source"]
    assert [[row[name] for name in names] for row in rows_of(answer)] == [
        ["2011", "Hmong", "-1000.5", "0.5", "True", "False", "", "'=1+1", ""],
        ["2012", "Asian", "13.8", "", "False", "False", "8.6", "", "https://example.org/figures"],
        ["2012", "White", "5.2", "", "False", "False", "", "", "https://example.org/figures"],
        ["2013", "Asian", "", "", "False", "True", "", "", "https://example.org/figures"],
        ["2013", "White", "5", "", "False", "False", "", "", "https://example.org/figures"],
    ]


def test_the_file_of_a_collaboration_has_the_figures_of_its_measures_only(client):
    collaboration = make_collaboration(slug="group")
    make_measure(FIGURES[:2], slug="ours", collaboration=collaboration)
    make_measure(FIGURES, slug="theirs")
    answer = client.get("/collaborations/group/measures.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="group-measures.csv"'
    assert [(row["measure"], row["group"]) for row in rows_of(answer)] == [("ours", "Asian"), ("ours", "White")]


def test_open_data_names_a_measure_with_its_reference_and_its_collaboration(client):
    make_measure(slug="ours", collaboration=make_collaboration(slug="group"), target=5, target_period="2030")
    make_measure(slug="theirs")
    make_measure(slug="hidden", collaboration=make_collaboration(status="draft"))
    rows = json.loads(client.get("/data/measures.json").getvalue())
    names = ("slug", "reference_group", "collaboration", "target", "target_period")
    assert [[row[name] for name in names] for row in rows] == [
        ["ours", "White", "group", 5, "2030"],
        ["theirs", "White", None, None, None],
    ]


def test_a_page_describes_its_figures_to_machines(client):
    make_measure([*FIGURES, ("2014/2018", "White", 5)], slug="rate", name="Rate", sources=["https://example.org/"])
    html = client.get("/collaborations/measures/rate/").content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    data = json.loads(block)
    expected = {
        "@type": "Dataset",
        "@id": "http://testserver/collaborations/measures/rate/",
        "name": "Rate, Minnesota",
        "temporalCoverage": "2012/2018",
        "isBasedOn": ["https://example.org/"],
        "distribution": {
            "@type": "DataDownload",
            "encodingFormat": "text/csv",
            "contentUrl": "http://testserver/collaborations/measures/rate.csv",
        },
    }
    assert {name: data[name] for name in expected} == expected


def test_the_standard_groups_each_have_a_mark_of_their_own():
    from members.collaborations.chart import MARKS

    standard = PopulationGroup.objects.exclude(kind="other")
    assert sorted(group.position for group in standard) == list(range(len(MARKS)))


def test_the_site_finds_a_measure_by_its_name_and_leads_there(client):
    make_measure(name="Graduation rate", slug="graduation", geography="Minnesota")
    (section,) = client.get("/search/?q=graduation rate").context["search"].sections
    assert [(hit.name, hit.url) for hit in section.hits] == [
        ("Graduation rate, Minnesota", "/collaborations/measures/graduation/")
    ]
