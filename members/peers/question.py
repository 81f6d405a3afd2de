from dataclasses import asdict, fields
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core import search
from alliance.core.vocabulary import Domain

from .ranking import Weights
from .work import Work

ANY_WORK = gettext_lazy("Anything")
LEVELS = [
    (0, gettext_lazy("0, not at all")),
    (1, gettext_lazy("1, a little")),
    (2, gettext_lazy("2, more")),
    (3, gettext_lazy("3, most")),
]
PARTS = [part.name for part in fields(Weights)]


class WeightField(forms.TypedChoiceField):
    def __init__(self, label):
        super().__init__(label=label, choices=LEVELS, coerce=int, empty_value=None, required=False)


class Question(forms.Form):
    """What a visitor asks the peer finder, all of it in the query string. What cannot be read is left out, with a note.

    `place` is what was typed to find a government; `id` is the one of the register that was picked from the answers,
    `government` the address word of one in the network. `topics` gives the topics that may be chosen, {address word:
    name}.
    """

    place = forms.CharField(label=gettext_lazy("Government"), required=False)
    id = forms.IntegerField(label=gettext_lazy("Government"), required=False, min_value=1, max_value=2**31)
    government = forms.SlugField(label=gettext_lazy("Government"), required=False)
    domain = forms.ChoiceField(
        label=gettext_lazy("What you want to work on"), choices=[("", ANY_WORK), *Domain.choices], required=False
    )
    alike = WeightField(gettext_lazy("Alike"))
    near = WeightField(gettext_lazy("Near"))
    further = WeightField(gettext_lazy("Further along"))

    def __init__(self, data, topics):
        super().__init__(data)
        self.names = topics
        self.topics = [slug for slug in topics if slug in data.getlist("topic")]
        self.full_clean()

    def clean_place(self):
        return search.clean(self.cleaned_data["place"])

    def clean(self):
        if not any(asdict(self._weights()).values()):
            raise ValidationError(_("With three times 0 nothing would count, so we left the weights as they were."))

    def _weights(self):
        given = {name: self.cleaned_data.get(name) for name in PARTS}
        return Weights(**{name: value for name, value in given.items() if value is not None})

    @property
    def weights(self):
        return Weights() if self.non_field_errors() else self._weights()

    @property
    def work(self):
        return Work(self.cleaned_data.get("domain", ""), tuple(self.topics))

    @property
    def notes(self):
        """In plain words, what was left out."""
        unread = [(self.fields[name].label, self.data[name]) for name in self.errors if name in self.fields]
        unread += [(_("Topic"), slug) for slug in self.data.getlist("topic") if slug and slug not in self.names]
        said = _("%(label)s: we don't know “%(value)s”, so we left it out.")
        left_out = [said % {"label": label, "value": search.clean(value)[:40]} for label, value in unread]
        return [*dict.fromkeys(left_out), *self.non_field_errors()]

    # --- for the template ---

    @property
    def kept(self):
        """The (name, value) of all that is asked for but the government, for a form that goes on from here."""
        pairs = [("domain", self.work.domain), *(("topic", slug) for slug in self.topics)]
        pairs += [(name, value) for name, value in asdict(self.weights).items() if value != getattr(Weights, name)]
        return [(name, value) for name, value in pairs if value != ""]

    @property
    def kept_query(self):
        return f"&{urlencode(self.kept)}" if self.kept else ""

    @property
    def selects(self):
        """(name, label, its choices as (value, label, whether it is chosen)) of what is chosen from a list."""
        chosen = {"domain": self.work.domain, **asdict(self.weights)}
        return [
            (name, self.fields[name].label, [(*choice, choice[0] == value) for choice in self.fields[name].choices])
            for name, value in chosen.items()
        ]

    @property
    def boxes(self):
        """(address word, name, whether it is chosen) of each topic."""
        return [(slug, name, slug in self.topics) for slug, name in self.names.items()]
