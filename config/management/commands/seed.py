import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from config.seeding.check import build
from workforce.doors import now
from workforce.operations.founding import found


class Command(BaseCommand):
    help = "Add a world to work in; each run adds a new one. Refuses to run in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scenario", choices=["check"], required=True)
        parser.add_argument("--json", action="store_true", help="the last line is one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("These are production settings: no invented people come in here.")
        at = now()
        with transaction.atomic():
            found(at=at)
            world = build(at=at)
        told = world.told()
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for key, account in told["accounts"].items():
            self.stdout.write(f"{key:<24} {account['email']:<48} {account['token']}")
        for slug, project in told["projects"].items():
            self.stdout.write(f"{slug:<24} {project}")
