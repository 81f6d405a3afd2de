from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(admin.AdminSite):
    """Django's admin under the portal's name; whoever holds a temporary password must choose their own first."""

    site_header = site_title = _("Alliance curation")
    index_title = _("What would you like to curate?")

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        def first_a_password(request, *args, **kwargs):
            must_choose = request.user.is_authenticated and request.user.password_is_temporary
            if must_choose and request.resolver_match.url_name not in ("password_change", "logout", "jsi18n"):
                return redirect("admin:password_change")
            return guarded(request, *args, **kwargs)

        return first_a_password
