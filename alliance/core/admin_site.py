from functools import update_wrapper

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import PasswordChangeView
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

OPEN_WITH_A_TEMPORARY_PASSWORD = ("password_change", "logout", "jsi18n")


class OwnPasswordForm(AdminPasswordChangeForm):
    """A one-time password cannot be chosen again as one's own."""

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if password == self.cleaned_data.get("old_password"):
            raise forms.ValidationError(_("Choose a password other than the one you have now."))
        return password


class Choices(AutocompleteJsonView):
    """What an autocomplete box offers, in words that tell one "Oakwood, OH" from the next."""

    def serialize_result(self, obj, to_field_name):
        return super().serialize_result(obj, to_field_name) | {"text": self.model_admin.describe(obj)}


class PortalAdminSite(admin.AdminSite):
    """Django's admin under the portal's name; whoever holds a temporary password must choose their own first."""

    site_header = site_title = format_lazy(_("{site}: curation"), site=settings.SITE_NAME)
    index_title = _("What would you like to curate?")
    empty_value_display = "–"

    def admin_view(self, view, cacheable=False):
        def first_a_password(request, *args, **kwargs):
            must_choose = request.user.is_authenticated and request.user.password_is_temporary
            if must_choose and request.resolver_match.url_name not in OPEN_WITH_A_TEMPORARY_PASSWORD:
                return redirect("admin:password_change")
            if "%00" in request.META["QUERY_STRING"]:
                request.GET = without_nul(request.GET)
            return view(request, *args, **kwargs)

        return super().admin_view(update_wrapper(first_a_password, view), cacheable)

    def autocomplete_view(self, request):
        return Choices.as_view(admin_site=self)(request)

    def password_change(self, request, extra_context=None):
        request.current_app = self.name
        return PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done", current_app=self.name),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)


def without_nul(query):
    """The query string without NUL characters, which PostgreSQL refuses in any text."""
    query = query.copy()
    for name, values in list(query.lists()):
        query.setlist(name, [value.replace("\0", "") for value in values])
    query._mutable = False
    return query
