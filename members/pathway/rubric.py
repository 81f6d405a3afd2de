"""What the readiness check asks: for each domain four described levels, and the steps from each level to the next.

A rubric is a file of `data/`, named after its version. A released file never changes, because results keep their
version: to change a word, write a new file with the next number.
"""

import json
from pathlib import Path
from typing import NamedTuple

from alliance.core.vocabulary import Domain, Stage

FOLDER = Path(__file__).parent / "data"
# Below the four levels that are described: not started, or not sure.
NOT_STARTED = 0
HIGHEST = 4


class Step(NamedTuple):
    """The way from one level to the next: the stage that the work belongs to, and two or three things to do."""

    stage: Stage
    steps: list


class Question(NamedTuple):
    """What is asked about one domain. `levels` describes the levels 1 to 4; `next[n]` leads from level n to n + 1."""

    domain: Domain
    text: str
    about: str
    levels: list
    next: list

    def describe(self, level):
        """What one would see in a government at a level from 1 to 4."""
        return self.levels[level - 1]

    def step_from(self, level):
        """The step to the next level; None at the highest."""
        return self.next[level] if level < HIGHEST else None


class Rubric(NamedTuple):
    """One version of the rubric: the names of the levels 0 to 4, and the questions in the order of `Domain`."""

    version: int
    level_names: list
    questions: dict


def read(path):
    data = json.loads(path.read_text(encoding="utf-8"))
    questions = {}
    for domain in Domain:
        entry = data["domains"][domain]
        steps = [Step(Stage(one["stage"]), one["steps"]) for one in entry["next"]]
        questions[domain] = Question(domain, entry["question"], entry["about"], entry["levels"], steps)
    return Rubric(data["version"], data["levels"], questions)


RUBRICS = {rubric.version: rubric for rubric in map(read, sorted(FOLDER.glob("rubric-*.json")))}
LATEST = max(RUBRICS)
