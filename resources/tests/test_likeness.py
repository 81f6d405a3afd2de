"""What is like a resource, in which order, and that each reason is true."""

import pytest

from resources.likeness import most_like, reasons
from resources.models import Resource

from .factories import make_resource, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def topics():
    return [make_topic(name=name, slug=name.lower()) for name in ("Housing", "Budgeting", "Health")]


def ranked(resource):
    resource.refresh_from_db()
    return Resource.objects.like(resource).with_topics()


def loaded(resource):
    return Resource.objects.with_topics().get(pk=resource.pk)


def test_more_topics_in_common_come_first_then_the_stage_then_the_words_then_the_year(topics):
    housing, budgeting, health = topics
    one = make_resource(title="Rent rules", topics=[housing, budgeting], stage="organize")
    both = make_resource(title="A", topics=[housing, budgeting], stage="normalize")
    half_and_stage = make_resource(title="B", topics=[housing], stage="organize")
    half_and_words = make_resource(title="Rent", topics=[housing], stage="normalize")
    newer = make_resource(title="C", topics=[housing, health], stage="normalize", year=2020)
    older = make_resource(title="D", topics=[housing], stage="normalize", year=2010)
    make_resource(topics=[health])
    make_resource(topics=[housing], status="draft")
    assert list(ranked(one)) == [both, half_and_stage, half_and_words, newer, older]


def test_words_in_a_title_count_more_than_words_in_a_long_text(topics):
    one = make_resource(title="Rent rules", topics=topics[:1])
    body = make_resource(title="Something else", body="rent rules " * 40, topics=topics[:1])
    title = make_resource(title="Rules on rent", topics=topics[:1])
    label = make_resource(title="Topic kind housing", topics=topics[:1])
    assert list(ranked(one)) == [title, body, label]


def test_without_topics_the_words_of_the_title_find_its_likes():
    one = make_resource(title="Sidewalk repair")
    same = make_resource(title="Repairing sidewalks", stage="organize")
    make_resource(title="Something else")
    assert [(found, why) for found, why in most_like(loaded(one), ranked(one), 4)] == [(same, ["words in common"])]


def test_every_likeness_lies_between_nothing_and_one(topics):
    one = make_resource(title="Rent rent rent", topics=topics, stage="organize")
    make_resource(title="Rent rent rent", topics=topics, stage="organize")
    (found,) = ranked(one)
    assert 0.65 < found.likeness < 1


def test_each_reason_is_true_of_both(topics):
    housing, budgeting, health = topics
    one = loaded(make_resource(topics=[housing, budgeting], stage="organize"))
    same = loaded(make_resource(topics=[budgeting, housing, health], stage="organize"))
    other = loaded(make_resource(topics=[housing], stage="normalize"))
    assert reasons(same, one) == ["also about budgeting and housing", "also for the stage “organize”"]
    assert reasons(other, one) == ["also about housing"]


@pytest.mark.parametrize("title", ["'", "\\", "a & b | !c", "🏛️", ":*", "x" * 300])
def test_no_title_breaks_the_question(title):
    one = make_resource(title=title)
    make_resource(title=title)
    assert len(list(ranked(one))) in (0, 1)
