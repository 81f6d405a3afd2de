"""Curators settle what members propose."""

from django.db import migrations

from alliance.core.curators import grant


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("cohorts", "0007_proposal"),
    ]

    operations = [grant("cohorts", {"proposal": ("change", "view")})]
