"""Answers: the form of a section, made from its questions, and what is still missing or wrong.

An answer is kept as it was typed, so that nothing typed is lost; the form says whether it will do. So a section can be
saved at any time, and the same form tells what stands in the way of handing in.
"""

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext
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


class NumberAnswer(forms.IntegerField):
    """A whole number, also as people write it: 12,500."""

    # A field of numbers alone would show nothing in the place of what was typed wrong.
    widget = forms.TextInput

    def to_python(self, value):
        return super().to_python(value.replace(",", "") if value else value)


# Their own types of input would hold what is half typed to be no value at all.
KEYBOARD = {mode: forms.TextInput(attrs={"inputmode": mode}) for mode in ("email", "url")}


class EmailAnswer(forms.CharField):
    widget = KEYBOARD["email"]

    def clean(self, value):
        value = super().clean(value)
        return emails.clean(value) if value else value


class FirstBox:
    """Boxes to choose from, the first of which has the id of the whole: a link to the question leads to it."""

    def id_for_label(self, id_, index="0"):
        return id_ if index == "0" else f"{id_}_{index}"


class Radios(FirstBox, forms.RadioSelect):
    pass


class Boxes(FirstBox, forms.CheckboxSelectMultiple):
    pass


def help_of(question):
    """What stands beside the question, with how long the answer may be."""
    if question.kind != Kind.TEXT:
        return question.help
    return format_lazy(_("{help} Up to {limit} characters."), help=question.help, limit=intcomma(question.limit))


def field(question):
    """The form field of a question."""
    common = {
        "label": question.label,
        "help_text": help_of(question),
        "required": question.required,
        "error_messages": {
            "required": REQUIRED.get(question.kind, _("Answer this question.")),
            "max_length": _("Use at most %(limit_value)d characters. There are %(show_value)d now."),
        },
    }
    match question.kind:
        case Kind.LINE:
            return forms.CharField(max_length=question.limit, **common)
        case Kind.TEXT:
            return forms.CharField(max_length=question.limit, widget=forms.Textarea(attrs={"rows": 6}), **common)
        case Kind.CHOICE:
            return forms.ChoiceField(choices=question.choices, widget=Radios, **common)
        case Kind.CHOICES:
            return forms.MultipleChoiceField(choices=question.choices, widget=Boxes, **common)
        case Kind.DATE:
            return DateAnswer(**common)
        case Kind.NUMBER:
            return NumberAnswer(min_value=0, max_value=question.limit, **common)
        case Kind.LINK:
            common["error_messages"]["invalid"] = _("Enter a web address, like https://example.gov.")
            return forms.URLField(max_length=500, assume_scheme="https", widget=KEYBOARD["url"], **common)
        case Kind.EMAIL:
            return EmailAnswer(**common)
        case Kind.STATE:
            return forms.ChoiceField(choices=[("", _("Choose a state")), *State.choices], **common)
        case Kind.GEOID:
            return forms.CharField(validators=[is_geoid], **common)
        case Kind.CONSENT:
            return forms.BooleanField(**common)


REQUIRED = {
    Kind.CHOICE: _("Choose one."),
    Kind.CHOICES: _("Choose at least one."),
    Kind.STATE: _("Choose a state."),
    Kind.CONSENT: _("This needs your consent."),
}


def plain(text):
    """The text without what a database can't hold, and with the same ends of lines whoever sends it."""
    # Half a character, which a form in a strange encoding can hold, is none.
    return text.encode(errors="ignore").decode().replace("\0", "").replace("\r\n", "\n")


def typed(section, data):
    """What somebody typed into a section, {question id: text, or list of texts}, and the ids of what is too long.

    Names that are no question are left out.
    """
    answers, too_long = {}, []
    for question in section.questions:
        if question.kind == Kind.CHOICES:
            answer = [plain(value[:40]) for value in data.getlist(question.id)[:40]]
        else:
            answer = plain(data.get(question.id, ""))
        if len(answer) > KEPT:
            too_long.append(question.id)
        if answer:
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
    def is_started(self):
        return any(question.id in self.data for question in self.section.questions)

    @cached_property
    def missing(self):
        """The required questions without an answer."""
        return [name for name, errors in self.errors.as_data().items() if any(one.code == "required" for one in errors)]

    @cached_property
    def wrong(self):
        """What is answered in a way that will not do, {question id: what is wrong with it}."""
        return {name: errors for name, errors in self.errors.items() if name not in self.missing}


class SectionPageForm(forms.Form):
    """The questions of a section on its page: also those not asked now, so that nothing typed is hidden, and none that
    must be answered yet. Its errors are what is answered in a way that will not do."""

    def __init__(self, section, all_answers):
        super().__init__(Typed(all_answers))
        for question in section.questions:
            one = field(question)
            one.required = False
            one.widget.attrs.pop("maxlength", None)  # browsers would cut what is pasted, and not say so
            if not is_asked(question, all_answers):
                one = forms.Field(required=False, widget=one.widget, label=one.label, help_text=one.help_text)
            self.fields[question.id] = one


def form_of(section, all_answers):
    """The form of a section, checked against what stands there."""
    return SectionForm(section, Typed(all_answers), all_answers)


def in_words(question, answer):
    """An answer as people read it, empty for none: labels of choices, dates as exact as they are known."""
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES:
            labels = dict(question.choices)
            chosen = answer if isinstance(answer, list) else [answer] if answer else []
            return "; ".join(str(labels.get(value, value)) for value in chosen)
        case Kind.STATE:
            return str(State(answer).label) if answer in State else answer or ""
        case Kind.CONSENT:
            return gettext("Yes") if answer else ""
        case Kind.DATE if answer and is_date(answer):
            return dates.describe(answer)
    return answer or ""


def is_date(text):
    try:
        dates.validate_partial_date(text)
    except ValidationError:
        return False
    return True


class Typed(dict):
    """Answers in the shape in which a form takes its data."""

    def getlist(self, name, default=None):
        value = self.get(name, default or [])
        return value if isinstance(value, list) else [value]


def forms_of(answers):
    """The form of every section, in their order."""
    return [form_of(section, answers) for section in SECTIONS]
