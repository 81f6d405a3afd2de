"""The pages of the readiness check: what they keep, what they refuse, and how private they are."""

import gzip
import io
import logging
import re

import html5lib
import pytest
from django.urls import reverse

from alliance.core.tests.factories import make_user
from alliance.core.vocabulary import Domain
from alliance.log import WithoutKeys
from alliance.tests.test_pages import BUDGET, served_bytes
from cohorts.models import Place
from cohorts.tests.factories import make_jurisdiction, make_place
from members.pathway.models import Answer, Assessment

from .factories import make_assessment

pytestmark = pytest.mark.django_db

START = "/pathway/readiness/start/"


def page_of(assessment, domain):
    return reverse("readiness_domain", args=[assessment.key, domain])


@pytest.fixture
def assessment():
    return make_assessment()


# --- the way through ---


def test_starting_without_a_government_leads_to_the_first_question(client):
    answer = client.post(START)
    assessment = Assessment.objects.get()
    assert (answer.status_code, answer.url) == (303, page_of(assessment, "leadership"))
    assert assessment.government_name == ""


def test_a_government_is_looked_up_and_chosen(client):
    place = make_place(name="Dennison")
    court = make_jurisdiction(name="Dennison Court", kind="court")
    page = client.get(START, {"q": "dennison"}).content.decode()
    assert f'<button class="btn quiet" name="place" value="{place.pk}">Dennison, Minnesota</button>' in page
    assert f'<button class="btn quiet" name="jurisdiction" value="{court.pk}">' in page
    client.post(START, {"place": place.pk})
    client.post(START, {"jurisdiction": court.pk})
    assert [one.government for one in Assessment.objects.order_by("pk")] == [place, court]


def test_a_government_outside_the_register_is_typed(client):
    client.post(START, {"is_typed": "1", "name": "Dennison Park Board", "state": "MN"})
    assert Assessment.objects.get().government_name == "Dennison Park Board, MN"


def test_the_government_can_be_changed_later_and_taken_back(client, assessment):
    address = reverse("readiness_government", args=[assessment.key])
    place = make_place()
    answers = []
    for data in ({"place": place.pk}, {"is_typed": "1", "name": "Park Board", "state": "MN"}, {}):
        answer = client.post(address, data)
        assessment.refresh_from_db()
        answers.append((answer.status_code, answer.url, assessment.place, assessment.name))
    result = assessment.get_absolute_url()
    assert answers == [(303, result, place, ""), (303, result, None, "Park Board"), (303, result, None, "")]
    assert Assessment.objects.count() == 1


def test_each_question_leads_to_the_next_and_the_last_to_the_result(client, assessment):
    led_to = [client.post(page_of(assessment, domain), {"level": "2"}) for domain in Domain]
    expected = [page_of(assessment, domain) for domain in list(Domain)[1:]] + [assessment.get_absolute_url()]
    assert [(answer.status_code, answer.url) for answer in led_to] == [(303, address) for address in expected]
    assert assessment.levels == dict.fromkeys(Domain, 2)


def test_one_may_go_to_the_result_at_any_question(client, assessment):
    answer = client.post(page_of(assessment, "data"), {"level": "0", "finish": "1"})
    assert answer.url == assessment.get_absolute_url()
    page = client.get(answer.url).content.decode()
    assert "7 questions are not answered yet" in page
    assert page.count('class="open"') == 7 * 4


def test_sending_an_answer_again_changes_nothing(client, assessment):
    for _ in range(3):
        client.post(page_of(assessment, "data"), {"level": "3"})
    assert list(assessment.answers.values_list("domain", "level")) == [("data", 3)]


def test_an_answer_is_shown_when_one_comes_back(client, assessment):
    client.post(page_of(assessment, "data"), {"level": "3"})
    page = client.get(page_of(assessment, "data")).content.decode()
    assert '<input type="radio" name="level" value="3" checked>' in page
    assert page.count(" checked") == 1


def test_a_deleted_check_is_gone_and_nothing_brings_it_back(client):
    assessment = make_assessment({Domain.DATA: 1})
    addresses = [
        assessment.get_absolute_url(),
        page_of(assessment, "data"),
        reverse("readiness_government", args=[assessment.key]),
        reverse("readiness_delete", args=[assessment.key]),
    ]
    assert "Delete it for good" in client.get(addresses[3]).content.decode()
    assert Assessment.objects.count() == 1
    assert "It is deleted" in client.post(addresses[3]).content.decode()
    assert [client.get(address).status_code for address in addresses] == [404] * 4
    assert [client.post(address, {"level": "1"}).status_code for address in addresses[1:]] == [404] * 3
    assert (Assessment.objects.count(), Answer.objects.count()) == (0, 0)


