from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demonstration.loading import load
from workforce.doors import now


class Command(BaseCommand):
    help = "Put the small demonstration into this instance; what is there already is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("These are production settings: no invented people come in here.")
        if load(at=now()):
            self.stdout.write("The demonstration is loaded: four clients, seven kinds of work.")
        else:
            self.stdout.write("The demonstration is there already.")
