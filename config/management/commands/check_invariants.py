import importlib
import json
import sys
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workforce.doors import now

FLOORS = ("workforce", "tutors", "tasks", "payments")
SHOWN_MAX = 20


class Command(BaseCommand):
    help = "Check the rules that must never break; exit 1 and JSON when one does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="only the JSON")

    def handle(self, *args: Any, json: bool, **options: Any) -> None:
        found = {
            f"{floor}.{check.name}": list(check.problems)
            for floor in FLOORS
            if find_spec(f"{floor}.queries.invariants")
            for check in importlib.import_module(f"{floor}.queries.invariants").checks(at=now())
        }
        broken = {name: problems for name, problems in found.items() if problems}
        self._say(found, broken, only_json=json)
        if broken:
            sys.exit(1)

    def _say(
        self, found: dict[str, list[str]], broken: dict[str, list[str]], *, only_json: bool
    ) -> None:
        report = {
            "ok": not broken,
            "checks": {n: {"ok": not p, "problems": p[:SHOWN_MAX]} for n, p in found.items()},
        }
        if not only_json:
            for name, problems in found.items():
                self.stdout.write(f"{'ok    ' if not problems else 'BROKEN'} {name}")
        self.stdout.write(json.dumps(report))
