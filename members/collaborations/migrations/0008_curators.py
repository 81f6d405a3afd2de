"""Curators keep the five conditions, appoint stewards, whose work ends and is not deleted, and answer who asks to
join."""

from django.db import migrations

from alliance.core.curators import PAGE, ROW, grant


class Migration(migrations.Migration):
    dependencies = [("collaborations", "0007_joining")]

    operations = [
        grant(
            "collaborations",
            {
                "activity": ROW,
                "datapoint": ROW,
                "gathering": ROW,
                "joinrequest": ("change", "view"),
                "populationgroup": ROW,
                "sharedmeasure": PAGE,
                "steward": PAGE,
                "update": ROW,
            },
        ),
    ]
