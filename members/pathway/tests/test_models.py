"""What the database refuses of a readiness check, what it keeps, and for how long."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core.keys import KEY_BYTES
from alliance.core.vocabulary import Domain
from cohorts.tests.factories import make_jurisdiction, make_place
from members.pathway.models import Answer, Assessment

from .factories import make_assessment

pytestmark = pytest.mark.django_db


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


def test_a_key_has_192_random_bits_and_is_given_once():
    keys = {make_assessment().key for _ in range(50)}
    assert (len(keys), {len(key) for key in keys}, KEY_BYTES * 8) == (50, {32}, 192)
    with refused("key"), transaction.atomic():
        make_assessment(key=keys.pop())


@pytest.mark.parametrize("key", ["", "a", "a" * 31, "a" * 31 + "/", "a" * 31 + " "])
def test_a_key_that_is_not_one_of_ours_is_refused(key):
    with refused("pathway_assessment_key"):
        make_assessment(key=key)


@pytest.mark.parametrize("ways", [("place", "jurisdiction"), ("place", "name"), ("jurisdiction", "name")])
def test_a_government_is_said_in_one_way_at_most(ways):
    values = {
        "place": {"place": make_place()},
        "jurisdiction": {"jurisdiction": make_jurisdiction()},
        "name": {"name": "Springfield schools", "state": "IL"},
    }
    with refused("pathway_assessment_one_government"):
        make_assessment(**values[ways[0]] | values[ways[1]])


@pytest.mark.parametrize("fields", [{"name": "Springfield"}, {"state": "IL"}])
def test_a_typed_government_has_a_name_and_a_state(fields):
    with refused("pathway_assessment_name_and_state"):
        make_assessment(**fields)


@pytest.mark.parametrize("level", [-1, 5, 9])
def test_a_level_outside_the_rubric_is_refused(level):
    with refused("pathway_answer_level"):
        make_assessment({Domain.DATA: level})


def test_a_domain_that_does_not_exist_is_refused():
    with refused("pathway_answer_domain"):
        make_assessment({"weather": 1})


def test_a_domain_is_answered_once():
    assessment = make_assessment({Domain.DATA: 1})
    with refused("pathway_answer_once"):
        Answer.objects.create(assessment=assessment, domain=Domain.DATA, level=2)


def test_answering_again_replaces_the_answer():
    assessment = make_assessment({Domain.DATA: 1, Domain.TOOLS: 4})
    assessment.answer(Domain.DATA, 3)
    assessment.answer(Domain.DATA, 3)
    assert assessment.levels == {Domain.DATA: 3, Domain.TOOLS: 4}


def test_a_place_that_leaves_the_register_leaves_the_check_without_a_government():
    place = make_place()
    assessment = make_assessment(place=place)
    place.delete()
    assert Assessment.objects.get(pk=assessment.pk).government is None


@pytest.mark.parametrize(
    ("begun", "gone"),
    [
        (dt.date(2026, 11, 22), dt.date(2028, 11, 22)),
        (dt.date(2028, 2, 29), dt.date(2030, 3, 1)),
        (dt.date(2026, 2, 28), dt.date(2028, 2, 28)),
    ],
)
def test_a_check_is_kept_for_24_months(begun, gone, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: begun)
    assert make_assessment().expires_on == gone


def test_the_command_deletes_what_has_expired_with_its_answers_and_nothing_else(capsys):
    today = timezone.localdate()
    expired = make_assessment({Domain.DATA: 1}, expires_on=today)
    kept = make_assessment({Domain.DATA: 2}, expires_on=today + dt.timedelta(days=1))
    call_command("delete_expired_assessments")
    assert capsys.readouterr().out == "Deleted 1 readiness check.\n"
    assert [one.pk for one in Assessment.objects.all()] == [kept.pk]
    assert not Answer.objects.filter(assessment=expired.pk).exists()


def test_a_check_that_was_left_empty_goes_after_a_day():
    empty, begun, new = make_assessment(), make_assessment({Domain.DATA: 1}), make_assessment()
    yesterday = timezone.now() - dt.timedelta(days=1, minutes=1)
    Assessment.objects.filter(pk__in=[empty.pk, begun.pk]).update(created_at=yesterday)
    call_command("delete_expired_assessments")
    assert {one.pk for one in Assessment.objects.all()} == {begun.pk, new.pk}


def test_an_expired_check_is_gone_before_it_is_deleted(client):
    assessment = make_assessment(expires_on=timezone.localdate())
    assert client.get(assessment.get_absolute_url()).status_code == 404
