from typing import Any

from django.core.management.base import BaseCommand

from workforce.doors import now
from workforce.operations.founding import found


class Command(BaseCommand):
    help = "Load domains, rate cards and terms; what is there already is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        found(at=now())
        self.stdout.write("Domains, rate cards and terms are in place.")
