"""Accounts: the outbox, the limits, people without a password, and what ends their sessions."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Whoever's roles change is signed out everywhere: `get_session_auth_hash` takes the moment in.
SIGN_OUT = """
CREATE FUNCTION core_sign_out_on_new_roles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.signed_out_at := clock_timestamp();
  RETURN NEW;
END
$$;
CREATE TRIGGER core_user_new_roles BEFORE UPDATE ON core_user FOR EACH ROW
  WHEN ((OLD.is_staff, OLD.is_superuser, OLD.is_active) IS DISTINCT FROM (NEW.is_staff, NEW.is_superuser, NEW.is_active))
  EXECUTE FUNCTION core_sign_out_on_new_roles();

CREATE FUNCTION core_sign_out_on_new_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE core_user SET signed_out_at = clock_timestamp() WHERE id = coalesce(NEW.user_id, OLD.user_id);
  RETURN NULL;
END
$$;
CREATE TRIGGER core_user_groups_changed AFTER INSERT OR UPDATE OR DELETE ON core_user_groups
  FOR EACH ROW EXECUTE FUNCTION core_sign_out_on_new_group();
CREATE TRIGGER core_user_permissions_changed AFTER INSERT OR UPDATE OR DELETE ON core_user_user_permissions
  FOR EACH ROW EXECUTE FUNCTION core_sign_out_on_new_group();
"""
BACK = """
DROP TRIGGER core_user_permissions_changed ON core_user_user_permissions;
DROP TRIGGER core_user_groups_changed ON core_user_groups;
DROP FUNCTION core_sign_out_on_new_group();
DROP TRIGGER core_user_new_roles ON core_user;
DROP FUNCTION core_sign_out_on_new_roles();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("to", models.EmailField(max_length=254, verbose_name="to")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("html", models.TextField(blank=True)),
                ("message_id", models.CharField(max_length=200, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("late", "Not sent: too late"),
                            ("failed", "Not sent: refused"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="next attempt")),
                ("expires_at", models.DateTimeField(null=True, verbose_name="of no use after")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=500, verbose_name="last answer of the mail server"),
                ),
                ("done_at", models.DateTimeField(null=True, verbose_name="done")),
            ],
            options={
                "verbose_name": "mail",
                "verbose_name_plural": "mail",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RemoveField(
            model_name="user",
            name="password_is_temporary",
        ),
        migrations.AddField(
            model_name="user",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="deleted their account"),
        ),
        migrations.AddField(
            model_name="user",
            name="mail_declined",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                default=list,
                editable=False,
                size=None,
                verbose_name="mail not wanted",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="signed_out_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="signed out everywhere"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email__regex", "^[!-@\\[-~]+$")),
                name="core_user_email_plain",
                violation_error_message="Write the e-mail address in small letters without accents.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None),
                    models.Q(("is_active", False), ("is_staff", False), ("is_superuser", False)),
                    _connector="OR",
                ),
                name="core_user_erased_has_no_rights",
                violation_error_message="Whoever deleted their account has no rights any more.",
            ),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(models.F("due_at"), condition=models.Q(("state", "waiting")), name="core_mail_due"),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("state", "waiting")),
                    models.Q(models.Q(("state", "waiting"), _negated=True), ("done_at__isnull", False)),
                    _connector="OR",
                ),
                name="core_mail_done_at",
                violation_error_message="A mail is either waiting or done at some time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["waiting", "failed"]), models.Q(("html", ""), ("text", "")), _connector="OR"
                ),
                name="core_mail_text_blanked",
                violation_error_message="The text of a mail that is done is not kept.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("to__regex", "^[!-~]+@[!-~]+$")),
                name="core_mail_to_plain",
                violation_error_message="Mail goes to an address in plain letters.",
            ),
        ),
        migrations.RunSQL(SIGN_OUT, BACK),
    ]
