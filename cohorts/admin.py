from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Case, Count, Q, When
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.core import dates, search
from alliance.core.admin import UserAdmin
from alliance.core.admin_base import Missing, PageAdmin, PortalAdmin, RowsInline, SearchAdmin, TieAdmin
from alliance.core.exchange_admin import ExchangeMixin
from alliance.core.models import User
from alliance.core.versions_admin import VersionsMixin

from . import proposal_admin  # noqa: F401 - registers what members propose
from .exchange import COHORT_SEATS, COHORTS, JURISDICTIONS
from .models import Cohort, CohortSeat, Jurisdiction, Membership, Milestone, Place


class MilestoneInline(RowsInline):
    model = Milestone
    fields = ("kind", "date", "title", "description", "sources")


class CohortInline(RowsInline):
    """The cohorts of a government."""

    model = CohortSeat
    fields = ("cohort", "joined", "left", "sources")
    autocomplete_fields = ("cohort",)
    ordering = ("cohort__name", "joined")


class GovernmentInline(RowsInline):
    """The governments of a cohort."""

    model = CohortSeat
    max_num = 120
    fields = ("jurisdiction", "joined", "left", "sources")
    autocomplete_fields = ("jurisdiction",)


@admin.register(Jurisdiction)
class JurisdictionAdmin(ExchangeMixin, PageAdmin):
    table = JURISDICTIONS
    list_display = ("name", "state", "status", "link", "milestone_count", "seat_count", "kind", "updated_at")
    list_filter = (
        "status",
        Missing,
        "role",
        "stage",
        "kind",
        ("state", admin.AllValuesFieldListFilter),
        "published_at",
        "updated_at",
    )
    search_texts = ("summary", "role_words")
    prepopulated_fields = {"slug": ("name", "state")}
    autocomplete_fields = ("place", "parent")
    inlines = (MilestoneInline, CohortInline)
    fieldsets = (
        (None, {"fields": ("name", "kind", "parent", "state", "website", "summary")}),
        (
            _("On the map"),
            {
                "fields": ("place", "geoid", "population", ("latitude", "longitude")),
                "description": _(
                    "Choose its entry in the register of places, which gives the figures. Only where the register has "
                    "none, as for a school district, enter them here."
                ),
            },
        ),
        (
            _("Link to the Alliance"),
            {
                "fields": ("role", "role_year", "role_words", "sources"),
                "description": _("The strongest link that a source shows for that year, and no more."),
            },
        ),
        (_("Stage"), {"fields": ("stage", "stage_reason")}),
        (
            _("Public contact"),
            {
                "fields": ("office", "office_url", "office_email", "office_person", "office_person_agreed"),
                "description": _(
                    "The office that others may ask. Name a person only if they agreed that their name is public."
                ),
            },
        ),
        PageAdmin.publication,
    )
    gaps = {
        "milestones": (_("Milestones"), Q(milestones=None)),
        "stage": (_("Stage"), Q(stage="")),
        "summary": (_("Summary"), Q(summary="")),
        "website": (_("Website"), Q(website="")),
        "office": (_("Public contact"), Q(office="")),
        "point": (_("Place or coordinates"), Q(place=None, latitude=None)),
        "sources": (_("Sources"), Q(sources=[])),
    }

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .with_milestone_count()
            .annotate(seat_count=Count("cohort_seats", distinct=True))
        )

    @admin.display(description=_("link to the Alliance"), ordering="role")
    def link(self, jurisdiction):
        return jurisdiction.role_in_words

    @admin.display(description=_("milestones"), ordering="milestone_count")
    def milestone_count(self, jurisdiction):
        return jurisdiction.milestone_count

    @admin.display(description=_("cohort seats"), ordering="seat_count")
    def seat_count(self, jurisdiction):
        return jurisdiction.seat_count


