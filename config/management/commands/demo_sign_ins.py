from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demonstration.loading import PASSWORD, sign_ins
from workforce.access import needs_second_factor
from workforce.operations.securing import give_demonstration_factor
from workforce.queries.accounts import by_email


class Command(BaseCommand):
    help = "Print whom one can sign in as, where the demonstration is loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("These are production settings: there is no demonstration.")
        known = [(each, by_email(email=each.email)) for each in sign_ins()]
        if not any(account for _, account in known):
            raise CommandError("The demonstration is not loaded; `manage demo_load` loads it.")
        self.stdout.write(f"Sign in at {settings.BASE_URL}/accounts/login/ with an e-mail below")
        self.stdout.write(f"and the password {PASSWORD} (or with one click on that page).")
        for each, account in known:
            if account is not None:
                self.stdout.write(f"  {each.role:<28} {each.email:<30} {each.name}")
        self.stdout.write("Finance and admins are asked for a code as well; an authenticator app")
        self.stdout.write("makes it of this secret:")
        for _, account in known:
            if account is not None and needs_second_factor(account=account):
                secret = give_demonstration_factor(account=account)
                self.stdout.write(f"  {account.email:<30} {secret}")
                self.stdout.write(f"    {otpauth(email=account.email, secret=secret)}")


def otpauth(*, email: str, secret: str) -> str:
    """The address that an authenticator app reads."""
    label, issuer = quote(f"Lectern:{email}"), quote(str(settings.MFA_TOTP_ISSUER))
    return f"otpauth://totp/{label}?secret={secret}&issuer={issuer}"
