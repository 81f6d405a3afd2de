"""Governments, milestones, cohorts and seats keep their history; what is here already gets a first version."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import alliance.core.dates
import alliance.core.fields
from alliance.core import history


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0005_office"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalCohort",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last word of the page's address. When you change it, the old address leads to the new one.",
                        max_length=120,
                        verbose_name="address word",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
                        default="draft",
                        max_length=10,
                        verbose_name="publication",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="first published"),
                ),
                ("name", models.CharField(max_length=160)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("forefront", "Cohort at the forefront"),
                            ("regional", "Regional learning cohort"),
                            ("state_agencies", "Learning cohort of state agencies"),
                            ("national", "National learning cohort"),
                        ],
                        max_length=16,
                    ),
                ),
                ("summary", models.TextField(blank=True)),
                ("start", alliance.core.dates.PartialDateField(blank=True, null=True)),
                ("end", alliance.core.dates.PartialDateField(blank=True, null=True)),
                ("sources", alliance.core.fields.SourcesField(blank=True, default=list, size=None)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical cohort",
                "verbose_name_plural": "historical cohorts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCohortSeat",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                ("joined", alliance.core.dates.PartialDateField(blank=True, null=True)),
                ("left", alliance.core.dates.PartialDateField(blank=True, null=True)),
                ("sources", alliance.core.fields.SourcesField(blank=True, default=list, size=None)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "cohort",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cohorts.cohort",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cohorts.jurisdiction",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical cohort seat",
                "verbose_name_plural": "historical cohort seats",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalJurisdiction",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last word of the page's address. When you change it, the old address leads to the new one.",
                        max_length=120,
                        verbose_name="address word",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
                        default="draft",
                        max_length=10,
                        verbose_name="publication",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="first published"),
                ),
                ("name", models.CharField(max_length=160)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("city", "City"),
                            ("county", "County"),
                            ("city_county", "City and county"),
                            ("town", "Town or township"),
                            ("school_district", "School district"),
                            ("special_district", "Special district"),
                            ("regional_agency", "Regional agency"),
                            ("state_agency", "State agency"),
                            ("department", "Department of a government"),
                            ("court", "Court"),
                            ("tribal_nation", "Tribal nation"),
                            ("state", "State"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("AL", "Alabama"),
                            ("AK", "Alaska"),
                            ("AZ", "Arizona"),
                            ("AR", "Arkansas"),
                            ("CA", "California"),
                            ("CO", "Colorado"),
                            ("CT", "Connecticut"),
                            ("DE", "Delaware"),
                            ("DC", "District of Columbia"),
                            ("FL", "Florida"),
                            ("GA", "Georgia"),
                            ("HI", "Hawaii"),
                            ("ID", "Idaho"),
                            ("IL", "Illinois"),
                            ("IN", "Indiana"),
                            ("IA", "Iowa"),
                            ("KS", "Kansas"),
                            ("KY", "Kentucky"),
                            ("LA", "Louisiana"),
                            ("ME", "Maine"),
                            ("MD", "Maryland"),
                            ("MA", "Massachusetts"),
                            ("MI", "Michigan"),
                            ("MN", "Minnesota"),
                            ("MS", "Mississippi"),
                            ("MO", "Missouri"),
                            ("MT", "Montana"),
                            ("NE", "Nebraska"),
                            ("NV", "Nevada"),
                            ("NH", "New Hampshire"),
                            ("NJ", "New Jersey"),
                            ("NM", "New Mexico"),
                            ("NY", "New York"),
                            ("NC", "North Carolina"),
                            ("ND", "North Dakota"),
                            ("OH", "Ohio"),
                            ("OK", "Oklahoma"),
                            ("OR", "Oregon"),
                            ("PA", "Pennsylvania"),
                            ("RI", "Rhode Island"),
                            ("SC", "South Carolina"),
                            ("SD", "South Dakota"),
                            ("TN", "Tennessee"),
                            ("TX", "Texas"),
                            ("UT", "Utah"),
                            ("VT", "Vermont"),
                            ("VA", "Virginia"),
                            ("WA", "Washington"),
                            ("WV", "West Virginia"),
                            ("WI", "Wisconsin"),
                            ("WY", "Wyoming"),
                            ("AS", "American Samoa"),
                            ("GU", "Guam"),
                            ("MP", "Northern Mariana Islands"),
                            ("PR", "Puerto Rico"),
                            ("VI", "U.S. Virgin Islands"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "geoid",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        help_text="Census identifier: 2 digits for a state, 5 for a county, 7 for a place, 10 for a county subdivision.",
                        max_length=10,
                        null=True,
                        verbose_name="GEOID",
                    ),
                ),
                ("population", models.PositiveIntegerField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("website", alliance.core.fields.WebAddressField(blank=True, max_length=600)),
                ("summary", models.TextField(blank=True)),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("normalize", "Normalize"),
                            ("organize", "Organize"),
                            ("operationalize", "Operationalize"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "stage_reason",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences that rest on its milestones.",
                        verbose_name="why this stage",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("core_member", "Core member"),
                            ("member", "Member"),
                            ("cohort_participant", "Took part in a cohort"),
                            ("network_participant", "Shared its work in the network"),
                            ("meeting_participant", "Took part in a member meeting"),
                            ("training_partner", "Partner in training"),
                            ("grant_partner", "Took part in a grant"),
                            ("early_adopter", "Named as an early adopter"),
                        ],
                        max_length=20,
                        verbose_name="link to the Alliance",
                    ),
                ),
                ("role_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year of the link")),
                (
                    "role_words",
                    models.CharField(blank=True, max_length=300, verbose_name="what is on record of the link"),
                ),
                ("sources", alliance.core.fields.SourcesField(blank=True, default=list, size=None)),
                (
                    "office",
                    models.CharField(
                        blank=True,
                        help_text="As it calls itself: Office of Racial Equity.",
                        max_length=160,
                        verbose_name="office to ask",
                    ),
                ),
                (
                    "office_url",
                    alliance.core.fields.WebAddressField(
                        blank=True, max_length=600, verbose_name="web page of the office"
                    ),
                ),
                (
                    "office_email",
                    models.EmailField(
                        blank=True,
                        help_text="A general one, not that of a person.",
                        max_length=254,
                        verbose_name="mailbox of the office",
                    ),
                ),
                ("office_person", models.CharField(blank=True, max_length=120, verbose_name="person to ask for")),
                (
                    "office_person_agreed",
                    models.BooleanField(
                        default=False,
                        help_text="On the page and in the open data.",
                        verbose_name="this person agreed that their name is public",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The government that a department belongs to; only for departments.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cohorts.jurisdiction",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Its entry in the register gives GEOID, population and coordinates.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cohorts.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical jurisdiction",
                "verbose_name_plural": "historical jurisdictions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMilestone",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="changed")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("resolution", "Resolution"),
                            ("ordinance", "Ordinance"),
                            ("office", "Office opened"),
                            ("action_plan", "Action plan"),
                            ("tool", "Tool adopted"),
                            ("training", "Training"),
                            ("budget", "Budget"),
                            ("report", "Report"),
                            ("other", "Act"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
                ("date", alliance.core.dates.PartialDateField()),
                ("sources", alliance.core.fields.SourcesField(default=list, size=None)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cohorts.jurisdiction",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical milestone",
                "verbose_name_plural": "historical milestones",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        history.begin("cohorts", "Jurisdiction", "Milestone", "Cohort", "CohortSeat"),
    ]
