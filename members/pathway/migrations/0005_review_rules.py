"""The rules of the review in the database, the groups of its people, and which government old drafts name."""

from django.db import migrations

# The pairs of states.py; when they change, a migration writes the trigger anew.
ALLOWED = """
  ('changes_requested', 'in_review'),
  ('changes_requested', 'screening'),
  ('changes_requested', 'withdrawn'),
  ('decided', 'accepted'),
  ('decided', 'in_review'),
  ('decided', 'not_yet'),
  ('decided', 'referred'),
  ('decided', 'screening'),
  ('decided', 'withdrawn'),
  ('draft', 'submitted'),
  ('draft', 'withdrawn'),
  ('in_review', 'changes_requested'),
  ('in_review', 'decided'),
  ('in_review', 'withdrawn'),
  ('not_yet', 'in_review'),
  ('referred', 'in_review'),
  ('screening', 'changes_requested'),
  ('screening', 'decided'),
  ('screening', 'in_review'),
  ('screening', 'withdrawn'),
  ('submitted', 'screening'),
  ('submitted', 'withdrawn'),
  ('withdrawn', 'draft')
"""

STATUS = """
DROP TRIGGER pathway_application_status ON pathway_application;
CREATE TRIGGER pathway_application_status BEFORE UPDATE OF status ON pathway_application FOR EACH ROW
  WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN ({}))
  EXECUTE FUNCTION pathway_refuse_status();
"""
RULES = (
    STATUS.format(ALLOWED)
    + """
CREATE TRIGGER pathway_snapshot_file_once BEFORE UPDATE OR DELETE ON pathway_snapshotfile
  FOR EACH ROW EXECUTE FUNCTION pathway_refuse_change();
CREATE TRIGGER pathway_reading_once BEFORE UPDATE OR DELETE ON pathway_adminreading
  FOR EACH ROW EXECUTE FUNCTION pathway_refuse_change();
CREATE FUNCTION pathway_refuse_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a released decision does not change' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER pathway_decision_released_once BEFORE UPDATE ON pathway_decision FOR EACH ROW
  WHEN (OLD.released_at IS NOT NULL AND
    (OLD.application_id, OLD.outcome, OLD.proposed_by_id, OLD.confirmed_by_id, OLD.released_by_id, OLD.released_at)
    IS DISTINCT FROM
    (NEW.application_id, NEW.outcome, NEW.proposed_by_id, NEW.confirmed_by_id, NEW.released_by_id, NEW.released_at))
  EXECUTE FUNCTION pathway_refuse_decision();
"""
)
BEFORE = """
  ('changes_requested', 'in_review'),
  ('changes_requested', 'screening'),
  ('changes_requested', 'withdrawn'),
  ('decided', 'withdrawn'),
  ('draft', 'submitted'),
  ('draft', 'withdrawn'),
  ('in_review', 'changes_requested'),
  ('in_review', 'withdrawn'),
  ('screening', 'changes_requested'),
  ('screening', 'in_review'),
  ('screening', 'withdrawn'),
  ('submitted', 'screening'),
  ('submitted', 'withdrawn'),
  ('withdrawn', 'draft')
"""
BACK = """
DROP TRIGGER pathway_decision_released_once ON pathway_decision;
DROP FUNCTION pathway_refuse_decision();
DROP TRIGGER pathway_reading_once ON pathway_adminreading;
DROP TRIGGER pathway_snapshot_file_once ON pathway_snapshotfile;
""" + STATUS.format(BEFORE)

# `questions.py` keeps these ids; what is longer or unknown is cut or left out, as `note_government` does.
NAMES = """
UPDATE pathway_application AS application SET
  government_name = left(coalesce(section.answers->>'name', ''), 200),
  state = CASE WHEN section.answers->>'state' ~ '^[A-Z]{2}$' THEN section.answers->>'state' ELSE '' END,
  kind = CASE WHEN length(section.answers->>'kind') <= 16 THEN section.answers->>'kind' ELSE '' END
FROM pathway_sectionanswers AS section
WHERE section.application_id = application.id AND section.section = 'identity';
"""

GROUPS = ("Reviewers", "Review chairs")


def make_groups(apps, schema_editor):
    """The groups have no rights in the admin: being in one opens the pages of the review."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for name in GROUPS:
        groups.get_or_create(name=name)


def drop_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias).filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [("pathway", "0004_review"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.RunSQL(RULES, BACK),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.RunPython(make_groups, drop_groups),
    ]
