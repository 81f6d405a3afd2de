"""How often people may try the doors of their account, by the name of the address.

Each try counts twice: for the network that it comes from and for the account that it is about, known or not. The
amounts are far above what anybody needs in good faith.
"""

from datetime import timedelta
from functools import wraps

from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY
from allauth.account.internal.stagekit import clear_login, unstash_login
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse

from alliance.core.emails import canonical
from alliance.core.limits import Limit, network
from alliance.core.models import User

# What sends a mail to an address that anybody can type.
MAILS = (Limit("mails.network", 30, timedelta(minutes=15)), Limit("mails.account", 6, timedelta(minutes=15)))
# What can be guessed.
GUESSES = (Limit("guesses.network", 60, timedelta(minutes=15)), Limit("guesses.account", 10, timedelta(minutes=15)))

DOORS = {
    "account_login": MAILS,
    "account_signup": MAILS,
    "account_reset_password": MAILS,
    "account_email": MAILS,
    "account_confirm_login_code": GUESSES,
    "account_email_verification_sent": GUESSES,
    "account_confirm_password_reset_code": GUESSES,
    "account_password_login": GUESSES,
    "account_reauthenticate": GUESSES,
    "account_change_password": GUESSES,
    "mfa_authenticate": GUESSES,
    "mfa_reauthenticate": GUESSES,
    "mfa_login_webauthn": GUESSES,
    "mfa_reauthenticate_webauthn": GUESSES,
    "mfa_activate_totp": GUESSES,
}


def account_of(request):
    """The address of the account that a request is about, in its one form; None where it says none."""
    if typed := request.POST.get("login") or request.POST.get("email"):
        return canonical(typed)
    if request.user.is_authenticated:
        return request.user.email
    if pending := unstash_login(request, peek=True):
        return pending.email or (pending.user and pending.user.email)
    for waiting in ("account_email_verification_code", "account_password_reset_verification"):
        if state := request.session.get(waiting):
            return state.get("email")
    return None


def drop_dead_codes(request):
    """A code that waits to be typed is dead once the account it was sent for has another address."""
    login = unstash_login(request, peek=True)
    if login and login.user and login.email and login.email != login.user.email:
        clear_login(request)
    waiting = request.session.get(PASSWORD_RESET_VERIFICATION_SESSION_KEY, {})
    if (
        "user_id" in waiting
        and not User.objects.filter(pk=waiting["user_id"], email=waiting["email"], is_active=True).exists()
    ):
        del request.session[PASSWORD_RESET_VERIFICATION_SESSION_KEY]


def answered(request, response):
    """The status that a form's answer has on this site: 400 where it is shown again, 303 where it was taken.

    django-allauth answers 200 and 302.
    """
    if request.method == "POST":
        if isinstance(response, TemplateResponse) and response.status_code == 200:
            response.status_code = 400
        elif isinstance(response, HttpResponseRedirect):
            response.status_code = 303
    return response


def guarded(name, view):
    """The view behind its limits, and in one transaction with the mail that it writes.

    The limits count outside of that transaction: a try counts even where what it tried failed.
    """

    @wraps(view)
    def door(request, *args, **kwargs):
        if request.method == "POST" and name in DOORS:
            of_network, of_account = DOORS[name]
            of_network.count(network(request))
            if account := account_of(request):
                of_account.count(account)
        with transaction.atomic():
            drop_dead_codes(request)
            return answered(request, view(request, *args, **kwargs))

    return door
