"""The three portals: who enters which, and what stands in their navigation.

`frame` is the context processor behind `workforce/frame.html`. Each entry names its page, so a
page that is not routed yet does not show.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from config import counting
from workforce.models import Account
from workforce.queries.notices import unread_count
from workforce.rules.preferences import DEFAULT_KEYS, Preferences, Theme
from workforce.rules.roles import EVERYONE, Role

COUNT_SECONDS = 15
"""Counts in the navigation are this old at most; they are kept by each web process."""

Count = Callable[[Account], int]

RECRUITING = frozenset({Role.RECRUITER, Role.ADMIN})
WORKING = frozenset({Role.TUTOR, Role.REVIEWER})
OPERATING = frozenset({Role.MANAGER, Role.FINANCE, Role.ADMIN})
RUNNING = frozenset({Role.MANAGER, Role.ADMIN})


@dataclass(frozen=True)
class Entry:
    """One line of the navigation. `hot` counts are things that wait for this person."""

    label: Any
    to: str
    icon: str
    roles: frozenset[Role] = EVERYONE
    count: Count | None = None
    hot: bool = False
    phone: bool = False


@dataclass(frozen=True)
class Group:
    label: Any
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Portal:
    """All pages of a role, below one address."""

    key: str
    label: Any
    icon: str
    root: str
    home: str
    roles: frozenset[Role]
    groups: tuple[Group, ...]


PORTALS = (
    Portal(
        "recruiting", _("Recruiting"), "user-plus", "/recruiting/", "recruiting-home", RECRUITING,
        (
            Group("", (
                Entry(
                    _("My queue"), "recruiting-home", "inbox",
                    count=counting.recruiters_queue, hot=True,
                ),
                Entry(_("Tutors"), "recruiting-tutors", "users"),
                Entry(
                    _("Verification"), "recruiting-verification", "certificate",
                    count=counting.credentials_to_check,
                ),
                Entry(_("Imports"), "recruiting-imports", "file-import"),
            )),
            Group(_("After the offer"), (
                Entry(_("Offers & contracts"), "recruiting-offers", "signature"),
            )),
        ),
    ),
    Portal(
        "work", _("Work"), "briefcase", "/work/", "work-home", WORKING,
        (
            Group("", (
                Entry(_("Home"), "work-home", "home", phone=True),
                Entry(_("Reviews"), "work-reviews", "eye-check", roles=frozenset({Role.REVIEWER})),
                Entry(_("Earnings"), "work-earnings", "cash", phone=True),
                Entry(_("Time"), "work-time", "clock"),
                Entry(_("Feedback"), "work-feedback", "message-2-star", phone=True),
                Entry(_("History"), "work-history", "history"),
                Entry(_("Qualifications"), "work-qualifications", "certificate", phone=True),
                Entry(_("Contract"), "work-contract", "signature"),
            )),
        ),
    ),
    Portal(
        "operations", _("Operations"), "activity", "/ops/", "ops-home", OPERATING,
        (
            Group("", (
                Entry(_("Live"), "ops-home", "activity"),
                Entry(_("Tasks"), "ops-tasks", "list-check"),
            )),
            Group(_("Projects"), (
                Entry(_("Projects"), "ops-projects", "folders"),
                Entry(_("Requirement sets"), "ops-requirement-sets", "checklist"),
                Entry(_("Organisations"), "ops-organisations", "sitemap", roles=RUNNING),
            )),
            Group(_("Pay"), (
                Entry(
                    _("Time approvals"), "ops-time", "clock-check",
                    count=counting.time_to_approve,
                ),
                Entry(_("Periods"), "ops-periods", "calendar-due"),
                Entry(
                    _("Payout batches"), "ops-payouts", "cash-banknote",
                    count=counting.batches_to_approve,
                ),
                Entry(_("Bank files"), "ops-bank", "building-bank"),
            )),
            Group(_("Records"), (
                Entry(_("Audit log"), "ops-audit", "history"),
                Entry(_("Accounts"), "ops-accounts", "key", roles=frozenset({Role.ADMIN})),
                Entry(
                    _("Parked jobs"), "ops-jobs", "stack-2", roles=RUNNING,
                    count=counting.jobs_parked, hot=True,
                ),
                Entry(_("Health"), "ops-health", "heart-rate-monitor"),
            )),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """An entry as one person sees it on one page."""

    label: Any
    url: str
    icon: str
    current: bool
    count: int | None
    hot: bool
    phone: bool


class Frame:
    """What the frame shows around a page; worked out only when a template asks."""

    def __init__(self, request: HttpRequest, account: Account) -> None:
        self.request = request
        self.account = account

    @cached_property
    def portals(self) -> list[Portal]:
        """The portals that this person enters, in the order of the road."""
        return [p for p in PORTALS if self.account.roles & p.roles and address(p.home)]

    @cached_property
    def portal(self) -> Portal | None:
        """The portal of this address; elsewhere the one the person is at home in."""
        here = [p for p in self.portals if self.request.path.startswith(p.root)]
        return next(iter(here or self.portals), None)

    @cached_property
    def groups(self) -> list[tuple[Any, list[Line]]]:
        found = [(g.label, self._lines(g)) for g in (self.portal.groups if self.portal else ())]
        return [(label, lines) for label, lines in found if lines]

    @cached_property
    def lines(self) -> list[Line]:
        return [line for _label, lines in self.groups for line in lines]

    def _lines(self, group: Group) -> list[Line]:
        return [
            self._line(entry, url)
            for entry in group.entries
            if self.account.roles & entry.roles and (url := address(entry.to))
        ]

    def _line(self, entry: Entry, url: str) -> Line:
        home = self.portal.home if self.portal else ""
        path = self.request.path
        return Line(
            label=entry.label, url=url, icon=entry.icon,
            current=path == url if entry.to == home else path.startswith(url),
            count=self._count(entry), hot=entry.hot, phone=entry.phone,
        )  # fmt: skip

    def _count(self, entry: Entry) -> int | None:
        if entry.count is None:
            return None
        key = f"nav:{entry.to}:{self.account.pk}"
        return int(cache.get_or_set(key, lambda: entry.count(self.account), COUNT_SECONDS) or 0)

    @cached_property
    def unread(self) -> int:
        """Notices not read yet, to a hundred."""
        return unread_count(account=self.account)

    @cached_property
    def elsewhere(self) -> list[tuple[str, Line]]:
        """Pages of the other portals that this person may open, for the palette."""
        return [
            (str(portal.label), line)
            for portal in self.portals
            if portal != self.portal
            for group in portal.groups
            for line in self._lines(group)
        ]

    @cached_property
    def layout(self) -> str:
        """The frame of pages that belong to no portal: the person's own portal's."""
        if self.portal is None:
            return "workforce/bare.html"
        return f"workforce/{'work' if self.portal.key == 'work' else 'staff'}.html"

    @property
    def theme(self) -> str:
        """ "light", "dark", or "" for what the system says."""
        theme = self.likes.theme
        return "" if theme is Theme.SYSTEM else theme.value

    @property
    def keys_off(self) -> bool:
        """Whether this person switched single-key shortcuts off."""
        return not self.likes.shortcuts

    @cached_property
    def key_map(self) -> str:
        """The keys this person gave to other acts, usual key first, as JSON; empty for none."""
        keys = {DEFAULT_KEYS[act]: key for act, key in self.likes.keys.items()}
        return json.dumps(keys) if keys else ""

    @cached_property
    def likes(self) -> Preferences:
        return self.account.likes


def address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def home_of(account: Account) -> str:
    """The address where this person starts: her first portal, or the API's pages for a client."""
    for portal in PORTALS:
        if account.roles & portal.roles and (url := address(portal.home)):
            return url
    return reverse("docs")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` for signed-in people, and what all templates may ask."""
    account = getattr(request, "user", None)
    if not isinstance(account, Account):
        return {"frame": None, "is_development": settings.DEVELOPMENT}
    return {
        "frame": SimpleLazyObject(lambda: Frame(request, account)),
        "is_development": settings.DEVELOPMENT,
    }
