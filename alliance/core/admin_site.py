from functools import update_wrapper
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from . import home, search

# Of each kind, on the page of the search.
FOUND = 5


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

    def get_urls(self):
        view = self.admin_view(require_safe(self.search_view))
        # Django's way from a number to the page of an object would tell anybody of the staff whether there is one.
        others = [one for one in super().get_urls() if getattr(one, "name", None) != "view_on_site"]
        return [path("search/", view, name="search"), *others]

    def index(self, request, extra_context=None):
        """The lists of the admin, below what waits for whoever looks."""
        context = {
            "needs": home.needs_of(request.user),
            "links": home.links_of(request.user),
            "charts": home.charts(),
        }
        if not any(one.has_change_permission(request) for one in self._registry.values()):
            context["title"] = _("Your work here")
        return super().index(request, context | (extra_context or {}))

    def search_view(self, request):
        """Everything that whoever asks may see in the admin: a few of each kind, as its own list finds them."""
        text = search.clean(request.GET.get("q", ""))
        sections = [section for section in self.sections(request, text) if section["hits"]] if text else []
        context = {**self.each_context(request), "title": _("Search"), "text": text, "sections": sections}
        return TemplateResponse(request, "admin/search.html", context)

    def sections(self, request, text):
        for model, model_admin in self._registry.items():
            # Without anything to search in, a list would find everything.
            is_searched = model_admin.in_quick_search and model_admin.get_search_fields(request)
            if is_searched and model_admin.has_view_or_change_permission(request):
                found, _may_repeat = model_admin.get_search_results(request, model_admin.get_queryset(request), text)
                hits = list(found[: FOUND + 1])
                yield {
                    "title": model._meta.verbose_name_plural,
                    "hits": [(model_admin.describe(hit), address_of(hit, "change", hit.pk)) for hit in hits[:FOUND]],
                    "more": len(hits) > FOUND and f"{address_of(model, 'changelist')}?{urlencode({'q': text})}",
                }

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def autocomplete_view(self, request):
        return Choices.as_view(admin_site=self)(request)


def address_of(thing, view, *args):
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{view}", args=args)


def without_nul(query):
    """The query string without NUL characters, which PostgreSQL refuses in any text."""
    query = query.copy()
    for name, values in list(query.lists()):
        query.setlist(name, [value.replace("\0", "") for value in values])
    query._mutable = False
    return query
