"""Tags and filters of the portals: icons, tiles, pills, meters, money, times, fields."""

import functools
import re
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.contrib.staticfiles import finders
from django.forms import BaseForm, BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils import timezone
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from workforce.doors import now
from workforce.doors.pages import FORM_KEY
from workforce.doors.words import script_words
from workforce.rules import shown
from workforce.rules.roles import Role

register = template.Library()

RELATIVE_UNDER = timedelta(hours=24)
ICON_FOLDER = "workforce/icons"
_NAME = re.compile(r"[a-z0-9-]+")


@functools.cache
def _drawing(name: str) -> str:
    """The inside of an icon's file; a name without a file is a mistake of ours and says so."""
    found = finders.find(f"{ICON_FOLDER}/{name}.svg") if _NAME.fullmatch(name) else None
    if not isinstance(found, str):
        raise template.TemplateSyntaxError(f"There is no icon {name!r} in {ICON_FOLDER}.")
    text = Path(found).read_text()
    return text[text.index(">") + 1 : text.rindex("</svg>")]


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An outline icon, hidden from readers: the word beside it says it."""
    return format_html(
        '<svg class="i {}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        css,
        mark_safe(_drawing(name)),  # noqa: S308 - a file of ours
    )


@register.simple_tag
def words() -> SafeString:
    """What scripts say, translated, where `workforce/words.js` looks for it."""
    return json_script(script_words(), "words")


@register.simple_tag
def tile(domain: str, size: str = "") -> SafeString:
    """The two-letter tile of a domain or of a speciality's domain."""
    letters, name, css = shown.tile(domain)
    return format_html(
        '<span class="tile {} {}" role="img" aria-label="{}" title="{}">{}</span>',
        css, size, name, name, letters,
    )  # fmt: skip


@register.simple_tag
def pill(tone: str, text: Any, icon_name: str = "") -> SafeString:
    """A status: icon, word and colour. `tone` is ok, warn, bad, info, accent or empty."""
    drawing = icon(icon_name) if icon_name else ""
    return format_html('<span class="pill {}">{}{}</span>', tone, drawing, text)


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    return format_html(
        '<span class="avatar hue-{} {}" aria-hidden="true">{}</span>',
        shown.hue(name), size, shown.initials(name),
    )  # fmt: skip


@register.simple_tag
def meter(
    value: float, maximum: float, tone: str = "", label: str = "", css: str = ""
) -> SafeString:
    """A bar from 0 to `maximum`; past it the bar is full. `label` is what a reader hears."""
    share = 0.0 if maximum <= 0 else max(0.0, min(1.0, float(value) / float(maximum)))
    spoken = label or f"{share:.0%}"
    return format_html(
        '<svg class="meter {} {}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><rect class="track" width="100" height="6"/>'
        '<rect class="fill" width="{}" height="6"/></svg>',
        tone, css, spoken, f"{share * 100:.1f}",
    )  # fmt: skip


@register.simple_tag
def ring(percent: float, tone: str = "") -> SafeString:
    """A countdown ring with this share left."""
    left = max(0.0, min(100.0, float(percent)))
    return format_html(
        '<svg class="ring {}" viewBox="0 0 36 36" aria-hidden="true">'
        '<circle class="track" cx="18" cy="18" r="15.5"/>'
        '<circle class="fill" cx="18" cy="18" r="15.5" pathLength="100" stroke-dasharray="{} 100"'
        ' transform="rotate(-90 18 18)"/></svg>',
        tone, f"{left:.1f}",
    )  # fmt: skip


# --- Times ------------------------------------------------------------------------------------


def _here(moment: datetime) -> datetime:
    return moment.astimezone(timezone.get_current_timezone())


def _exact(moment: datetime) -> str:
    here, today = _here(moment), _here(now())
    year = f" {here.year}" if here.year != today.year else ""
    return f"{here.day} {here:%b}{year} {here:%H:%M}"


def _relative(moment: datetime) -> str:
    """`Today 09:12`, `Yesterday 17:40`, then a date; under an hour, how long ago."""
    here, today = _here(moment), _here(now())
    past = today - here
    if timedelta() <= past < timedelta(minutes=1):
        return _("just now")
    if timedelta() <= past < timedelta(hours=1):
        return _("%(minutes)d m ago") % {"minutes": past.seconds // 60}
    days = (here.date() - today.date()).days
    if days in _DAYS:
        return f"{_DAYS[days]()} {here:%H:%M}"
    return _exact(moment)


_DAYS = {0: lambda: _("Today"), -1: lambda: _("Yesterday"), 1: lambda: _("Tomorrow")}


@register.simple_tag
def when(moment: datetime | None, none: str = "") -> SafeString:
    """A moment as people say it, with the exact time behind it; `none` for one not yet known."""
    if moment is None:
        return format_html('<span class="faint">{}</span>', none or _("Not yet"))
    return _time(moment, _relative(moment))


@register.simple_tag
def exact(moment: datetime | None, none: str = "") -> SafeString:
    if moment is None:
        return format_html('<span class="faint">{}</span>', none or _("Not yet"))
    return _time(moment, _exact(moment))


def _time(moment: datetime, text: str) -> SafeString:
    here = _here(moment)
    title = f"{here:%d %b %Y %H:%M:%S} {timezone.get_current_timezone_name()}"
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), title, text)


@register.simple_tag
def day(value: date | None, none: str = "", zone: str = "") -> SafeString:
    """`20 Nov 2026`; the year is dropped inside the current one.

    A moment is a day of the reader's zone, or of `zone`: a contract counts in its own.
    """
    if value is None:
        return format_html('<span class="faint">{}</span>', none or _("None"))
    if isinstance(value, datetime):
        value = (value.astimezone(ZoneInfo(zone)) if zone else _here(value)).date()
    year = "" if value.year == _here(now()).year else f" {value.year}"
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), f"{value.day} {value:%b}{year}"
    )


