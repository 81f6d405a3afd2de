"""Open data of this app: resources and who uses them."""

from django.utils.translation import gettext_lazy as _

from alliance.core.opendata import ID_MEANING, Column, Dataset

from .models import Adoption, Resource

RESOURCES = Dataset(
    name="resources",
    title=_("Resources"),
    rows=lambda: Resource.objects.published().lean().with_topics().order_by("pk"),
    columns=(
        Column("id", ID_MEANING, lambda one: one.pk),
        Column("slug", _("Last word of the page's address"), lambda one: one.slug),
        Column("title", _("Title"), lambda one: one.title),
        Column("kind", _("What it is"), lambda one: one.kind),
        Column("publisher", _("Who published it"), lambda one: one.publisher),
        Column("authors", _("Who wrote it"), lambda one: one.authors),
        Column("year", _("Year of publication; empty where no page shows one"), lambda one: one.year),
        Column("language", _("Language, code of ISO 639"), lambda one: one.language),
        Column("url", _("Web address"), lambda one: one.url),
        Column("url_is_copy", _("Whether that address is not the publisher's own"), lambda one: one.url_is_copy),
        Column("stage", _("The stage of the work that it serves most"), lambda one: one.stage),
        Column("topics", _("Slugs of its topics"), lambda one: [topic.slug for topic in one.public_topics]),
        Column("summary", _("What it is for, in our words"), lambda one: one.summary),
        Column("license", _("License, as the publisher states it"), lambda one: one.license),
        Column("uses", _("How many governments of the network use it"), lambda one: one.uses),
        Column("link_status", _("What our last try of the address found"), lambda one: one.link_status),
        Column(
            "last_verified_on",
            _("When a person last looked whether it is still good"),
            lambda one: one.last_verified_on and one.last_verified_on.isoformat(),
        ),
        Column("sources", _("Pages that show these facts"), lambda one: one.sources),
    ),
)

ADOPTIONS = Dataset(
    name="adoptions",
    title=_("Resources in use"),
    rows=lambda: Adoption.objects.published().select_related("resource", "jurisdiction").order_by("pk"),
    columns=(
        Column("id", ID_MEANING, lambda one: one.pk),
        Column("resource", _("Slug of the resource"), lambda one: one.resource.slug),
        Column("jurisdiction", _("Slug of the government that uses it"), lambda one: one.jurisdiction.slug),
        Column("since", _("Since when, as exact as known"), lambda one: one.since),
        Column("until", _("Until when; empty while it is in use"), lambda one: one.until),
        Column("how", _("How it is used"), lambda one: one.how),
        Column("outcome", _("What came of it"), lambda one: one.outcome),
        Column("sources", _("Pages that show these facts"), lambda one: one.sources),
    ),
)

DATASETS = (RESOURCES, ADOPTIONS)
