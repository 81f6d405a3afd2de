from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from alliance.core.admin_base import Missing, PageAdmin, TieAdmin
from alliance.core.exchange_admin import ExchangeMixin

from .exchange import PARTNERS
from .models import Affiliation, Partner


@admin.register(Partner)
class PartnerAdmin(ExchangeMixin, PageAdmin):
    table = PARTNERS
    list_display = ("name", "state", "status", "sector", "position", "seat_count", "jurisdiction", "updated_at")
    list_filter = (
        "status",
        Missing,
        "sector",
        ("position", admin.EmptyFieldListFilter),
        ("state", admin.AllValuesFieldListFilter),
        "published_at",
        "updated_at",
    )
    list_select_related = ("jurisdiction",)
    search_texts = ("later_name", "representative", "summary")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("jurisdiction",)
    fieldsets = (
        (None, {"fields": ("name", "later_name", "sector", "state", "website", "summary", "sources")}),
        (
            _("In the Alliance's list"),
            {
                "fields": ("position", "representative", "jurisdiction"),
                "description": _("Where the Alliance printed this partner, and who stood for it."),
            },
        ),
        PageAdmin.publication,
    )
    gaps = {
        "seats": (_("Seats in collaborations"), Q(seat_count=0)),
        "website": (_("Website"), Q(website="")),
        "summary": (_("Summary"), Q(summary="")),
        "sources": (_("Sources"), Q(sources=[])),
    }

    def get_queryset(self, request):
        # The relation comes from an upper floor, so it is named, not imported.
        return (
            super()
            .get_queryset(request)
            .annotate(seat_count=Count("seats", filter=Q(seats__ended=None), distinct=True))
        )

    @admin.display(description=_("seats in collaborations"), ordering="seat_count")
    def seat_count(self, partner):
        return partner.seat_count


@admin.register(Affiliation)
class AffiliationAdmin(TieAdmin):
    """People's ties to partners, which bar them from reviewing governments that these work with."""

    list_display = ("user", "partner", "started_on", "ended_on")
    list_filter = (("ended_on", admin.EmptyFieldListFilter),)
    list_select_related = ("user", "partner")
    search_fields = ("user__email", "user__name", "partner__name")
    ordering = ("-created_at",)
    autocomplete_fields = ("user", "partner")
    fields = ("user", "partner", "started_on", "ended_on")

    def get_readonly_fields(self, request, tie=None):
        """An end closes a tie; it does not become another one."""
        return ("user", "partner") if tie else ()
