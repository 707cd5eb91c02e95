"""What the sweeper does on every pass: each a verb that is idempotent and bounded."""

from collections.abc import Callable
from datetime import datetime

from tasks.operations import (
    alerting,
    comparing,
    lapsing,
    measuring,
    mixing,
    offering,
    pooling,
    thinning,
    watching,
)
from tutors.operations.contracting import end_lapsed
from workforce.operations import sweeping

Sweep = Callable[..., int]


def _jobs(*, at: datetime) -> int:
    return sweeping.sweep(at=at)


SWEEPS: tuple[tuple[str, Sweep], ...] = (
    ("jobs", _jobs),
    ("leases", lapsing.expire_leases),
    ("offers", offering.expire_offers),
    ("spent budgets", offering.withdraw_from_spent),
    ("relaxing", pooling.relax_pools),
    ("reviews", lapsing.accept_overdue),
    ("figures", pooling.fold_figures),
    ("people", watching.watch_pools),
    ("alerts", alerting.tell_opened),
    ("expired alerts", alerting.expire_alerts),
    ("outlooks", measuring.ask_measures),
    ("known answers", mixing.mix_known_answers),
    ("comparisons", comparing.ask_comparisons),
    ("exclusions", lapsing.forget_exclusions),
    ("contracts", end_lapsed),
    ("old rounds", thinning.thin_rounds),
    ("old rehearsals", thinning.thin_rehearsals),
)
