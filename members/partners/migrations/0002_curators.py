"""Curators get their rights over what this app holds."""

from django.db import migrations

from alliance.core.curators import PAGE, grant


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("partners", "0001_initial"),
    ]

    operations = [
        grant(
            "partners",
            {
                "partner": PAGE,
            },
        )
    ]
