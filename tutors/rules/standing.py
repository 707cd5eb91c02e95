"""Quality seen in reviews, as an interval: how good the record is at least.

Each review is a trial: accepted, or not (sent back or rejected). Before any, every share of
accepted answers is as likely as every other: Beta(1, 1). After `accepted` of `judged` the share is
distributed as Beta(1 + accepted, 1 + judged - accepted); its 5 % quantile is the lower bound.
"""

from functools import lru_cache
from math import exp, lgamma, log, log1p

PRIOR = 1
"""Both sides of the prior: one answer accepted and one not, before any was seen."""

QUANTILE = 0.05
TENTHS = 10
STEPS = 60
"""Halvings of the interval 0 to 1: past the precision of a float."""

_TINY = 1e-300
_CLOSE = 1e-15
_TERMS_MAX = 10_000


@lru_cache(maxsize=65_536)
def lower_bound(*, accepted: int, judged: int) -> float:
    """What the share of accepted answers exceeds with 95 % certainty; from 0 to 1."""
    a, b = PRIOR + accepted, PRIOR + judged - accepted
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if share_below(middle, a=a, b=b) < QUANTILE:
            low = middle
        else:
            high = middle
    return low


@lru_cache(maxsize=65_536)
def lower_bound_tenths(*, accepted: int, judged: int) -> int:
    """The lower bound in tenths, rounded down; for rounds, which ask it of everybody."""
    a, b = PRIOR + accepted, PRIOR + judged - accepted
    passed, failed = 0, TENTHS
    while failed - passed > 1:
        middle = (passed + failed) // 2
        if share_below(middle / TENTHS, a=a, b=b) <= QUANTILE:
            passed = middle
        else:
            failed = middle
    return passed


def share_below(x: float, *, a: int, b: int) -> float:
    """The part of Beta(a, b) below x: the regularised incomplete beta function I_x(a, b).

    By its continued fraction, which converges fast for x below the mean; above it the other tail
    is taken: I_x(a, b) = 1 - I_(1-x)(b, a).
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - share_below(1 - x, a=b, b=a)
    weight = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    return exp(weight) / (a * _fraction(x, a=a, b=b))


def _fraction(x: float, *, a: int, b: int) -> float:
    """1 + d1/(1 + d2/(1 + …)), evaluated from the front by Lentz's method.

    d(2m+1) = -(a+m)(a+b+m)x / ((a+2m)(a+2m+1)), d(2m) = m(b-m)x / ((a+2m-1)(a+2m)).
    """
    value, upper, under = 1.0, 1.0, 0.0
    for n in range(1, _TERMS_MAX):
        m = n // 2
        if n % 2:
            step = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        under = 1 / ((1 + step * under) or _TINY)
        upper = (1 + step / upper) or _TINY
        value *= upper * under
        if abs(upper * under - 1) < _CLOSE:
            break
    return value
