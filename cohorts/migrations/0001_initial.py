import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import alliance.core.dates
import alliance.core.fields
import alliance.core.search


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
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
            ],
            options={
                "ordering": ["date", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[("geonames", "GeoNames"), ("census", "US Census Bureau"), ("ocd", "Open Civic Data")],
                        max_length=8,
                    ),
                ),
                ("source_id", models.CharField(max_length=160)),
                (
                    "name",
                    models.CharField(
                        help_text="Without its legal suffix: Hennepin, not Hennepin County.", max_length=120
                    ),
                ),
                (
                    "county",
                    models.CharField(
                        blank=True,
                        help_text="Tells governments of one name in a state apart: Dane County. Empty where nothing needs telling.",
                        max_length=160,
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("county", "County"),
                            ("place", "City or town"),
                            ("city", "City"),
                            ("town", "Town"),
                            ("township", "Township"),
                            ("village", "Village"),
                            ("borough", "Borough"),
                            ("city_county", "City and county"),
                        ],
                        max_length=12,
                    ),
                ),
                ("population", models.PositiveIntegerField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                (
                    "geoid",
                    models.CharField(
                        blank=True,
                        help_text="Census identifier: 2 digits for a state, 5 for a county, 7 for a place, 10 for a county subdivision.",
                        max_length=10,
                        null=True,
                        unique=True,
                        verbose_name="GEOID",
                    ),
                ),
                (
                    "key",
                    models.GeneratedField(
                        db_persist=True, expression=alliance.core.search.Fold("name"), output_field=models.TextField()
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cohort",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last word of the page's address. When you change it, the old address leads to the new one.",
                        max_length=120,
                        unique=True,
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
                (
                    "key",
                    models.GeneratedField(
                        db_persist=True, expression=alliance.core.search.Fold("name"), output_field=models.TextField()
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
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
                        name="cohorts_cohort_slug_free",
                        violation_error_message="This address word is part of the site's own addresses. Choose another.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", django.db.models.functions.text.Lower("slug"))),
                        name="cohorts_cohort_slug_small",
                        violation_error_message="Write the address word in small letters.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="cohorts_cohort_published_at",
                        violation_error_message="A published page needs the day on which it was published.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "end__gte",
                                django.db.models.functions.text.Left(
                                    models.F("start"), django.db.models.functions.text.Length(models.F("end"))
                                ),
                            )
                        ),
                        name="cohorts_cohort_dates",
                        violation_error_message="The end cannot come before the start.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Jurisdiction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last word of the page's address. When you change it, the old address leads to the new one.",
                        max_length=120,
                        unique=True,
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
                        help_text="Census identifier: 2 digits for a state, 5 for a county, 7 for a place, 10 for a county subdivision.",
                        max_length=10,
                        null=True,
                        unique=True,
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
                    "key",
                    models.GeneratedField(
                        db_persist=True, expression=alliance.core.search.Fold("name"), output_field=models.TextField()
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        help_text="The government that a department belongs to; only for departments.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="departments",
                        to="cohorts.jurisdiction",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "state"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CohortSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("joined", alliance.core.dates.PartialDateField(blank=True, null=True)),
                ("left", alliance.core.dates.PartialDateField(blank=True, null=True)),
                ("sources", alliance.core.fields.SourcesField(blank=True, default=list, size=None)),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="cohorts.cohort"
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cohort_seats",
                        to="cohorts.jurisdiction",
                    ),
                ),
            ],
            options={
                "ordering": ["jurisdiction__name", "joined"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="job title")),
                ("started_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("verified_on", models.DateField(blank=True, null=True)),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="cohorts.jurisdiction",
                    ),
                ),
            ],
        ),
    ]
