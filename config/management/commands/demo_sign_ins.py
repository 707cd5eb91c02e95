from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demonstration.loading import PASSWORD, sign_ins
from workforce.queries.accounts import by_email


class Command(BaseCommand):
    help = "Print whom one can sign in as, where the demonstration is loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("These are production settings: there is no demonstration.")
        known = [each for each in sign_ins() if by_email(email=each.email) is not None]
        if not known:
            raise CommandError("The demonstration is not loaded; `manage demo_load` loads it.")
        self.stdout.write(f"Sign in at {settings.BASE_URL}/accounts/login/ with an e-mail below")
        self.stdout.write(f"and the password {PASSWORD}")
        for each in known:
            self.stdout.write(f"  {each.role:<28} {each.email:<30} {each.name}")
