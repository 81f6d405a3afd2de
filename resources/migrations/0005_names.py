"""Indexes for the titles that the site's search offers while somebody types."""

from django.db import migrations, models
from django.db.models.functions import Collate


class Migration(migrations.Migration):
    dependencies = [("resources", "0004_sampled")]

    operations = [
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                Collate("key", "C"), condition=models.Q(("status", "published")), name="resources_begins"
            ),
        ),
    ]
