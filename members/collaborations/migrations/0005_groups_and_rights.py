"""The groups that figures are given for, and that who leads an activity sits in its collaboration."""

from django.db import migrations

# OMB Statistical Policy Directive No. 15, March 28, 2024, in its order; people of several categories stand last.
STANDARD = [
    ("American Indian or Alaska Native", "American Indian"),
    ("Asian", "Asian"),
    ("Black or African American", "Black"),
    ("Hispanic or Latino", "Hispanic or Latino"),
    ("Middle Eastern or North African", "Middle Eastern"),
    ("Native Hawaiian or Pacific Islander", "Pacific Islander"),
    ("White", "White"),
    ("Multiracial or Multiethnic", "Multiracial"),
]

LEAD_SITS_THERE = """
ALTER TABLE collaborations_seat ADD CONSTRAINT collaborations_seat_of_collaboration UNIQUE (id, collaboration_id);
ALTER TABLE collaborations_activity ADD CONSTRAINT collaborations_activity_lead_sits_there
    FOREIGN KEY (lead_id, collaboration_id) REFERENCES collaborations_seat (id, collaboration_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
ANYWHERE = """
ALTER TABLE collaborations_activity DROP CONSTRAINT collaborations_activity_lead_sits_there;
ALTER TABLE collaborations_seat DROP CONSTRAINT collaborations_seat_of_collaboration;
"""


def make_groups(apps, schema_editor):
    groups = apps.get_model("collaborations", "PopulationGroup").objects.using(schema_editor.connection.alias)
    groups.create(name="Everyone", short_name="Everyone", kind="all", position=0)
    for place, (name, short_name) in enumerate(STANDARD, start=1):
        groups.create(name=name, short_name=short_name, kind="standard", position=place)


class Migration(migrations.Migration):
    dependencies = [("collaborations", "0004_five_conditions")]

    operations = [
        migrations.RunPython(make_groups, migrations.RunPython.noop),
        migrations.RunSQL(LEAD_SITS_THERE, ANYWHERE),
    ]
