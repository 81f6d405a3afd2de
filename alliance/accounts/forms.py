"""The forms of /account/: those of django-allauth with our fields and words, and our own."""

import re
import struct
from contextlib import contextmanager
from datetime import timedelta

from allauth.account import forms as account
from allauth.account.fields import PasswordField
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as two_step
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from alliance.core import emails, mail
from alliance.core.limits import Limit, Locked
from alliance.core.models import User

# A code of an authenticator app is of use once, as long as it could be of use at all.
CODE_OF_APP = Limit("code of the app", 1, timedelta(minutes=3))


class AddressField(forms.CharField):
    """An e-mail address, in its one form."""

    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    default_error_messages = {"required": _("Type your e-mail address.")}

    def clean(self, value):
        return emails.clean(super().clean(value))


# What the fields of django-allauth are called here, with which help, and what their inputs tell the browser.
CODE = {"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "characters"}
DIGITS = {"autocomplete": "one-time-code", "spellcheck": "false", "inputmode": "numeric"}
RULE = _(
    "15 characters or more; several words in a row make a good one. Nothing else is asked of it, but a password that "
    "many people use, or one like your name or address, is refused. You may paste it."
)
WORDS = {
    # field: (label, help, what is said of an empty one, attributes)
    "password": (_("Password"), "", _("Type your password."), {"autocomplete": "current-password"}),
    "oldpassword": (_("Present password"), "", _("Type your present password."), {"autocomplete": "current-password"}),
    "password1": (_("New password"), RULE, _("Type a new password."), {"autocomplete": "new-password"}),
    "code": (_("Code"), "", _("Type the code."), CODE),
    "name": (
        _("Name of the passkey"),
        _("For yourself, to tell it from others."),
        _("Give it a name."),
        {"maxlength": "60"},
    ),
}


class InOurWords:
    """Mixed into a form of django-allauth: our address field, our words, and new passwords typed once."""

    words = WORDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name in self.fields.keys() & {"login", "email"}:
            self.fields[name] = AddressField(label=_("E-mail address"))
        for name in self.fields.keys() & self.words.keys():
            field = self.fields[name]
            field.label, field.help_text, field.error_messages["required"], field.widget.attrs = self.words[name]


def in_our_words(form, **words):
    return type(form.__name__, (InOurWords, form), {"words": WORDS | words})


LoginForm = in_our_words(account.LoginForm)
SignupForm = in_our_words(account.SignupForm)
AddEmailForm = in_our_words(account.AddEmailForm)
ChangePasswordForm = in_our_words(account.ChangePasswordForm)
SetPasswordForm = in_our_words(account.SetPasswordForm)
ResetPasswordForm = in_our_words(account.ResetPasswordForm)
ResetPasswordKeyForm = in_our_words(account.ResetPasswordKeyForm)
ReauthenticateForm = in_our_words(account.ReauthenticateForm)
ConfirmLoginCodeForm = in_our_words(account.ConfirmLoginCodeForm)
ConfirmEmailVerificationCodeForm = in_our_words(account.ConfirmEmailVerificationCodeForm)
ConfirmPasswordResetCodeForm = in_our_words(account.ConfirmPasswordResetCodeForm)


class PasswordLoginForm(InOurWords, account.LoginForm):
    """Sign in with the password, for those who chose one."""

    def _setup_password_field(self):
        self.fields["password"] = PasswordField(autocomplete="current-password")


# --- Two-step sign-in ---


SECOND_STEP = (_("Code"), _("From your authenticator app, or one of your recovery codes."), _("Type the code."), DIGITS)
CODE_OF_NEW_APP = (_("Code that the app shows"), _("Six digits."), _("Type the code that the app shows."), DIGITS)


class CodeOnce(InOurWords):
    """A second step that holds once: also for two requests at the same moment, and in all processes together."""

    words = WORDS | {"code": SECOND_STEP}

    def clean_code(self):
        code = super().clean_code()
        try:
            CODE_OF_APP.count(f"{self.user.pk} {re.sub(r'[^0-9]', '', code)}")
        except Locked:
            raise get_adapter().validation_error("incorrect_code") from None
        return code


class AuthenticateForm(CodeOnce, two_step.AuthenticateForm):
    """The second step of signing in."""


class ReauthenticateTwoStepForm(CodeOnce, two_step.ReauthenticateForm):
    """The second step once more, before something that matters."""


ActivateTOTPForm = in_our_words(totp.ActivateTOTPForm, code=CODE_OF_NEW_APP)

# --- Passkeys ---

PASSKEY_NAME_LENGTH = 60  # characters
BASE64 = re.compile(r"[A-Za-z0-9_-]+")
# What a browser tells of a passkey (WebAuthn, "RegistrationResponseJSON" and "AuthenticationResponseJSON").
PARTS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")
# What the parsers of foreign bytes raise where these are not what they should be.
MALFORMED = (ValueError, TypeError, LookupError, AttributeError, struct.error, InvalidSignature)


class CredentialField(forms.JSONField):
    """The answer of a passkey, and nothing beside it that was sent along."""

    widget = forms.HiddenInput
    default_error_messages = {"required": _("This works with JavaScript only."), "invalid": _("Try again.")}

    def to_python(self, value):
        try:
            sent = super().to_python(value)
            if sent is None:
                return None
            parts = {name: sent["response"][name] for name in PARTS if sent["response"].get(name)}
            if not all(BASE64.fullmatch(text) for text in (sent["id"], sent["rawId"], *parts.values())):
                raise ValueError
        except (RecursionError, *MALFORMED):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        return {
            "id": sent["id"],
            "rawId": sent["rawId"],
            "type": "public-key",
            "response": parts,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }


@contextmanager
def wrong_where_malformed():
    """What no passkey would say is a wrong answer like any other, whatever its parser thinks of it."""
    try:
        yield
    except MALFORMED:
        raise get_adapter().validation_error("incorrect_code") from None


class WithCredential(InOurWords):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()


class AddWebAuthnForm(WithCredential, passkeys.AddWebAuthnForm):
    """A new passkey, which also knows who its owner is and asks them to unlock it: it is both steps in one."""

    passwordless = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        limit_name(self.fields["name"])

    def clean(self):
        with wrong_where_malformed():
            return super().clean()


class EditWebAuthnForm(InOurWords, passkeys.EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        limit_name(self.fields["name"])


def limit_name(field):
    field.validators.append(MaxLengthValidator(PASSKEY_NAME_LENGTH))


class ShowPasskey(WithCredential):
    def clean_credential(self):
        with wrong_where_malformed():
            return super().clean_credential()


class LoginWebAuthnForm(ShowPasskey, passkeys.LoginWebAuthnForm):
    """Sign in with a passkey alone."""


class AuthenticateWebAuthnForm(ShowPasskey, passkeys.AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class ReauthenticateWebAuthnForm(ShowPasskey, passkeys.ReauthenticateWebAuthnForm):
    """A passkey once more, before something that matters."""


# --- Our own ---


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name",)
        labels = {"name": _("Your name")}
        help_texts = {"name": _("Shown to the people you work with here. It is on no public page.")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class SessionForm(forms.Form):
    """Which session to end: one of the others of this person, or all of them."""

    OTHERS = "others"
    session = forms.ChoiceField(
        error_messages={
            "required": _("Choose what to end."),
            "invalid_choice": _("This one has ended already."),
        }
    )

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = others
        self.fields["session"].choices = [(self.OTHERS, ""), *((str(one.pk), "") for one in others)]

    def chosen(self):
        which = self.cleaned_data["session"]
        return [one for one in self.others if which in (self.OTHERS, str(one.pk))]


class MailForm(forms.Form):
    """Which of the mail that can be declined somebody wants."""

    wanted = forms.MultipleChoiceField(
        label=_("Mail that you can choose"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["wanted"].choices = [(kind.name, kind.label) for kind in mail.kinds().values() if kind.may_decline]

    def declined(self):
        return [name for name, _label in self.fields["wanted"].choices if name not in self.cleaned_data["wanted"]]
