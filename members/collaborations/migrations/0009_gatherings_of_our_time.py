import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("collaborations", "0008_curators"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__lt", datetime.datetime(2201, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                    ("starts_at__gte", datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                ),
                name="collaborations_gathering_our_time",
                violation_error_message="Choose days between 1900 and 2200.",
            ),
        ),
    ]
