"""Where Lectern keeps its state on this machine, and who owns which part of it."""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SOCKET_PATH_LIMIT = 100
"""Unix socket paths end at 107 characters on Linux and 103 on macOS."""

ENGINE_ACCOUNTS = ("postgres", "nobody")
"""PostgreSQL refuses to run as root; the first of these that exists runs it then."""

ROOTS_FALLBACKS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - a folder of our own in it
"""Where root keeps PostgreSQL's part when its account cannot reach the checkout."""


class CannotPlaceState(Exception):
    """There is no folder in which the state could live; the message says what to set."""


@dataclass(frozen=True)
class Owner:
    """The unprivileged account that runs PostgreSQL when the caller is root."""

    uid: int
    gid: int
    name: str


def state_folder() -> Path:
    """`LECTERN_STATE`, or `var/` in the checkout."""
    named = os.environ.get("LECTERN_STATE")
    return Path(named).resolve() if named else ROOT / "var"


def engine_owner() -> Owner | None:
    """None for an ordinary caller: then everything runs as the caller."""
    if os.geteuid() != 0:
        return None
    for name in ENGINE_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(uid=entry.pw_uid, gid=entry.pw_gid, name=name)
    raise CannotPlaceState(
        "PostgreSQL refuses to run as root, and this machine has no account named "
        f"{' or '.join(ENGINE_ACCOUNTS)} to run it. Start Lectern as an ordinary user, "
        "or set DATABASE_URL."
    )


def reachable(path: Path) -> bool:
    """Whether every account may walk to `path`, as far as the path exists already."""
    return all(
        step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents) if step.exists()
    )


def postgres_home(*, state: Path, owner: Owner | None) -> Path:
    """PostgreSQL's folder: in the state, or in a system folder if its account cannot go there."""
    if owner is None or reachable(state):
        return state / "postgres"
    mark = hashlib.sha256(str(state).encode()).hexdigest()[:10]
    for folder in ROOTS_FALLBACKS:
        if folder.is_dir() and reachable(folder) and os.access(folder, os.W_OK):
            return folder / f"lectern-{mark}" / "postgres"
    raise CannotPlaceState(
        f"The account {owner.name}, which runs PostgreSQL for root, cannot reach {state}. "
        "Set LECTERN_STATE to a folder that everybody may enter."
    )


def socket_folder(home: Path, *, owner: Owner | None) -> Path:
    """A private folder for one engine's socket, short enough for the system's limit."""
    folder = home / "socket"
    if len(str(folder)) > SOCKET_PATH_LIMIT - len("/.s.PGSQL.5432"):
        mark = hashlib.sha256(str(home).encode()).hexdigest()[:12]
        folder = Path("/tmp") / f"lectern-{mark}"  # noqa: S108 - checked by private_folder
    return private_folder(folder, owner=owner)


def private_folder(folder: Path, *, owner: Owner | None = None) -> Path:
    """Make `folder` with mode 0700 for `owner` (the caller by default); refuse another's folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    wanted = owner.uid if owner else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (wanted, os.geteuid()):
        raise CannotPlaceState(
            f"{folder} belongs to somebody else. Remove it, or set LECTERN_STATE."
        )
    if owner and found.st_uid != owner.uid:
        os.chown(folder, owner.uid, owner.gid)
    folder.chmod(0o700)
    return folder
