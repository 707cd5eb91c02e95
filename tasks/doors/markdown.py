"""Guides in Markdown as safe HTML: everything is escaped first, a few forms become markup.

Headings, paragraphs, lists, quotes, tables, code, emphasis and links to web pages. Anything else
is shown as it was written; raw HTML stays text.
"""

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LINES_MAX = 5_000
HEADING_DOWN = 2
"""A guide's first heading stands below the panel's own."""

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_BULLET = re.compile(r"\s{0,3}[-*+]\s+(.*)")
_NUMBER = re.compile(r"\s{0,3}\d{1,4}[.)]\s+(.*)")
_TABLE_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*")
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|(?<![*\w])\*(?P<em>[^*\n]+)\*(?![*\w])"
    r"|\[(?P<text>[^\]\n]+)\]\((?P<href>https?://[^\s)]+)\)"
)


def as_html(text: str) -> SafeString:
    """The text as markup that cannot carry any of its own."""
    lines = text.replace("\r\n", "\n").split("\n")[:LINES_MAX]
    return mark_safe("\n".join(_blocks(lines)))  # noqa: S308 - every text in it is escaped


def _blocks(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
            continue
        found = None
        for block in (_fence, _heading, _table, _list, _quote):
            found = block(lines, at)
            if found:
                break
        markup, at = found or _paragraph(lines, at)
        yield markup


def _fence(lines: list[str], at: int) -> tuple[str, int] | None:
    if not lines[at].startswith("```"):
        return None
    end = next((n for n in range(at + 1, len(lines)) if lines[n].startswith("```")), len(lines))
    return f"<pre><code>{escape(chr(10).join(lines[at + 1 : end]))}</code></pre>", end + 1


def _heading(lines: list[str], at: int) -> tuple[str, int] | None:
    found = _HEADING.match(lines[at])
    if not found:
        return None
    level = min(6, len(found[1]) + HEADING_DOWN)
    return f"<h{level}>{_inline(found[2])}</h{level}>", at + 1


def _list(lines: list[str], at: int) -> tuple[str, int] | None:
    pattern, tag = (_BULLET, "ul") if _BULLET.match(lines[at]) else (_NUMBER, "ol")
    items: list[str] = []
    while at < len(lines):
        found = pattern.match(lines[at])
        if found:
            items.append(found[1])
        elif items and lines[at].startswith("  ") and lines[at].strip():
            items[-1] += " " + lines[at].strip()
        else:
            break
        at += 1
    if not items:
        return None
    return f"<{tag}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{tag}>", at


def _quote(lines: list[str], at: int) -> tuple[str, int] | None:
    inner = []
    while at < len(lines) and lines[at].startswith(">"):
        inner.append(lines[at][1:].strip())
        at += 1
    return (f"<blockquote><p>{_inline(' '.join(inner))}</p></blockquote>", at) if inner else None


def _table(lines: list[str], at: int) -> tuple[str, int] | None:
    is_table = "|" in lines[at] and at + 1 < len(lines) and _TABLE_RULE.fullmatch(lines[at + 1])
    if not is_table:
        return None
    head = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in _cells(lines[at]))
    rows = []
    at += 2
    while at < len(lines) and "|" in lines[at]:
        rows.append("".join(f"<td>{_inline(cell)}</td>" for cell in _cells(lines[at])))
        at += 1
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    table = f'<table class="tbl tight"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return table, at


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _paragraph(lines: list[str], at: int) -> tuple[str, int]:
    own = [lines[at].strip()]
    at += 1
    while at < len(lines) and lines[at].strip() and not _begins(lines, at):
        own.append(lines[at].strip())
        at += 1
    return f"<p>{_inline(' '.join(own))}</p>", at


def _begins(lines: list[str], at: int) -> bool:
    line = lines[at]
    return bool(
        line.startswith(("```", ">")) or _HEADING.match(line) or _BULLET.match(line)
        or _NUMBER.match(line)
    )  # fmt: skip


def _inline(text: str) -> str:
    parts, last = [], 0
    for found in _INLINE.finditer(text):
        parts += [escape(text[last : found.start()]), _marked(found)]
        last = found.end()
    return "".join([*parts, escape(text[last:])])


def _marked(found: re.Match[str]) -> str:
    for tag in ("code", "strong", "em"):
        if found[tag] is not None:
            return f"<{tag}>{escape(found[tag])}</{tag}>"
    href, text = escape(found["href"]), escape(found["text"])
    return f'<a href="{href}" target="_blank" rel="noopener noreferrer">{text}</a>'
