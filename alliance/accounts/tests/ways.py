"""Ways through the doors of an account, for tests with Django's client."""

import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from alliance.core.models import OutgoingMail


def code_in_mail(to):
    """The code of the newest mail to this address."""
    text = OutgoingMail.objects.filter(to=to).latest("created_at").text
    return re.search(r"^[B-Z]{4}-[B-Z]{4}$", text, re.MULTILINE)[0]


def kinds_to(to):
    """The kinds of mail written to this address, the oldest first."""
    return list(OutgoingMail.objects.filter(to=to).order_by("created_at").values_list("kind", flat=True))


def code_of_app(secret, step=0):
    """What an authenticator app with this secret shows now, or `step` half minutes later."""
    now = list(yield_hotp_counters_from_time())[1]
    return format_hotp_value(hotp_value(secret, now + step))


def ask_for_code(client, email, **data):
    return client.post("/account/login/", {"login": email, **data})


def sign_in_by_code(client, email):
    ask_for_code(client, email)
    return client.post("/account/login/code/", {"code": code_in_mail(email)})


def is_signed_in(client):
    return client.get("/account/").status_code == 200
