import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demonstration.chance import SEED
from config.demonstration.road.walk import Walk
from workforce.doors import now


class Command(BaseCommand):
    help = "Walk the whole road through the API of a running, empty instance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", default=settings.BASE_URL)
        parser.add_argument("--data", type=Path, help="a folder of real data sets")
        parser.add_argument("--share", type=int, default=100, help="percent of the data, 1 to 100")
        parser.add_argument("--seed", type=int, default=SEED)

    def handle(
        self,
        *args: Any,
        base_url: str,
        data: Path | None,
        share: int,
        seed: int,
        **options: Any,
    ) -> None:
        if settings.PRODUCTION:
            raise CommandError("These are production settings: no invented people come in here.")
        walk = Walk(base_url=base_url, data=data, share=share, seed=seed, now=now, say=self._say)
        try:
            walk.run()
        except Exception as error:
            self.stderr.write(f"the demonstration failed: {type(error).__name__}: {error}")
            if options["traceback"]:
                raise
            sys.exit(1)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
