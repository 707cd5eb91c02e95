"""What a bank's reason codes mean for the person whose money did not arrive."""

REASONS = {
    "AC01": "The bank does not know this account number.",
    "AC03": "The bank does not know this account number.",
    "AC04": "The account is closed.",
    "AC06": "The account is blocked.",
    "AC13": "This kind of account cannot take such a payment.",
    "AC14": "This kind of account cannot take such a payment.",
    "AG01": "The account may not take this kind of payment.",
    "AG02": "The bank refused the kind of payment.",
    "AM04": "Our account did not hold enough.",
    "AM05": "The bank takes it for a payment made twice.",
    "AM09": "The bank read another amount.",
    "BE01": "The name does not belong to the account.",
    "BE04": "The bank wants the payee's address.",
    "BE05": "The bank does not know who pays.",
    "BE06": "The bank does not know the payee.",
    "CUST": "The payee asked for it to be sent back.",
    "DNOR": "The bank is not reached by this kind of payment.",
    "FOCR": "It was called back.",
    "MD07": "The account's owner has died.",
    "MS02": "The payee's bank gave no reason.",
    "MS03": "The bank gave no reason.",
    "NARR": "The bank gave its reason in words only.",
    "RC01": "The BIC does not hold.",
    "RR01": "The bank lacks details that its rules ask for.",
    "RR04": "The bank's rules forbid it.",
    "TM01": "It came to the bank too late in the day.",
}

PAYEES_TO_FIX = frozenset(
    {"AC01", "AC03", "AC04", "AC06", "AC13", "AC14", "AG01", "BE01", "BE06", "RC01"}
)
"""Reasons that other payout details would mend."""


def told(reason: str) -> str:
    """The code in words; what is not a known code stays as the bank said it."""
    return REASONS.get(reason.strip().upper()[:4], reason or "The bank gave no reason.")


def is_the_payees(reason: str) -> bool:
    return reason.strip().upper()[:4] in PAYEES_TO_FIX
