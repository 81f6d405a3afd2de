from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """How people sign in and what they find at /account/: django-allauth, set up and dressed as ours."""

    name = "alliance.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
