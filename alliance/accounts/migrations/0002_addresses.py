"""People who had an account before there were codes: the first code proves their address, as it does for new ones."""

from django.db import migrations

NOTE = """
INSERT INTO account_emailaddress (user_id, email, verified, "primary")
SELECT id, email, false, true FROM core_user AS person
WHERE erased_at IS NULL AND NOT EXISTS (SELECT FROM account_emailaddress WHERE user_id = person.id)
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_stay_forgotten"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [migrations.RunSQL(NOTE, migrations.RunSQL.noop)]
