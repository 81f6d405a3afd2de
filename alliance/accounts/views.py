"""The pages of /account/: those of django-allauth where they need a word more, and our own."""

from allauth.account import views as allauth
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, logout
from django.contrib.sessions.models import Session
from django.db import transaction
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from alliance.core import mail
from alliance.core.models import User
from alliance.core.writing import form_page, see_other
from members.collaborations.models import Collaboration
from members.pathway.desk import part_of

from . import devices
from .forms import MailForm, NameForm, PasswordLoginForm, SessionForm

# --- To come in ---


class PasswordLoginView(allauth.LoginView):
    template_name = "account/password_login.html"

    def get_form_class(self):
        return PasswordLoginForm


class CodePage:
    """A page that waits for a code from a mail; it says how long, and when there is nothing to wait for any more."""

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        if not (request.user.is_authenticated or getattr(self, "_process", None)):
            messages.info(request, _("No code is waited for any more. Ask for a new one."))
        return response

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            minutes=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
            is_mail_kept_here=hasattr(settings, "EMAIL_FILE_PATH"),
            **kwargs,
        )


class LoginCodeView(CodePage, allauth.ConfirmLoginCodeView):
    pass


class AddressCodeView(CodePage, allauth.ConfirmEmailVerificationCodeView):
    pass


class PasswordCodeView(CodePage, allauth.ConfirmPasswordResetCodeView):
    pass


password_login = PasswordLoginView.as_view()
login_code = LoginCodeView.as_view()
address_code = AddressCodeView.as_view()
password_code = PasswordCodeView.as_view()

# --- Two-step sign-in ---


class SetUp:
    """Whoever sets up a second step has shown it: they are not asked for it again to see their recovery codes."""

    def form_valid(self, form):
        response = super().form_valid(form)
        record_authentication(
            self.request, self.request.user, "mfa", type=self.authenticator_type, reauthenticated=True
        )
        return response


class AddAppView(SetUp, ActivateTOTPView):
    authenticator_type = Authenticator.Type.TOTP


class AddPasskeyView(SetUp, AddWebAuthnView):
    authenticator_type = Authenticator.Type.WEBAUTHN

    def get_context_data(self, **kwargs):
        """Ask for a passkey that is both steps in one; django-allauth would leave that to a box to tick."""
        context = FormView.get_context_data(self, **kwargs)
        context["js_data"] = {"creation_options": begin_registration(self.request.user, passwordless=True)}
        return context


class ShowPasskeyView(ReauthenticateWebAuthnView):
    def form_invalid(self, form):
        """Ask again; django-allauth would forget where this was to lead."""
        return FormView.form_invalid(self, form)


class Removal:
    """Removes a second step, but not the last one of the only admin: nobody could give it back."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(is_needed=self.is_needed(), **kwargs)

    def is_needed(self):
        return self.request.user.is_last_admin_by(self.step)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        User.objects.lock_superusers()
        if self.is_needed():
            page = self.get(request, *args, **kwargs)
            page.status_code = 409
            return page
        return super().post(request, *args, **kwargs)


class RemoveAppView(Removal, DeactivateTOTPView):
    @property
    def step(self):
        return self.authenticator


class RemovePasskeyView(Removal, RemoveWebAuthnView):
    @property
    def step(self):
        return self.get_object()


add_app = AddAppView.as_view()
add_passkey = AddPasskeyView.as_view()
show_passkey = ShowPasskeyView.as_view()
remove_app = RemoveAppView.as_view()
remove_passkey = RemovePasskeyView.as_view()

# --- The account ---


@form_page
def account(request):
    """Everything of an account at a glance, and the name to change."""
    form = NameForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_bound and form.is_valid():
        # The name alone: a whole row would bring back a role that was taken away in this moment.
        form.instance.save(update_fields=["name"])
        messages.success(request, _("Your name is saved."))
        return see_other("account")
    steps = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "form": form,
        "steps": steps,
        "reviews": part_of(request.user) is not None,
        "collaborations": Collaboration.objects.known_to(request.user).with_kept_by(request.user),
    }
    return render(request, "account/account.html", context, status=400 if form.errors else 200)


def live_sessions(user):
    """The sessions in which this person is signed in now, the newest first: in two queries, however many there are."""
    noted = UserSession.objects.filter(user=user).order_by("-created_at")
    stored = Session.objects.filter(
        session_key__in=noted.values("session_key"), expire_date__gt=timezone.now()
    ).in_bulk()
    expected = user.get_session_auth_hash()
    for one in noted:
        data = stored[one.session_key].get_decoded() if one.session_key in stored else {}
        if constant_time_compare(data.get(HASH_SESSION_KEY, ""), expected):
            one.device = devices.describe(one.user_agent)
            yield one


@form_page
def sessions(request):
    """Where somebody is signed in, and the ends of the other sessions."""
    own = list(live_sessions(request.user))
    others = [one for one in own if not one.is_current()]
    form = SessionForm(request.POST if request.method == "POST" else None, others=others)
    if form.is_bound and form.is_valid():
        ended = form.chosen()
        end_sessions(request, ended)
        messages.success(
            request, ngettext("%(n)d session is ended.", "%(n)d sessions are ended.", len(ended)) % {"n": len(ended)}
        )
        return see_other("usersessions_list")
    context = {"form": form, "sessions": own, "others": others}
    return render(request, "account/sessions.html", context, status=400 if form.errors else 200)


@require_POST
def sign_out_everywhere(request):
    request.user.sign_out_everywhere()
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return see_other("account_login")


@form_page
def mail_choices(request):
    """Which mail a person gets: what can be declined, and what always comes."""
    user = request.user
    form = MailForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_bound and form.is_valid():
        user.mail_declined = form.declined()
        user.save(update_fields=["mail_declined"])
        messages.success(request, _("Your choice is saved."))
        return see_other("account_mail")
    context = {
        "form": form,
        "choices": [(kind, kind.name not in user.mail_declined) for kind in mail.choices_of(user)],
        "always": [kind for kind in mail.kinds().values() if not kind.may_decline],
    }
    return render(request, "account/mail.html", context, status=400 if form.errors else 200)
