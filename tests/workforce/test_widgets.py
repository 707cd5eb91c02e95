"""The long select says what Django's says."""

from django import forms
from django.test.html import parse_html

from workforce.doors.widgets import LongSelect

CHOICES = [("", "Choose"), ("a&b", "A < B"), ("Europe/Prague", "Prague"), (3, "Three")]


def test_it_renders_what_django_renders() -> None:
    attributes = {"id": "id_zone", "required": True, "aria-describedby": "zone-help"}
    for value in ("", None, "Europe/Prague", "a&b", "3", 3, "unknown"):
        plain, ours = (kind(choices=CHOICES) for kind in (forms.Select, LongSelect))
        rendered = [
            parse_html(each.render("zone", value, attrs=attributes)) for each in (plain, ours)
        ]
        assert rendered[0] == rendered[1], value
