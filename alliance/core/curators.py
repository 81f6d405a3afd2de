"""The group of the people who curate, and the migration step by which each app gives them their rights in it.

Django makes its permissions only after the last migration, so the step makes those that it grants; Django finds them
there and adds the rest.
"""

from django.db import migrations

GROUP = "Curators"

# A page that was public is archived, never deleted: links to it would die, and governments carry people's ties.
PAGE = ("add", "change", "view")
ROW = ("add", "change", "delete", "view")
LOOK = ("view",)


def grant(app_label, rights):
    """Migration operation: give the group `rights` in the app, a dict of model name to verbs. It can be undone."""

    def permissions(apps, alias):
        content_types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
        all_permissions = apps.get_model("auth", "Permission").objects.using(alias)
        for model, verbs in rights.items():
            content_type, _made = content_types.get_or_create(app_label=app_label, model=model)
            for verb in verbs:
                name = f"Can {verb} {apps.get_model(app_label, model)._meta.verbose_name_raw}"
                yield all_permissions.get_or_create(
                    content_type_id=content_type.pk, codename=f"{verb}_{model}", defaults={"name": name}
                )[0]

    def forwards(apps, schema_editor):
        alias = schema_editor.connection.alias
        group, _made = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=GROUP)
        group.permissions.add(*permissions(apps, alias))

    def backwards(apps, schema_editor):
        """Take the rights back; the group goes with its last right."""
        alias = schema_editor.connection.alias
        for group in apps.get_model("auth", "Group").objects.using(alias).filter(name=GROUP):
            group.permissions.remove(*permissions(apps, alias))
            if not group.permissions.exists():
                group.delete()

    return migrations.RunPython(forwards, backwards)
