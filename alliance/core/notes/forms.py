"""What anybody may send: text without what could hide or turn it around, and an address to answer to."""

import re
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _

from .. import emails
from ..fields import NO_WEB_ADDRESS
from ..keys import without_keys
from ..models import Report

# Control characters but for the new line, and those that turn the direction of the text around them (UAX 9).
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd]+")
# The field that people do not see and programs fill in.
TRAP = "homepage"


def plain(text):
    """The text without characters that nobody sees, and without keys."""
    return without_keys(UNSEEN.sub(" ", text.replace("\r\n", "\n"))).strip()


class PlainTextField(forms.CharField):
    def to_python(self, value):
        return plain(super().to_python(value))


class PlainAddressField(forms.URLField):
    # What is refused is shown again, and a box of type url may hold nothing but a whole address.
    widget = forms.TextInput(attrs={"inputmode": "url"})

    def to_python(self, value):
        return super().to_python(plain(value or ""))


class NoteForm(forms.ModelForm):
    """The form of one kind of note. Its texts are `PlainTextField`, its web addresses `PlainAddressField`."""

    email = forms.CharField(
        label=_("Your e-mail address"),
        help_text=_("We send you a link to confirm, and later what became of it. Then we delete the address."),
        error_messages={"required": _("Enter your e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    use_required_attribute = False

    def clean_email(self):
        return emails.clean(self.cleaned_data["email"])


def page_of(text):
    """The path of a page of this site in what somebody typed or pasted, in plain letters, without keys.

    Raises ValidationError for what leads elsewhere.
    """
    try:
        parts = urlsplit(plain(text))
    except ValueError:
        parts = urlsplit("")
    path = iri_to_uri(parts.path + (f"?{parts.query}" if parts.query else ""))
    if parts.netloc not in ("", urlsplit(settings.SITE_URL).netloc) or not path.startswith("/") or path[1:2] == "/":
        raise ValidationError(_("Enter the address of a page of this site, like /jurisdictions/."), code="page")
    return path


class ReportForm(NoteForm):
    class Meta:
        model = Report
        fields = ["page", "what", "source", "email"]
        field_classes = {"page": PlainTextField, "what": PlainTextField, "source": PlainAddressField}
        labels = {
            "page": _("Page"), "what": _("What is wrong?"), "source": _("Where can we see it?")
        }  # fmt: skip
        error_messages = {
            "page": {"required": _("Say which page you mean.")},
            "what": {"required": _("Say what is wrong.")},
            "source": {"invalid": NO_WEB_ADDRESS},
        }
        widgets = {"page": forms.TextInput(attrs={"autocomplete": "off"}), "what": forms.Textarea(attrs={"rows": 6})}

    def clean_page(self):
        return page_of(self.cleaned_data["page"])


class AnswerForm(forms.Form):
    """How a curator settles a note: the answer goes to the sender as it stands."""

    answer = forms.CharField(
        label=_("Answer to the sender"),
        max_length=4000,
        error_messages={"required": _("Write a sentence for the sender.")},
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
    )

    use_required_attribute = False
