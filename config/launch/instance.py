"""One instance in one state folder: the lock that keeps it single, its keys, its environment."""

import base64
import contextlib
import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from config.launch.engines import SERVING, Engine, Postgres, Valkey
from config.launch.places import ROOT

LOCK_SECONDS = 0.5
KEPT_WHEN_FRESH = frozenset(
    {"venv", "venv.lock", "secret-key", "field-keys", "run", "up.log"}
    | {"bench", "demo", "pictures", "schema-check"}  # instances of their own
)


class AlreadyRunning(Exception):
    """Another process has this state folder; the message names it."""

    def __init__(self, holder: "Holder") -> None:
        super().__init__(f"{holder.what} is running here already (process {holder.pid}{holder.at})")
        self.holder = holder


@dataclass(frozen=True)
class Holder:
    """Who holds the state folder: `up`, or a `manage` that started the engines for itself."""

    what: str
    pid: int
    port: int | None = None
    embedded: tuple[str, ...] = ()

    @property
    def at(self) -> str:
        return f", http://localhost:{self.port}/" if self.port else ""


@dataclass(frozen=True)
class Instance:
    """The state folder and what follows from it."""

    state: Path

    @property
    def run(self) -> Path:
        """Pid files and the lock."""
        return self.state / "run"

    @contextlib.contextmanager
    def held(self, *, what: str, port: int | None = None) -> Iterator[None]:
        """Hold the state folder; AlreadyRunning when somebody has it.

        The lock ends with the process, so that a killed holder leaves nothing to clean up.
        """
        self.run.mkdir(parents=True, exist_ok=True)
        embedded = tuple(engine.name for engine in self.embedded())
        with (self.run / "lock").open("a+") as lock:
            self._lock(lock.fileno())
            note = Holder(what=what, pid=os.getpid(), port=port, embedded=embedded)
            lock.truncate(0)
            lock.write(json.dumps(asdict(note)))
            lock.flush()
            yield

    def _lock(self, handle: int) -> None:
        """A `manage` that only looks holds the lock for a moment, so one refusal is not final."""
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise AlreadyRunning(self._note()) from None
                time.sleep(0.02)

    def holder(self) -> Holder | None:
        """Who holds the state folder now, if anybody."""
        try:
            lock = (self.run / "lock").open()
        except FileNotFoundError:
            return None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return self._note()
        return None

    def _note(self) -> Holder:
        try:
            note = json.loads((self.run / "lock").read_text())
        except (OSError, ValueError):  # it is just being written
            return Holder(what="Another ./lectern", pid=0)
        return Holder(**{**note, "embedded": tuple(note["embedded"])})

    def embedded(self) -> list[Engine]:
        """The engines to start here: those that no environment variable names elsewhere."""
        engines: list[Engine] = []
        if "DATABASE_URL" not in os.environ:
            engines.append(Postgres(state=self.state, settings=SERVING))
        if "REDIS_URL" not in os.environ:
            engines.append(Valkey(state=self.state, durable=True))
        return engines

    def environment(self, engines: Iterable[Engine], *, port: int | None) -> dict[str, str]:
        """What every process of this instance is started with; what the caller set comes first."""
        paths = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        ours = {
            "LECTERN_DEBUG": "1",
            "LECTERN_SECRET_KEY": self._kept("secret-key", secrets.token_urlsafe(64)),
            "LECTERN_FIELD_KEYS": self._kept("field-keys", f"k1:{random_key()}"),
        }
        for engine in engines:
            ours |= engine.environment()
        fixed = {
            "LECTERN_STATE": str(self.state),
            "PYTHONPATH": os.pathsep.join(dict.fromkeys(filter(None, paths))),
            "PYTHONUNBUFFERED": "1",
        }
        if port:
            fixed["LECTERN_PORT"] = str(port)
        return {**ours, **os.environ, **fixed}

    def _kept(self, name: str, new: str) -> str:
        """A secret of this instance: made once, kept in a file that only its owner reads."""
        self.state.mkdir(parents=True, exist_ok=True)
        path = self.state / name
        with contextlib.suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(new)
        return path.read_text().strip()

    def clear(self) -> None:
        """Remove what the instance has stored, for good; its keys and the venv stay."""
        postgres = Postgres(state=self.state, settings=SERVING)
        shutil.rmtree(postgres.home, ignore_errors=True)
        for path in self.state.iterdir() if self.state.exists() else ():
            if path.name in KEPT_WHEN_FRESH:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def random_key(*, bytes_: int = 32) -> str:
    return base64.b64encode(secrets.token_bytes(bytes_)).decode()