# --- what is refused ---

BAD_LEVELS = {"none": None, "9": "9", "-1": "-1", "x": "x", "NUL": "\0", "ten kilobytes": "1" * 10_240, "1.0": "1.0"}


@pytest.mark.parametrize("level", BAD_LEVELS.values(), ids=BAD_LEVELS)
def test_a_bad_level_is_answered_with_a_summary_linked_to_the_question(level, client, assessment):
    answer = client.post(page_of(assessment, "data"), {} if level is None else {"level": level})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert '<li><a href="#id_level">Choose ' in page
    assert 'id="id_level"' in page
    assert '<p class="error" id="level-error">Choose ' in page
    assert assessment.levels == {}


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        ({"is_typed": "1"}, {"name", "state"}),
        ({"is_typed": "1", "name": "Park Board"}, {"state"}),
        ({"is_typed": "1", "state": "MN"}, {"name"}),
        ({"name": "Park Board"}, {"state"}),
        ({"is_typed": "1", "name": "Park Board", "state": "XX"}, {"state"}),
        ({"is_typed": "1", "name": "a\0b", "state": "MN"}, {"name"}),
        ({"is_typed": "1", "name": "a" * 10_240, "state": "MN"}, {"name"}),
        ({"place": "x"}, {"place"}),
        ({"place": "0"}, {"place"}),
        ({"place": "9" * 30}, {"place"}),
        ({"place": "\0"}, {"place"}),
        ({"jurisdiction": "-1"}, {"jurisdiction"}),
    ],
)
def test_a_bad_government_is_answered_with_what_is_wrong(data, faults, client):
    answer = client.post(START, data)
    page = answer.content.decode()
    assert (answer.status_code, set(answer.context["form"].errors)) == (400, faults)
    for name in faults & {"name", "state"}:
        assert f'<li><a href="#id_{name}">' in page
        assert f'<p class="error" id="{name}-error">' in page
    assert Assessment.objects.count() == 0


def test_what_was_typed_is_kept_beside_its_fault(client):
    page = client.post(START, {"is_typed": "1", "name": 'Park "Board" <b>'}).content.decode()
    assert 'value="Park &quot;Board&quot; &lt;b&gt;" ' not in page
    assert 'value="Park &quot;Board&quot; &lt;b&gt;"' in page


def test_a_government_without_a_public_page_cannot_be_chosen(client):
    assert client.post(START, {"jurisdiction": make_jurisdiction(status="draft").pk}).status_code == 400


def test_two_governments_at_once_are_refused(client):
    answer = client.post(START, {"place": make_place().pk, "is_typed": "1", "name": "Park Board", "state": "MN"})
    assert answer.status_code == 400
    assert "Choose one government: from the list, or by its name." in answer.content.decode()


@pytest.mark.parametrize("key", ["a" * 32, "a" * 31, "a" * 33, "a" * 10_240, "%00" * 32, "ü" * 32, "start2", "../" * 4])
def test_a_wrong_key_does_not_exist(key, client, assessment):
    address = f"/pathway/readiness/{key}/"
    endings = ("", "data/", "government/", "delete/")
    assert [client.get(address + ending).status_code for ending in endings] == [404] * 4
    assert [client.post(address + ending, {"level": "1"}).status_code for ending in endings] == [
        404
    ] * 4 or key == "a" * 32
    assert (Assessment.objects.count(), Answer.objects.count()) == (1, 0)


@pytest.mark.parametrize("domain", ["weather", "Data", "data%00", "datadata", "x" * 10_240])
def test_a_wrong_domain_does_not_exist(domain, client, assessment):
    assert client.post(f"{assessment.get_absolute_url()}{domain}/", {"level": "1"}).status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_only_reading_and_sending_are_known(method, client, assessment):
    addresses = [START, assessment.get_absolute_url(), page_of(assessment, "data")]
    assert [getattr(client, method)(address).status_code for address in addresses] == [405] * 3
    assert client.post(assessment.get_absolute_url()).status_code == 405


# --- how private it is ---


