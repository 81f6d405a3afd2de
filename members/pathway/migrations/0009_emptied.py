from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathway", "0008_name_government")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="emptied_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
