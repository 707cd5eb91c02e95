"""Files below the media root: handed-in batches and media, under names nobody can guess."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import IO, Any

from django.conf import settings

INCOMING = "incoming"


def incoming() -> Any:
    """A new file to write into; it is gone when closed, unless it was kept."""
    folder = _root() / INCOMING
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.NamedTemporaryFile(dir=folder, prefix="up-")


def keep(file: Any, *, folder: str, suffix: str) -> str:
    """Keep an incoming file under a random name; its path below the media root."""
    file.flush()
    name = f"{folder}/{secrets.token_hex(16)}{suffix}"
    target = _root() / name
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(file.name, target)
    target.chmod(0o600)
    return name


def opened(name: str) -> IO[bytes]:
    """A kept file, for reading. `OSError` when it is gone."""
    return path_of(name).open("rb")


def path_of(name: str) -> Path:
    path = (_root() / name).resolve()
    if not path.is_relative_to(_root().resolve()):
        raise ValueError("Not below the media root.")
    return path


def forget(name: str) -> None:
    """Remove a kept file. One that is gone already is no error."""
    path_of(name).unlink(missing_ok=True)


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)
