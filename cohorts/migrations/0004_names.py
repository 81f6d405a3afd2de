"""Indexes for the names that the site's search offers while somebody types."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Collate


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0003_curators")]

    operations = [
        migrations.AddIndex(
            model_name="jurisdiction",
            index=models.Index(
                Collate("key", "C"), condition=models.Q(("status", "published")), name="cohorts_jurisdiction_begins"
            ),
        ),
        migrations.AddIndex(
            model_name="jurisdiction",
            index=django.contrib.postgres.indexes.GistIndex(
                django.contrib.postgres.indexes.OpClass("key", name="gist_trgm_ops(siglen=256)"),
                condition=models.Q(("status", "published")),
                name="cohorts_jurisdiction_alike",
            ),
        ),
    ]
