"""From when the time of a step counts, and the views of the queue that people keep."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# `states.py` calls the verbs that do not count GO_ON.
SINCE = """
UPDATE pathway_application AS application SET since = coalesce(
  (SELECT max(entry.at) FROM pathway_historyentry AS entry
   WHERE entry.application_id = application.id AND entry.source <> entry.target
   AND entry.verb NOT IN ('begin_screening', 'propose', 'confirm', 'send_back')),
  application.submitted_at, application.created_at);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pathway", "0006_draft_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="since",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="application", name="pathway_application_queue"),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(models.F("status"), models.F("since"), name="pathway_application_since"),
        ),
        migrations.CreateModel(
            name="KeptView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name of the view")),
                ("query", models.TextField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("owner", "name"), name="pathway_view_once")],
            },
        ),
    ]
