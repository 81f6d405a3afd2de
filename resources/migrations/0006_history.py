"""Topics, reading lists and adoptions keep their history, as resources do; what is here already gets a first version."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

import alliance.core.dates
import alliance.core.fields


def begin(apps, schema_editor):
    """Write down how everything stands, so that the first change has something to be compared with."""
    for name in ("Topic", "Collection", "Adoption"):
        model, version = (apps.get_model("resources", prefix + name) for prefix in ("", "Historical"))
        own = {field.attname for field in model._meta.fields}
        columns = [field.attname for field in version._meta.fields if field.attname in own]
        version.objects.bulk_create(
            version(**row, history_type="+", history_date=Now()) for row in model.objects.values(*columns)
        )
    versions = dict(apps.get_model("resources", "HistoricalCollection").objects.values_list("id", "history_id"))
    copy = apps.get_model("resources", "HistoricalCollectionItem")
    items = apps.get_model("resources", "CollectionItem").objects.order_by("position").values()
    copy.objects.bulk_create(copy(**item, history_id=versions[item["collection_id"]]) for item in items)


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0004_names"),
        ("resources", "0005_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalAdoption",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
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
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical use of a resource",
                "verbose_name_plural": "historical resources in use",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCollection",
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
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical reading list",
                "verbose_name_plural": "historical reading lists",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCollectionItem",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="place in the list")),
                ("note", models.TextField(help_text="Why this one, and what to take from it.")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
            ],
            options={
                "verbose_name": "HistoricalCollectionItem",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalTopic",
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
                ("name", models.CharField(max_length=60)),
                (
                    "description",
                    models.TextField(blank=True, help_text="One or two sentences: what a government finds here."),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical topic",
                "verbose_name_plural": "historical topics",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AlterConstraint(
            model_name="collectionitem",
            name="resources_item_once",
            constraint=models.UniqueConstraint(
                models.F("collection"),
                models.F("resource"),
                name="resources_item_once",
                violation_error_message="This resource is already in the reading list.",
            ),
        ),
        migrations.AddField(
            model_name="historicaladoption",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="historicaladoption",
            name="jurisdiction",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cohorts.jurisdiction",
            ),
        ),
        migrations.AddField(
            model_name="historicaladoption",
            name="resource",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="resources.resource",
            ),
        ),
        migrations.AddField(
            model_name="historicalcollection",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="historicalcollectionitem",
            name="collection",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="resources.collection",
            ),
        ),
        migrations.AddField(
            model_name="historicalcollectionitem",
            name="history",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to="resources.historicalcollection"
            ),
        ),
        migrations.AddField(
            model_name="historicalcollectionitem",
            name="resource",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="resources.resource",
            ),
        ),
        migrations.AddField(
            model_name="historicaltopic",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
