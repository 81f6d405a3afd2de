"""Reviews, decisions and onboardings; the government that an application names; the files of a snapshot."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import alliance.core.fields
import alliance.core.search
import members.pathway.models.assessment


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0004_names"),
        ("pathway", "0003_application"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AdminReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(default=django.utils.timezone.localdate)),
            ],
            options={
                "ordering": ["-on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assigned_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("removed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuthorityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "found_at",
                    alliance.core.fields.WebAddressField(
                        max_length=600, verbose_name="page of the government's website with the contact"
                    ),
                ),
                (
                    "contact",
                    models.CharField(
                        help_text="The office and its number or address, as the page gives them.",
                        max_length=200,
                        verbose_name="whom you asked",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "By phone"),
                            ("mail", "By e-mail"),
                            ("letter", "By letter"),
                            ("in_person", "In person"),
                        ],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("asked_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="when")),
                ("is_confirmed", models.BooleanField(verbose_name="they confirmed it")),
                ("words", models.TextField(blank=True, verbose_name="what they said")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CannedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, unique=True, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
            ],
            options={
                "verbose_name": "text for messages",
                "verbose_name_plural": "texts for messages",
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("conditions", "Accepted with conditions"),
                            ("not_yet", "Not yet"),
                            ("referred", "Referred"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("letter", models.TextField(verbose_name="letter")),
                ("conditions", models.TextField(blank=True, verbose_name="conditions")),
                ("referred_to", models.CharField(blank=True, max_length=200, verbose_name="referred to")),
                ("back_on", models.DateField(blank=True, null=True, verbose_name="invited back from")),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("has_conflict", models.BooleanField(verbose_name="conflict of interest")),
                ("words", models.TextField(blank=True, verbose_name="what it is")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="InternalNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="note")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False)),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Onboarding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("agreed_at", models.DateTimeField(null=True)),
                ("list_from", models.DateField(blank=True, null=True, verbose_name="show the page from")),
                ("listed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "onboarding",
                "verbose_name_plural": "onboardings",
            },
        ),
        migrations.CreateModel(
            name="OnboardingStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=30)),
                (
                    "domain",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("leadership", "Leadership"),
                            ("infrastructure", "Infrastructure"),
                            ("learning", "Learning"),
                            ("data", "Data"),
                            ("tools", "Tools in decisions"),
                            ("partnership", "Community partnerships"),
                            ("planning", "Planning and accountability"),
                            ("collaboration", "Collaboration"),
                        ],
                        max_length=16,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="step")),
                ("help", models.TextField(blank=True, verbose_name="how")),
                ("due_on", models.DateField(verbose_name="by when")),
                (
                    "owner",
                    models.CharField(
                        blank=True, help_text="An office or a role, no name needed.", max_length=120, verbose_name="who"
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(verbose_name="reason")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rubric_version",
                    models.PositiveSmallIntegerField(
                        default=members.pathway.models.assessment.latest_version, editable=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("summary", models.TextField(blank=True, verbose_name="in short")),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("replaced_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReviewPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "screening_days",
                    models.PositiveSmallIntegerField(default=5, verbose_name="working days for screening"),
                ),
                (
                    "review_days",
                    models.PositiveSmallIntegerField(default=20, verbose_name="working days for the review"),
                ),
                (
                    "years_kept",
                    models.PositiveSmallIntegerField(
                        default=7, verbose_name="years that the content of decided applications is kept"
                    ),
                ),
            ],
            options={
                "verbose_name": "review policy",
                "verbose_name_plural": "review policy",
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "domain",
                    models.CharField(
                        choices=[
                            ("leadership", "Leadership"),
                            ("infrastructure", "Infrastructure"),
                            ("learning", "Learning"),
                            ("data", "Data"),
                            ("tools", "Tools in decisions"),
                            ("partnership", "Community partnerships"),
                            ("planning", "Planning and accountability"),
                            ("collaboration", "Collaboration"),
                        ],
                        max_length=16,
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(null=True)),
                ("rationale", models.TextField(blank=True, verbose_name="reason")),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("policy", "Policy"),
                                ("internal", "Internal practice"),
                                ("external", "External practice"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ScreeningCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("point", models.CharField(max_length=20)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="SnapshotFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.AddField(
            model_name="application",
            name="government_name",
            field=models.CharField(blank=True, editable=False, max_length=200, verbose_name="government"),
        ),
        migrations.AddField(
            model_name="historyentry",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="kind",
            field=models.CharField(blank=True, editable=False, max_length=16, verbose_name="kind"),
        ),
        migrations.AddField(
            model_name="application",
            name="state",
            field=models.CharField(blank=True, editable=False, max_length=2, verbose_name="state"),
        ),
        migrations.AlterField(
            model_name="historyentry",
            name="verb",
            field=models.CharField(
                choices=[
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
                    ("appoint_lead", "the Alliance named a new lead"),
                    ("defer", "put the draft off, or took that back"),
                    ("assign", "assigned a reviewer"),
                    ("unassign", "took a reviewer off"),
                    ("declare", "said whether there is a conflict of interest"),
                    ("check_authority", "checked the authority of the applicant"),
                    ("export", "exported it for a request of public records"),
                    ("override", "opened it by an override, with a reason"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="key",
            field=models.GeneratedField(
                db_persist=True,
                expression=alliance.core.search.Fold("government_name"),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(models.F("state"), models.F("key"), name="pathway_application_same"),
        ),
        migrations.AddField(
            model_name="adminreading",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="pathway.application"
            ),
        ),
        migrations.AddField(
            model_name="adminreading",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="pathway.application"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="assigned_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="authoritycheck",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="authority_checks", to="pathway.application"
            ),
        ),
        migrations.AddField(
            model_name="authoritycheck",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="pathway.application"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="authority_check",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="pathway.authoritycheck"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="cohort",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: it joins the network as a member without a seat.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cohorts.cohort",
                verbose_name="seat in a cohort",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="released_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="roadmap",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="pathway.assessment"
            ),
        ),
        migrations.AddField(
            model_name="declaration",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="declarations", to="pathway.application"
            ),
        ),
        migrations.AddField(
            model_name="declaration",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="internalnote",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="pathway.application"
            ),
        ),
        migrations.AddField(
            model_name="internalnote",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="onboarding",
            name="agreed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="onboarding",
            name="application",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="onboarding", to="pathway.application"
            ),
        ),
        migrations.AddField(
            model_name="onboarding",
            name="guide",
            field=models.ForeignKey(
                blank=True,
                help_text="A government of the network that is offered as a guide.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cohorts.jurisdiction",
                verbose_name="guide",
            ),
        ),
        migrations.AddField(
            model_name="onboarding",
            name="jurisdiction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="onboardings", to="cohorts.jurisdiction"
            ),
        ),
        migrations.AddField(
            model_name="onboardingstep",
            name="done_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="onboardingstep",
            name="onboarding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="pathway.onboarding"
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="pathway.application"
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="pathway.application"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("pk", 1)), name="pathway_policy_one", violation_error_message="There is one policy."
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("review_days__range", (1, 250)), ("screening_days__range", (1, 60)), ("years_kept__range", (1, 50))
                ),
                name="pathway_policy_ranges",
                violation_error_message="Screening takes 1 to 60 working days, the review 1 to 250; applications are kept 1 to 50 years.",
            ),
        ),
        migrations.AddField(
            model_name="score",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="scores", to="pathway.review"
            ),
        ),
        migrations.AddField(
            model_name="screeningcheck",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="pathway.application"
            ),
        ),
        migrations.AddField(
            model_name="screeningcheck",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="snapshotfile",
            name="attachment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="snapshots", to="pathway.attachment"
            ),
        ),
        migrations.AddField(
            model_name="snapshotfile",
            name="snapshot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="files", to="pathway.snapshot"
            ),
        ),
        migrations.AddConstraint(
            model_name="adminreading",
            constraint=models.UniqueConstraint(fields=("application", "by", "on"), name="pathway_reading_once"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("application", "reviewer"),
                name="pathway_assignment_once",
                violation_error_message="This reviewer is assigned already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None), ("released_at", None)),
                fields=("application",),
                name="pathway_decision_one_held",
                violation_error_message="A decision about this application is held already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="pathway_decision_two_people",
                violation_error_message="A second person confirms a decision, not the one who proposed it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("released_at", None), ("released_by", None)),
                    models.Q(
                        ("confirmed_by__isnull", False),
                        ("ended_at", None),
                        ("released_at__isnull", False),
                        ("released_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="pathway_decision_released",
                violation_error_message="A decision is confirmed before it is released.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome__in", ["accepted", "conditions"]), _negated=True),
                    ("released_at", None),
                    ("authority_check__isnull", False),
                    _connector="OR",
                ),
                name="pathway_decision_authority",
                violation_error_message="Before an acceptance is released, the applicant's authority is checked with a contact found on the government's own website.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "conditions"), models.Q(("conditions", ""), _negated=True)),
                    models.Q(models.Q(("outcome", "conditions"), _negated=True), ("conditions", "")),
                    _connector="OR",
                ),
                name="pathway_decision_conditions",
                violation_error_message="An acceptance with conditions says which; no other decision has any.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "referred"), models.Q(("referred_to", ""), _negated=True)),
                    models.Q(models.Q(("outcome", "referred"), _negated=True), ("referred_to", "")),
                    _connector="OR",
                ),
                name="pathway_decision_referred",
                violation_error_message="Say to whom you refer them.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("back_on__isnull", False), ("outcome", "not_yet")),
                    models.Q(models.Q(("outcome", "not_yet"), _negated=True), ("back_on", None)),
                    _connector="OR",
                ),
                name="pathway_decision_back_on",
                violation_error_message="“Not yet” names the day from which they are invited back.",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("cohort", None), ("outcome__in", ["accepted", "conditions"]), _connector="OR"),
                name="pathway_decision_cohort",
                violation_error_message="Only an acceptance gives a seat in a cohort.",
            ),
        ),
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.UniqueConstraint(fields=("application", "by"), name="pathway_declaration_once"),
        ),
        migrations.AddConstraint(
            model_name="internalnote",
            constraint=models.UniqueConstraint(fields=("application", "token"), name="pathway_note_once"),
        ),
        migrations.AddConstraint(
            model_name="onboarding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_at", None), ("agreed_by", None), ("list_from", None), ("listed_at", None)),
                    models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                    _connector="OR",
                ),
                name="pathway_onboarding_agreed",
                violation_error_message="The page appears only after somebody of its team said yes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="onboarding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("guide", None), models.Q(("guide", models.F("jurisdiction")), _negated=True), _connector="OR"
                ),
                name="pathway_onboarding_guide",
                violation_error_message="Nobody is their own guide.",
            ),
        ),
        migrations.AddConstraint(
            model_name="onboardingstep",
            constraint=models.UniqueConstraint(fields=("onboarding", "step"), name="pathway_onboarding_step_once"),
        ),
        migrations.AddConstraint(
            model_name="onboardingstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("done_by", None)),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="pathway_onboarding_step_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("at"))),
                name="pathway_override_time",
                violation_error_message="An override ends after it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)),
                fields=("application", "reviewer"),
                name="pathway_review_once",
                violation_error_message="You have begun this review already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("replaced_at", None), ("submitted_at__isnull", False), _connector="OR"),
                name="pathway_review_replaced",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(fields=("review", "domain"), name="pathway_score_once"),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(("level", None), ("level__range", (0, 4)), _connector="OR"),
                name="pathway_score_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "domain__in",
                        [
                            "leadership",
                            "infrastructure",
                            "learning",
                            "data",
                            "tools",
                            "partnership",
                            "planning",
                            "collaboration",
                        ],
                    )
                ),
                name="pathway_score_domain",
            ),
        ),
        migrations.AddConstraint(
            model_name="screeningcheck",
            constraint=models.UniqueConstraint(fields=("application", "point"), name="pathway_check_once"),
        ),
        migrations.AddConstraint(
            model_name="snapshotfile",
            constraint=models.UniqueConstraint(fields=("snapshot", "attachment"), name="pathway_snapshot_file_once"),
        ),
    ]
