"""What a project says about its work, and what keeps it from holding together."""

from dataclasses import dataclass, field, replace
from typing import Any

from tasks.rules import clocks
from tasks.rules.gold import GOLD_PERCENT_MAX, PASS_PERCENT_DEFAULT
from tasks.rules.limits import OVERLAP_MAX
from tasks.rules.ranking import PRIORITY_DEFAULT, PRIORITY_MAX
from tasks.rules.states import Dispatch, ReviewPolicy

BUDGET_MINOR_MAX = 10**15
SLA_MINUTES_MAX = 366 * 24 * 60
RATE_MINOR_HOURLY_MAX = 10_000_000
Errors = dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A project as asked for. Durations in whole seconds; None takes the usual value.

    `budget_minor` None means no limit. `rate_rule` is empty, or the project's own price:
    `{"minor_hourly", "currency", "role"?}`. `named_set` is the key of the named set that
    `requirements` is the document of, if it is one's.
    """

    name: str
    domain: str
    task_type: str
    guide: str
    requirements: dict[str, Any]
    named_set: int | None = None
    review_requirements: dict[str, Any] | None = None
    adjudicate_requirements: dict[str, Any] | None = None
    overlap: int = 1
    gold_percent: int = 0
    gold_pass_percent: int = PASS_PERCENT_DEFAULT
    review_policy: ReviewPolicy = ReviewPolicy.ALL
    review_percent: int = 100
    priority: int = PRIORITY_DEFAULT
    lease_seconds: int = clocks.LEASE_SECONDS_DEFAULT
    hold_seconds: int | None = None
    offer_ttl_seconds: int = clocks.OFFER_TTL_SECONDS_DEFAULT
    expected_seconds: int = clocks.EXPECTED_SECONDS_DEFAULT
    paid_cap_seconds: int | None = None
    dispatch: Dispatch = Dispatch.BOTH
    sla_minutes: int | None = None
    budget_minor: int | None = None
    currency: str = "USD"
    rate_rule: dict[str, Any] = field(default_factory=dict)


def completed(plan: Plan) -> Plan:
    """The plan with the usual hold and paid cap where it names none."""
    hold = plan.hold_seconds or clocks.hold_seconds(
        expected_seconds=plan.expected_seconds, lease_seconds=plan.lease_seconds
    )
    cap = plan.paid_cap_seconds or clocks.paid_cap_seconds(expected_seconds=plan.expected_seconds)
    return replace(plan, hold_seconds=hold, paid_cap_seconds=cap)


def plan_errors(plan: Plan) -> Errors:
    """What is wrong with a completed plan, by field; empty when it can be kept."""
    errors: Errors = {}
    for name, (low, high) in _RANGES.items():
        value = getattr(plan, name)
        if value is not None and not low <= value <= high:
            errors[name] = [f"Between {low} and {high}."]
    if not errors:
        errors |= _together(plan)
    return errors


_RANGES = {
    "overlap": (1, OVERLAP_MAX),
    "gold_percent": (0, GOLD_PERCENT_MAX),
    "gold_pass_percent": (1, 100),
    "review_percent": (0, 100),
    "priority": (0, PRIORITY_MAX),
    "lease_seconds": (clocks.LEASE_SECONDS_MIN, clocks.LEASE_SECONDS_MAX),
    "hold_seconds": (clocks.LEASE_SECONDS_MIN, clocks.HOLD_SECONDS_MAX),
    "offer_ttl_seconds": (clocks.OFFER_TTL_SECONDS_MIN, clocks.OFFER_TTL_SECONDS_MAX),
    "expected_seconds": (clocks.EXPECTED_SECONDS_MIN, clocks.EXPECTED_SECONDS_MAX),
    "paid_cap_seconds": (clocks.EXPECTED_SECONDS_MIN, clocks.PAID_CAP_SECONDS_MAX),
    "sla_minutes": (1, SLA_MINUTES_MAX),
    "budget_minor": (0, BUDGET_MINOR_MAX),
}


def _together(plan: Plan) -> Errors:
    errors: Errors = {}
    if plan.hold_seconds is not None and plan.hold_seconds < plan.lease_seconds:
        errors["hold_seconds"] = [f"Not shorter than the lease of {plan.lease_seconds} seconds."]
    if plan.paid_cap_seconds is not None and plan.paid_cap_seconds < plan.expected_seconds:
        errors["paid_cap_seconds"] = [
            f"Not less than the expected {plan.expected_seconds} seconds."
        ]
    if plan.rate_rule and plan.rate_rule.get("currency") != plan.currency:
        errors["rate_rule.currency"] = [f"The budget is in {plan.currency}."]
    return errors
