"""What the portal holds about a person, told to them and forgotten for them.

Each app with personal data has a `privacy.py` with

- `COVERS`: the fields it answers for, as "app.Model.field";
- `export(user)`: what these hold about the person, as a dict that JSON can take;
- `erase(user)`: blanks or deletes it, inside the caller's transaction;
- and where it matters `handovers(user)`: what only this person leads, each as a sentence that says what to do first.

This module gathers them, and is itself that of the ground floor and of the packages that keep accounts.
"""

from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def modules():
    """The `privacy` modules of all apps, the top floor first: what hangs on something goes before it."""
    found = [
        import_module(f"{app.name}.privacy")
        for app in apps.get_app_configs()
        if module_has_submodule(app.module, "privacy")
    ]
    return found[::-1]
