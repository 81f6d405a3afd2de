"""The rubric keeps its shape, and what was released never changes."""

import hashlib

import pytest

from alliance.core.vocabulary import Domain, Stage
from members.pathway.rubric import FOLDER, HIGHEST, LATEST, RUBRICS

# A released rubric is never edited, as results keep its words. For a change, add a file with the next number here.
RELEASED = {"rubric-1.json": "230b7dc8806bc38e3cac9fdd1ada391c49aa3a8931c870915e6df82c62d695c5"}

# Words in a minute that most adults read, with room for choosing an answer.
WORDS_A_MINUTE = 130


def test_every_released_version_is_as_it_was_released():
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.iterdir()}
    assert files == RELEASED


def test_the_latest_version_is_the_one_with_the_highest_number():
    assert (LATEST, sorted(RUBRICS)) == (len(RELEASED), list(range(1, len(RELEASED) + 1)))


@pytest.mark.parametrize("rubric", RUBRICS.values(), ids=lambda rubric: str(rubric.version))
class TestShape:
    def test_it_asks_about_the_eight_domains_in_their_order(self, rubric):
        assert [question.domain for question in rubric.questions.values()] == list(Domain)
        assert len(Domain) == 8

    def test_each_domain_has_four_levels_and_a_step_to_each(self, rubric):
        shapes = {(len(one.levels), len(one.next)) for one in rubric.questions.values()}
        assert (len(rubric.level_names), shapes) == (HIGHEST + 1, {(4, 4)})

    def test_each_step_has_two_or_three_things_to_do_and_its_stage(self, rubric):
        steps = [step for question in rubric.questions.values() for step in question.next]
        assert {len(step.steps) for step in steps} <= {2, 3}
        assert {step.stage for step in steps} == set(Stage)

    def test_the_stages_never_go_back(self, rubric):
        order = list(Stage)
        for question in rubric.questions.values():
            places = [order.index(step.stage) for step in question.next]
            assert places == sorted(places)

    def test_no_text_is_empty_doubled_or_without_its_end(self, rubric):
        texts = []
        for one in rubric.questions.values():
            texts += [one.text, one.about, *one.levels, *(text for step in one.next for text in step.steps)]
        assert [text for text in texts if len(text) < 20 or text != text.strip() or text[-1] not in ".?"] == []
        assert len(set(texts)) == len(texts)

    def test_a_level_is_described_in_one_or_two_sentences(self, rubric):
        counts = {text.count(". ") + 1 for one in rubric.questions.values() for text in one.levels}
        assert counts <= {1, 2}

    def test_the_questions_can_be_read_in_fifteen_minutes(self, rubric):
        texts = [" ".join([one.text, one.about, *one.levels]) for one in rubric.questions.values()]
        assert len(" ".join(texts).split()) / WORDS_A_MINUTE < 15
