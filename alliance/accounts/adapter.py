"""Where django-allauth asks us: how addresses are cleaned, how mail leaves, what its messages say."""

from base64 import urlsafe_b64encode
from hashlib import sha256

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathImage

from alliance.core import emails, mail
from alliance.core.limits import client_address
from alliance.core.models import OutgoingMail

from . import devices
from .mails import ALLAUTH, TWO_STEP_CHANGES


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Write to us if it should not be."),
        "email_password_mismatch": _("Address and password do not belong together. Try again, or ask for a code."),
        "email_taken": _("This address can’t be used. Choose another one."),
        "duplicate_email": _("This is your address already."),
        "enter_current_password": _("Type the password that you have now."),
        "incorrect_code": _("This is not the code that we sent. Look again, or ask for a new one."),
        "incorrect_password": _("This is not your password."),
        "invalid_login": _("We can’t use this address. Type it again."),
        "same_as_current": _("This is what it is already."),
        "too_many_login_attempts": _("The code was wrong too often, so it is of no use now. Ask for a new one."),
    }

    def clean_email(self, email):
        return emails.clean(email)

    def post_login(self, request, user, **kwargs):
        """Note how a new account came in, too: the code from the mail was its proof of this moment."""
        if not get_authentication_records(request, user):
            record_authentication(request, user, method="code")
        return super().post_login(request, user, **kwargs)

    def set_password(self, user, password):
        user.set_password(password)
        user.save(update_fields=["password"])  # no role that was taken away in this moment comes back

    def get_client_ip(self, request):
        return client_address(request)

    def get_password_change_redirect_url(self, request):
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address):
        return reverse("account")

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def send_mail(self, template_prefix, email, context):
        """Write the mail that django-allauth asks for to the outbox; a kind that we do not know is an error."""
        values = {"when": timezone.now(), "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60}
        values |= {name: context[name] for name in ("code", "from_email", "to_email") if name in context}
        if template_prefix in TWO_STEP_CHANGES:
            values["change"] = TWO_STEP_CHANGES[template_prefix]
        if "from_email" in values:
            # What went to the address of before, such as codes, names nobody; it is to be told and forgotten with them.
            OutgoingMail.objects.filter(to=values["from_email"], user=None).update(user=context["user"])
        to = {email, values["to_email"]} if "to_email" in values else {email}
        for address in sorted(to):
            mail.send(ALLAUTH[template_prefix], address, user=context.get("user"), **values)


class TwoStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This is not the code that the app shows now. Wait for the next one and try again."),
        "cannot_generate_recovery_codes": _("First set up an app or a passkey; then there are recovery codes."),
        "unverified_email": _("First confirm your e-mail address: sign in with a code that we send to it."),
    }

    def _get_site_name(self):
        return settings.SITE_NAME

    def generate_authenticator_name(self, user, type):
        return devices.describe(context.request.headers.get("User-Agent", ""))

    def build_totp_svg(self, url):
        """The address as a picture to scan, ready to stand in a page."""
        return mark_safe(qrcode.make(url, image_factory=SvgPathImage).to_string(encoding="unicode"))

    def encrypt(self, text):
        """Secrets of authenticator apps leave the database only with the secret key: a copy of a dump is not enough."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return cipher().decrypt(encrypted_text.encode()).decode()


def cipher():
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(Fernet(urlsafe_b64encode(sha256(f"two-step {key}".encode()).digest())) for key in keys)
