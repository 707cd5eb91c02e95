"""Signing in as people do, once each; TOTP codes from the secret that the instance keeps.

Whom a test has made for itself is let in without the form.
"""

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

WAIT_MS = 45_000
"""Longer than any page takes: the machine of a test run is often a busy one."""

PERIOD, HELD_SECONDS_MIN = 30, 12
"""Of a code; a busy machine may take seconds from giving it to looking at it."""

DESK = {"width": 1440, "height": 900}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


@dataclass(kw_only=True)
class Doorman:
    """Opens contexts on one site; remembers who has signed in already."""

    browser: Browser
    base_url: str
    states: dict[str, StorageState] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def context(
        self, email: str | None, *, phone: bool = False, dark: bool = False, still: bool = True
    ) -> BrowserContext:
        """A context of the person's own, signed in; a stranger's for None."""
        look: dict[str, Any] = PHONE if phone else {"viewport": DESK}
        state = self._state(email) if email else None
        context = self.browser.new_context(
            **look,
            base_url=self.base_url,
            storage_state=state,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if still else "no-preference",
            locale="en-GB",
            timezone_id="UTC",
            accept_downloads=True,
        )
        context.set_default_timeout(WAIT_MS)
        return context

    def sign_in(self, page: Page, email: str, *, password: str = "") -> None:
        """Through the real form; with a code where the account has a second factor."""
        from config.demonstration.loading import PASSWORD

        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(email)
        page.locator("input[name=password]").fill(password or PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        if "/2fa/" in page.url:
            self.give_code(page, email)
        page.wait_for_url(lambda url: "/accounts/" not in url)

    def give_code(self, page: Page, email: str) -> None:
        """Answer the page that asks for a second factor."""
        page.locator("input[name=code]").fill(self.code(email))
        page.locator("input[name=code]").press("Enter")

    def code(self, email: str) -> str:
        """A code that was not used yet and holds for a while; waits for the next one else."""
        from allauth.mfa.adapter import get_adapter
        from allauth.mfa.models import Authenticator
        from allauth.mfa.totp.internal import auth

        kept = Authenticator.objects.get(user__email=email, type=Authenticator.Type.TOTP)
        secret = get_adapter().decrypt(kept.data["secret"])
        (counter,) = auth.yield_hotp_counters_from_time()
        while counter == self.codes.get(email) or time.time() % PERIOD > PERIOD - HELD_SECONDS_MIN:
            time.sleep(0.5)
            (counter,) = auth.yield_hotp_counters_from_time()
        self.codes[email] = counter
        return auth.format_hotp_value(auth.hotp_value(secret, counter))

    def _state(self, email: str) -> StorageState:
        if email not in self.states:
            self.states[email] = self._admitted(email) or self._signed_in(email)
        return self.states[email]

    def _signed_in(self, email: str) -> StorageState:
        context = self.context(None)
        page = context.new_page()
        self.sign_in(page, email)
        state = context.storage_state()
        context.close()
        return state

    def _admitted(self, email: str) -> StorageState | None:
        """The session of somebody whom a test has made for itself; None for all others.

        Each test has people of its own: through the form they would sign in a hundred times.
        """
        from workforce.models import Account

        account = Account.objects.get(email=email)
        if account.is_demo:
            return None
        client = Client()
        client.force_login(account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        return {
            "cookies": [
                {
                    "name": cookie.key,
                    "value": cookie.value,
                    "domain": urlsplit(self.base_url).hostname or "",
                    "path": "/",
                    "expires": -1,
                    "httpOnly": True,
                    "secure": False,
                    "sameSite": "Lax",
                }
            ],
            "origins": [],
        }

    def forget(self, email: str) -> None:
        """The next context signs in anew: the old session was ended."""
        self.states.pop(email, None)
