"""Saved views of a list, with one line in a page and one in its template.

In the page:      context["views"] = saved_views(visit, page="recruiting-tutors")
In the template:  {% include "workforce/parts/views.html" %}

`page` is the name of the list's address (one without arguments). The chips show one's own views
and those that others share; the form keeps the filters that stand in the address now.
"""

from dataclasses import dataclass

from django.urls import reverse

from workforce.doors.pages import Visit
from workforce.operations.viewing import filters_of
from workforce.queries.views import VIEWS_SHOWN_MAX, views_of
from workforce.rules.views import may_share


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One saved view: `owner` is empty for one's own."""

    id: str
    name: str
    url: str
    owner: str
    is_shared: bool
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Views:
    """The saved views of one page, as one person sees them."""

    page: str
    here: str
    may_share: bool
    chips: tuple[Chip, ...]

    @property
    def can_save(self) -> bool:
        """There are filters, and no view keeps them yet."""
        return bool(self.here) and not any(chip.is_current for chip in self.chips)

    @property
    def own_current(self) -> Chip | None:
        return next((chip for chip in self.chips if chip.is_current and not chip.owner), None)


def saved_views(visit: Visit, *, page: str) -> Views:
    """The views of the page with this name; one statement."""
    here, root = filters_of(visit.request.META.get("QUERY_STRING", "")), reverse(page)
    rows = views_of(account=visit.account, page=page)[:VIEWS_SHOWN_MAX]
    chips = tuple(
        Chip(
            id=view.public_id,
            name=view.name,
            url=f"{root}?{view.query}" if view.query else root,
            owner="" if view.account_id == visit.account.pk else view.account.name,
            is_shared=view.is_shared,
            is_current=view.query == here,
        )
        for view in rows
    )
    return Views(page=page, here=here, may_share=may_share(page), chips=chips)
