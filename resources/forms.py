"""The forms of the library: those of the admin, and the one of readers who suggest something."""

import re

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from alliance.core.admin_base import RefusableForm
from alliance.core.fields import NO_WEB_ADDRESS, AddressLinesField
from alliance.core.notes.forms import NoteForm, PlainAddressField, PlainTextField
from alliance.core.search import folded
from cohorts.forms import ProposalForm, WordsField

from . import upkeep
from .models import Adoption, Resource, Suggestion, Topic


class ResourceForm(RefusableForm):
    """Asks before it saves a resource that resembles another one, each time its title or address changes."""

    authors = AddressLinesField(
        forms.CharField(max_length=120), label=_("Authors"), required=False, help_text=_("One name on each line.")
    )

    def clean(self):
        super().clean()
        title, url = self.cleaned_data.get("title"), self.cleaned_data.get("url")
        # The box stands in the complaint itself, and nowhere as long as there is nothing to ask.
        if "is_another" in self.data or not title or not {"title", "url"} & set(self.changed_data):
            return
        [found] = upkeep.resembling([(title, url or "")])
        others = [resource for resource in found if resource.pk != self.instance.pk]
        if others:
            raise forms.ValidationError(
                render_to_string("admin/resources/resource/_resembling.html", {"others": others})
            )


class TopicsForm(forms.Form):
    """Which topics to add to the chosen resources and which to take away; the others stay."""

    add = forms.ModelMultipleChoiceField(
        Topic.objects.all(), label=_("Add these topics"), required=False, widget=forms.CheckboxSelectMultiple
    )
    remove = forms.ModelMultipleChoiceField(
        Topic.objects.all(), label=_("Take these away"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self):
        add, remove = (set(self.cleaned_data.get(name, ())) for name in ("add", "remove"))
        if add & remove:
            names = ", ".join(sorted(topic.name for topic in add & remove))
            raise forms.ValidationError(_("You chose to add and to take away: %(names)s") % {"names": names})
        if not add | remove:
            raise forms.ValidationError(_("Choose at least one topic."))


class SuggestionForm(NoteForm):
    class Meta:
        model = Suggestion
        fields = ["title", "link", "why", "publisher", "email"]
        field_classes = {
            "title": PlainTextField,
            "link": PlainAddressField,
            "why": PlainTextField,
            "publisher": PlainTextField,
        }
        labels = {"why": _("Why does it help?")}
        error_messages = {
            "title": {"required": _("Give its title.")},
            "link": {"required": _("Give its web address."), "invalid": NO_WEB_ADDRESS},
            "why": {"required": _("Say why it helps.")},
        }
        widgets = {"why": forms.Textarea(attrs={"rows": 5})}


class ResourceField(PlainTextField):
    """A published resource, by its title or the address of its page here."""

    default_error_messages = {
        "unknown": _(
            "The library has no resource of this title. Copy the title or the address of its page from there."
        ),
        "ambiguous": _("Several resources have this title. Paste the address of the page of the one that you mean."),
    }
    ADDRESS = re.compile(r"/resources/([-\w]+)/?(?:[?#].*)?$")

    def prepare_value(self, value):
        """The address of its page, for the number of a resource."""
        found = Resource.objects.filter(pk=value).first() if isinstance(value, int) else None
        return found.get_absolute_url() if found else value

    def clean(self, value):
        typed = super().clean(value)
        published = Resource.objects.published()
        address = self.ADDRESS.search(typed)
        found = published.filter(slug=address[1]) if address else published.filter(key=folded(typed))
        if len(found := found[:2]) != 1:
            raise forms.ValidationError(self.error_messages["ambiguous" if found else "unknown"])
        return found[0]


class AdoptionForm(ProposalForm):
    resource = ResourceField(
        label=_("Resource"),
        help_text=_("Its title, or the address of its page in our library."),
        max_length=600,
        error_messages={"required": _("Say which resource it is.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    how = WordsField(label=_("How it is used"), most=2000, required=False)
    outcome = WordsField(label=_("What came of it"), most=2000, required=False)

    class Meta:
        model = Adoption
        fields = ["resource", "since", "until", "how", "outcome", "sources"]
        labels = {"since": _("In use since"), "until": _("In use until"), "sources": _("Sources")}
        help_texts = {
            "until": _("Empty while it is in use."),
            "sources": _("Public pages that show it: one web address on each line, the best one first."),
        }
