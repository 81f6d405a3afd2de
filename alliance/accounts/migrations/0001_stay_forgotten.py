"""The row of a deleted account never changes again: not by a page that read it before, nor by a sign-in under way."""

from django.db import migrations

STAY = """
CREATE FUNCTION core_user_stays_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'This account was deleted.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'core_user_stays_forgotten';
END
$$;
CREATE TRIGGER core_user_stays_forgotten BEFORE UPDATE ON core_user FOR EACH ROW
  WHEN (OLD.erased_at IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*)
  EXECUTE FUNCTION core_user_stays_forgotten();
"""
BACK = """
DROP TRIGGER core_user_stays_forgotten ON core_user;
DROP FUNCTION core_user_stays_forgotten();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_accounts")]
    operations = [migrations.RunSQL(STAY, BACK)]
