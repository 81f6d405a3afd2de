"""The form in which a reviewer scores an application: for each domain a level, why, and what that rests on."""

from typing import NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from alliance.core.fields import Words
from alliance.core.vocabulary import Domain

from .afterwards_forms import LONGEST, OPEN_AGAIN
from .answers import Boxes, Radios
from .models import Score
from .rubric import Question

PARTS = ("level", "rationale", "evidence")
NOTHING = {"level": None, "rationale": "", "evidence": []}


class Row(NamedTuple):
    """A domain on the page: the question of the rubric, what the applicant said, the fields, and what is saved of it
    beside them (None for nothing else)."""

    question: Question
    said: list
    level: BoundField
    rationale: BoundField
    evidence: BoundField
    other: dict | None

    @property
    def levels(self):
        """(box, the level's words) from 0 on."""
        return list(zip(self.level, ["", *self.question.levels], strict=True))

    @property
    def errors(self):
        return [(field, error) for field in (self.level, self.rationale, self.evidence) for error in field.errors]


class ScoreForm(forms.Form):
    # What else is to say on top of the page, and the version that was saved of what stands here.
    refused, kept = "", None

    version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages={"required": OPEN_AGAIN, "invalid": OPEN_AGAIN},
    )
    summary = Words(
        label=_("In short"),
        help_text=_("What the others should know of your view. The applicant never reads it."),
        max_length=LONGEST,
        required=False,
    )

    def __init__(self, rubric, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        levels = [(level, f"{level}. {name}") for level, name in enumerate(rubric.level_names)]
        for domain in Domain:
            self.fields[f"{domain}_level"] = forms.TypedChoiceField(
                label=_("Level"),
                choices=levels,
                coerce=int,
                empty_value=None,
                required=False,
                widget=Radios,
            )
            self.fields[f"{domain}_rationale"] = Words(
                label=_("Why this level"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4})
            )
            self.fields[f"{domain}_evidence"] = forms.MultipleChoiceField(
                label=_("What it rests on"), choices=Score.Evidence.choices, required=False, widget=Boxes
            )

    @staticmethod
    def initial_of(review):
        """What stands in a review, as the form begins."""
        if review is None:
            return {"version": 0}
        given = {f"{domain}_{part}": value for domain, parts in review.in_data.items() for part, value in parts.items()}
        return {"version": review.version, "summary": review.summary, **given}

    @property
    def scores(self):
        """What `save_review` takes: of each domain of which something is said."""
        said = {domain: {part: self.cleaned_data[f"{domain}_{part}"] for part in PARTS} for domain in Domain}
        return {
            domain: parts
            for domain, parts in said.items()
            if parts["level"] is not None or parts["rationale"] or parts["evidence"]
        }

    def need_everything(self):
        """Say what is missing to hand it in; whether nothing is."""
        for domain in Domain:
            if self.cleaned_data[f"{domain}_level"] is None:
                self.add_error(f"{domain}_level", _("%(domain)s: choose a level.") % {"domain": domain.label})
            if not self.cleaned_data.get(f"{domain}_rationale"):
                self.add_error(f"{domain}_rationale", _("%(domain)s: say why.") % {"domain": domain.label})
        return not self.errors

    def rows(self, said, review=None):
        """The domains in their order. Where a review stands beside the form, so does what differs of it."""
        saved = review.in_data if review else {}
        mine = self.scores if self.is_bound and review else {}
        for domain, question in self.rubric.questions.items():
            fields = [self[f"{domain}_{part}"] for part in PARTS]
            parts = saved.get(domain)
            differs = review and parts != mine.get(domain)
            yield Row(question, said[domain], *fields, self.in_words(parts or NOTHING) if differs else None)

    def in_words(self, parts):
        """One domain of a review, as people read it."""
        level = "" if parts["level"] is None else f"{parts['level']}. {self.rubric.level_names[parts['level']]}"
        return parts | {"level": level, "evidence": [Score.Evidence(one).label for one in parts["evidence"]]}
