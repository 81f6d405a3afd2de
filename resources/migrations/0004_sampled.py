"""How a list of the library stays quick however large it grows: it asks a sample that is just large enough."""

from django.db import migrations

# The index answers "these words, in this sample" by walking the shorter of the two, so the work hardly grows with the
# library. Phrases are counted as words here: only the row itself can tell whether words stand side by side.
SAMPLED = r"""
CREATE FUNCTION resources_sampled(query tsquery, enough integer, OUT sample tsquery, OUT rate integer)
LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT
SET enable_seqscan = off
AS $$
DECLARE
  words tsquery := regexp_replace(query::text, '<(-|\d+)>', '&', 'g');
  label tsquery;
BEGIN
  FOREACH rate IN ARRAY '{4096, 1024, 256, 64, 16, 4, 1}'::integer[] LOOP
    label := format('''sample:%s''', rate);
    EXIT WHEN rate = 1 OR enough <= (
      SELECT count(*) FROM resources_resource WHERE status = 'published' AND search @@ (words && label));
  END LOOP;
  sample := query && label;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("resources", "0003_curators")]

    operations = [migrations.RunSQL(SAMPLED, "DROP FUNCTION resources_sampled(tsquery, integer)")]