def test_no_page_behind_a_key_tells_it_to_anybody_else(client, assessment):
    """The address of the page stands in no link that leaves this site, and in no mail to the staff."""
    for address in (assessment.get_absolute_url(), page_of(assessment, "data")):
        page = client.get(address).content.decode()
        around = [page[place - 120 : place] for place in range(len(page)) if page.startswith(assessment.key, place)]
        assert around
        assert [
            text for text in around if not text.endswith(('href="/pathway/readiness/', 'action="/pathway/readiness/'))
        ] == []
        assert 'rel="canonical"' not in page
        assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize("status", [400, 405])
def test_the_log_does_not_hold_a_key(status, client, assessment, monkeypatch):
    (stderr,) = (one for one in logging.getLogger().handlers if isinstance(one.formatter, WithoutKeys))
    log = io.StringIO()
    monkeypatch.setattr(stderr, "stream", log)
    address = page_of(assessment, "data")
    answer = client.post(address) if status == 400 else client.put(address)
    assert answer.status_code == status
    assert "/pathway/readiness/(key)/data/" in log.getvalue()
    assert assessment.key not in log.getvalue()


def test_the_map_of_the_site_leads_to_the_explaining_pages_only(client, assessment):
    page = client.get("/sitemaps/pages.xml").content.decode()
    assert [part.split("</loc>")[0] for part in page.split("/pathway/")[1:]] == ["", "readiness/", "questions/"]


# --- what every page must carry, in each state ---


@pytest.fixture
def states(seeded, client):
    """HTML of the pages behind a key, in each of their states, by name."""
    place = Place.objects.lookup("Northfield, MN")[0]
    whole = make_assessment({domain: number % 5 for number, domain in enumerate(Domain)}, place=place)
    part = make_assessment({Domain.DATA: 2}, name="Northfield Public Schools", state="MN")
    addresses = {
        "the form": START,
        "the form with answers": f"{START}?q=northfield",
        "the form without an answer": f"{START}?q=qqqqqqqq",
        "the result": whole.get_absolute_url(),
        "a part of a result": part.get_absolute_url(),
        "no result yet": make_assessment().get_absolute_url(),
        "a question": page_of(whole, "data"),
        "the last question": page_of(part, "collaboration"),
        "the government": reverse("readiness_government", args=[whole.key]),
        "the shared result": reverse("readiness_shared", args=[whole.share_key]),
        "a part, shared": reverse("readiness_shared", args=[part.share_key]),
        "the deletion": reverse("readiness_delete", args=[part.key]),
    }
    answers = {name: client.get(address) for name, address in addresses.items()}
    client.force_login(make_user())
    keep = reverse("readiness_keep", args=[whole.key])
    answers["the keeping"] = client.get(keep)
    client.post(keep)
    answers["the kept"] = client.get(keep)
    answers["the account with what is kept"] = client.get("/account/")
    answers["a question with a fault"] = client.post(page_of(whole, "data"))
    answers["the form with faults"] = client.post(START, {"is_typed": "1"})
    answers["the deleted"] = client.post(reverse("readiness_delete", args=[part.key]))
    return {name: answer.content for name, answer in answers.items()}


def test_every_state_is_valid_html(states, validate_html):
    for page in states.values():
        html5lib.HTMLParser(strict=True).parse(page.decode())
    validate_html([(name, page.decode()) for name, page in states.items()])


def test_every_state_keeps_to_the_budget_with_its_stylesheet(states, client):
    (stylesheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', states["the form"].decode())
    css = len(served_bytes(client, stylesheet, "br"))
    assert {
        name: len(gzip.compress(page)) for name, page in states.items() if len(gzip.compress(page)) + css > BUDGET
    } == {}


def test_every_state_asks_nobody_else_and_has_no_inline_script_or_style(states):
    for page in map(bytes.decode, states.values()):
        assert re.findall(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", page) == []
        assert [link for link in re.findall(r'(?:src|action|href)="([^"]*)"', page) if "//" in link] == []


def test_no_report_about_a_page_names_its_key_and_no_mistyped_address_is_kept_anywhere(client):
    assessment = make_assessment()
    for address in (assessment.get_absolute_url(), f"{assessment.get_absolute_url()}dta/"):
        answer = client.get(address)
        (about,) = re.findall(r'href="/report/\?page=([^"]*)"', answer.content.decode())
        assert about.startswith("/pathway/readiness/%28key%29/")
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == (
            "private, no-store",
            "no-referrer",
        )
