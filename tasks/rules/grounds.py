"""Why somebody is offered a task: what was asked is kept once, what was found with each offer.

An offer stands on a dozen verdicts, all passed. Their codes, and the facts that are the same for
everybody before the pool, are the offer's grounds; many offers share them. Her own facts, as they
were then, are kept with the offer itself. `reasons` puts the two together again.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tasks.rules.ahead import PoolAhead
from tasks.rules.matching import Fit
from tasks.rules.ranking import Score, terms_of
from tutors.rules.eligibility import Verdict, capacity, weekly_cap
from tutors.rules.rates import Rate

COMMON = frozenset(
    {
        "project_open", "account_active", "role_open", "reviewer", "present", "budget_left",
        "new_to_task", "not_declined",
    }
)  # fmt: skip
"""Codes whose facts say nothing that tells one person from another."""

OF_HANDS = frozenset({"capacity_free", "within_cap", "share_left"})
"""Codes whose facts change with what somebody has in hand."""

HANDS_KEPT_MAX = WORDS_KEPT_MAX = 10_000

Asked = tuple[tuple[str, str, str | None], ...]
"""(code, rule, fact) of each verdict; no fact where everybody has her own."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What lets somebody have work of a pool until her facts change or the day ends, whatever she
    has in hand. `found`: her own facts in the order of `asked`, as JSON.
    """

    asked: Asked
    found: str
    rates: tuple[Rate, ...]
    level: int
    preferred: bool
    proven: int | None

    def fit(self, pool: PoolAhead) -> Fit:
        """As a fit of the pool, to score by; its verdicts are in `asked`."""
        return Fit(
            pool=pool,
            verdicts=(),
            rates=self.rates,
            level=self.level,
            preferred=self.preferred,
            proven=self.proven,
        )


def passed(fit: Fit) -> Passed | None:
    """What of an eligible person's fit does not depend on her hands; None when she is not."""
    if not fit.eligible:
        return None
    own = [v.fact for v in fit.verdicts if v.code not in COMMON | OF_HANDS]
    return Passed(
        asked=tuple((v.code, v.rule, v.fact if v.code in COMMON else None) for v in fit.verdicts),
        found=json.dumps(own),
        rates=fit.rates,
        level=fit.level,
        preferred=fit.preferred,
        proven=fit.proven,
    )


def hands_told(
    *,
    in_hand: int,
    most: int,
    weight: int,
    cap_seconds: int | None,
    used_seconds: int,
    expected_seconds: int,
    share: Iterable[Verdict] = (),
) -> str | None:
    """The facts of the verdicts `OF_HANDS`, in their order, as JSON; None when one fails."""
    told = _own_hands(in_hand, most, weight, cap_seconds, used_seconds, expected_seconds)
    shares = list(share)
    if not told or not all(each.passed for each in shares):
        return None
    return told if not shares else json.dumps([*json.loads(told), *(v.fact for v in shares)])


@lru_cache(maxsize=HANDS_KEPT_MAX)
def _own_hands(
    in_hand: int, most: int, weight: int, cap_seconds: int | None, used: int, expected: int
) -> str | None:
    free = capacity(in_hand=in_hand, most=most, weight=weight)
    fits = weekly_cap(cap_seconds=cap_seconds, used_seconds=used, expected_seconds=expected)
    return json.dumps([free.fact, fits.fact]) if free.passed and fits.passed else None


def document_of(asked: Asked, *, policy: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept once for all offers that were made on the same grounds."""
    return {"asked": [list(each) for each in asked], "policy": dict(policy)}


def why_of(*, passed: Passed, hands: str, score: Score, rate_rule: str) -> str:
    """What is kept with one offer, as JSON without line breaks."""
    terms = ",".join(map(str, score.values()))
    return (
        f'{{"found":{passed.found},"hands":{hands},"score":[{terms}],'
        f'"rate_rule":{_quoted(rate_rule)}}}'
    )


@lru_cache(maxsize=WORDS_KEPT_MAX)
def _quoted(text: str) -> str:
    return json.dumps(text)


def reasons(*, why: Mapping[str, Any], grounds: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Verdicts, score, rate rule and policy of an offer, with the facts of then.

    Without grounds `why` says everything itself, as it does for work that came back.
    """
    if grounds is None:
        return why
    found, hands = iter(why["found"]), iter(why["hands"])
    verdicts = [
        Verdict(
            code=code,
            passed=True,
            rule=rule,
            fact=fact if fact is not None else next(hands if code in OF_HANDS else found),
            turn="",
        ).as_json()
        for code, rule, fact in grounds["asked"]
    ]
    return {
        "verdicts": verdicts,
        "score": terms_of(why["score"]),
        "rate_rule": why["rate_rule"],
        "policy": grounds["policy"],
    }
