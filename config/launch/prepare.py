"""`python -m config.launch.prepare`: what must be there before the web starts.

One process in place of three management commands, because each would load Django again.
"""

import hashlib
import os
from pathlib import Path

import django


def main() -> None:
    """Migrate, load the reference data, and collect the static files if they have changed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("found", verbosity=0)
    call_command("store_samples", verbosity=0)
    collect_static()


def collect_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATE_DIR) / "static.stamp"
    now = static_fingerprint()
    if stamp.exists() and stamp.read_text() == now and Path(settings.STATIC_ROOT).exists():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(now)


def static_fingerprint() -> str:
    """Changes when a static file is added, removed, or written."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
