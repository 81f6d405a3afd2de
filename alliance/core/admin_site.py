from functools import update_wrapper

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.shortcuts import redirect
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class Choices(AutocompleteJsonView):
    """What an autocomplete box offers, in words that tell one "Oakwood, OH" from the next."""

    def serialize_result(self, obj, to_field_name):
        return super().serialize_result(obj, to_field_name) | {"text": self.model_admin.describe(obj)}


class PortalAdminSite(admin.AdminSite):
    """Django's admin under the portal's name; alliance/access.py says who comes in."""

    site_header = site_title = format_lazy(_("{site}: curation"), site=settings.SITE_NAME)
    index_title = _("What would you like to curate?")
    empty_value_display = "–"

    def admin_view(self, view, cacheable=False):
        def with_clean_query(request, *args, **kwargs):
            if "%00" in request.META["QUERY_STRING"]:
                request.GET = without_nul(request.GET)
            return view(request, *args, **kwargs)

        return super().admin_view(update_wrapper(with_clean_query, view), cacheable)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def autocomplete_view(self, request):
        return Choices.as_view(admin_site=self)(request)


def without_nul(query):
    """The query string without NUL characters, which PostgreSQL refuses in any text."""
    query = query.copy()
    for name, values in list(query.lists()):
        query.setlist(name, [value.replace("\0", "") for value in values])
    query._mutable = False
    return query
