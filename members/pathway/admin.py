"""Applications in the admin, for admins: where each stands and who leads it, no answers. Here they name a new lead, and
set what holds for the review."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from alliance.core.admin import AdminsOnly
from alliance.core.admin_base import PortalAdmin, RefusableForm
from alliance.core.models import User

from . import workflow
from .afterwards_forms import LONGEST
from .models import Application, CannedText, ReviewPolicy, TeamMember


class LeadForm(RefusableForm):
    new_lead = forms.ModelChoiceField(
        label=_("New lead"),
        queryset=User.objects.filter(is_active=True),
        help_text=_("Anybody with an account. Whoever leads the application now stays in its team as an editor."),
        widget=AutocompleteSelect(TeamMember._meta.get_field("user"), admin.site),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST,
        help_text=_("The team reads it among its messages. The mail that tells them does not show it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@admin.register(Application)
class ApplicationAdmin(AdminsOnly, PortalAdmin):
    form = LeadForm
    view_on_site = False  # its team alone opens its page
    list_display = ("name", "government", "others", "status", "lead", "submitted_at")
    list_filter = ("status", "submitted_at")
    search_fields = ("reference", "team__user__email", "team__user__name")
    search_help_text = _("By reference, or by somebody of the team.")
    ordering = ("-created_at",)
    readonly_fields = (
        *("name", "government", "others", "status", "lead"),
        *("created_at", "submitted_at", "deferred_until"),
    )
    fieldsets = (
        (None, {"fields": readonly_fields}),
        (
            _("Name a new lead"),
            {
                "fields": ("new_lead", "reason"),
                "description": _("As where the lead has left their government. All of the team is told by mail."),
            },
        ),
    )

    def get_queryset(self, request):
        """What the admin has a conflict of interest with is not there for them, here as in the review."""
        applications = super().get_queryset(request).without_conflict(request.user)
        return applications.with_lead().with_others(request.user).prefetch_related("sections")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, application=None):
        return False

    def save_model(self, request, application, form, change):
        user, reason = form.cleaned_data["new_lead"], form.cleaned_data["reason"]
        workflow.appoint_lead(application=application, actor=request.user, user=user, reason=reason)

    @admin.display(description=_("reference"), ordering="reference")
    def name(self, application):
        return str(application)

    @admin.display(description=_("government"))
    def government(self, application):
        return application.government_name

    @admin.display(description=_("lead"), empty_value=_("nobody"))
    def lead(self, application):
        return next((str(member.user) for member in application.leads), None)

    @admin.display(description=_("others for this government"), ordering="others")
    def others(self, application):
        return application.others or ""


@admin.register(ReviewPolicy)
class ReviewPolicyAdmin(AdminsOnly, PortalAdmin):
    """The one row: added once, changed from then on, never deleted."""

    list_display = ("name", "screening_days", "review_days", "years_kept")
    fields = ("screening_days", "review_days", "years_kept")
    recorded = fields

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not ReviewPolicy.objects.exists()

    def get_model_perms(self, request):
        """What the list beside every page of the admin offers: not to add it, which it would ask the database for."""
        may = self.has_module_permission(request)
        return {"add": False, "change": may, "delete": False, "view": may}

    def has_delete_permission(self, request, policy=None):
        return False

    def save_model(self, request, policy, form, change):
        policy.pk = 1
        super().save_model(request, policy, form, change)

    @admin.display(description=_("review policy"))
    def name(self, policy):
        return str(policy)


@admin.register(CannedText)
class CannedTextAdmin(AdminsOnly, PortalAdmin):
    list_display = ("title", "text")
    search_fields = ("title", "text")
    fields = ("title", "text")
