#!/usr/bin/env python
"""Django's command line, with our settings and, where nothing else is configured, our own database."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        embedded = settings.EMBEDDED
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    if embedded:
        from dev.account import DatabaseError
        from dev.database import cluster

        try:
            cluster().hold()
        except DatabaseError as error:
            sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
