"""The rooms of the apps: modules of one name that any app may have. Found by name, as the ground floor imports none."""

from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def rooms(name):
    """The modules of this name of all apps, the ground floor first."""
    return [
        import_module(f"{app.name}.{name}") for app in apps.get_app_configs() if module_has_submodule(app.module, name)
    ]
