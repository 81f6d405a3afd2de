"""Applications: their drafts, teams, files and messages, and what is written once."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import alliance.core.keys
import alliance.core.uploads
import members.pathway.models.application

# The pairs of states.py; when they change, a migration writes the trigger anew.
ALLOWED = """
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

RULES = f"""
CREATE SEQUENCE pathway_reference;

CREATE FUNCTION pathway_refuse_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an application does not go from % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER pathway_application_status BEFORE UPDATE OF status ON pathway_application FOR EACH ROW
  WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN ({ALLOWED}))
  EXECUTE FUNCTION pathway_refuse_status();

CREATE FUNCTION pathway_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER pathway_history_once BEFORE UPDATE OR DELETE ON pathway_historyentry
  FOR EACH ROW EXECUTE FUNCTION pathway_refuse_change();
CREATE TRIGGER pathway_snapshot_once BEFORE UPDATE OR DELETE ON pathway_snapshot
  FOR EACH ROW EXECUTE FUNCTION pathway_refuse_change();
CREATE TRIGGER pathway_sign_off_once BEFORE UPDATE OR DELETE ON pathway_signoff
  FOR EACH ROW EXECUTE FUNCTION pathway_refuse_change();
CREATE TRIGGER pathway_snapshot_answer_kept BEFORE DELETE ON pathway_snapshotanswer
  FOR EACH ROW EXECUTE FUNCTION pathway_refuse_change();
CREATE TRIGGER pathway_snapshot_answer_once BEFORE UPDATE ON pathway_snapshotanswer FOR EACH ROW
  WHEN (NEW.answer IS DISTINCT FROM 'null'::jsonb AND NEW.answer IS NOT NULL
    OR (OLD.id, OLD.snapshot_id, OLD.question) IS DISTINCT FROM (NEW.id, NEW.snapshot_id, NEW.question))
  EXECUTE FUNCTION pathway_refuse_change();
"""
BACK = """
DROP TRIGGER pathway_snapshot_answer_once ON pathway_snapshotanswer;
DROP TRIGGER pathway_snapshot_answer_kept ON pathway_snapshotanswer;
DROP TRIGGER pathway_sign_off_once ON pathway_signoff;
DROP TRIGGER pathway_snapshot_once ON pathway_snapshot;
DROP TRIGGER pathway_history_once ON pathway_historyentry;
DROP FUNCTION pathway_refuse_change();
DROP TRIGGER pathway_application_status ON pathway_application;
DROP FUNCTION pathway_refuse_status();
DROP SEQUENCE pathway_reference;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0004_names"),
        ("pathway", "0002_share_and_keep"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "reference",
                    models.CharField(editable=False, max_length=20, null=True, unique=True, verbose_name="reference"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("screening", "Screening"),
                            ("in_review", "In review"),
                            ("changes_requested", "Changes requested"),
                            ("decided", "Decided, not yet released"),
                            ("accepted", "Accepted"),
                            ("not_yet", "Not yet"),
                            ("referred", "Referred"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "came_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("screening", "Screening"),
                            ("in_review", "In review"),
                            ("changes_requested", "Changes requested"),
                            ("decided", "Decided, not yet released"),
                            ("accepted", "Accepted"),
                            ("not_yet", "Not yet"),
                            ("referred", "Referred"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "questions_version",
                    models.PositiveSmallIntegerField(
                        default=members.pathway.models.application.latest_questions, editable=False
                    ),
                ),
                ("deferred_until", models.DateField(blank=True, null=True, verbose_name="put off until")),
                ("submitted_at", models.DateTimeField(editable=False, null=True, verbose_name="submitted")),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="applications",
                        to="pathway.assessment",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cohorts.jurisdiction",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cohorts.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "application",
                "verbose_name_plural": "applications",
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    alliance.core.uploads.UploadField(
                        blank=True,
                        name_field="name",
                        upload_to="applications",
                        validators=[alliance.core.uploads.UploadValidator(limit=10485760, words=("pdf", "docx"))],
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=200, verbose_name="name of the file")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="pathway.application",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=40)),
                ("words", models.TextField(verbose_name="what we ask")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("before", models.JSONField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="change_requests",
                        to="pathway.application",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HistoryEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("submit", "submit it"),
                            ("begin_screening", "begin screening"),
                            ("begin_review", "begin the review"),
                            ("request_changes", "ask for changes"),
                            ("resubmit", "hand in the changes"),
                            ("withdraw", "withdraw it"),
                            ("reopen", "open it again"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("screening", "Screening"),
                            ("in_review", "In review"),
                            ("changes_requested", "Changes requested"),
                            ("decided", "Decided, not yet released"),
                            ("accepted", "Accepted"),
                            ("not_yet", "Not yet"),
                            ("referred", "Referred"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("screening", "Screening"),
                            ("in_review", "In review"),
                            ("changes_requested", "Changes requested"),
                            ("decided", "Decided, not yet released"),
                            ("accepted", "Accepted"),
                            ("not_yet", "Not yet"),
                            ("referred", "Referred"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="history", to="pathway.application"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("editor", "Editor"),
                            ("viewer", "Viewer"),
                            ("sponsor", "Executive sponsor"),
                        ],
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "key",
                    models.CharField(default=alliance.core.keys.new_key, editable=False, max_length=32, unique=True),
                ),
                ("invited_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="pathway.application",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_from_team", models.BooleanField()),
                ("text", models.TextField(verbose_name="message")),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="pathway.application"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["sent_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SectionAnswers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("section", models.CharField(max_length=20)),
                ("answers", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="pathway.application"
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("digest", models.CharField(max_length=64)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sign_offs", to="pathway.application"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("taken_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="snapshots", to="pathway.application"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SnapshotAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=40)),
                ("answer", models.JSONField(null=True)),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="pathway.snapshot"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("editor", "Editor"),
                            ("viewer", "Viewer"),
                            ("sponsor", "Executive sponsor"),
                        ],
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="team", to="pathway.application"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(models.F("status"), models.F("submitted_at"), name="pathway_application_queue"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    ("status", "withdrawn"),
                    models.Q(("reference__isnull", False), ("submitted_at__isnull", False)),
                    _connector="OR",
                ),
                name="pathway_application_submitted",
                violation_error_message="What was submitted has a reference and the time of it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("came_from__in", ["screening", "in_review"]),
                        ("status__in", ["changes_requested", "decided"]),
                    ),
                    models.Q(
                        models.Q(("status__in", ["changes_requested", "decided"]), _negated=True),
                        ("came_from", ""),
                    ),
                    _connector="OR",
                ),
                name="pathway_application_came_from",
                violation_error_message="Changes are asked for, and decisions made, in screening or in review.",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("deferred_until", None), ("status", "draft"), _connector="OR"),
                name="pathway_application_deferred",
                violation_error_message="Only a draft can be put off.",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__range", (1, 10485760))),
                name="pathway_attachment_size",
                violation_error_message="A file has at most 10 MB.",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)),
                fields=("application", "question"),
                name="pathway_change_request_once",
                violation_error_message="This question is asked again already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("application", "token"), name="pathway_message_once"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                fields=("application", "email"),
                name="pathway_invitation_once",
                violation_error_message="This address is invited already. Take that invitation back first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("accepted_at", None), ("revoked_at", None), _connector="OR"),
                name="pathway_invitation_one_end",
                violation_error_message="An invitation is either accepted or taken back.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("role", "lead"), _negated=True),
                name="pathway_invitation_no_lead",
                violation_error_message="The lead hands the application over; nobody is invited as the lead.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("invited_at"))),
                name="pathway_invitation_time",
                violation_error_message="An invitation ends after it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionanswers",
            constraint=models.UniqueConstraint(fields=("application", "section"), name="pathway_section_once"),
        ),
        migrations.AddConstraint(
            model_name="sectionanswers",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "section__in",
                        [
                            "eligibility",
                            "identity",
                            "contacts",
                            "commitment",
                            "infrastructure",
                            "learning",
                            "data",
                            "practice",
                            "community",
                            "goals",
                            "peers",
                            "consent",
                        ],
                    )
                ),
                name="pathway_section_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.UniqueConstraint(fields=("application", "by", "digest"), name="pathway_sign_off_once"),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(fields=("application", "number"), name="pathway_snapshot_once"),
        ),
        migrations.AddConstraint(
            model_name="snapshotanswer",
            constraint=models.UniqueConstraint(fields=("snapshot", "question"), name="pathway_snapshot_answer_once"),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)),
                fields=("application", "user"),
                name="pathway_team_once",
                violation_error_message="This person is in the team already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None), ("role", "lead")),
                fields=("application",),
                name="pathway_team_one_lead",
                violation_error_message="A team has one lead.",
            ),
        ),
        migrations.RunSQL(RULES, BACK),
    ]
