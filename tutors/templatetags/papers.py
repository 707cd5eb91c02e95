"""A paper's text as a page shows it: headings, lists and bold, every word as it was signed."""

import re

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITEM = re.compile(r"(?:[0-9]{1,3}\.|-) +(.*)", re.DOTALL)


@register.filter
def paper(text: str) -> SafeString:
    """Blocks between empty lines; markup in names stays text, because all of it is escaped."""
    blocks = [block for block in text.split("\n\n") if block.strip()]
    return format_html_join("", "{}", ((_block(block.strip("\n")),) for block in blocks))


def _block(block: str) -> SafeString:
    if block.startswith("#"):
        marks, _blank, words = block.partition(" ")
        return format_html('<p class="paper-h paper-h{}">{}</p>', min(len(marks), 3), words)
    items = _items(block)
    if items:
        tag = "ol" if block[0].isdigit() else "ul"
        lines = format_html_join("", "<li>{}</li>", ((_inline(item),) for item in items))
        return format_html("<{}>{}</{}>", mark_safe(tag), lines, mark_safe(tag))  # noqa: S308
    return format_html("<p>{}</p>", _inline(block))


def _items(block: str) -> list[str]:
    """The items of a list, continued lines joined; empty when the block is none."""
    found: list[str] = []
    for line in block.splitlines():
        item = _ITEM.fullmatch(line)
        if item:
            found.append(item[1])
        elif found and line.startswith(" "):
            found[-1] += f" {line.strip()}"
        else:
            return []
    return found


def _inline(text: str) -> SafeString:
    escaped = conditional_escape(text)
    return mark_safe(_BOLD.sub(r"<b>\1</b>", escaped))  # noqa: S308 - escaped above
