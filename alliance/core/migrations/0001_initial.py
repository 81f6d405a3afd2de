"""The first tables, and before them what PostgreSQL itself must know: extensions, name folding, text search."""

import django.db.models.functions.text
import django.utils.timezone
from django.contrib.postgres.operations import BtreeGistExtension, CITextExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

# One definition of "the same name" for columns and for what people type. Schema-qualified, so that a restored dump or
# an index build under another search_path finds the dictionary.
FOLD = r"""
CREATE FUNCTION fold(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$
  SELECT trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
      lower(public.unaccent('public.unaccent', name)),
      '[''’‘`´.]', '', 'g'),
      '[^a-z0-9]+', ' ', 'g'),
      '\msaint\M', 'st', 'g'),
      '\mfort\M', 'ft', 'g'),
      '\mmount\M', 'mt', 'g'),
      '^ *(the )?((city|town|village|township|borough|county)( and county)? of )', ''))
$$;
"""

# English stems without a stop list: "through" and "own" are words that people search for.
CONFIGURATION = """
CREATE TEXT SEARCH DICTIONARY portal_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION portal (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION portal
  ALTER MAPPING FOR hword, hword_part, word, asciihword, hword_asciipart, asciiword WITH public.unaccent, portal_stem;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        BtreeGistExtension(),
        CITextExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION fold(text)"),
        migrations.RunSQL(
            CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION portal; DROP TEXT SEARCH DICTIONARY portal_stem"
        ),
        migrations.CreateModel(
            name="SeedRecord",
            fields=[
                ("key", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("loaded_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="OldSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", models.CharField(max_length=60)),
                ("slug", models.SlugField(max_length=120)),
                ("object_id", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(models.F("model"), models.F("slug"), name="core_oldslug_once")],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                ("is_staff", models.BooleanField(default=False, help_text="May open the admin.", verbose_name="staff")),
                (
                    "is_active",
                    models.BooleanField(
                        default=True, help_text="Unset this instead of deleting the person.", verbose_name="active"
                    ),
                ),
                (
                    "password_is_temporary",
                    models.BooleanField(
                        default=False,
                        help_text="The admin asks for a new password before anything else.",
                        verbose_name="must choose a password",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="joined"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="core_user_email_once",
                        violation_error_message="There is already an account with this e-mail address.",
                    )
                ],
            },
        ),
    ]
