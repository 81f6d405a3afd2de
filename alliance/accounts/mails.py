from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.mail import Kind

CODE_LIFETIME = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


def code():
    return {"code": "KRTM-WXBP", "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60}


def moment():
    return {"when": timezone.now()}


def new_address():
    return {"from_email": "before@example.gov", "to_email": "after@example.gov", **moment()}


MAILS = [
    Kind("sign_in_code", _("A code to sign in with"), code, CODE_LIFETIME),
    Kind("no_account", _("Somebody tried to sign in with an address that has no account"), dict, CODE_LIFETIME),
    Kind("sign_up_code", _("A code for a new account"), code, CODE_LIFETIME),
    Kind("has_account", _("Somebody wanted a new account for an address that has one"), dict, CODE_LIFETIME),
    Kind("address_code", _("A code for a new e-mail address"), code, CODE_LIFETIME),
    Kind("address_changed", _("The e-mail address was changed: to both addresses"), new_address),
    Kind("password_code", _("A code to choose a new password"), code, CODE_LIFETIME),
    Kind("password_changed", _("The password was changed"), moment),
    Kind(
        "two_step_changed", _("Two-step sign-in was changed"), lambda: {"change": _("A passkey was added."), **moment()}
    ),
    Kind("account_deleted", _("The account was deleted"), moment),
]

# What django-allauth calls the mail that it asks for, and which of ours it is.
ALLAUTH = {
    "account/email/login_code": "sign_in_code",
    "account/email/unknown_account": "no_account",
    "account/email/email_confirmation_signup": "sign_up_code",
    "account/email/account_already_exists": "has_account",
    "account/email/email_confirmation": "address_code",
    "account/email/email_changed": "address_changed",
    "account/email/password_reset_code": "password_code",
    "account/email/password_reset": "password_changed",
    "account/email/password_changed": "password_changed",
    "account/email/password_set": "password_changed",
    "mfa/email/totp_activated": "two_step_changed",
    "mfa/email/totp_deactivated": "two_step_changed",
    "mfa/email/recovery_codes_generated": "two_step_changed",
    "mfa/email/webauthn_added": "two_step_changed",
    "mfa/email/webauthn_removed": "two_step_changed",
}

TWO_STEP_CHANGES = {
    "mfa/email/totp_activated": _("An authenticator app was added."),
    "mfa/email/totp_deactivated": _("The authenticator app was removed."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made; the old ones no longer work."),
    "mfa/email/webauthn_added": _("A passkey was added."),
    "mfa/email/webauthn_removed": _("A passkey was removed."),
}
