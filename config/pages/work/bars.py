"""A week in seven bars, drawn by the server: no script, no style attribute."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from payments.queries.weeks import WeekSoFar
from workforce.rules.shown import money

LEFT, STEP, WIDTH = 6, 43, 30
BASE, TALLEST, LEAST = 72, 62, 2


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    middle: int
    y: float
    height: float
    letter: str
    today: bool
    said: str


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars and what a reader hears instead."""

    bars: list[Bar]
    said: str


def bars_of(week: WeekSoFar, *, at: datetime) -> Bars:
    """Heights by money; a day with any money is at least a line high."""
    names = [
        _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"),
        _("Sunday"),
    ]  # fmt: skip
    today = at.astimezone(ZoneInfo(week.zone)).date()
    most = max((day.amount_minor for day in week.days), default=0)
    bars, told = [], []
    for n, day in enumerate(week.days):
        height = TALLEST * day.amount_minor / most if most else 0.0
        height = max(height, LEAST) if day.amount_minor else 0.0
        name = _("today") if day.day == today else names[n]
        said = f"{name} {money(day.amount_minor, week.currency)}"
        if day.amount_minor:
            told.append(said)
        bars.append(
            Bar(
                x=LEFT + STEP * n,
                middle=LEFT + STEP * n + WIDTH // 2,
                y=round(BASE - height, 1),
                height=round(height, 1),
                letter=names[n][:1],
                today=day.day == today,
                said=said,
            )
        )
    text = _("Worth of your work by day: %(days)s") % {"days": ", ".join(told)}
    return Bars(bars=bars, said=text if told else _("Nothing worked this week yet"))
