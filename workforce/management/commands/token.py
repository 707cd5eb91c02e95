from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workforce.doors import now
from workforce.operations.issuing import issue
from workforce.queries.accounts import by_email
from workforce.rules.problems import Refusal
from workforce.rules.roles import Scope


class Command(BaseCommand):
    help = "Make an API token for an account; the secret is printed this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="shell")
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument(
            "--release-payouts",
            action="store_true",
            help="with the scope payouts:release; whoever has this shell has stepped up",
        )

    def handle(
        self, *args: Any, email: str, name: str, days: int, release_payouts: bool, **options: Any
    ) -> None:
        account = by_email(email=email)
        if account is None:
            raise CommandError(f"There is no account for {email}.")
        scopes = [Scope.API, Scope.PAYOUTS_RELEASE] if release_payouts else [Scope.API]
        try:
            issued = issue(
                account=account, name=name, days=days, scopes=scopes, stepped_up=True, at=now()
            )
        except Refusal as refusal:
            raise CommandError(refusal.detail) from None
        self.stdout.write(issued.secret)
