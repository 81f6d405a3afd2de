"""Curators get their rights over the library."""

from django.db import migrations

from alliance.core.curators import LOOK, PAGE, ROW, grant


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("resources", "0002_labels"),
    ]

    operations = [
        grant(
            "resources",
            {
                "resource": PAGE,
                "topic": PAGE,
                "collection": PAGE,
                "collectionitem": ROW,
                "adoption": ROW,
                "linkcheck": LOOK,
            },
        )
    ]
