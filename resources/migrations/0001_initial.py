"""The tables of the library, and before them two functions for columns that the database computes itself."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import alliance.core.dates
import alliance.core.fields
import alliance.core.search
import alliance.core.uploads
import resources.models.resource

# A web address without what makes no difference: scheme, "www.", case of the host, default port, fragment, tracking
# words, slashes at the end.
NORMAL_URL = r"""
CREATE FUNCTION normal_url(url text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$
  SELECT lower((parts)[1]) || regexp_replace(regexp_replace(regexp_replace((parts)[2],
      '(?<=[?&])(utm_[a-z]+|fbclid|gclid)=[^&]*(&|$)', '', 'gi'),
      '[?&]+$', ''),
      '/+(?=\?|$)', '')
  FROM regexp_match(url, '^\s*(?:https?://)?(?:www\.)?([^/?#:]*)(?::80|:443)?([^#]*)', 'i') parts
$$;
"""

# Titles weigh most, then who made it and what it is about, then the summary, then the text.
# Names stand there twice, as written and folded, so that "St. Paul" finds "Saint Paul".
# Three kinds of bare words follow, which no typed word can meet because of their colon: the labels; "title:housing" for
# each word of the title, by which the best of many hits are found; and "sample:16" in one of sixteen resources, picked
# evenly by the key, for counting in a large library.
DOCUMENT = """
CREATE FUNCTION resource_document(
  id bigint, title text, publisher text, authors text[], names text, summary text, body text, labels text[]
) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$
  SELECT setweight(to_tsvector('public.portal', title), 'A')
      || setweight(to_tsvector('public.portal', concat_ws(' ',
           publisher, array_to_string(authors, ' '), names, public.fold(names))), 'B')
      || setweight(to_tsvector('public.portal', summary), 'C')
      || setweight(to_tsvector('public.portal', left(body, 200000)), 'D')
      || array_to_tsvector(labels
           || ARRAY(SELECT 'title:' || word
                    FROM unnest(tsvector_to_array(to_tsvector('public.portal', title))) word)
           || ARRAY(SELECT 'sample:' || rate
                    FROM unnest('{1, 4, 16, 64, 256, 1024, 4096}'::integer[]) rate
                    WHERE hashint8(id) & (rate - 1) = 0))
$$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cohorts", "0003_curators"),
        ("partners", "0002_curators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(NORMAL_URL, "DROP FUNCTION normal_url(text)"),
        migrations.RunSQL(
            DOCUMENT, "DROP FUNCTION resource_document(bigint, text, text, text[], text, text, text, text[])"
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last word of the page's address. When you change it, the old address leads to the new one.",
                        max_length=120,
                        unique=True,
                        verbose_name="address word",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
                        default="draft",
                        max_length=10,
                        verbose_name="publication",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="first published"),
                ),
                ("title", models.CharField(max_length=160)),
                ("purpose", models.TextField(help_text="For whom it is, and what they can do afterwards.")),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("normalize", "Normalize"),
                            ("organize", "Organize"),
                            ("operationalize", "Operationalize"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "domain",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("leadership", "Leadership"),
                            ("infrastructure", "Infrastructure"),
                            ("learning", "Learning"),
                            ("data", "Data"),
                            ("tools", "Tools in decisions"),
                            ("partnership", "Community partnerships"),
                            ("planning", "Planning and accountability"),
                            ("collaboration", "Collaboration"),
                        ],
                        max_length=16,
                        verbose_name="readiness domain",
                    ),
                ),
                (
                    "key",
                    models.GeneratedField(
                        db_persist=True, expression=alliance.core.search.Fold("title"), output_field=models.TextField()
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
                "verbose_name": "reading list",
                "verbose_name_plural": "reading lists",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HistoricalResource",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last word of the page's address. When you change it, the old address leads to the new one.",
                        max_length=120,
                        verbose_name="address word",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
                        default="draft",
                        max_length=10,
                        verbose_name="publication",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="first published"),
                ),
                ("title", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("toolkit", "Toolkit"),
                            ("guide", "Guide"),
                            ("action_plan", "Action plan"),
                            ("policy", "Policy"),
                            ("report", "Report"),
                            ("case_study", "Case study"),
                            ("training", "Training"),
                            ("data_tool", "Data tool"),
                            ("video", "Video"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("publisher", models.CharField(blank=True, max_length=200)),
                (
                    "authors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), blank=True, default=list, size=None
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("es", "Spanish"),
                            ("ar", "Arabic"),
                            ("fr", "French"),
                            ("ht", "Haitian Creole"),
                            ("hmn", "Hmong"),
                            ("ko", "Korean"),
                            ("pt", "Portuguese"),
                            ("ru", "Russian"),
                            ("so", "Somali"),
                            ("tl", "Tagalog"),
                            ("vi", "Vietnamese"),
                            ("zh", "Chinese"),
                        ],
                        default="en",
                        max_length=3,
                    ),
                ),
                ("url", alliance.core.fields.WebAddressField(blank=True, max_length=600, verbose_name="web address")),
                (
                    "url_is_copy",
                    models.BooleanField(
                        default=False,
                        help_text="The web address is not the publisher's own.",
                        verbose_name="third-party copy",
                    ),
                ),
                (
                    "file",
                    models.TextField(blank=True, max_length=100, validators=[alliance.core.uploads.UploadValidator()]),
                ),
                ("file_name", models.CharField(blank=True, editable=False, max_length=200)),
                ("file_size", models.PositiveIntegerField(editable=False, null=True, verbose_name="bytes of the file")),
                ("summary", models.TextField(blank=True)),
                (
                    "body",
                    models.TextField(blank=True, help_text="The resource itself, in Markdown.", verbose_name="text"),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("normalize", "Normalize"),
                            ("organize", "Organize"),
                            ("operationalize", "Operationalize"),
                        ],
                        max_length=16,
                    ),
                ),
                ("license", models.CharField(blank=True, help_text="As the publisher states it.", max_length=120)),
                (
                    "last_verified_on",
                    models.DateField(
                        blank=True,
                        help_text="When a person last looked whether it is still good.",
                        null=True,
                        verbose_name="last verified",
                    ),
                ),
                ("sources", alliance.core.fields.SourcesField(blank=True, default=list, size=None)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical resource",
                "verbose_name_plural": "historical resources",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last word of the page's address. When you change it, the old address leads to the new one.",
                        max_length=120,
                        unique=True,
                        verbose_name="address word",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
                        default="draft",
                        max_length=10,
                        verbose_name="publication",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="first published"),
                ),
                ("title", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("toolkit", "Toolkit"),
                            ("guide", "Guide"),
                            ("action_plan", "Action plan"),
                            ("policy", "Policy"),
                            ("report", "Report"),
                            ("case_study", "Case study"),
                            ("training", "Training"),
                            ("data_tool", "Data tool"),
                            ("video", "Video"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("publisher", models.CharField(blank=True, max_length=200)),
                (
                    "authors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), blank=True, default=list, size=None
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("es", "Spanish"),
                            ("ar", "Arabic"),
                            ("fr", "French"),
                            ("ht", "Haitian Creole"),
                            ("hmn", "Hmong"),
                            ("ko", "Korean"),
                            ("pt", "Portuguese"),
                            ("ru", "Russian"),
                            ("so", "Somali"),
                            ("tl", "Tagalog"),
                            ("vi", "Vietnamese"),
                            ("zh", "Chinese"),
                        ],
                        default="en",
                        max_length=3,
                    ),
                ),
                ("url", alliance.core.fields.WebAddressField(blank=True, max_length=600, verbose_name="web address")),
                (
                    "url_is_copy",
                    models.BooleanField(
                        default=False,
                        help_text="The web address is not the publisher's own.",
                        verbose_name="third-party copy",
                    ),
                ),
                (
                    "file",
                    alliance.core.uploads.UploadField(
                        blank=True,
                        name_field="file_name",
                        upload_to="",
                        validators=[alliance.core.uploads.UploadValidator()],
                    ),
                ),
                ("file_name", models.CharField(blank=True, editable=False, max_length=200)),
                ("file_size", models.PositiveIntegerField(editable=False, null=True, verbose_name="bytes of the file")),
                ("summary", models.TextField(blank=True)),
                (
                    "body",
                    models.TextField(blank=True, help_text="The resource itself, in Markdown.", verbose_name="text"),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("normalize", "Normalize"),
                            ("organize", "Organize"),
                            ("operationalize", "Operationalize"),
                        ],
                        max_length=16,
                    ),
                ),
                ("license", models.CharField(blank=True, help_text="As the publisher states it.", max_length=120)),
                (
                    "last_verified_on",
                    models.DateField(
                        blank=True,
                        help_text="When a person last looked whether it is still good.",
                        null=True,
                        verbose_name="last verified",
                    ),
                ),
                (
                    "link_status",
                    models.CharField(
                        choices=[
                            ("unchecked", "Not checked yet"),
                            ("ok", "Works"),
                            ("failing", "Failed once"),
                            ("broken", "Broken"),
                        ],
                        default="unchecked",
                        editable=False,
                        max_length=9,
                    ),
                ),
                ("link_checked_at", models.DateTimeField(editable=False, null=True)),
                ("sources", alliance.core.fields.SourcesField(blank=True, default=list, size=None)),
                (
                    "key",
                    models.GeneratedField(
                        db_persist=True, expression=alliance.core.search.Fold("title"), output_field=models.TextField()
                    ),
                ),
                (
                    "url_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=resources.models.resource.NormalUrl("url"),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "labels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, editable=False, size=None
                    ),
                ),
                ("names", models.TextField(default="", editable=False)),
                ("uses", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=resources.models.resource.SearchDocument(
                            "id", "title", "publisher", "authors", "names", "summary", "body", "labels"
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "contributed_by_jurisdictions",
                    models.ManyToManyField(
                        blank=True,
                        related_name="contributions",
                        to="cohorts.jurisdiction",
                        verbose_name="contributed by governments",
                    ),
                ),
                (
                    "contributed_by_partners",
                    models.ManyToManyField(
                        blank=True,
                        related_name="contributions",
                        to="partners.partner",
                        verbose_name="contributed by partners",
                    ),
                ),
                (
                    "mentions",
                    models.ManyToManyField(
                        blank=True,
                        related_name="mentioned_in",
                        to="cohorts.jurisdiction",
                        verbose_name="governments it is about",
                    ),
                ),
            ],
            options={
                "ordering": ["title", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HistoricalResource_mentions",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="resources.historicalresource",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cohorts.jurisdiction",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="resources.resource",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalResource_mentions",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalResource_contributed_by_partners",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="resources.historicalresource",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="resources.resource",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalResource_contributed_by_partners",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalResource_contributed_by_jurisdictions",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="resources.historicalresource",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cohorts.jurisdiction",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="resources.resource",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalResource_contributed_by_jurisdictions",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="CollectionItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="place in the list")),
                ("note", models.TextField(help_text="Why this one, and what to take from it.")),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="resources.collection"
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="collection_items",
                        to="resources.resource",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "verbose_name": "item",
                "verbose_name_plural": "items",
            },
        ),
        migrations.AddField(
            model_name="collection",
            name="resources",
            field=models.ManyToManyField(
                related_name="collections", through="resources.CollectionItem", to="resources.resource"
            ),
        ),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("since", alliance.core.dates.PartialDateField(blank=True, null=True)),
                ("until", alliance.core.dates.PartialDateField(blank=True, null=True)),
                ("how", models.TextField(blank=True, verbose_name="how it is used")),
                ("outcome", models.TextField(blank=True, verbose_name="what came of it")),
                (
                    "contact",
                    models.CharField(blank=True, help_text="An office, a person or an address to ask.", max_length=254),
                ),
                (
                    "contact_visibility",
                    models.CharField(
                        choices=[("public", "Everyone"), ("members", "Members"), ("staff", "Staff")],
                        default="staff",
                        max_length=8,
                        verbose_name="who sees the contact",
                    ),
                ),
                ("sources", alliance.core.fields.SourcesField(blank=True, default=list, size=None)),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adoptions", to="cohorts.jurisdiction"
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="adoptions", to="resources.resource"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "verbose_name": "use of a resource",
                "verbose_name_plural": "resources in use",
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last word of the page's address. When you change it, the old address leads to the new one.",
                        max_length=120,
                        unique=True,
                        verbose_name="address word",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
                        default="draft",
                        max_length=10,
                        verbose_name="publication",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="first published"),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "description",
                    models.TextField(blank=True, help_text="One or two sentences: what a government finds here."),
                ),
                (
                    "key",
                    models.GeneratedField(
                        db_persist=True, expression=alliance.core.search.Fold("name"), output_field=models.TextField()
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "slug__in",
                                [
                                    "calendar",
                                    "collections",
                                    "feed",
                                    "feeds",
                                    "map",
                                    "measures",
                                    "milestones",
                                    "new",
                                    "peers",
                                    "search",
                                    "topics",
                                ],
                            ),
                            _negated=True,
                        ),
                        name="resources_topic_slug_free",
                        violation_error_message="This address word is part of the site's own addresses. Choose another.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", django.db.models.functions.text.Lower("slug"))),
                        name="resources_topic_slug_small",
                        violation_error_message="Write the address word in small letters.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="resources_topic_published_at",
                        violation_error_message="A published page needs the day on which it was published.",
                    ),
                    models.UniqueConstraint(
                        alliance.core.search.Fold("name"),
                        name="resources_topic_once",
                        violation_error_message="There is already a topic with this name.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="resource",
            name="topics",
            field=models.ManyToManyField(blank=True, related_name="resources", to="resources.topic"),
        ),
        migrations.CreateModel(
            name="HistoricalResource_topics",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="resources.historicalresource",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="resources.resource",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="resources.topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalResource_topics",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["word"], name="resources_word_like", opclasses=["gist_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", alliance.core.fields.WebAddressField(max_length=600)),
                ("checked_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("ok", "It answers"),
                            ("failed", "It does not answer as it should"),
                            ("refused", "We do not ask such an address"),
                        ],
                        max_length=8,
                    ),
                ),
                ("status_code", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("detail", models.CharField(blank=True, max_length=300)),
                (
                    "final_url",
                    alliance.core.fields.WebAddressField(blank=True, max_length=2000, verbose_name="where it led"),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="link_checks", to="resources.resource"
                    ),
                ),
            ],
            options={
                "ordering": ["-checked_at", "-pk"],
                "indexes": [models.Index(fields=["resource", "-checked_at"], name="resources_check_latest")],
            },
        ),
        migrations.AddConstraint(
            model_name="collectionitem",
            constraint=models.UniqueConstraint(
                models.F("collection"),
                models.F("resource"),
                name="resources_item_once",
                violation_error_message="This resource is already in the collection.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionitem",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("collection", "position"),
                name="resources_item_place",
                violation_error_message="Two items have the same place in the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "slug__in",
                        [
                            "calendar",
                            "collections",
                            "feed",
                            "feeds",
                            "map",
                            "measures",
                            "milestones",
                            "new",
                            "peers",
                            "search",
                            "topics",
                        ],
                    ),
                    _negated=True,
                ),
                name="resources_collection_slug_free",
                violation_error_message="This address word is part of the site's own addresses. Choose another.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", django.db.models.functions.text.Lower("slug"))),
                name="resources_collection_slug_small",
                violation_error_message="Write the address word in small letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True), ("published_at__isnull", False), _connector="OR"
                ),
                name="resources_collection_published_at",
                violation_error_message="A published page needs the day on which it was published.",
            ),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.UniqueConstraint(
                models.F("resource"),
                models.F("jurisdiction"),
                name="resources_adoption_once",
                violation_error_message="It is already on record that this government uses this resource.",
            ),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "until__gte",
                        django.db.models.functions.text.Left(
                            models.F("since"), django.db.models.functions.text.Length(models.F("until"))
                        ),
                    )
                ),
                name="resources_adoption_dates",
                violation_error_message="Its use cannot end before it began.",
            ),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contact_visibility", "staff"), models.Q(("contact", ""), _negated=True), _connector="OR"
                ),
                name="resources_adoption_contact",
                violation_error_message="Enter the contact that others may see, or leave it to staff.",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=django.contrib.postgres.indexes.GinIndex(
                models.F("search"),
                condition=models.Q(("status", "published")),
                fastupdate=False,
                name="resources_search",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                models.OrderBy(django.db.models.functions.comparison.Coalesce("year", 0), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("status", "published")),
                name="resources_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                models.OrderBy(models.F("uses"), descending=True),
                models.OrderBy(django.db.models.functions.comparison.Coalesce("year", 0), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("status", "published")),
                name="resources_most_used",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                models.OrderBy(models.F("published_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("status", "published")),
                name="resources_latest",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(models.F("url_key"), name="resources_url_key"),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["key"], name="resources_key_like", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "slug__in",
                        [
                            "calendar",
                            "collections",
                            "feed",
                            "feeds",
                            "map",
                            "measures",
                            "milestones",
                            "new",
                            "peers",
                            "search",
                            "topics",
                        ],
                    ),
                    _negated=True,
                ),
                name="resources_resource_slug_free",
                violation_error_message="This address word is part of the site's own addresses. Choose another.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", django.db.models.functions.text.Lower("slug"))),
                name="resources_resource_slug_small",
                violation_error_message="Write the address word in small letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True), ("published_at__isnull", False), _connector="OR"
                ),
                name="resources_resource_published_at",
                violation_error_message="A published page needs the day on which it was published.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("body", ""), ("file", ""), ("url", ""), _negated=True),
                name="resources_resource_something",
                violation_error_message="Give a web address, a file or a text: at least one of them.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("year", None), ("year__range", (1800, 2100)), _connector="OR"),
                name="resources_resource_year",
                violation_error_message="Enter the year with four digits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("url_is_copy", False), models.Q(("url", ""), _negated=True), _connector="OR"),
                name="resources_resource_copy",
                violation_error_message="Only a web address can be a third-party copy.",
            ),
        ),
    ]
