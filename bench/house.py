"""The application inside a process of the bench."""

import os
import warnings


def enter() -> None:
    """Load Django; call this before importing anything of the floors."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    warnings.simplefilter("ignore", ResourceWarning)
    import django

    django.setup()
