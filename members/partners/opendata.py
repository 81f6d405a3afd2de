"""Open data of this app: partners."""

from django.utils.translation import gettext_lazy as _

from alliance.core.opendata import ID_MEANING, Column, Dataset
from cohorts.opendata import point_of

from .models import Partner

PARTNERS = Dataset(
    name="partners",
    title=_("Partners"),
    rows=lambda: Partner.objects.published().select_related("jurisdiction__place").order_by("pk"),
    columns=(
        Column("id", ID_MEANING, lambda one: one.pk),
        Column("slug", _("Last word of the page's address"), lambda one: one.slug),
        Column("name", _("Name, as the Alliance printed it"), lambda one: one.name),
        Column("later_name", _("A newer name, where a page shows one"), lambda one: one.later_name),
        Column("position", _("Place in the Alliance's list of July 2014"), lambda one: one.position),
        Column("sector", _("Sector"), lambda one: one.sector),
        Column("representative", _("Office holder whom the list names"), lambda one: one.representative),
        Column(
            "jurisdiction",
            _("Slug of the government that it is"),
            lambda one: one.public_jurisdiction and one.public_jurisdiction.slug,
        ),
        Column("state", _("State, postal code"), lambda one: one.state),
        Column("website", _("Web address"), lambda one: one.website),
        Column("summary", _("What it is, in our words"), lambda one: one.summary),
        Column("sources", _("Pages that show these facts"), lambda one: one.sources),
    ),
    points=lambda one: point_of(one.public_jurisdiction) if one.public_jurisdiction else [],
)

DATASETS = (PARTNERS,)
