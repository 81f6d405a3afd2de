from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Collate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from alliance.core.fields import SourcesField, WebAddressField
from alliance.core.filetypes import TYPES
from alliance.core.models import Publishable
from alliance.core.search import Fold
from alliance.core.uploads import UploadField, UploadValidator
from alliance.core.vocabulary import Language, Stage
from cohorts.models import Jurisdiction
from members.partners.models import Partner

from ..querysets import ResourceQuerySet
from .topic import Topic


class NormalUrl(models.Func):
    """SQL `normal_url(text)`: a web address without what makes no difference, so that copies can be told."""

    function = "normal_url"
    output_field = models.TextField()


class SearchDocument(models.Func):
    """SQL `resource_document(…)`: what full-text search reads of a resource, and what it is found by as bare words."""

    function = "resource_document"
    output_field = SearchVectorField()


class Resource(Publishable):
    """Something that helps a government do the work: a toolkit, a plan, a report, wherever it stands."""

    class Kind(models.TextChoices):
        TOOLKIT = "toolkit", _("Toolkit")
        GUIDE = "guide", _("Guide")
        ACTION_PLAN = "action_plan", _("Action plan")
        POLICY = "policy", _("Policy")
        REPORT = "report", _("Report")
        CASE_STUDY = "case_study", _("Case study")
        TRAINING = "training", _("Training")
        DATA_TOOL = "data_tool", _("Data tool")
        VIDEO = "video", _("Video")
        OTHER = "other", _("Other")

    class LinkStatus(models.TextChoices):
        UNCHECKED = "unchecked", _("Not checked yet")
        OK = "ok", _("Works")
        FAILING = "failing", _("Failed once")
        BROKEN = "broken", _("Broken")

    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=Kind)
    publisher = models.CharField(max_length=200, blank=True)
    authors = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=3, choices=Language, default=Language.EN)
    url = WebAddressField(_("web address"), blank=True)
    url_is_copy = models.BooleanField(
        _("third-party copy"), default=False, help_text=_("The web address is not the publisher's own.")
    )
    file = UploadField(blank=True, name_field="file_name", validators=[UploadValidator()])
    file_name = models.CharField(max_length=200, blank=True, editable=False)
    file_size = models.PositiveIntegerField(_("bytes of the file"), null=True, editable=False)
    summary = models.TextField(blank=True)
    body = models.TextField(_("text"), blank=True, help_text=_("The resource itself, in Markdown."))
    stage = models.CharField(max_length=16, choices=Stage, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="resources")
    contributed_by_jurisdictions = models.ManyToManyField(
        Jurisdiction, blank=True, related_name="contributions", verbose_name=_("contributed by governments")
    )
    contributed_by_partners = models.ManyToManyField(
        Partner, blank=True, related_name="contributions", verbose_name=_("contributed by partners")
    )
    mentions = models.ManyToManyField(
        Jurisdiction, blank=True, related_name="mentioned_in", verbose_name=_("governments it is about")
    )
    license = models.CharField(max_length=120, blank=True, help_text=_("As the publisher states it."))
    last_verified_on = models.DateField(
        _("last verified"), null=True, blank=True, help_text=_("When a person last looked whether it is still good.")
    )
    link_status = models.CharField(max_length=9, choices=LinkStatus, default=LinkStatus.UNCHECKED, editable=False)
    link_checked_at = models.DateTimeField(null=True, editable=False)
    sources = SourcesField(blank=True)

    # What follows is written by the database itself; migrations 0001 and 0002 say how.
    key = models.GeneratedField(expression=Fold("title"), output_field=models.TextField(), db_persist=True)
    url_key = models.GeneratedField(expression=NormalUrl("url"), output_field=models.TextField(), db_persist=True)
    labels = ArrayField(models.TextField(), default=list, editable=False)
    names = models.TextField(default="", editable=False)
    uses = models.PositiveIntegerField(default=0, editable=False)
    search = models.GeneratedField(
        expression=SearchDocument("id", "title", "publisher", "authors", "names", "summary", "body", "labels"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    history = HistoricalRecords(
        excluded_fields=["key", "url_key", "labels", "names", "uses", "search", "link_status", "link_checked_at"],
        m2m_fields=["topics", "contributed_by_jurisdictions", "contributed_by_partners", "mentions"],
    )

    objects = ResourceQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["title", "pk"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(url="", file="", body=""),
                name="resources_resource_something",
                violation_error_message=_("Give a web address, a file or a text: at least one of them."),
            ),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__range=(1800, 2100)),
                name="resources_resource_year",
                violation_error_message=_("Enter the year with four digits."),
            ),
            models.CheckConstraint(
                condition=Q(url_is_copy=False) | ~Q(url=""),
                name="resources_resource_copy",
                violation_error_message=_("Only a web address can be a third-party copy."),
            ),
        ]
        indexes = [
            GinIndex("search", name="resources_search", condition=Q(status="published"), fastupdate=False),
            models.Index(
                Coalesce("year", 0).desc(), F("id").desc(),
                name="resources_newest", condition=Q(status="published"),
            ),
            models.Index(
                F("uses").desc(), Coalesce("year", 0).desc(), F("id").desc(),
                name="resources_most_used", condition=Q(status="published"),
            ),
            models.Index(
                F("published_at").desc(), F("id").desc(),
                name="resources_latest", condition=Q(status="published"),
            ),
            models.Index("url_key", name="resources_url_key"),
            GinIndex(name="resources_key_like", fields=["key"], opclasses=["gin_trgm_ops"]),
            # For the names that the site's search offers while somebody types.
            models.Index(Collate("key", "C"), name="resources_begins", condition=Q(status="published")),
        ]  # fmt: skip

    def __str__(self):
        return self.title

    def save(self, **kwargs):
        if self.file and not self.file._committed:
            self.file_size = self.file.size
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("resource_detail", args=[self.slug])

    def get_file_url(self):
        """Where the file is handed out: to everybody, or of what is not published to curators only."""
        if self.is_published:
            return reverse("resource_file", args=[self.slug])
        return reverse("admin:resources_resource_file", args=[self.pk])

    @property
    def file_type(self):
        """What the file is, in a word: "PDF"."""
        return TYPES[self.file.name.rpartition(".")[2]].label

    @property
    def link_is_in_doubt(self):
        return self.link_status in (self.LinkStatus.FAILING, self.LinkStatus.BROKEN)
