"""The audit log, which nobody changes."""

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

ONCE = """
CREATE FUNCTION core_audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'entries of the audit log are written once' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER core_audit_once BEFORE UPDATE OR DELETE ON core_auditentry
  FOR EACH ROW EXECUTE FUNCTION core_audit_refuse_change();
"""
BACK = """
DROP TRIGGER core_audit_once ON core_auditentry;
DROP FUNCTION core_audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_curators"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="when")),
                ("action", models.CharField(editable=False, max_length=40, verbose_name="what")),
                ("kind", models.CharField(blank=True, editable=False, max_length=80, verbose_name="kind")),
                ("object_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("label", models.CharField(blank=True, editable=False, max_length=200, verbose_name="object")),
                (
                    "before",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        editable=False,
                        null=True,
                        verbose_name="before",
                    ),
                ),
                (
                    "after",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        editable=False,
                        null=True,
                        verbose_name="after",
                    ),
                ),
                (
                    "facts",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        default=dict,
                        editable=False,
                        verbose_name="details",
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=16, verbose_name="request")),
                (
                    "actor",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="core_audit_latest",
                    ),
                    models.Index(models.F("kind"), models.F("object_id"), name="core_audit_object"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", ""), ("label", ""), ("object_id", "")),
                            models.Q(models.Q(("kind", ""), _negated=True), models.Q(("object_id", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="core_audit_whole_object",
                        violation_error_message="An entry names its object by kind and key, or has none.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length(
                                django.db.models.functions.comparison.Cast("facts", models.TextField())
                            ),
                            4000,
                        ),
                        name="core_audit_facts_small",
                        violation_error_message="The details of an entry are too long.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(ONCE, BACK),
    ]
