"""Curators settle what readers suggest."""

from django.db import migrations

from alliance.core.curators import grant


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("resources", "0007_suggestions"),
    ]

    operations = [grant("resources", {"suggestion": ("change", "view")})]
