"""How a list of the library stays quick however large it grows: it asks a sample that is just large enough."""

from django.db import migrations

# The index answers "these words, in this sample" by walking the shorter of the two, so the work hardly grows with the
# library. We begin with the thinnest sample; the first that holds some dozens of hits says about how many there are.
# Phrases count as words here: only the row itself can tell whether words stand side by side.
SAMPLED = r"""
CREATE FUNCTION resources_sampled(
  query tsquery, enough integer, OUT sample tsquery, OUT rate integer, OUT about integer)
LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT
SET enable_seqscan = off
AS $$
DECLARE
  exact CONSTANT integer := 3000;
  dozens CONSTANT integer := 50;
  words tsquery := regexp_replace(query::text, '<(-|\d+)>', '&', 'g');
BEGIN
  FOREACH rate IN ARRAY '{4096, 1024, 256, 64, 16, 4, 1}'::integer[] LOOP
    SELECT rate * count(*) INTO about FROM resources_resource
    WHERE status = 'published' AND search @@ (words && format('''sample:%s''', rate)::tsquery);
    EXIT WHEN about >= dozens * rate;
  END LOOP;
  rate := CASE WHEN about <= exact THEN 1 ELSE rate END;
  WHILE rate > 1 AND about < enough * rate LOOP
    rate := rate / 4;
  END LOOP;
  sample := query && format('''sample:%s''', rate)::tsquery;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("resources", "0003_curators")]

    operations = [migrations.RunSQL(SAMPLED, "DROP FUNCTION resources_sampled(tsquery, integer)")]
