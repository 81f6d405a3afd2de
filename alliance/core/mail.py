"""Mail: its kinds, its texts, and the outbox that it is written to.

A mail is one template of plain text, `templates/mail/<kind>.txt`: the subject, then paragraphs, with empty lines
between. The HTML form is made from it, so the two always say the same: a paragraph that is an address of this site
becomes a link, one that is a code stands out, and what a person wrote (the filter `quoted`) is a quotation. Everything
else is text. Only the template makes paragraphs: line breaks in a value are blanks. So nothing that a person wrote can
become anything more, as long as it stands in a sentence or in `quoted`, never alone.

Each app names its kinds in `mails.py`. `send` writes a row of the outbox in the caller's transaction.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from textwrap import indent
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.template import Context, engines
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone

from .models import OutgoingMail
from .rooms import rooms

CODE = re.compile(r"[A-Z0-9]{3,8}(-[A-Z0-9]{3,8})*")
SUBJECT_LENGTH = OutgoingMail._meta.get_field("subject").max_length

EMPTY_LINES = re.compile(r"\n\s*\n")
# What has no place in a line: control characters, and those that turn the direction of all that follows.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Where paragraphs, quotations and their lines begin, in a word that no value can guess.
PARAGRAPH, QUOTATION, LINE = (secrets.token_hex(8) for _number in range(3))


@dataclass(frozen=True)
class Kind:
    """One kind of mail. `sample` is what the preview shows in the place of real values; `lifetime` how long it is of
    use; `may_decline` says that a person can choose not to get it, `for_staff` that nobody else ever gets it."""

    name: str
    label: str
    sample: Callable[[], dict]
    lifetime: timedelta | None = None
    may_decline: bool = False
    for_staff: bool = False


@cache
def kinds():
    """All kinds of mail by name, in the order of the apps."""
    return {kind.name: kind for room in rooms("mails") for kind in room.MAILS}


def choices_of(user):
    """The kinds of mail that a person can choose to get or not."""
    return [kind for kind in kinds().values() if kind.may_decline and (user.is_staff or not kind.for_staff)]


def address_of(name, *args):
    """The full address of a page, for a mail."""
    return urljoin(settings.SITE_URL, reverse(name, args=args))


def quoted(text):
    """What a person wrote, as a quotation: a paragraph that keeps its lines."""
    return f"{PARAGRAPH}{QUOTATION}{LINE.join(str(text).splitlines())}{PARAGRAPH}"


def render(name, context):
    """Return (subject, plain text, HTML) of a mail."""
    site = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL.rstrip("/"),
        "contact_email": settings.CONTACT_EMAIL,
    }
    source = get_template(f"mail/{name}.txt").template.source
    template = engines["django"].from_string(EMPTY_LINES.sub(PARAGRAPH, source)).template
    written = template.render(Context(site | context, autoescape=False))
    (_form, subject), *body = paragraphs(written)
    text = "\n\n".join(indent(words, "> ") if form == "quote" else words for form, words in body)
    html = render_to_string("mail/_layout.html", site | {"subject": subject, "paragraphs": body})
    return subject[:SUBJECT_LENGTH], f"{text}\n", html


def paragraphs(written):
    """(form, words) of each paragraph that is not empty: "link", "quote", "code" or "plain"."""
    for paragraph in written.split(PARAGRAPH):
        words = "\n".join(filter(None, map(one_line, paragraph.split(LINE))))
        if words.startswith(QUOTATION):
            yield "quote", words.removeprefix(QUOTATION).strip()
        elif is_own_address(words):
            yield "link", words
        elif CODE.fullmatch(words):
            yield "code", words
        elif words:
            yield "plain", words


def one_line(text):
    """The text with nothing but single blanks between its words."""
    return " ".join(UNPRINTABLE.sub(" ", text).split())


def is_own_address(words):
    ours, this = urlsplit(settings.SITE_URL), urlsplit(words)
    return (this.scheme, this.netloc) == (ours.scheme, ours.netloc) and " " not in words


def send(name, to, *, user=None, **context):
    """Write a mail to the outbox. It leaves when the caller's transaction is committed, and not before.

    `to` is an address in its one form (`emails.clean`). `user` is the person it is for, where they have an account; a
    mail that they declined is not written (None).
    """
    kind = kinds()[name]
    if kind.may_decline and user and name in user.mail_declined:
        return None
    subject, text, html = render(name, context)
    return OutgoingMail.objects.create(
        kind=name,
        to=to,
        user=user,
        subject=subject,
        text=text,
        html=html,
        message_id=f"<{secrets.token_hex(16)}@{urlsplit(settings.SITE_URL).hostname}>",
        expires_at=kind.lifetime and timezone.now() + kind.lifetime,
    )
