"""Tags and filters of the pay pages: states as pills, spans to the second, stacked bars."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from payments.doors import words
from payments.rules.bankreasons import told
from workforce.templatetags.lectern import pill

register = template.Library()

_PILLS = {"stage": words.STAGES, "payout": words.PAYOUTS, "batch": words.BATCHES}


@register.simple_tag
def state_pill(of: str, state: str) -> SafeString:
    """The pill of a `stage`, `payout` or `batch` state."""
    tone, text, icon = _PILLS[of].get(state, words.UNKNOWN)
    return pill(tone, text or state, icon)


@register.simple_tag
def stack(parts: list[tuple[int, str]], label: str) -> SafeString:
    """A stacked bar; `label` is what a reader hears."""
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" width="{}" height="8"/>',
        ((s.css, s.x, s.width) for s in words.segments(parts)),
    )
    return format_html(
        '<svg class="meter tall stack" viewBox="0 0 100 8" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><rect class="track" width="100" height="8"/>{}</svg>',
        label,
        bars,
    )


@register.filter
def span(seconds: int | None) -> str:
    return "" if seconds is None else words.span(seconds)


@register.filter
def pay_kind(name: str) -> Any:
    return words.kind(name)


@register.filter
def left_out_word(code: str) -> Any:
    return words.LEFT_OUT.get(code, code)


@register.filter
def message_word(kind: str) -> Any:
    return words.MESSAGES.get(kind, kind)


@register.filter
def bank_reason(reason: str) -> str:
    return told(reason)


@register.filter
def get(held: dict[Any, Any], key: Any) -> Any:
    return held.get(key)
