from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.core.vocabulary import Domain
from cohorts.forms import WordsField

from .introductions import MOVES


class AskForm(forms.Form):
    """What somebody writes to a person whom they ask to meet."""

    domain = forms.ChoiceField(
        label=_("What it is about"), choices=[("", _("Something else")), *Domain.choices], required=False
    )
    message = WordsField(
        label=_("Your message"),
        help_text=_("Who you are, what you work on, and what you would like to ask. Only the two of you can read it."),
        most=2000,
        rows=8,
        error_messages={"required": _("Write a few words to them.")},
    )

    use_required_attribute = False


class VerbForm(forms.Form):
    """What a button of an introduction says."""

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in [*MOVES, "block"]])


class ReportForm(forms.Form):
    text = WordsField(
        label=_("What happened?"),
        help_text=_("Staff can't read messages. Copy into this what they should read, with the day."),
        most=4000,
        rows=8,
        error_messages={"required": _("Say what happened.")},
    )
    blocks = forms.BooleanField(label=_("Block this person, too"), required=False)

    use_required_attribute = False


class UnblockForm(forms.Form):
    block = forms.IntegerField(min_value=1, max_value=2**63 - 1)
