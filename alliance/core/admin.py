"""People and groups, for admins only. Old address words and seed records need no curating and are not shown."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from .admin_base import PortalAdmin, RefusableForm
from .models import User


class AdminsOnly:
    """Only admins see it, whatever rights a group was given by mistake."""

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request, *parent):
        return self.has_module_permission(request)


class PersonForm(RefusableForm, UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class TemporaryPassword:
    """Whoever gets a password from somebody else must choose their own when they first sign in."""

    def set_password_and_save(self, user, *args, commit=True, **kwargs):
        super().set_password_and_save(user, *args, commit=False, **kwargs)
        user.password_is_temporary = True
        if commit:
            user.save()
        return user


class NewPersonForm(TemporaryPassword, RefusableForm, BaseUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")

    clean_email = PersonForm.clean_email


class TemporaryPasswordForm(TemporaryPassword, AdminPasswordChangeForm):
    """Django's own form, without the choice of an account that has no password: nobody could sign in to that."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True


@admin.register(User)
class UserAdmin(AdminsOnly, PortalAdmin, BaseUserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    change_password_form = TemporaryPasswordForm
    change_user_password_template = "admin/core/user/password.html"
    list_display = ("email", "name", "is_staff", "is_superuser", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups", "last_login")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ("groups",)
    readonly_fields = ("password_is_temporary", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "password_is_temporary")}),
        (
            _("What this person may do"),
            {
                "fields": ("is_active", "is_staff", "is_superuser", "groups"),
                "description": _(
                    "Curators need “staff” and the group Curators. Superusers are admins: they may do everything."
                ),
            },
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("email", "name", "password1", "password2"),
                "description": _(
                    "Hand the password over in person or by phone. It is for one time: the admin asks for a new one at "
                    "the first sign-in."
                ),
            },
        ),
    )

    def has_delete_permission(self, request, obj=None):
        """Nobody: a person's history of changes would go with them. Unset “active” instead."""
        return False


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(AdminsOnly, PortalAdmin, BaseGroupAdmin):
    """Groups carry the rights; people get theirs by being in them."""
