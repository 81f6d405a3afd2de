"""Who keeps the page of a collaboration, and who asks to join one."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core import emails
from alliance.core.admin_base import PortalAdmin, RefusableForm
from alliance.core.models import User

from .. import joining
from ..joining_forms import AnswerForm
from ..models import JoinRequest, Steward


class AppointForm(RefusableForm):
    """Finds the person by their address: curators see no list of people."""

    email = forms.CharField(label=_("E-mail address of their account"), widget=forms.EmailInput)

    def clean_email(self):
        address = emails.clean(self.cleaned_data["email"])
        person = User.objects.filter(email=address, is_active=True).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has an account with this address. Ask them to make one first."))
        self.instance.user = person
        return address


@admin.register(Steward)
class StewardAdmin(PortalAdmin):
    """Staff appoint stewards, but not themselves. Their work ends; it is not deleted."""

    recorded = ("collaboration", "started_on", "ended_on")
    list_display = ("who", "collaboration", "started_on", "ended_on")
    list_filter = (("ended_on", admin.EmptyFieldListFilter), ("collaboration", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "collaboration")
    search_fields = ("collaboration__name",)
    in_quick_search = False
    ordering = ("-created_at",)
    autocomplete_fields = ("collaboration",)

    def get_form(self, request, steward=None, **kwargs):
        return super().get_form(request, steward, **({} if steward else {"form": AppointForm}) | kwargs)

    def get_fields(self, request, steward=None):
        dates = ("started_on", "ended_on")
        return ("who", "collaboration", "appointed_by", *dates) if steward else ("email", "collaboration", "started_on")

    def get_readonly_fields(self, request, steward=None):
        """A steward was appointed for this collaboration; an end does not make it another one."""
        return ("who", "collaboration", "appointed_by") if steward else ()

    def get_changeform_initial_data(self, request):
        return {"started_on": timezone.localdate()} | super().get_changeform_initial_data(request)

    def has_delete_permission(self, request, steward=None):
        return False

    @admin.display(description=_("who"), ordering="user__name")
    def who(self, steward):
        return steward.user

    def save_model(self, request, steward, form, change):
        if not change:
            steward.appointed_by = request.user
        super().save_model(request, steward, form, change)

    def record(self, request, action, steward, **entry):
        super().record(request, "appoint_steward" if action == "add" else action, steward, **entry)

    def action_of(self, after):
        return "end_steward" if after.get("ended_on") else super().action_of(after)


class JoinRequestForm(RefusableForm):
    """The same answer that a steward gives."""

    verdict = forms.ChoiceField(
        label=_("answer"), choices=AnswerForm.base_fields["verdict"].choices, widget=forms.RadioSelect
    )
    words = AnswerForm.base_fields["answer"]

    def clean(self):
        super().clean()
        if self.cleaned_data.get("verdict") == "decline" and not self.cleaned_data.get("words"):
            self.add_error("words", _("Say why, in a sentence."))


class Unkept(admin.SimpleListFilter):
    title = _("steward")
    parameter_name = "steward"

    def lookups(self, request, model_admin):
        return [("none", _("Nobody keeps the page"))]

    def queryset(self, request, queryset):
        return queryset.without_steward() if self.value() == "none" else queryset


@admin.register(JoinRequest)
class JoinRequestAdmin(PortalAdmin):
    """Nobody writes, changes or deletes a request here; it is answered, where no steward does."""

    form = JoinRequestForm
    list_display = ("holder", "collaboration", "state", "created_at", "standing")
    list_filter = ("state", Unkept, ("collaboration", admin.RelatedOnlyFieldListFilter), "created_at")
    search_fields = ("partner__name", "jurisdiction__name", "collaboration__name")
    in_quick_search = False
    ordering = ("-created_at",)
    view_on_site = False
    facts = ("collaboration", "holder", "who", "standing", "title", "message", "state", "created_at")
    answered = ("answer", "answered_by", "answered_at", "seat")

    def get_queryset(self, request):
        return super().get_queryset(request).with_page().with_standing()

    def get_fields(self, request, asked):
        # What was answered in this moment is refused with a word; afterwards there is nothing to send.
        if asked.is_open or request.method == "POST":
            return (*self.facts, "verdict", "words")
        return (*self.facts, *self.answered)

    def get_readonly_fields(self, request, asked=None):
        return (*self.facts, *self.answered)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, asked=None):
        return False

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except joining.Refused as refused:
            request.refusal = None, str(refused)
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request, asked, form, change):
        verb = getattr(joining, form.cleaned_data["verdict"])
        verb(asked=asked, by=request.user, answer=form.cleaned_data["words"])

    def record_form(self, request, form, **said):
        """The verb has told the audit log."""

    @admin.display(description=_("for"))
    def holder(self, asked):
        return asked.holder

    @admin.display(description=_("who asks"))
    def who(self, asked):
        return asked.asked_by.name or _("Somebody who has given no name.")

    @admin.display(description=_("speaks for it"), boolean=True)
    def standing(self, asked):
        return asked.speaks_for_it
