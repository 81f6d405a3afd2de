from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathway", "0009_emptied"),
    ]

    operations = [
        migrations.CreateModel(
            name="QuarterFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField(unique=True)),
                ("numbers", models.JSONField()),
            ],
            options={
                "ordering": ["until"],
            },
        ),
    ]
