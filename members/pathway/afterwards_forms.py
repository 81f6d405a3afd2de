import uuid
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.fields import Words

# Characters of a message.
LONGEST = 4_000
OPEN_AGAIN = _("Something in this form was lost. Open the page again and send it from there.")


class MessageForm(forms.Form):
    text = Words(
        label=_("Your message"),
        help_text=_("Plain text, at most 4,000 characters. Your team and the reviewers can read it."),
        max_length=LONGEST,
        error_messages={"required": _("Write a message.")},
    )
    # One form, one message, however often it is sent.
    token = forms.UUIDField(
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages={"required": OPEN_AGAIN, "invalid": OPEN_AGAIN},
    )

    def clean(self):
        """Make the token one of the words too: sent once more with other words, it is another message."""
        cleaned = super().clean()
        if {"text", "token"} <= cleaned.keys():
            cleaned["token"] = uuid.uuid5(cleaned["token"], cleaned["text"])
        return cleaned


class WithdrawForm(forms.Form):
    reason = Words(
        label=_("Why do you withdraw it?"),
        help_text=_("A sentence is enough. It becomes a message that your team and the reviewers can read."),
        max_length=LONGEST,
        error_messages={"required": _("Say why, in a sentence.")},
    )


class DeferForm(forms.Form):
    until = forms.DateField(
        label=_("Put it off until"),
        help_text=_("A day from tomorrow on, within two years."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose a day."),
            "invalid": _("Write the day as year, month and day: 2027-01-15."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.first, self.last = days_to_choose()
        self.fields["until"].widget.attrs |= {"min": self.first.isoformat(), "max": self.last.isoformat()}

    def clean_until(self):
        until = self.cleaned_data["until"]
        if not self.first <= until <= self.last:
            raise forms.ValidationError(_("Choose a day from tomorrow on, within two years."))
        return until


def days_to_choose():
    """The first and the last day that a draft can be put off to."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return tomorrow, tomorrow + timedelta(days=2 * 365)
