"""People and groups, for admins only. Old address words and seed records need no curating and are not shown."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from . import emails
from .admin_base import PortalAdmin, RefusableForm
from .models import User
from .notes import admin as notes_admin  # noqa: F401 - registers the notes of readers


class AdminsOnly:
    """Only admins see it, whatever rights a group was given by mistake."""

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request, *parent):
        return self.has_module_permission(request)


class PersonForm(RefusableForm):
    def clean_email(self):
        return emails.clean(self.cleaned_data["email"])


@admin.register(User)
class UserAdmin(AdminsOnly, PortalAdmin):
    """People and their roles. An address is changed by its owner alone, who must show that mail to the new one arrives;
    a password is nobody's business but theirs."""

    form = PersonForm
    list_display = ("email", "name", "is_staff", "is_superuser", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups", "last_login")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ("groups",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (
            None,
            {
                "fields": ("email", "name"),
                "description": _("A new person signs in with this address: we send a code to it each time."),
            },
        ),
        (
            _("What this person may do"),
            {
                "fields": ("is_active", "is_staff", "is_superuser", "groups"),
                "description": _(
                    "Curators need “staff” and the group Curators. Superusers are admins: they may do everything. "
                    "A change here signs the person out everywhere."
                ),
            },
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, *(("email",) if obj else ()))

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        """Nobody: a person's history of changes would go with them. Unset “active” instead."""
        return False


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(AdminsOnly, PortalAdmin, BaseGroupAdmin):
    """Groups carry the rights; people get theirs by being in them."""
