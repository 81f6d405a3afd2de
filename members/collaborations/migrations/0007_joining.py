"""Requests to join, which nobody answers for themselves, and a history of the groups of figures."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from alliance.core import history


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0008_curators"),
        ("collaborations", "0006_made_once"),
        ("partners", "0004_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalPopulationGroup",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("short_name", models.CharField(help_text="For the end of a line in a chart.", max_length=24)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("all", "Everyone"),
                            ("standard", "Category of the federal standard of 2024"),
                            ("other", "Another grouping"),
                        ],
                        default="other",
                        max_length=8,
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=100, help_text="Where it stands among the others."),
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
                "verbose_name": "historical population group",
                "verbose_name_plural": "historical population groups",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AlterModelOptions(
            name="joinrequest",
            options={"ordering": ["pk"], "verbose_name": "request to join", "verbose_name_plural": "requests to join"},
        ),
        migrations.AlterField(
            model_name="joinrequest",
            name="seat",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="join_requests",
                to="collaborations.seat",
            ),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("answered_by", models.F("asked_by")), _negated=True),
                name="collaborations_joinrequest_not_by_self",
                violation_error_message="Nobody answers what they asked themselves.",
            ),
        ),
        migrations.AddConstraint(
            model_name="steward",
            constraint=models.CheckConstraint(
                condition=models.Q(("appointed_by", models.F("user")), _negated=True),
                name="collaborations_steward_not_by_self",
                violation_error_message="Nobody appoints themselves.",
            ),
        ),
        migrations.AddField(
            model_name="historicalpopulationgroup",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        history.begin("collaborations", "PopulationGroup"),
    ]
