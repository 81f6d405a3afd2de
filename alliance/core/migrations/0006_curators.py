"""Curators read what was done to content."""

from django.db import migrations

from alliance.core.curators import LOOK, grant


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0005_audit"),
    ]

    operations = [grant("core", {"auditentry": LOOK})]
