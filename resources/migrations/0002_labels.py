"""What the database itself keeps of a resource: labels, names, uses and words, whoever changes what they come from.

A label is a filter of the library as one word, "topic:housing" or "state:MN". Labels stand in the search document, so
one index answers text and filters together, and facets are counted from the rows of `resources_resource` alone.

What a label comes from is locked while it is read: else a government that is archived at the same moment would stay.
"""

from django.db import migrations

DESCRIBE = """
CREATE FUNCTION resources_describe() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  -- What was found at one address says nothing about another.
  IF TG_OP = 'UPDATE' AND NEW.url <> OLD.url THEN
    NEW.link_status := 'unchecked';
    NEW.link_checked_at := NULL;
  END IF;
  WITH governments AS (
    SELECT slug, state, name FROM cohorts_jurisdiction
    WHERE status = 'published' AND id IN (
      SELECT jurisdiction_id FROM resources_resource_contributed_by_jurisdictions WHERE resource_id = NEW.id
      UNION SELECT jurisdiction_id FROM resources_adoption WHERE resource_id = NEW.id
      UNION SELECT jurisdiction_id FROM resources_resource_mentions WHERE resource_id = NEW.id)
    FOR SHARE
  ), topics AS (
    SELECT slug, name FROM resources_topic
    WHERE status = 'published' AND id IN (
      SELECT topic_id FROM resources_resource_topics WHERE resource_id = NEW.id)
    FOR SHARE
  ), partners AS (
    SELECT name FROM partners_partner
    WHERE status = 'published' AND id IN (
      SELECT partner_id FROM resources_resource_contributed_by_partners WHERE resource_id = NEW.id)
    FOR SHARE
  ), labels AS (
    SELECT 'kind:' || NEW.kind AS label
    UNION SELECT 'language:' || NEW.language
    UNION SELECT 'stage:' || nullif(NEW.stage, '')
    UNION SELECT 'year:' || NEW.year
    UNION SELECT 'topic:' || slug FROM topics
    UNION SELECT 'jurisdiction:' || slug FROM governments
    UNION SELECT 'state:' || state FROM governments
  ), names AS (
    SELECT name FROM topics UNION SELECT name FROM governments UNION SELECT name FROM partners
  )
  SELECT
    (SELECT array_agg(label ORDER BY label) FROM labels WHERE label IS NOT NULL),
    (SELECT coalesce(string_agg(name, '; ' ORDER BY name), '') FROM names),
    (SELECT count(*) FROM resources_adoption adoption JOIN cohorts_jurisdiction one ON one.id = jurisdiction_id
     WHERE resource_id = NEW.id AND one.status = 'published')
  INTO NEW.labels, NEW.names, NEW.uses;
  RETURN NEW;
END $$;

CREATE TRIGGER describe BEFORE INSERT OR UPDATE OF kind, language, stage, year, url, labels, names, uses
ON resources_resource
FOR EACH ROW EXECUTE FUNCTION resources_describe();
"""

# A change in a table of ties touches the resources at its end, once for a statement, and the trigger above does the rest.
TOUCH = """
CREATE FUNCTION resources_touch() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  UPDATE resources_resource SET labels = labels WHERE id IN (SELECT resource_id FROM changed);
  RETURN NULL;
END $$;

CREATE FUNCTION resources_touch_of_topic() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  UPDATE resources_resource SET labels = labels
  WHERE id IN (SELECT resource_id FROM resources_resource_topics WHERE topic_id = NEW.id);
  RETURN NULL;
END $$;

CREATE FUNCTION resources_touch_of_partner() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  UPDATE resources_resource SET labels = labels
  WHERE id IN (SELECT resource_id FROM resources_resource_contributed_by_partners WHERE partner_id = NEW.id);
  RETURN NULL;
END $$;

CREATE FUNCTION resources_touch_of_jurisdiction() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  UPDATE resources_resource SET labels = labels
  WHERE id IN (
    SELECT resource_id FROM resources_resource_contributed_by_jurisdictions WHERE jurisdiction_id = NEW.id
    UNION SELECT resource_id FROM resources_adoption WHERE jurisdiction_id = NEW.id
    UNION SELECT resource_id FROM resources_resource_mentions WHERE jurisdiction_id = NEW.id);
  RETURN NULL;
END $$;
"""

TIES = [
    "resources_adoption",
    "resources_resource_topics",
    "resources_resource_mentions",
    "resources_resource_contributed_by_jurisdictions",
    "resources_resource_contributed_by_partners",
]
ENDS = {
    "resources_topic": ("topic", "status, slug, name"),
    "partners_partner": ("partner", "status, name"),
    "cohorts_jurisdiction": ("jurisdiction", "status, slug, name, state"),
}

# A tie that moves touches both its old end and its new one.
CHANGES = [("insert", "new"), ("delete", "old"), ("update", "old"), ("update", "new")]

TOUCHES = "".join(
    f"CREATE TRIGGER touch_{event}_{side} AFTER {event} ON {table} REFERENCING {side} TABLE AS changed\n"
    "FOR EACH STATEMENT EXECUTE FUNCTION resources_touch();\n"
    for table in TIES
    for event, side in CHANGES
) + "".join(
    f"CREATE TRIGGER touch_resources AFTER UPDATE OF {columns} ON {table}\n"
    f"FOR EACH ROW EXECUTE FUNCTION resources_touch_of_{end}();\n"
    for table, (end, columns) in ENDS.items()
)

# In the order of the alphabet, so that two curators who save at once do not wait for each other in a ring.
WORDS = """
CREATE FUNCTION resources_collect_words() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  INSERT INTO resources_word
  SELECT DISTINCT word
  FROM regexp_split_to_table(
    lower(public.unaccent(concat_ws(' ', NEW.title, NEW.publisher, NEW.names, NEW.summary))), '[^a-z]+') word
  WHERE length(word) BETWEEN 4 AND 30
  ORDER BY word
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER collect_words AFTER INSERT OR UPDATE OF title, publisher, summary, labels ON resources_resource
FOR EACH ROW EXECUTE FUNCTION resources_collect_words();
"""

UNDO = (
    "DROP TRIGGER describe ON resources_resource; DROP TRIGGER collect_words ON resources_resource;"
    + "".join(f"DROP TRIGGER touch_{event}_{side} ON {table};" for table in TIES for event, side in CHANGES)
    + "".join(f"DROP TRIGGER touch_resources ON {table};" for table in ENDS)
    + "DROP FUNCTION resources_describe(); DROP FUNCTION resources_touch(); DROP FUNCTION resources_collect_words();"
    + "".join(f"DROP FUNCTION resources_touch_of_{end}();" for end, _columns in ENDS.values())
)


class Migration(migrations.Migration):
    dependencies = [("resources", "0001_initial")]

    operations = [migrations.RunSQL([DESCRIBE, TOUCH, TOUCHES, WORDS], UNDO)]
