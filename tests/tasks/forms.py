"""Filling in a page's form as a browser without scripts does."""

from typing import Any

from lxml import html

NOT_SENT = {"submit", "button", "image", "reset"}


def form_of(content: bytes, ident: str) -> Any:
    """The form with this id in a page."""
    (found,) = html.document_fromstring(content.decode()).xpath(f"//form[@id='{ident}']")
    return found


def sent_by(form: Any) -> dict[str, str]:
    """What the form posts as it stands; templates are not part of it."""
    fields: dict[str, str] = {}
    for element in form.iter("input", "select", "textarea"):
        name = element.get("name")
        if not name or any(up.tag == "template" for up in element.iterancestors()):
            continue
        value = _value(element)
        if value is not None:
            fields[name] = value
    return fields


def _value(element: Any) -> str | None:
    if element.tag == "select":
        chosen = element.xpath("./option[@selected]") or element.xpath("./option")[:1]
        return str(chosen[0].get("value", "")) if chosen else ""
    if element.tag == "textarea":
        return str(element.text or "")
    kind = element.get("type", "text")
    if kind in NOT_SENT or (kind in ("checkbox", "radio") and element.get("checked") is None):
        return None
    return str(element.get("value", ""))
