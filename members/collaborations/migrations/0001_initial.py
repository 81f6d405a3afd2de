import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import alliance.core.dates
import alliance.core.fields
import alliance.core.search


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cohorts", "0001_initial"),
        ("partners", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Collaboration",
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
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(choices=[("local", "Local"), ("regional", "Regional")], max_length=8)),
                ("region", models.CharField(help_text="In words: Twin Cities, Bay Area.", max_length=120)),
                (
                    "states",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
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
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("summary", models.TextField(blank=True)),
                ("founded", alliance.core.dates.PartialDateField(blank=True, null=True)),
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
                ("note", models.TextField(blank=True, help_text="What is uncertain in the record; readers see it.")),
                ("sources", alliance.core.fields.SourcesField(blank=True, default=list, size=None)),
                (
                    "key",
                    models.GeneratedField(
                        db_persist=True, expression=alliance.core.search.Fold("name"), output_field=models.TextField()
                    ),
                ),
                (
                    "cohort",
                    models.OneToOneField(
                        blank=True,
                        help_text="The learning cohort that this collaboration runs, if it is one.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="collaboration",
                        to="cohorts.cohort",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "name_as_printed",
                    models.CharField(
                        blank=True,
                        help_text="Only where the member is neither a partner nor a jurisdiction here.",
                        max_length=200,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("backbone", "Backbone"), ("steering", "Steering"), ("member", "Member")],
                        default="member",
                        max_length=8,
                    ),
                ),
                (
                    "collaboration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="collaborations.collaboration",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="cohorts.jurisdiction",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="partners.partner",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="collaboration",
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
                name="collaborations_collaboration_slug_free",
                violation_error_message="This address word is part of the site's own addresses. Choose another.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaboration",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", django.db.models.functions.text.Lower("slug"))),
                name="collaborations_collaboration_slug_small",
                violation_error_message="Write the address word in small letters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaboration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True), ("published_at__isnull", False), _connector="OR"
                ),
                name="collaborations_collaboration_published_at",
                violation_error_message="A published page needs the day on which it was published.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("jurisdiction", None), ("name_as_printed", ""), ("partner__isnull", False)),
                    models.Q(("jurisdiction__isnull", False), ("name_as_printed", ""), ("partner", None)),
                    models.Q(
                        ("jurisdiction", None), ("partner", None), models.Q(("name_as_printed", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="collaborations_seat_of_one",
                violation_error_message="Give exactly one: a partner, a jurisdiction or a name as printed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                models.F("collaboration"),
                models.F("partner"),
                name="collaborations_seat_partner_once",
                violation_error_message="This partner already has a seat here.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                models.F("collaboration"),
                models.F("jurisdiction"),
                name="collaborations_seat_jurisdiction_once",
                violation_error_message="This government already has a seat here.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                models.F("collaboration"),
                alliance.core.search.Fold("name_as_printed"),
                condition=models.Q(("name_as_printed", ""), _negated=True),
                name="collaborations_seat_name_once",
                violation_error_message="This name already has a seat here.",
            ),
        ),
    ]
