from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demonstration.living import live
from config.demonstration.loading import experts, load
from workforce.doors import now
from workforce.rules.problems import Refusal


class Command(BaseCommand):
    help = "Put the small demonstration into this instance; what is there already is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("These are production settings: no invented people come in here.")
        book = load(at=now())
        if book is None:
            self.stdout.write("The demonstration is there already.")
            return
        self.stdout.write("The demonstration is loaded: four clients, seven kinds of work.")
        try:
            past = live(experts=experts(), book=book, now=now)
        except Refusal as refusal:  # somebody is at work here already; she can sign in all the same
            self.stderr.write(f"Its past could not be told to the end: {refusal.detail}")
            return
        self.stdout.write(
            f"Its past: {past.answers} answers, {past.compared} of them compared with known ones, "
            f"{past.reviews} reviews, {past.payouts} payouts."
        )
