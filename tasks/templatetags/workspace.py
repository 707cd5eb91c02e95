"""Showing documents of any shape as people read them."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def shape(value: Any) -> str:
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        flat = all(not isinstance(each, dict | list) for each in value)
        return "plain-list" if flat else "list"
    return "plain"


@register.filter
def readable(key: Any) -> str:
    text = str(key)
    return text.replace("_", " ").capitalize() if text.replace("_", "").isalpha() else text


@register.filter
def plainly(value: Any) -> str:
    if value is None:
        return _("None")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    text = str(value)
    is_a_word_of_ours = "_" in text and text.replace("_", "").isalpha() and text.islower()
    return text.replace("_", " ") if is_a_word_of_ours else text
