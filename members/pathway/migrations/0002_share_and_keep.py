"""Give every readiness check a second key, to share; let people keep checks in their account."""

from django.conf import settings
from django.db import migrations, models

import alliance.core.keys

OF_A_KEY = "^[A-Za-z0-9_-]{32}$"


def give_keys(apps, schema_editor):
    for one in apps.get_model("pathway", "Assessment").objects.filter(share_key=None).iterator():
        one.share_key = alliance.core.keys.new_key()
        one.save(update_fields=["share_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("pathway", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "assessment", "share_key", models.CharField(editable=False, max_length=32, null=True, unique=True)
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AlterField(
            "assessment",
            "share_key",
            models.CharField(default=alliance.core.keys.new_key, editable=False, max_length=32, unique=True),
        ),
        migrations.RemoveConstraint("assessment", "pathway_assessment_key"),
        migrations.AddConstraint(
            "assessment",
            models.CheckConstraint(
                condition=models.Q(key__regex=OF_A_KEY, share_key__regex=OF_A_KEY),
                name="pathway_assessment_keys",
                violation_error_message="The key is not one of ours.",
            ),
        ),
        migrations.AddField(
            "assessment",
            "kept_by",
            models.ManyToManyField(editable=False, related_name="kept_assessments", to=settings.AUTH_USER_MODEL),
        ),
    ]
