"""The forms of the peer network that people fill in themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.core.fields import NO_WEB_ADDRESS
from alliance.core.notes.forms import PlainAddressField, PlainTextField
from alliance.core.vocabulary import Domain, Language
from cohorts.forms import WordsField
from cohorts.models import Jurisdiction, Place
from resources.models import Topic

from .models import PeerProfile, TieRequest

NOT_IN_LIST = {"invalid_choice": _("We could not read which government you picked. Look it up again.")}


class PickForm(forms.Form):
    """The government that somebody picked from the answers of the look-up, if any."""

    place = forms.ModelChoiceField(Place.objects.all(), required=False, error_messages=NOT_IN_LIST)
    jurisdiction = forms.ModelChoiceField(Jurisdiction.objects.published(), required=False, error_messages=NOT_IN_LIST)

    def picked(self):
        """A Place, a Jurisdiction with a page, or None."""
        return (self.cleaned_data.get("place") or self.cleaned_data.get("jurisdiction")) if self.is_valid() else None


class TieForm(forms.ModelForm):
    """Asks staff to verify a tie to `picked`, a Place or a Jurisdiction, or to the government that is typed in."""

    use_required_attribute = False

    class Meta:
        model = TieRequest
        fields = ["government_name", "state", "kind", "title", "website"]
        field_classes = {"government_name": PlainTextField, "title": PlainTextField, "website": PlainAddressField}
        labels = {
            "government_name": _("Name of your government"),
            "state": _("State"),
            "kind": _("Kind of government"),
            "title": _("Your job title"),
            "website": _("Website of your government"),
        }
        help_texts = {
            "government_name": _("If you work in a department, name the government that it belongs to."),
            "title": _("As the government's own website or directory has it."),
            "website": _("If you know it. We look for a contact there and ask whether you work for it."),
        }
        error_messages = {
            "government_name": {"required": _("Type the name of your government.")},
            "state": {"required": _("Choose the state.")},
            "kind": {"required": _("Choose the kind of government.")},
            "title": {"required": _("Say what your job there is.")},
            "website": {"invalid": NO_WEB_ADDRESS},
        }

    def __init__(self, *args, user, picked, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.picked = user, picked
        kinds = [one for one in Jurisdiction.Kind.choices if one[0] != Jurisdiction.Kind.DEPARTMENT]
        self.fields["kind"].choices = [("", "---------"), *kinds]
        self.fields["title"].widget.attrs["autocomplete"] = "organization-title"
        for name in self.known():
            del self.fields[name]

    def known(self):
        """What a request says of the government that was picked, as far as the register or its page knows it."""
        one = self.picked
        if isinstance(one, Jurisdiction):
            return {"government_name": one.name, "state": one.state, "kind": one.kind}
        if one is None:
            return {}
        is_county = one.kind == Place.Kind.COUNTY and not one.is_county_equivalent
        name = one.full_name if is_county else one.name
        kind = None if one.is_county_equivalent else one.government_kind
        return {"government_name": name, "state": one.state} | ({"kind": kind} if kind else {})

    def clean(self):
        super().clean()
        place = self.picked if isinstance(self.picked, Place) else None
        of = {"jurisdiction__place": place} if place else {"jurisdiction": self.picked}
        if self.picked and self.user.memberships.current().filter(**of).exists():
            raise forms.ValidationError(_("We have verified already that you work for this government."))

    def said(self):
        """What `ties.ask` takes of a valid form."""
        of = "place" if isinstance(self.picked, Place) else "jurisdiction"
        return self.known() | {name: self.cleaned_data[name] for name in self.fields} | {of: self.picked}


class Boxes(forms.TypedMultipleChoiceField):
    """A choice of several, as boxes to tick; none is a choice, too."""

    def __init__(self, *, label, choices):
        super().__init__(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


class TopicBoxes(forms.ModelMultipleChoiceField):
    def __init__(self, *, label):
        super().__init__(
            Topic.objects.published(), label=label, required=False, widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": _("One of these topics is gone. Choose again.")},
        )  # fmt: skip


class ProfileForm(forms.ModelForm):
    """What somebody tells the peer network of themselves, and which parts of it others see."""

    helps_domains = Boxes(label=_("I can help with"), choices=Domain.choices)
    helps_topics = TopicBoxes(label=_("Topics that I can help with"))
    helps = WordsField(
        label=_("In your words"),
        help_text=_("What you have done that others could learn from."),
        most=1000,
        required=False,
    )
    seeks_domains = Boxes(label=_("I look for help with"), choices=Domain.choices)
    seeks_topics = TopicBoxes(label=_("Topics that I look for"))
    seeks = WordsField(label=_("In your words"), help_text=_("What you would ask a peer."), most=1000, required=False)
    languages = Boxes(label=_("Languages in which I can talk"), choices=Language.choices)
    shown = Boxes(label=_("What others see of me"), choices=PeerProfile.Part.choices)

    use_required_attribute = False

    class Meta:
        model = PeerProfile
        fields = [
            "membership", "helps_domains", "helps_topics", "helps", "seeks_domains", "seeks_topics", "seeks",
            "languages", "time", "shown", "is_listed", "digest",
        ]  # fmt: skip
        labels = {
            "membership": _("Government that I work for"),
            "time": _("How much time I have"),
            "is_listed": _("My peers may find me"),
            "digest": _("New people by mail"),
        }
        help_texts = {
            "membership": _("One that we have verified."),
            "is_listed": _("Without this nobody sees any of it."),
        }
        error_messages = {"membership": {"required": _("Choose the government that you work for.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ties = self.instance.user.memberships.current().with_government()
        if len(ties) == 1:
            self.instance.membership = ties[0]
            del self.fields["membership"]
        else:
            field = self.fields["membership"]
            field.queryset, field.empty_label = ties, None
            field.label_from_instance = lambda tie: tie.jurisdiction
        self.fields["time"].choices = [("", _("I would rather not say")), *PeerProfile.Time.choices]

    def clean(self):
        super().clean()
        if self.cleaned_data.get("is_listed") and not self.cleaned_data.get("shown") and "shown" not in self.errors:
            self.add_error("shown", _("Choose what others may see, or stay hidden."))
