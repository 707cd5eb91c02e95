"""Worlds to measure in: 200 tutors, 24 projects, so and so many open tasks of about 1 KB.

People and projects come from the operations; tasks in bulk come from SQL. Each world is a
template database, made once and made again when the code that shapes it has changed.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

from bench import databases
from config.launch.places import ROOT

PEOPLE = "bench_people"
SHAPED_BY = (
    "*/migrations/*.py",
    "config/seeding/*.py",
    "tasks/types/*/sample.json",
    "bench/peopling.py",
    "bench/filling.py",
)
PAGES = "bench_pages"
PAGES_PEOPLED_BY = ("bench/demonstrating.py", "bench/peopling.py")
PAGES_SHAPED_BY = (*PAGES_PEOPLED_BY, "bench/filling.py", "bench/working.py")
"""It takes half an hour to make, so newer tables are migrated to."""

PAGES_TUTORS = 2_000
PAGES_TASKS = 100_000
PAGES_PAST = 3_000


def ready(tasks: int) -> str:
    """The template with this many open tasks, made if need be; its name."""
    name = f"bench_tasks_{tasks}" if tasks else PEOPLE
    if databases.mark_of(name) == fingerprint():
        return name
    if tasks:
        say(f"making a world of {tasks:,} open tasks, once")
        databases.clone(ready(0), to=name)
        run("bench.filling", str(tasks), database=name)
    else:
        say("making the people and projects, once")
        databases.make(name)
        run("config.launch.prepare", database=name)
        run("bench.peopling", database=name)
    databases.settle(name)
    databases.keep(name, mark=fingerprint())
    return name


def ready_for_pages(*, quick: bool) -> str:
    """The demonstration among many tutors, tasks and a past; the template's name."""
    part = 20 if quick else 1
    name = f"{PAGES}_quick" if quick else PAGES
    mark = fingerprint(PAGES_SHAPED_BY)
    if databases.mark_of(name) == mark:
        return name
    databases.clone(_people_for_pages(f"{name}_people", PAGES_TUTORS // part), to=name)
    databases.hasten(name)
    say(f"adding {PAGES_TASKS // part:,} tasks and a past of {PAGES_PAST // part:,}, once")
    run("config.launch.prepare", database=name)
    run("bench.filling", str(PAGES_TASKS // part), database=name)
    run("bench.working", str(PAGES_PAST // part), database=name)
    databases.settle(name)
    databases.keep(name, mark=mark)
    return name


def _people_for_pages(name: str, tutors: int) -> str:
    """A template of its own: each tutor is 160 statements, so the people take the longest, and a
    run that is cut short after them goes on from there.
    """
    mark = fingerprint(PAGES_PEOPLED_BY)
    if databases.mark_of(name) != mark:
        say(f"making the demonstration among {tutors:,} tutors, once")
        databases.make(name)
        run("config.launch.prepare", database=name)
        run("bench.demonstrating", database=name)
        run("bench.peopling", str(tutors), database=name)
        databases.settle(name)
        databases.keep(name, mark=mark)
    return name


def fingerprint(shaped_by: tuple[str, ...] = SHAPED_BY) -> str:
    """Changes with the tables, the way in which people are brought in, and the filling."""
    digest = hashlib.sha256()
    for pattern in shaped_by:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def run(module: str, *arguments: str, database: str) -> str:
    """Run one of our modules to its end on a database; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=databases.environment(database),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"bench: {module} failed on {database}, see above.\n{done.stdout}")
    return done.stdout


def say(text: str) -> None:
    print(f"bench   | {text}", file=sys.stderr, flush=True)


def log_file(name: str) -> Path:
    """Where a process of the bench writes what it has to say."""
    folder = Path(databases.environment(PEOPLE)["LECTERN_STATE"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"
