from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "alliance.core"
    verbose_name = _("People and site")
    default = True


class PortalAdminConfig(admin_apps.AdminConfig):
    default_site = "alliance.core.admin_site.PortalAdminSite"
    default = False
