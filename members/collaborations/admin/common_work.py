"""What the members of a collaboration do together: activities, gatherings and updates."""

from zoneinfo import ZoneInfo

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core import dates
from alliance.core.admin_base import RefusableForm, SearchAdmin
from alliance.core.versions_admin import VersionsMixin

from ..models import Activity, Gathering, Update


class WorkForm(RefusableForm):
    """Takes only members of the same collaboration."""

    of_members = ()

    def clean(self):
        super().clean()
        collaboration = self.cleaned_data.get("collaboration")
        for name in self.of_members:
            chosen = self.cleaned_data.get(name) or ()
            seats = chosen if hasattr(chosen, "__iter__") else [chosen]
            if collaboration and any(seat.collaboration_id != collaboration.pk for seat in seats):
                self.add_error(name, _("Choose members of this collaboration only."))


class ActivityForm(WorkForm):
    of_members = ("lead", "joined_by")


class GatheringForm(WorkForm):
    """Times are typed and shown as they are told there, in the time zone of the gathering."""

    of_members = ("attended_by",)
    times = {"starts_at": "local_start", "ends_at": "local_end"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= {name: getattr(self.instance, at).replace(tzinfo=None) for name, at in self.times.items()}

    def clean(self):
        super().clean()
        zone = self.cleaned_data.get("time_zone")
        for name in self.times:
            if zone and self.cleaned_data.get(name):
                typed = timezone.make_naive(self.cleaned_data[name])
                self.cleaned_data[name] = typed.replace(tzinfo=ZoneInfo(zone))


class WorkAdmin(VersionsMixin, SearchAdmin):
    """Something that belongs to a collaboration."""

    list_select_related = ("collaboration",)
    search_fields = ("collaboration__key",)
    search_texts = ("title",)
    readonly_fields = ("created_at", "updated_at")
    view_on_site = False
    of_collaboration = ("collaboration", admin.RelatedOnlyFieldListFilter)


@admin.register(Activity)
class ActivityAdmin(WorkAdmin):
    form = ActivityForm
    list_display = ("title", "collaboration", "status", "since", "updated_at")
    list_filter = ("status", WorkAdmin.of_collaboration, "updated_at")
    autocomplete_fields = ("collaboration", "lead", "joined_by", "measure")

    @admin.display(description=_("began"), ordering="began")
    def since(self, activity):
        return dates.describe(activity.began)


@admin.register(Gathering)
class GatheringAdmin(WorkAdmin):
    form = GatheringForm
    list_display = ("title", "collaboration", "begins", "is_public", "is_cancelled", "updated_at")
    list_filter = ("is_public", "is_cancelled", WorkAdmin.of_collaboration, "starts_at", "updated_at")
    search_texts = ("title", "location")
    autocomplete_fields = ("collaboration", "attended_by")

    @admin.display(description=_("begins"), ordering="starts_at")
    def begins(self, gathering):
        return f"{gathering.local_start:%Y-%m-%d %H:%M}, {gathering.get_time_zone_display()}"


@admin.register(Update)
class UpdateAdmin(WorkAdmin):
    list_display = ("title", "collaboration", "posted_on", "updated_at")
    list_filter = (WorkAdmin.of_collaboration, "posted_on", "updated_at")
    autocomplete_fields = ("collaboration",)
