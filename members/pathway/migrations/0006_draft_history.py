"""What a lead did alone to a draft that was never handed in goes with the draft; all other history stays for good."""

from django.db import migrations, models

VERBS = [
    ("submit", "submit it"),
    ("begin_screening", "begin screening"),
    ("begin_review", "begin the review"),
    ("request_changes", "ask for changes"),
    ("resubmit", "hand in the changes"),
    ("propose", "propose a decision"),
    ("confirm", "confirm the decision"),
    ("send_back", "send the decision back"),
    ("release", "release the decision"),
    ("withdraw", "withdraw it"),
    ("reopen", "open it again"),
    ("reconsider", "reconsider the decision"),
    ("invite", "invited somebody into the team"),
    ("revoke", "took an invitation back"),
    ("join", "joined the team"),
    ("leave", "left the team"),
    ("hand_over", "handed the lead over"),
    ("defer", "put the draft off, or took that back"),
    ("appoint_lead", "the Alliance named a new lead"),
    ("assign", "assigned a reviewer"),
    ("unassign", "took a reviewer off"),
    ("declare", "said whether there is a conflict of interest"),
    ("hand_in_review", "handed in a review"),
    ("think_again", "began a review anew"),
    ("check_authority", "checked the authority of the applicant"),
    ("export", "exported it for a request of public records"),
    ("override", "opened it by an override, with a reason"),
]
RULES = """
CREATE FUNCTION pathway_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.source = 'draft' AND OLD.target = 'draft' AND EXISTS (
    SELECT FROM pathway_application WHERE id = OLD.application_id AND status = 'draft' AND submitted_at IS NULL
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END
$$;
DROP TRIGGER pathway_history_once ON pathway_historyentry;
CREATE TRIGGER pathway_history_once BEFORE UPDATE ON pathway_historyentry
  FOR EACH ROW EXECUTE FUNCTION pathway_refuse_change();
CREATE TRIGGER pathway_history_kept BEFORE DELETE ON pathway_historyentry
  FOR EACH ROW EXECUTE FUNCTION pathway_keep_history();
"""
BACK = """
DROP TRIGGER pathway_history_kept ON pathway_historyentry;
DROP TRIGGER pathway_history_once ON pathway_historyentry;
CREATE TRIGGER pathway_history_once BEFORE UPDATE OR DELETE ON pathway_historyentry
  FOR EACH ROW EXECUTE FUNCTION pathway_refuse_change();
DROP FUNCTION pathway_keep_history();
"""


class Migration(migrations.Migration):
    dependencies = [("pathway", "0005_review_rules")]

    operations = [
        migrations.AlterField("historyentry", "verb", models.CharField(choices=VERBS, max_length=20)),
        migrations.RunSQL(RULES, BACK),
    ]
