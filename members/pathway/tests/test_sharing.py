"""A result that is shared can be read and nothing more; one that is kept in an account is found there."""

import datetime as dt
import logging
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance.accounts.tests.ways import code_in_mail
from alliance.core.keys import without_keys
from alliance.core.limits import Limit
from alliance.core.tests.factories import make_user
from alliance.core.vocabulary import Domain
from cohorts.tests.factories import make_place
from members.pathway import privacy
from members.pathway.models import Assessment
from members.pathway.rubric import LATEST
from members.pathway.views import readiness as views

from .factories import make_assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment():
    return make_assessment({Domain.DATA: 2, Domain.TOOLS: 0}, place=make_place(name="Dennison"))


def shared(assessment):
    return reverse("readiness_shared", args=[assessment.share_key])


def keep(assessment):
    return reverse("readiness_keep", args=[assessment.key])


# --- shared ---


def test_what_is_shared_shows_the_result_without_the_key_or_a_form(client, assessment):
    page = client.get(shared(assessment)).content.decode()
    assert "Dennison, MN: where you stand" in page
    assert page.count('<rect x="') == 8 * 4
    assert '<ul class="roadmap">' in page
    assert assessment.key not in page
    assert "<form" not in page


def test_the_result_names_the_address_to_share_in_full_and_as_a_link(client, assessment):
    page = client.get(assessment.get_absolute_url()).content.decode()
    address = shared(assessment)
    assert f'<a href="{address}">http://testserver{address}</a>' in page


def test_the_key_to_share_opens_nothing_else(client, assessment):
    names = ("readiness_result", "readiness_government", "readiness_delete")
    assert [client.get(reverse(name, args=[assessment.share_key])).status_code for name in names] == [404] * 3
    assert client.post(reverse("readiness_delete", args=[assessment.share_key])).status_code == 404
    assert client.post(reverse("readiness_share", args=[assessment.share_key])).status_code == 404
    assert client.post(reverse("readiness_domain", args=[assessment.share_key, "data"])).status_code == 404
    assert client.post(shared(assessment)).status_code == 405
    assert client.get(f"{shared(assessment)}delete/").status_code == 404
    assert client.get(reverse("readiness_shared", args=[assessment.key])).status_code == 404
    assert assessment.levels == {Domain.DATA: 2, Domain.TOOLS: 0}


def test_a_new_address_ends_the_old_one_and_leaves_the_answers_alone(client, assessment):
    before = shared(assessment)
    answer = client.post(reverse("readiness_share", args=[assessment.key]))
    assert (answer.status_code, answer.url) == (303, f"{assessment.get_absolute_url()}#share")
    changed_at = assessment.updated_at
    assessment.refresh_from_db()
    assert (client.get(before).status_code, client.get(shared(assessment)).status_code) == (404, 200)
    assert (assessment.levels, assessment.updated_at) == ({Domain.DATA: 2, Domain.TOOLS: 0}, changed_at)


