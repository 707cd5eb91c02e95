"""What goes wrong on a page without anybody asserting it, collected while a test runs."""

import re
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Response

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => lecternViolation(
  `${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
SAID_BY_THE_ANSWER = "Failed to load resource: the server responded"
"""Chromium's console line beside every answer from 400 up, which is noted anyway."""

GONE = ("net::ERR_ABORTED",)
"""A request that a navigation cut off."""

_watches: "WeakKeyDictionary[BrowserContext, Watch]" = WeakKeyDictionary()


@dataclass(kw_only=True)
class Watch:
    """The problems of one context's pages; `allowed` are patterns of those a test provokes."""

    who: str
    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.problems.append(text)

    def forget(self) -> None:
        """Begin anew: the next test has its own problems, and allows its own."""
        self.problems.clear()
        self.allowed.clear()

    def left(self) -> list[str]:
        """The problems that nobody allowed."""
        return [
            problem
            for problem in self.problems
            if not any(re.search(pattern, problem) for pattern in self.allowed)
        ]


def watch(context: BrowserContext, *, who: str) -> Watch:
    """Note, from now on, what goes wrong on the context's pages."""
    found = Watch(who=who)
    _watches[context] = found
    context.expose_binding("lecternViolation", lambda _, text: found.note(f"violation: {text}"))
    context.add_init_script(REPORT_VIOLATIONS)
    context.on("console", lambda message: _console(found, message))
    context.on("weberror", lambda error: found.note(f"page error: {error.error}"))
    context.on("dialog", lambda dialog: _dialog(found, dialog))
    context.on("requestfailed", lambda request: _failed(found, request))
    context.on("response", lambda response: _answered(found, response))
    return found


def allow(page: Page, *patterns: str) -> None:
    """Expect these problems, e.g. r"403 GET .*/ops/" or "console: .*422"; from now or before."""
    _watches[page.context].allowed.extend(patterns)


def problems(page: Page) -> list[str]:
    """What has gone wrong so far on the pages of this page's context, allowed or not."""
    return list(_watches[page.context].problems)


def unexpected(page: Page) -> list[str]:
    """Those of them that nobody allowed."""
    return _watches[page.context].left()


def _console(found: Watch, message: ConsoleMessage) -> None:
    if message.type == "error" and not message.text.startswith(SAID_BY_THE_ANSWER):
        found.note(f"console: {message.text} ({_place(message.location)})")


def _place(location: Any) -> str:
    return f"{location.get('url')}:{location.get('lineNumber')}"


def _dialog(found: Watch, dialog: Dialog) -> None:
    found.note(f"dialog: {dialog.type} {dialog.message!r}")
    dialog.dismiss()


def _failed(found: Watch, request: Request) -> None:
    if request.failure not in GONE:
        found.note(f"failed: {request.method} {request.url}: {request.failure}")


def _answered(found: Watch, response: Response) -> None:
    if response.status >= 400:
        found.note(f"{response.status} {response.request.method} {response.url}")