_ROLES = {
    Role.RECRUITER: lambda: _("Recruiter"),
    Role.MANAGER: lambda: _("Manager"),
    Role.FINANCE: lambda: _("Finance"),
    Role.REVIEWER: lambda: _("Reviewer"),
    Role.TUTOR: lambda: _("Tutor"),
    Role.CLIENT: lambda: _("Client"),
    Role.ADMIN: lambda: _("Administrator"),
}


@register.filter
def role_words(roles: Iterable[str]) -> str:
    """`Manager, Finance`: what somebody is here, as people say it."""
    return ", ".join(_ROLES[role]() for role in Role if role in set(roles))


# --- Numbers ----------------------------------------------------------------------------------


@register.filter
def money(minor: int | None, currency: str = "USD") -> str:
    return _("None") if minor is None else shown.money(int(minor), currency)


@register.filter
def rate(minor_hourly: int | None, currency: str = "USD") -> str:
    return _("None") if minor_hourly is None else f"{shown.money(int(minor_hourly), currency)}/h"


@register.filter
def duration(seconds: float | None) -> str:
    return _("None") if seconds is None else shown.duration(int(seconds))


@register.filter
def clock(seconds: float | None) -> str:
    return _("None") if seconds is None else shown.clock(int(seconds))


@register.filter
def thousands(number: int | None) -> str:
    return _("None") if number is None else f"{int(number):,}"


# --- Forms ------------------------------------------------------------------------------------


@register.simple_tag
def formkey() -> SafeString:
    """The hidden field that lets a form be sent twice and done once."""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', FORM_KEY, secrets.token_urlsafe(12)
    )


_OUR_WORDS = {
    "Email": lambda: _("E-mail"),
    "New Password": lambda: _("New password"),
    "New Password (again)": lambda: _("New password, once more"),
    "Current Password": lambda: _("Current password"),
}
"""Labels of allauth's forms, in the words of all other pages."""


@register.simple_tag
def field(bound: BoundField, css: str = "") -> SafeString:
    """A field with its label, help and errors, tied together for readers."""
    if bound.is_hidden:
        return mark_safe(str(bound))  # noqa: S308 - Django's own markup
    name = bound.id_for_label or bound.auto_id or bound.html_name
    described = [f"{name}-help"] if bound.help_text else []
    described += [f"{name}-error"] if bound.errors else []
    attributes: dict[str, Any] = {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    widget = bound.field.widget
    if str(widget.attrs.get("placeholder", "")).casefold().startswith(str(bound.label).casefold()):
        attributes["placeholder"] = ""  # it only says the label again
    control = bound.as_widget(attrs=attributes)
    return format_html(
        _LAYOUTS[_layout(widget)],
        css=css,
        id=name,
        label=_OUR_WORDS.get(str(bound.label), lambda: bound.label)(),
        optional="" if bound.field.required else _optional(widget),
        control=control,
        help=_help(name, bound.help_text),
        errors=_errors(name, bound.errors),
    )


def _layout(widget: Any) -> str:
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "group"
    return "check" if isinstance(widget, CheckboxInput) else "line"


_LAYOUTS = {
    "line": '<div class="field {css}"><label for="{id}">{label}{optional}</label>{control}{help}'
    "{errors}</div>",
    "check": '<div class="field check {css}"><label>{control}<span>{label}</span></label>{help}'
    "{errors}</div>",
    "group": '<fieldset class="field {css}"><legend class="label">{label}{optional}</legend>'
    "{control}{help}{errors}</fieldset>",
}


def _optional(widget: Any) -> SafeString | str:
    if isinstance(widget, CheckboxInput):
        return ""
    return format_html(' <span class="faint optional">{}</span>', _("optional"))


def _help(name: str, text: Any) -> SafeString | str:
    if not text:
        return ""
    return format_html('<p class="help small muted" id="{}-help">{}</p>', name, text)


def _errors(name: str, texts: Any) -> SafeString | str:
    if not texts:
        return ""
    lines = format_html_join("", "<span>{}</span>", ((text,) for text in texts))
    return format_html(
        '<p class="error small t-bad" id="{}-error">{}{}</p>', name, icon("alert-circle"), lines
    )


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """Every field of a form, in its order."""
    return format_html_join("", "{}", ((field(bound),) for bound in form))


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString | str:
    """What is wrong with a form, above it, with a link to each field.

    One sentence about the whole form stands alone: a sign-in has nothing to look at.
    """
    if not form.errors:
        return ""
    whole = [str(text) for text in form.non_field_errors()]
    if len(whole) == len(form.errors) == 1:
        return format_html(
            '<div class="banner bad errors" role="alert" tabindex="-1" data-autofocus>{}'
            '<b class="med">{}</b></div>',
            icon("alert-circle"), whole[0],
        )  # fmt: skip
    texts = [("", text) for text in whole]
    texts += [
        (bound.id_for_label, f"{bound.label}: {text}") for bound in form for text in bound.errors
    ]
    lines = format_html_join("", "<li>{}</li>", ((_linked(*each),) for each in texts))
    return format_html(
        '<div class="banner bad errors" role="alert" tabindex="-1" data-autofocus>{}<div><b>{}</b>'
        "<ul>{}</ul></div></div>",
        icon("alert-circle"), _("This was not saved. Look at:"), lines,
    )  # fmt: skip


def _linked(target: str, text: str) -> SafeString | str:
    return format_html('<a href="#{}">{}</a>', target, text) if target else text
