"""`./lectern check`: every check by name, and a summary at the end."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from config.launch.command_line import FULL_ONLY, QUICK_TESTS, STEPS
from config.launch.instance import random_key
from config.launch.places import ROOT

STEP_SECONDS_MAX = 1_200.0
"""A step that hangs is ended after this and counts as failed."""

SIDE_BY_SIDE = (("types", "migrations", "deploy", "demo", "schema", "browser"),)
"""Steps that leave a processor free, or wait now and then, and measure no time: run together.
`faults` does measure how soon all is back. `types` can use one processor only, and `demo` waits
half its time.
"""

LINES_AGAIN = 60
"""Of what a failed step said beside others, shown again before the summary: logs are cut."""

BINARIES = Path(sys.executable).parent
SOURCES = (".", "lectern")
PACKAGES = ("config", "payments", "tasks", "tutors", "workforce")
PARALLEL = ("-n", "2", "--dist")
"""One for each processor of the smallest machine that checks."""
DATA_BESIDE_THE_CHECKOUT = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class Step:
    """One check: a command, and the variables it needs besides ours."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    name: str
    seconds: float
    code: int
    said: str = ""

    @property
    def word(self) -> str:
        return "passed" if self.code == 0 else f"FAILED ({self.code})"


def check(
    *,
    full: bool,
    only: Sequence[str] | None,
    makers: "Makers | None" = None,
    seconds_max: float = STEP_SECONDS_MAX,
) -> int:
    """Run the steps in order, all of them even if one fails; 0 when all passed."""
    names = only or [name for name in STEPS if full or name not in FULL_ONLY]
    began = time.monotonic()
    outcomes = [
        outcome
        for turn in _turns(names)
        for outcome in _take([(makers or STEP_MAKERS)[name]() for name in turn], seconds_max)
    ]
    _summarise(outcomes, seconds=time.monotonic() - began)
    return max((outcome.code != 0 for outcome in outcomes), default=False)


def _turns(names: Sequence[str]) -> Iterator[list[str]]:
    """The steps in order, those that go side by side where the first of them stands."""
    beside = {name: group for group in SIDE_BY_SIDE for name in group}
    taken: set[str] = set()
    for name in names:
        if name not in taken:
            turn = [each for each in names if each == name or each in beside.get(name, ())]
            taken.update(turn)
            yield turn


def _take(steps: Sequence[Step], seconds_max: float) -> list[Outcome]:
    if len(steps) == 1:
        return [_run(steps[0], seconds_max)]
    names = " and ".join(step.name for step in steps)
    print(f"\n── {names}, side by side: shown as each of them ends", flush=True)
    with ThreadPoolExecutor(max_workers=len(steps)) as threads:
        return list(threads.map(lambda step: _run_apart(step, seconds_max), steps))


def _run_apart(step: Step, seconds_max: float) -> Outcome:
    """Run the step, and show in one piece what it said."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        outcome = _run(step, seconds_max, into=said)
        said.seek(0)
        text = said.read()
        print(text, end="", flush=True)
    return replace(outcome, said=text)


def _run(step: Step, seconds_max: float, *, into: IO[str] | None = None) -> Outcome:
    print(f"\n── {step.name}: {_readable(step.command)}", file=into, flush=True)
    began = time.monotonic()
    try:
        code = subprocess.run(
            step.command,
            cwd=ROOT,
            env={**os.environ, **_data_variable(), **step.env},
            stdout=into,
            stderr=into and subprocess.STDOUT,
            timeout=seconds_max,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        print(f"ended after {seconds_max:.0f} s", file=into)
        code = 124
    return Outcome(name=step.name, seconds=time.monotonic() - began, code=code)


def _summarise(outcomes: Sequence[Outcome], *, seconds: float) -> None:
    for outcome in outcomes:
        if outcome.code != 0 and outcome.said:
            print(f"\n── {outcome.name} failed; the last lines of what it said:")
            print("\n".join(outcome.said.splitlines()[-LINES_AGAIN:]))
    print(f"\n── summary\n{'step':<12}{'seconds':>9}  result")
    for outcome in outcomes:
        print(f"{outcome.name:<12}{outcome.seconds:>9.1f}  {outcome.word}")
    failed = [outcome.name for outcome in outcomes if outcome.code != 0]
    verdict = f"FAILED: {', '.join(failed)}" if failed else "passed"
    print(f"{'all':<12}{seconds:>9.1f}  {verdict}", flush=True)


def _readable(command: Sequence[str]) -> str:
    return " ".join(Path(part).name if part.startswith("/") else part for part in command)


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BINARIES / name), *arguments)


def _python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, *arguments)


def _pytest(*arguments: str) -> tuple[str, ...]:
    return _python("-m", "pytest", *arguments)


def _manage(*arguments: str) -> tuple[str, ...]:
    # Without a database at hand, makemigrations warns that it cannot compare histories.
    return _python("-W", "ignore::RuntimeWarning", "manage.py", *arguments)


def _deploy() -> Step:
    production = {
        "LECTERN_TEST": "",
        "LECTERN_DEBUG": "",
        "LECTERN_SECRET_KEY": random_key(bytes_=64),
        "LECTERN_FIELD_KEYS": f"k1:{random_key()}",
        "LECTERN_HOSTS": "lectern.example.org",
        "DATABASE_URL": "postgresql://lectern@database.example.org/lectern",
        "REDIS_URL": "redis://broker.example.org:6379/0",
    }
    return Step("deploy", _manage("check", "--deploy", "--fail-level", "WARNING"), production)


def _demo() -> Step:
    """With real data it is told while things die; see `tests/road/test_demo_under_faults.py`."""
    told = _pytest("-m", "demo") if real_data() else _python("-m", "config.launch", "demo")
    return Step("demo", told, {})


def _data_variable() -> dict[str, str]:
    data = real_data()
    return {"LECTERN_DATA": str(data)} if data else {}


def real_data() -> Path | None:
    """The folder with the real data sets, where there is one on this machine."""
    named = os.environ.get("LECTERN_DATA")
    folder = Path(named) if named else DATA_BESIDE_THE_CHECKOUT
    return folder.resolve() if folder.is_dir() else None


TESTING = {"LECTERN_TEST": "1"}
"""Tools that load the settings get those for tests, which need no server."""

Makers = Mapping[str, Callable[[], Step]]

STEP_MAKERS: Makers = {
    "format": lambda: Step("format", _tool("ruff", "format", "--check", *SOURCES), {}),
    "templates": lambda: Step("templates", _tool("djangofmt", "--check", *PACKAGES), {}),
    "lint": lambda: Step("lint", _tool("ruff", "check", *SOURCES), {}),
    "types": lambda: Step("types", _tool("mypy"), TESTING),
    "floors": lambda: Step("floors", _tool("lint-imports"), TESTING),
    "migrations": lambda: Step(
        "migrations", _manage("makemigrations", "--check", "--dry-run"), TESTING
    ),
    "deploy": _deploy,
    "faults": lambda: Step("faults", _pytest("-m", "faults and not demo"), {}),
    "demo": _demo,
    "schema": lambda: Step("schema", _python("-m", "tests.roles.schema_check"), {}),
    "browser": lambda: Step("browser", _pytest("-m", "browser", *PARALLEL, "loadgroup"), {}),
    "tests": lambda: Step("tests", _pytest("-m", QUICK_TESTS, *PARALLEL, "load"), {}),
}
