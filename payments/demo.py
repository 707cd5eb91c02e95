"""This floor's part of a made-up world: bank accounts that pass every check and are nobody's."""

from datetime import datetime

from schwifty import IBAN

from payments.models import PayoutDetails
from payments.operations.payees import set_details
from tutors.models import Tutor

DEMONSTRATION_BANK = "12345678"
"""A German bank code that was never given out."""


def made_up_iban(*, number: int) -> str:
    """A German IBAN with right check digits; the same number gives the same one."""
    account = f"{number % 10**10:010d}"
    return str(IBAN.generate("DE", bank_code=DEMONSTRATION_BANK, account_code=account).compact)


def give_bank_account(*, tutor: Tutor, at: datetime) -> PayoutDetails:
    """Where a made-up tutor is paid, as if she had entered it herself."""
    return set_details(
        tutor=tutor,
        holder_name=tutor.account.name,
        iban=made_up_iban(number=tutor.pk),
        bic="",
        actor=tutor.account,
        at=at,
    )
