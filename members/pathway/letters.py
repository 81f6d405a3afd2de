"""The letter of a decision, as it begins: a template for each outcome, filled in. The text is plain from then on."""

import re
from types import SimpleNamespace

from django.template.loader import render_to_string

from .result import Result
from .roadmap import agreed_levels
from .rubric import LATEST, RUBRICS

# Of a part of the template that says nothing.
EMPTY_LINES = re.compile(r"\n\s*\n")


def letter_for(application, decision):
    """The letter that says `decision`, {field of a Decision: value}, with what the reviewers found."""
    context = {
        "application": application,
        "government": application.government_name,
        "found": Result(SimpleNamespace(rubric=RUBRICS[LATEST], levels=agreed_levels(application))),
        **decision,
    }
    text = render_to_string(f"review/letters/{decision['outcome']}.txt", context)
    return EMPTY_LINES.sub("\n\n", text).strip()
