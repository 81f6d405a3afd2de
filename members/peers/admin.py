"""How admins answer whoever asks to join the peer network."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from alliance.core.admin_base import RefusableForm, TieAdmin
from alliance.core.fields import NO_WEB_ADDRESS
from alliance.core.notes.forms import PlainAddressField, PlainTextField
from cohorts.forms import WordsField

from . import report_admin, ties  # noqa: F401 - the first registers what people report of others
from .models import TieRequest

NEW = "new"


class TieRequestForm(RefusableForm):
    """The answer to a request: verified, with the record of the government and how one knows; or not, with why."""

    verdict = forms.ChoiceField(
        label=_("answer"),
        choices=[("verify", _("Verified: they work there")), ("decline", _("Not verified"))],
        widget=forms.RadioSelect,
    )
    government = forms.ChoiceField(label=_("government on record"), widget=forms.RadioSelect, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    contact = PlainAddressField(
        label=_("page with the contact"),
        help_text=_("The page of the government's own website on which you found whom to ask."),
        assume_scheme="https",
        required=False,
        max_length=600,
        error_messages={"invalid": NO_WEB_ADDRESS},
    )
    means = PlainTextField(
        label=_("how you asked"),
        help_text=_("As in: called the clerk's office. Name no person, and no number or address of one."),
        max_length=300,
        required=False,
    )
    words = WordsField(
        label=_("words to the person"),
        help_text=_("Where it is not verified, say why and what would help. They read it after signing in."),
        most=1000,
        required=False,
    )

    needed = {
        "verify": {
            "government": _("Choose the record of the government, or a new one."),
            "contact": _("Give the page of the government's website with the contact."),
            "means": _("Say how you asked."),
        },
        "decline": {"words": _("Say why, in a sentence.")},
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "government" in self.fields:
            self.offer(ties.on_record(self.instance))

    def offer(self, records):
        """The governments on record that the request may mean, and a new one where none is certain. The one that stands
        for it for all we know is chosen."""
        self.records = {str(one.pk): one for one in records}
        words = "{} ({}, {})".format
        choices = [
            (key, words(one, one.get_kind_display(), one.get_status_display())) for key, one in self.records.items()
        ]
        if not ties.certain(self.instance):
            new = _("None of these. Make a new record without a page: %(name)s")
            choices.append((NEW, new % {"name": self.instance}))
        meant = ties.meant(self.instance, records)
        self.fields["government"].choices = choices
        self.fields["government"].initial = meant.pk if meant else None if records else NEW
        self.fields["seen"].initial = " ".join(self.records)
        if self.refusal:  # and the page shows what there is now
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.fields["seen"].initial

    def clean(self):
        super().clean()
        for name, complaint in self.needed.get(self.cleaned_data.get("verdict"), {}).items():
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, complaint)
        return self.cleaned_data

    def answer(self, by):
        """Call the verb that was chosen."""
        said = self.cleaned_data
        if said["verdict"] == "decline":
            return ties.decline(tie=self.instance, by=by, answer=said["words"])
        return ties.verify(
            tie=self.instance,
            by=by,
            jurisdiction=self.records.get(said["government"]),
            seen={self.records[key].pk for key in said["seen"].split() if key in self.records},
            contact_page=said["contact"],
            how=said["means"],
        )


@admin.register(TieRequest)
class TieRequestAdmin(TieAdmin):
    """Nobody writes, changes or deletes a request here; it is answered, and not by who asked."""

    form = TieRequestForm
    list_display = ("government_name", "state", "kind", "status", "created_at", "user", "settled_by")
    list_filter = ("status", ("state", admin.AllValuesFieldListFilter), "kind", "created_at")
    list_select_related = ("user", "settled_by")
    search_fields = ("government_name", "user__email", "user__name")
    in_quick_search = False
    ordering = ("-created_at",)
    facts = ("user", "government_name", "kind", "state", "place", "jurisdiction", "title", "website", "created_at")
    outcome = ("status", "membership", "contact_page", "how", "answer", "settled_by", "settled_at")

    def get_fields(self, request, tie):
        # What was answered in this moment is refused with a word; afterwards there is nothing to send.
        if self.has_change_permission(request, tie) and (tie.is_open or request.method == "POST"):
            return (*self.facts, "verdict", "government", "seen", "contact", "means", "words")
        return (*self.facts, *self.outcome)

    def get_readonly_fields(self, request, tie=None):
        return (*self.facts, *self.outcome)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, tie=None):
        return False

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ties.Refused as refused:
            request.refusal = None, str(refused)
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request, tie, form, change):
        form.answer(by=request.user)

    def record_form(self, request, form, **said):
        """The verb has told the audit log."""
