#!/usr/bin/env python
"""Django's command line for mjweb; `manage.py up` starts everything."""

import os
import sys


def main() -> None:
    """Run the named management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mjweb.settings.development")
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - the settings must be named first
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