def test_what_was_shared_is_gone_with_the_check_and_when_its_time_is_over(client, assessment):
    client.post(reverse("readiness_delete", args=[assessment.key]))
    over = make_assessment(expires_on=timezone.localdate())
    answers = [client.get(shared(one)) for one in (assessment, over)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert {answer.headers["Referrer-Policy"] for answer in answers} == {"no-referrer"}


def test_no_log_holds_the_key_that_was_shared(assessment, client, caplog):
    with caplog.at_level(logging.WARNING):
        client.post(shared(assessment))
    (line,) = caplog.messages
    assert assessment.share_key in line
    assert without_keys(line) == "Method Not Allowed (POST): /pathway/readiness/shared/(key)/"


# --- kept ---


def leads_on(answer):
    """The hidden field of the first form of a page, which says where to go on."""
    return {"next": re.search(r'name="next" value="([^"]*)"', answer.content.decode())[1]}


@pytest.mark.parametrize("is_new", [False, True])
def test_keeping_asks_to_sign_in_and_comes_back(is_new, assessment):
    email = "ada@example.org" if is_new else make_user().email
    browser = Client()
    login = browser.get(keep(assessment)).headers["Location"]
    assert login == f"/account/login/?next={keep(assessment)}"
    page = browser.get(login)
    if is_new:
        (address,) = re.findall(r'href="(/account/signup/[^"]*)"', page.content.decode())
        page = browser.get(address)
        page = browser.post("/account/signup/", leads_on(page) | {"email": email}, follow=True)
    else:
        page = browser.post("/account/login/", leads_on(page) | {"login": email}, follow=True)
    answer = browser.post(page.request["PATH_INFO"], leads_on(page) | {"code": code_in_mail(email)})
    assert answer.headers["Location"] == keep(assessment)
    assert "Keep this check in your account?" in browser.get(keep(assessment)).content.decode()
    assert not assessment.kept_by.exists()


def test_a_kept_check_is_on_the_page_of_the_account_until_it_is_kept_no_longer(client, assessment):
    person = make_user()
    client.force_login(person)
    for _twice in range(2):
        answer = client.post(keep(assessment))
        assert (answer.status_code, answer.url) == (303, "/account/")
    assert list(person.kept_assessments.all()) == [assessment]
    assert f'<a href="{assessment.get_absolute_url()}">Dennison, MN, ' in client.get("/account/").content.decode()
    assert "This check is in your account" in client.get(keep(assessment)).content.decode()
    client.post(keep(assessment), {"stop": "1"})
    page = client.get("/account/").content.decode()
    assert (list(person.kept_assessments.all()), assessment.key in page, 'id="kept"' in page) == ([], False, False)
    assert Assessment.objects.filter(pk=assessment.pk).exists()


def test_nobody_sees_who_keeps_a_check_or_finds_it_in_another_account(client, assessment):
    person, other = make_user(name="Ada Quill", email="quill@example.org"), make_user()
    assessment.kept_by.add(person)
    for address in (assessment.get_absolute_url(), shared(assessment)):
        page = client.get(address).content.decode()
        assert "quill" not in page.lower()
    client.force_login(other)
    assert assessment.key not in client.get("/account/").content.decode()
    client.post(keep(assessment), {"stop": "1"})
    assert list(assessment.kept_by.all()) == [person]


def test_a_check_that_is_deleted_or_over_is_in_no_account(client, assessment):
    person = make_user()
    over = make_assessment(expires_on=timezone.localdate())
    for one in (assessment, over):
        one.kept_by.add(person)
    client.post(reverse("readiness_delete", args=[assessment.key]))
    client.force_login(person)
    assert 'id="kept"' not in client.get("/account/").content.decode()
    assert [client.get(keep(one)).status_code for one in (assessment, over)] == [404, 404]
    assert [client.post(keep(one)).status_code for one in (assessment, over)] == [404, 404]
    assert list(Assessment.kept_by.through.objects.values_list("assessment", flat=True)) == [over.pk]


def test_another_site_cannot_keep_a_check_in_my_account(assessment):
    person = make_user()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    assert browser.post(keep(assessment)).status_code == 403
    token = browser.get(keep(assessment)).context["csrf_token"]
    sent = {"csrfmiddlewaretoken": str(token)}
    assert browser.post(keep(assessment), sent, headers={"origin": "https://evil.example"}).status_code == 403
    assert browser.post(keep(assessment), sent, headers={"origin": "http://testserver"}).status_code == 303


def test_the_page_that_keeps_tells_no_other_site_its_key_and_lets_the_form_name_its_origin(client, assessment):
    client.force_login(make_user())
    headers = client.get(keep(assessment)).headers
    assert (headers["Referrer-Policy"], headers["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert headers["Cache-Control"] == "private, no-store"


def test_a_person_takes_along_what_they_keep_and_leaves_it_behind(assessment):
    person, other = make_user(), make_user()
    for one in (person, other):
        assessment.kept_by.add(one)
    make_assessment()
    assert privacy.export(person)["readiness checks that you keep"] == [
        {
            "government": "Dennison, MN",
            "begun": assessment.created_at,
            "changed": assessment.updated_at,
            "kept until": assessment.expires_on,
            "levels": {"Data": 2, "Tools in decisions": 0},
        }
    ]
    privacy.erase(person)
    assert (list(assessment.kept_by.all()), privacy.export(person)) == (
        [other],
        dict.fromkeys(privacy.export(person), []),
    )


# --- limits ---


def test_a_network_begins_so_many_checks_an_hour_and_no_more(client, monkeypatch):
    monkeypatch.setattr(views, "STARTS", Limit("starts", 2, dt.timedelta(hours=1)))
    start = reverse("readiness_start")
    answers = [client.post(start) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert "Too many tries" in answers[2].content.decode()
    assert 0 < int(answers[2].headers["Retry-After"]) <= 3600
    assert answers[2].headers["Cache-Control"] == "private, no-store"
    assert dict(answers[2].cookies) == {}
    assert (Assessment.objects.count(), client.get(start).status_code) == (2, 200)
    assert client.post(start, REMOTE_ADDR="203.0.113.9").status_code == 303


@pytest.mark.parametrize("name", ["readiness_government", "readiness_domain", "readiness_share", "readiness_delete"])
def test_a_network_sends_so_many_forms_an_hour_and_no_more(name, client, assessment, monkeypatch):
    monkeypatch.setattr(views, "CHANGES", Limit("changes", 1, dt.timedelta(hours=1)))
    address = reverse(name, args=[assessment.key, "data"] if name == "readiness_domain" else [assessment.key])
    assert client.post(reverse("readiness_government", args=["A" * 32])).status_code == 404  # it counts
    assert client.post(address, {"level": "1"}).status_code == 429
    share_key = assessment.share_key
    assessment.refresh_from_db()
    assert (assessment.levels[Domain.DATA], assessment.share_key) == (2, share_key)
    assert client.post(address, {"level": "1"}, REMOTE_ADDR="203.0.113.9").status_code in (200, 303)


def test_an_office_behind_one_network_has_room():
    """Thirty people who take the whole check within the hour, and change each answer three times."""
    assert views.STARTS.amount >= 30
    assert views.CHANGES.amount >= 30 * 8 * 4


# --- a check from a newer release ---


def test_a_check_of_a_newer_rubric_waits_and_can_still_be_deleted(client):
    newer = make_assessment({Domain.DATA: 2}, rubric_version=LATEST + 1)
    question = reverse("readiness_domain", args=[newer.key, "data"])
    answers = [client.get(newer.get_absolute_url()), client.get(shared(newer)), client.get(question)]
    answers.append(client.post(question))  # a fault, so that the question would be shown again
    assert [answer.status_code for answer in answers] == [503] * 4
    assert {"Nothing is lost." in answer.content.decode() for answer in answers} == {True}
    assert {answer.headers["Referrer-Policy"] for answer in answers} == {"no-referrer"}
    assert newer.levels == {Domain.DATA: 2}
    delete = reverse("readiness_delete", args=[newer.key])
    assert (client.get(delete).status_code, client.post(delete).status_code) == (200, 200)
    assert not Assessment.objects.exists()
