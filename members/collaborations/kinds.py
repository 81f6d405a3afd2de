"""What the stewards of a collaboration keep: one list of kinds, each with its form, its rows and its words."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Collaboration
from .room_forms import (
    ActivityForm,
    AgendaForm,
    GatheringForm,
    MeasureForm,
    PointForm,
    SeatForm,
    UpdateForm,
)


@dataclass(frozen=True)
class Kind:
    """One kind of what a steward keeps. `form` is a ModelForm of the collaboration, or of what belongs to its owner by
    the relation `rows`; the owner is the collaboration, and of figures one of its measures. `edit`, `add` and `remove`
    are the names of these pages; what has no `remove` stays on record."""

    name: str
    label: str
    form: type[forms.ModelForm]
    edit: str
    add: str = ""
    remove: str = ""
    rows: str = ""
    lead: str = ""

    @property
    def model(self):
        return self.form._meta.model

    @property
    def is_of_measure(self):
        return self.form.owner == "measure"

    def things(self, owner):
        """All rows of this kind, of one owner."""
        return getattr(owner, self.rows).all() if self.rows else Collaboration.objects.filter(pk=owner.pk)

    def new(self, owner):
        """A row that is not saved yet."""
        return self.model(**{self.form.owner: owner})


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "page",
            _("Page"),
            AgendaForm,
            edit=_("Edit the page and the common agenda"),
            lead=_("What visitors read first, and the result that you work for together."),
        ),
        Kind(
            "measure",
            _("Measure"),
            MeasureForm,
            edit=_("Edit the measure"),
            add=_("Add a measure"),
            rows="measures",
            lead=_("Say what is counted, of where, and by whom. Its figures come after that, split by race."),
        ),
        Kind(
            "point",
            _("Figure"),
            PointForm,
            edit=_("Edit the figure"),
            add=_("Add a figure"),
            remove=_("Remove this figure?"),
            rows="points",
            lead=_("The value for one group in one period, just as its source gives it."),
        ),
        Kind(
            "activity",
            _("Activity"),
            ActivityForm,
            edit=_("Edit the activity"),
            add=_("Add an activity"),
            remove=_("Remove this activity?"),
            rows="activities",
            lead=_("What members do so that what the others do counts for more."),
        ),
        Kind(
            "gathering",
            _("Gathering"),
            GatheringForm,
            edit=_("Edit the gathering"),
            add=_("Add a gathering"),
            remove=_("Remove this gathering?"),
            rows="gatherings",
            lead=_(
                "One that is called off stays on the page, so that people who have it in their calendar learn of it."
            ),
        ),
        Kind(
            "update",
            _("Update"),
            UpdateForm,
            edit=_("Edit the update"),
            add=_("Add an update"),
            remove=_("Remove this update?"),
            rows="updates",
            lead=_("News for everyone, in plain words."),
        ),
        Kind(
            "seat",
            _("Seat"),
            SeatForm,
            edit=_("Edit the seat"),
            add=_("Add a seat"),
            rows="seats",
            lead=_("Who sits in the collaboration. A seat ends rather than vanish."),
        ),
    )
}
