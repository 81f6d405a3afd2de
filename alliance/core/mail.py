"""Mail: its kinds, its texts, and the outbox that it is written to.

A mail is one template of plain text, `templates/mail/<kind>.txt`: the first line is the subject, paragraphs stand
between empty lines. The HTML form is made from it, so the two always say the same: a paragraph that is an address of
this site becomes a link, one that begins with "> " (the filter `quoted`) a quotation, one that is a code stands out.
Everything else is text, so nothing that a person wrote can become anything more.

Each app names its kinds in `mails.py`. `send` writes a row of the outbox in the caller's transaction.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import make_msgid
from functools import cache
from importlib import import_module
from urllib.parse import urljoin, urlsplit

from django.apps import apps
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from .models import OutgoingMail

CODE = re.compile(r"[A-Z0-9]{3,8}(-[A-Z0-9]{3,8})*")
SUBJECT_LENGTH = OutgoingMail._meta.get_field("subject").max_length


@dataclass(frozen=True)
class Kind:
    """One kind of mail. `sample` is what the preview shows in the place of real values; `lifetime` how long it is of
    use; `may_decline` says that a person can choose not to get it."""

    name: str
    label: str
    sample: Callable[[], dict]
    lifetime: timedelta | None = None
    may_decline: bool = False


@cache
def kinds():
    """All kinds of mail by name, in the order of the apps."""
    found = {}
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "mails"):
            for kind in import_module(f"{app.name}.mails").MAILS:
                found[kind.name] = kind
    return found


def address_of(name, *args):
    """The full address of a page, for a mail."""
    return urljoin(settings.SITE_URL, reverse(name, args=args))


def quoted(text):
    """What a person wrote, as a quotation of one paragraph."""
    return "\n".join(f"> {line}".rstrip() for line in str(text).splitlines() if line.strip())


def render(name, context):
    """Return (subject, plain text, HTML) of a mail."""
    written = render_to_string(
        f"mail/{name}.txt", {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **context}
    )
    subject, _newline, body = written.strip().partition("\n")
    text = re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n"
    html = render_to_string("mail/_layout.html", {"subject": subject, "paragraphs": list(paragraphs(text)), **context})
    return " ".join(subject.split())[:SUBJECT_LENGTH], text, html


def paragraphs(text):
    """(form, text) of each paragraph: "link", "quote", "code" or "plain"."""
    for paragraph in text.strip().split("\n\n"):
        if paragraph.startswith("> "):
            yield "quote", "\n".join(line.removeprefix(">").strip() for line in paragraph.splitlines())
        elif is_own_address(paragraph):
            yield "link", paragraph
        elif CODE.fullmatch(paragraph):
            yield "code", paragraph
        else:
            yield "plain", paragraph


def is_own_address(text):
    ours, this = urlsplit(settings.SITE_URL), urlsplit(text)
    return (this.scheme, this.netloc) == (ours.scheme, ours.netloc) and not re.search(r"\s", text)


def send(name, to, *, user=None, **context):
    """Write a mail to the outbox. It leaves when the caller's transaction is committed, and not before.

    `user` is the person it is for, where they have an account; a mail that they declined is not written (None).
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
        message_id=make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
        expires_at=kind.lifetime and timezone.now() + kind.lifetime,
    )
