import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import cohorts.models.cohort


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cohorts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="verified_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verified_memberships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="jurisdiction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="milestones", to="cohorts.jurisdiction"
            ),
        ),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("key", name="text_pattern_ops"), name="cohorts_place_prefix"
            ),
        ),
        migrations.AddIndex(
            model_name="place",
            index=django.contrib.postgres.indexes.GistIndex(
                django.contrib.postgres.indexes.OpClass("key", name="gist_trgm_ops"), name="cohorts_place_trigram"
            ),
        ),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(fields=["state", "kind"], name="cohorts_place_state_kind"),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(
                models.F("source"), models.F("source_id"), name="cohorts_place_source_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("latitude__isnull", False),
                        ("latitude__range", (-90, 90)),
                        ("longitude__isnull", False),
                        ("longitude__range", (-180, 180)),
                    ),
                    models.Q(("latitude", None), ("longitude", None)),
                    _connector="OR",
                ),
                name="cohorts_place_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("geoid", None), ("geoid__regex", "^(\\d{2}|\\d{5}|\\d{7}|\\d{10})$"), _connector="OR"
                ),
                name="cohorts_place_geoid",
            ),
        ),
        migrations.AddField(
            model_name="jurisdiction",
            name="place",
            field=models.OneToOneField(
                blank=True,
                help_text="Its entry in the register gives GEOID, population and coordinates.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="jurisdiction",
                to="cohorts.place",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortseat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "left__gte",
                        django.db.models.functions.text.Left(
                            models.F("joined"), django.db.models.functions.text.Length(models.F("left"))
                        ),
                    )
                ),
                name="cohorts_cohortseat_dates",
                violation_error_message="The seat cannot be left before it was joined.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortseat",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("cohort", "="),
                    ("jurisdiction", "="),
                    (cohorts.models.cohort.Span("joined", "left"), "&&"),
                ],
                name="cohorts_cohortseat_no_overlap",
                violation_error_message="This government already has a seat in this cohort at that time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                models.F("user"),
                models.F("jurisdiction"),
                condition=models.Q(("ended_on", None)),
                name="cohorts_membership_one_open",
                violation_error_message="This person already has a current tie to this government.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_on__gte", models.F("started_on"))),
                name="cohorts_membership_dates",
                violation_error_message="The end cannot come before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verified_by", None), ("verified_on", None)),
                    models.Q(("verified_by__isnull", False), ("verified_on__isnull", False)),
                    _connector="OR",
                ),
                name="cohorts_membership_verified",
                violation_error_message="Say both when the tie was verified and by whom, or neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("verified_by", models.F("user")), _negated=True),
                name="cohorts_membership_not_by_self",
                violation_error_message="Nobody verifies their own tie.",
            ),
        ),
        migrations.AddIndex(
            model_name="milestone",
            index=models.Index(fields=["-date", "-id"], name="cohorts_milestone_latest"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(("sources__len__gte", 1)),
                name="cohorts_milestone_sourced",
                violation_error_message="A milestone needs at least one source.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "slug__in",
                        [
                            "calendar",
                            "collections",
                            "feed",
                            "feeds",
                            "map",
                            "measures",
                            "milestones",
                            "new",
                            "peers",
                            "search",
                            "topics",
                        ],
                    ),
                    _negated=True,
                ),
                name="cohorts_jurisdiction_slug_free",
                violation_error_message="This address word is part of the site's own addresses. Choose another.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", django.db.models.functions.text.Lower("slug"))),
                name="cohorts_jurisdiction_slug_small",
                violation_error_message="Write the address word in small letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True), ("published_at__isnull", False), _connector="OR"
                ),
                name="cohorts_jurisdiction_published_at",
                violation_error_message="A published page needs the day on which it was published.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "department"), ("parent__isnull", False)),
                    models.Q(models.Q(("kind", "department"), _negated=True), ("parent", None)),
                    _connector="OR",
                ),
                name="cohorts_jurisdiction_parent",
                violation_error_message="A department needs the government it belongs to; no other kind has one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("place", None),
                    models.Q(("latitude", None), ("longitude", None), ("geoid", None), ("population", None)),
                    _connector="OR",
                ),
                name="cohorts_jurisdiction_own_values",
                violation_error_message="The place gives GEOID, population and coordinates: leave these empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("latitude__isnull", False),
                        ("latitude__range", (-90, 90)),
                        ("longitude__isnull", False),
                        ("longitude__range", (-180, 180)),
                    ),
                    models.Q(("latitude", None), ("longitude", None)),
                    _connector="OR",
                ),
                name="cohorts_jurisdiction_on_earth",
                violation_error_message="Enter latitude and longitude in degrees, both or neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("geoid", None), ("geoid__regex", "^(\\d{2}|\\d{5}|\\d{7}|\\d{10})$"), _connector="OR"
                ),
                name="cohorts_jurisdiction_geoid",
                violation_error_message="A GEOID has 2, 5, 7 or 10 digits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(("role_year", None), ("role_year__range", (1900, 2100)), _connector="OR"),
                name="cohorts_jurisdiction_role_year",
                violation_error_message="Enter the year of the link with four digits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage", ""), ("stage_reason", "")),
                    models.Q(models.Q(("stage", ""), _negated=True), models.Q(("stage_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cohorts_jurisdiction_stage_reason",
                violation_error_message="A stage needs the reason for it, and a reason its stage.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", ""), _negated=True),
                    models.Q(("role_words", ""), ("role_year", None)),
                    _connector="OR",
                ),
                name="cohorts_jurisdiction_role",
                violation_error_message="Choose the link to the Alliance that this year and these words speak of.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jurisdiction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(models.Q(("role", ""), _negated=True), ("sources__len__gte", 1)),
                    _connector="OR",
                ),
                name="cohorts_jurisdiction_on_record",
                violation_error_message="A published page needs a link to the Alliance and at least one source.",
            ),
        ),
    ]