@admin.register(Cohort)
class CohortAdmin(ExchangeMixin, PageAdmin):
    table = COHORTS
    list_display = ("name", "status", "kind", "period", "seat_count", "updated_at")
    list_filter = ("status", Missing, "kind", "published_at", "updated_at")
    search_texts = ("summary",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (GovernmentInline,)
    fieldsets = (
        (None, {"fields": ("name", "kind", "summary", ("start", "end"), "sources")}),
        PageAdmin.publication,
    )
    gaps = {
        "seats": (_("Seats"), Q(seats=None)),
        "start": (_("Start"), Q(start=None)),
        "summary": (_("Summary"), Q(summary="")),
        "sources": (_("Sources"), Q(sources=[])),
    }

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(seat_count=Count("seats", distinct=True))

    @admin.display(description=_("period"), ordering="start")
    def period(self, cohort):
        return " – ".join(filter(None, (dates.describe(cohort.start), dates.describe(cohort.end))))

    @admin.display(description=_("seats"), ordering="seat_count")
    def seat_count(self, cohort):
        return cohort.seat_count


@admin.register(CohortSeat)
class CohortSeatAdmin(ExchangeMixin, SearchAdmin):
    table = COHORT_SEATS
    list_display = ("jurisdiction", "cohort", "joined", "left", "updated_at")
    list_filter = ("cohort__kind", ("jurisdiction__state", admin.AllValuesFieldListFilter), "updated_at")
    list_select_related = ("jurisdiction", "cohort")
    search_fields = ("jurisdiction__key", "cohort__key")
    autocomplete_fields = ("cohort", "jurisdiction")
    readonly_fields = ("created_at", "updated_at")


class Year(admin.SimpleListFilter):
    title = _("year")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        years = Milestone.objects.order_by().values_list(Left("date", 4), flat=True).distinct()
        return [(year, year) for year in sorted(years, reverse=True)]

    def queryset(self, request, queryset):
        return queryset.filter(date__startswith=self.value()) if self.value() else queryset


@admin.register(Milestone)
class MilestoneAdmin(VersionsMixin, SearchAdmin):
    list_display = ("title", "jurisdiction", "kind", "when", "source_count", "updated_at")
    list_filter = (
        "kind",
        Year,
        ("jurisdiction__state", admin.AllValuesFieldListFilter),
        "jurisdiction__status",
        "updated_at",
    )
    list_select_related = ("jurisdiction",)
    ordering = ("-date", "-pk")
    search_fields = ("jurisdiction__key",)
    search_texts = ("title", "description")
    autocomplete_fields = ("jurisdiction",)
    readonly_fields = ("created_at", "updated_at")

    def view_on_site(self, milestone):
        return milestone.get_absolute_url() if milestone.jurisdiction.is_published else None

    @admin.display(description=_("date"), ordering="date")
    def when(self, milestone):
        return dates.describe(milestone.date)

    @admin.display(description=_("sources"))
    def source_count(self, milestone):
        return len(milestone.sources)


@admin.register(Place)
class PlaceAdmin(PortalAdmin):
    """The register. Its rows come from public files; here one looks up how a government is entered."""

    list_display = ("full_name", "state", "kind", "population", "geoid", "in_the_portal")
    list_filter = ("kind", "source", "state")
    list_select_related = ("jurisdiction",)
    show_full_result_count = False
    ordering = ("name", "state", "pk")
    search_fields = ("key",)
    search_help_text = _("A name, also one that is not spelled quite right: the best matches come first.")

    def get_search_results(self, request, queryset, search_term):
        """The look-up of the public pages, which reads an index and stops at the best matches."""
        text = search.clean(search_term)
        if not text:
            return queryset, False
        ids = [place.pk for place in queryset.lookup(text)]
        best_first = Case(*[When(pk=pk, then=position) for position, pk in enumerate(ids)], default=0)
        return queryset.filter(pk__in=ids).order_by(best_first), False

    def describe(self, place):
        """Name and state, kind (where the name does not say it already) and size."""
        kind = "" if place.county else place.get_kind_display()
        people = place.population and _("%(count)s people") % {"count": intcomma(place.population)}
        return ", ".join(str(part) for part in (place, kind, people) if part)

    @admin.display(description=_("name"), ordering="name")
    def full_name(self, place):
        return place.full_name

    @admin.display(description=_("government in the portal"))
    def in_the_portal(self, place):
        return getattr(place, "jurisdiction", None)


class MembershipInline(RowsInline):
    """Ties are added here, and changed on a page of their own, where what was verified stays."""

    model = Membership
    can_delete = False
    show_change_link = True
    fk_name = "user"
    fields = ("jurisdiction", "title", "started_on", "ended_on", "verified_on", "verified_by")
    readonly_fields = ("verified_on", "verified_by")
    autocomplete_fields = ("jurisdiction",)

    def has_change_permission(self, request, obj=None):
        return False


admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People with their ties to governments, of which the ground floor knows nothing."""

    inlines = (MembershipInline,)

    def get_inlines(self, request, person):
        return self.inlines if person else ()


@admin.register(Membership)
class MembershipAdmin(TieAdmin):
    list_display = ("user", "jurisdiction", "title", "started_on", "ended_on", "verified_on", "verified_by")
    list_filter = (
        ("verified_on", admin.EmptyFieldListFilter),
        ("ended_on", admin.EmptyFieldListFilter),
        "verified_on",
        ("jurisdiction__state", admin.AllValuesFieldListFilter),
    )
    list_select_related = ("user", "jurisdiction", "verified_by")
    search_fields = ("user__email", "user__name", "jurisdiction__name")
    ordering = ("-created_at",)
    actions = ("verify",)
    autocomplete_fields = ("user", "jurisdiction")
    fields = ("user", "jurisdiction", "title", "started_on", "ended_on", "verified_on", "verified_by")

    def get_readonly_fields(self, request, membership=None):
        """A tie was verified for this person and this government, so those two stay."""
        verified = ("verified_on", "verified_by")
        return (*verified, "user", "jurisdiction") if membership else verified

    @admin.action(description=_("Verify the chosen ties"), permissions=["change"])
    def verify(self, request, queryset):
        """Vouch for the ties that nobody has verified yet, but for one's own."""
        waiting = list(queryset.filter(verified_on=None))
        own = [tie for tie in waiting if tie.user == request.user]
        others = [tie for tie in waiting if tie.user != request.user]
        count = queryset.verify(request.user)
        self.log(request, others, _("Verified."), "verify_tie")
        done = ngettext("%(count)d tie was verified.", "%(count)d ties were verified.", count)
        self.message_user(request, done % {"count": count})
        for tie in own:
            refusal = _("Your tie to %(government)s was not verified: nobody verifies their own tie.")
            self.message_user(request, refusal % {"government": tie.jurisdiction}, messages.ERROR)
