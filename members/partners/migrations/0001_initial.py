import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import alliance.core.fields
import alliance.core.search


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cohorts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Partner",
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
                ("name", models.CharField(help_text="Word for word as the Alliance prints it.", max_length=200)),
                (
                    "sector",
                    models.CharField(
                        choices=[
                            ("government", "Government"),
                            ("association", "Association"),
                            ("university", "University"),
                            ("community", "Community"),
                            ("philanthropy", "Philanthropy"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty for later partners.",
                        null=True,
                        unique=True,
                        verbose_name="place in the Alliance's list",
                    ),
                ),
                (
                    "representative",
                    models.CharField(
                        blank=True,
                        help_text="The office holder whom the Alliance's list names, if it names one.",
                        max_length=120,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
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
                ("website", alliance.core.fields.WebAddressField(blank=True, max_length=600)),
                ("summary", models.TextField(blank=True)),
                (
                    "later_name",
                    models.CharField(blank=True, help_text="A newer name, where a page shows one.", max_length=200),
                ),
                ("sources", alliance.core.fields.SourcesField(blank=True, default=list, size=None)),
                (
                    "key",
                    models.GeneratedField(
                        db_persist=True, expression=alliance.core.search.Fold("name"), output_field=models.TextField()
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        blank=True,
                        help_text="The government that this partner is.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners",
                        to="cohorts.jurisdiction",
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
                        name="partners_partner_slug_free",
                        violation_error_message="This address word is part of the site's own addresses. Choose another.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", django.db.models.functions.text.Lower("slug"))),
                        name="partners_partner_slug_small",
                        violation_error_message="Write the address word in small letters.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="partners_partner_published_at",
                        violation_error_message="A published page needs the day on which it was published.",
                    ),
                ],
            },
        ),
    ]
