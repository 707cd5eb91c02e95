"""Known answers ("gold"): how many are mixed in, and what an answer to one of them proves.

A project's credit is kept in hundredths of a task: each attempt taken adds the wanted percent,
each one of gold takes a whole task off. What is left over stays, so the share holds in the long run
however unevenly tasks are taken.
"""

from decimal import ROUND_HALF_UP, Decimal

WHOLE = 100
"""A whole task, in the hundredths of a credit."""

GOLD_PERCENT_MAX = 100
PASS_PERCENT_DEFAULT = 70
"""An answer that agrees so far with the known one counts as good, unless the project says else."""

GOLD_OPEN_MAX = 10
"""Slots mixed into one project that may wait at a time: claims of people who had those tasks all
look past them."""

MIX_AGAIN_SECONDS = 10
"""A project is looked at again after so long: at longer intervals those that are due would come
one right after the other, which tells them apart.
"""

MIX_PROJECTS_MAX = 50
GOLD_TASKS_MAX = 1_000
"""Projects of one pass, and gold tasks of a project (the newest) that it chooses among."""

MIX_CLAIMS_MAX = 5_000
"""Claims since the last look that one look counts."""

SETTLED_SECONDS = 5
"""Claims this young are left to the next look: one with a lower number may not be written yet."""

COMPARED_AFTER_DAYS = 1
"""Answers of a day (UTC) are compared together, when a whole day more has passed: a record that
moved at once would tell its tutor which of her tasks was gold."""

COMPARE_READ_MAX = 2_000
COMPARE_MAX = 50
"""Answers read, and known answers compared, in one transaction."""

COMPARE_SECONDS_MAX = 20.0
"""No comparison begins later than this after the first of its job: two answers of hundreds of
marks take seconds, and a job ends after a minute and a half.
"""

AGREEMENT_PLACES = Decimal("0.0001")


def credit_after(*, credit: int, percent: int, taken: int, gold: int) -> int:
    """The credit when `taken` more attempts began, `gold` of them of known answers.

    Bounded on both sides, so that a long time without gold (or with nothing else) is not made up
    for by a flood.
    """
    most = WHOLE * GOLD_OPEN_MAX
    return max(-most, min(most, credit + percent * taken - WHOLE * gold))


def slots_due(*, credit: int, waiting: int) -> int:
    """How many slots to open, beside `waiting` ones that nobody has taken yet."""
    return max(0, credit // WHOLE - waiting)


def as_agreement(agreement: float) -> Decimal:
    """An agreement of 0 to 1 as it is kept: to four places."""
    return Decimal(agreement).quantize(AGREEMENT_PLACES, rounding=ROUND_HALF_UP)


def is_good(agreement: Decimal, *, pass_percent: int) -> bool:
    """Whether an answer agrees far enough with the known one; exactly so far is far enough."""
    return agreement * 100 >= pass_percent
