"""`manage.py store_samples`: every instance holds the media of the task types' samples."""

from typing import Any

from django.core.management.base import BaseCommand

from tasks.operations.storing import store_samples
from workforce.doors import now


class Command(BaseCommand):
    help = "Store the pictures and clips of the task types' samples; those there are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{store_samples(at=now())} sample media stored.")
