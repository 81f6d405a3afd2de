"""Answers: the form of a section, made from its questions, and what is still missing or wrong.

An answer is kept as it was typed, so that nothing typed is lost; the form says whether it will do. So a section can be
saved at any time, and the same form tells what stands in the way of handing in.
"""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from alliance.core import dates, emails
from alliance.core.vocabulary import State

from .questions import SECTIONS, Kind, is_asked

# Characters that are kept of one answer, however long it may be in the end: typed text is never cut unseen.
KEPT = 20_000
is_geoid = RegexValidator(r"^(\d{2}|\d{5}|\d{7}|\d{10})$", _("A GEOID has 2, 5, 7 or 10 digits."))


class DateAnswer(forms.CharField):
    """A date as exactly as it is known: 2019, 2019-06 or 2019-06-24."""

    def clean(self, value):
        value = super().clean(value)
        if value:
            dates.validate_partial_date(value)
        return value


class EmailAnswer(forms.CharField):
    widget = forms.EmailInput

    def clean(self, value):
        value = super().clean(value)
        return emails.clean(value) if value else value


def field(question):
    """The form field of a question."""
    common = {
        "label": question.label,
        "help_text": question.help,
        "required": question.required,
        "error_messages": {"required": REQUIRED.get(question.kind, _("Answer this question."))},
    }
    match question.kind:
        case Kind.LINE:
            return forms.CharField(max_length=question.limit, **common)
        case Kind.TEXT:
            return forms.CharField(max_length=question.limit, widget=forms.Textarea(attrs={"rows": 6}), **common)
        case Kind.CHOICE:
            return forms.ChoiceField(choices=question.choices, widget=forms.RadioSelect, **common)
        case Kind.CHOICES:
            return forms.MultipleChoiceField(choices=question.choices, widget=forms.CheckboxSelectMultiple, **common)
        case Kind.DATE:
            return DateAnswer(max_length=10, **common)
        case Kind.NUMBER:
            return forms.IntegerField(min_value=0, max_value=question.limit, **common)
        case Kind.LINK:
            return forms.URLField(max_length=500, assume_scheme="https", **common)
        case Kind.EMAIL:
            return EmailAnswer(**common)
        case Kind.STATE:
            return forms.ChoiceField(choices=[("", _("Choose a state")), *State.choices], **common)
        case Kind.GEOID:
            return forms.CharField(max_length=10, validators=[is_geoid], **common)
        case Kind.CONSENT:
            return forms.BooleanField(**common)


REQUIRED = {
    Kind.CHOICE: _("Choose one."),
    Kind.CHOICES: _("Choose at least one."),
    Kind.STATE: _("Choose a state."),
    Kind.CONSENT: _("This needs your consent."),
}


def typed(section, data):
    """What somebody typed into a section, {question id: text, or list of texts}, and the ids of what is too long.

    Names that are no question are left out.
    """
    answers, too_long = {}, []
    for question in section.questions:
        if question.kind == Kind.CHOICES:
            answer = [value[:40] for value in data.getlist(question.id)[:40]]
        else:
            answer = data.get(question.id, "")
        answer = [text.replace("\0", "") for text in answer] if isinstance(answer, list) else answer.replace("\0", "")
        if len(answer) > KEPT:
            too_long.append(question.id)
        elif answer:
            answers[question.id] = answer
    return answers, too_long


class SectionForm(forms.Form):
    """The questions of a section that are asked, bound to the answers as they were typed."""

    def __init__(self, section, answers, all_answers):
        super().__init__(answers)
        self.section = section
        for question in section.questions:
            if is_asked(question, all_answers):
                self.fields[question.id] = field(question)

    @property
    def missing(self):
        """The required questions without an answer."""
        return [name for name, errors in self.errors.as_data().items() if any(one.code == "required" for one in errors)]


def form_of(section, all_answers):
    """The form of a section, checked against what stands there."""
    return SectionForm(section, Typed(all_answers), all_answers)


class Typed(dict):
    """Answers in the shape in which a form takes its data."""

    def getlist(self, name, default=None):
        value = self.get(name, default or [])
        return value if isinstance(value, list) else [value]


def forms_of(answers):
    """The form of every section, in their order."""
    return [form_of(section, answers) for section in SECTIONS]
