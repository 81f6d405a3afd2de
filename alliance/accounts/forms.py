from allauth.account.fields import PasswordField
from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.core.models import User


class PasswordLoginForm(LoginForm):
    """Sign in with the password, for those who chose one."""

    def _setup_password_field(self):
        self.fields["password"] = PasswordField(label=_("Password"), autocomplete="current-password")


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name",)
        labels = {"name": _("Your name")}
        help_texts = {"name": _("Shown to the people you work with here. It is on no public page.")}
