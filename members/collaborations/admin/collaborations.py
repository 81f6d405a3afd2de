from django import forms
from django.contrib import admin
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from alliance.core import dates
from alliance.core.admin_base import Missing, PageAdmin, RefusableForm, RowsInline, SearchAdmin
from alliance.core.exchange_admin import ExchangeMixin
from alliance.core.versions_admin import VersionsMixin
from alliance.core.vocabulary import State

from .. import joining
from ..exchange import SEATS
from ..models import Collaboration, Seat


class SeatInline(RowsInline):
    model = Seat
    max_num = 100
    show_change_link = True
    fields = ("partner", "jurisdiction", "name_as_printed", "role", "began", "ended")
    autocomplete_fields = ("partner", "jurisdiction")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("partner", "jurisdiction")


class CollaborationForm(RefusableForm):
    states = forms.MultipleChoiceField(
        label=_("States"), choices=State.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class InState(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        states = (
            Collaboration.objects.order_by().values_list(Func(F("states"), function="unnest"), flat=True).distinct()
        )
        return [(state, State(state).label) for state in sorted(states)]

    def queryset(self, request, queryset):
        return queryset.filter(states__contains=[self.value()]) if self.value() else queryset


@admin.register(Collaboration)
class CollaborationAdmin(VersionsMixin, PageAdmin):
    form = CollaborationForm
    list_display = ("name", "region", "status", "kind", "since", "seat_count", "updated_at")
    list_filter = ("status", Missing, "kind", "stage", InState, "published_at", "updated_at")
    search_texts = ("region", "summary", "note")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("cohort",)
    inlines = (SeatInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "kind",
                    "region",
                    "states",
                    ("founded", "ended"),
                    "stage",
                    "summary",
                    "note",
                    "cohort",
                    "sources",
                )
            },
        ),
        (_("Common agenda"), {"fields": ("result", ("agreed_on", "agenda"))}),
        PageAdmin.publication,
    )
    gaps = {
        "steward": (
            _("Steward, while somebody wants to join"),
            Q(pk__in=Collaboration.objects.wanting_a_steward().values("pk")),
        ),
        "agenda": (_("Common agenda"), Q(result="")),
        "measures": (_("Shared measures"), Q(measures=None)),
        "seats": (_("Seats"), Q(seat_count=0)),
        "backbone": (
            _("Backbone"),
            ~Q(pk__in=Seat.objects.current().filter(role=Seat.Role.BACKBONE).values("collaboration")),
        ),
        "founded": (_("Year of founding"), Q(founded=None)),
        "summary": (_("Summary"), Q(summary="")),
        "sources": (_("Sources"), Q(sources=[])),
    }

    def get_queryset(self, request):
        return super().get_queryset(request).with_seat_count()

    def action_of(self, after):
        if "ended" in after:
            return "close_collaboration" if after["ended"] else "reopen_collaboration"
        return super().action_of(after)

    def save_model(self, request, collaboration, form, change):
        super().save_model(request, collaboration, form, change)
        self.answer_whoever_waits(request, collaboration)

    def restore(self, request, version):
        collaboration = super().restore(request, version)
        self.answer_whoever_waits(request, collaboration)
        return collaboration

    def answer_whoever_waits(self, request, collaboration):
        if collaboration.ended:
            joining.close(collaboration=collaboration, by=request.user, ended=collaboration.ended)

    @admin.display(description=_("founded"), ordering="founded")
    def since(self, collaboration):
        return dates.describe(collaboration.founded)

    @admin.display(description=_("seats"), ordering="seat_count")
    def seat_count(self, collaboration):
        return collaboration.seat_count


class Holder(admin.SimpleListFilter):
    """Which of its three kinds of member a seat has; printed names wait for a curator who knows who they are."""

    title = _("member")
    parameter_name = "member"
    kinds = {
        "partner": (_("A partner"), Q(partner__isnull=False)),
        "jurisdiction": (_("A government"), Q(jurisdiction__isnull=False)),
        "printed": (_("A name as printed"), ~Q(name_as_printed="")),
    }

    def lookups(self, request, model_admin):
        return [(word, label) for word, (label, _condition) in self.kinds.items()]

    def queryset(self, request, queryset):
        return queryset.filter(self.kinds[self.value()][1]) if self.value() in self.kinds else queryset


class SeatForm(RefusableForm):
    functions = forms.MultipleChoiceField(
        label=_("Functions of the backbone"),
        choices=Seat.Function.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=Seat._meta.get_field("functions").help_text,
    )


@admin.register(Seat)
class SeatAdmin(ExchangeMixin, SearchAdmin):
    form = SeatForm
    table = SEATS
    list_display = ("__str__", "collaboration", "role", "sector_label", "ended", "updated_at")
    list_filter = (
        Holder,
        "role",
        ("ended", admin.EmptyFieldListFilter),
        ("collaboration", admin.RelatedOnlyFieldListFilter),
        "updated_at",
    )
    list_select_related = ("collaboration", "partner", "jurisdiction")
    search_fields = ("partner__key", "jurisdiction__key", "collaboration__key")
    search_texts = ("name_as_printed",)
    autocomplete_fields = ("collaboration", "partner", "jurisdiction")
    readonly_fields = ("created_at", "updated_at")

    def describe(self, seat):
        return f"{seat}, {seat.collaboration}"

    @admin.display(description=_("sector"))
    def sector_label(self, seat):
        return seat.sector_label
