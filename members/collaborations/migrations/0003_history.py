"""Collaborations and their seats keep their history; what is here already gets a first version."""

import django.contrib.postgres.fields
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import alliance.core.dates
import alliance.core.fields
from alliance.core import history


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0006_history"),
        ("collaborations", "0002_curators"),
        ("partners", "0004_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalCollaboration",
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
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(choices=[("local", "Local"), ("regional", "Regional")], max_length=8)),
                ("region", models.CharField(help_text="In words: Twin Cities, Bay Area.", max_length=120)),
                (
                    "states",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("AL", "Alabama"),
                                ("AK", "Alaska"),
                                ("AZ", "Arizona"),
                                ("AR", "Arkansas"),
                                ("CA", "California"),
                                ("CO", "Colorado"),
                                ("CT", "Connecticut"),
                                ("DE", "Delaware"),
                                ("DC", "District of Columbia"),
                                ("FL", "Florida"),
                                ("GA", "Georgia"),
                                ("HI", "Hawaii"),
                                ("ID", "Idaho"),
                                ("IL", "Illinois"),
                                ("IN", "Indiana"),
                                ("IA", "Iowa"),
                                ("KS", "Kansas"),
                                ("KY", "Kentucky"),
                                ("LA", "Louisiana"),
                                ("ME", "Maine"),
                                ("MD", "Maryland"),
                                ("MA", "Massachusetts"),
                                ("MI", "Michigan"),
                                ("MN", "Minnesota"),
                                ("MS", "Mississippi"),
                                ("MO", "Missouri"),
                                ("MT", "Montana"),
                                ("NE", "Nebraska"),
                                ("NV", "Nevada"),
                                ("NH", "New Hampshire"),
                                ("NJ", "New Jersey"),
                                ("NM", "New Mexico"),
                                ("NY", "New York"),
                                ("NC", "North Carolina"),
                                ("ND", "North Dakota"),
                                ("OH", "Ohio"),
                                ("OK", "Oklahoma"),
                                ("OR", "Oregon"),
                                ("PA", "Pennsylvania"),
                                ("RI", "Rhode Island"),
                                ("SC", "South Carolina"),
                                ("SD", "South Dakota"),
                                ("TN", "Tennessee"),
                                ("TX", "Texas"),
                                ("UT", "Utah"),
                                ("VT", "Vermont"),
                                ("VA", "Virginia"),
                                ("WA", "Washington"),
                                ("WV", "West Virginia"),
                                ("WI", "Wisconsin"),
                                ("WY", "Wyoming"),
                                ("AS", "American Samoa"),
                                ("GU", "Guam"),
                                ("MP", "Northern Mariana Islands"),
                                ("PR", "Puerto Rico"),
                                ("VI", "U.S. Virgin Islands"),
                            ],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("summary", models.TextField(blank=True)),
                ("founded", alliance.core.dates.PartialDateField(blank=True, null=True)),
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
                ("note", models.TextField(blank=True, help_text="What is uncertain in the record; readers see it.")),
                ("sources", alliance.core.fields.SourcesField(blank=True, default=list, size=None)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "cohort",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The learning cohort that this collaboration runs, if it is one.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cohorts.cohort",
                    ),
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
                "verbose_name": "historical collaboration",
                "verbose_name_plural": "historical collaborations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSeat",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                (
                    "name_as_printed",
                    models.CharField(
                        blank=True,
                        help_text="Only where the member is neither a partner nor a jurisdiction here.",
                        max_length=200,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("backbone", "Backbone"), ("steering", "Steering"), ("member", "Member")],
                        default="member",
                        max_length=8,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="collaborations.collaboration",
                    ),
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
                (
                    "jurisdiction",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cohorts.jurisdiction",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical seat",
                "verbose_name_plural": "historical seats",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        history.begin("collaborations", "Collaboration", "Seat"),
    ]
