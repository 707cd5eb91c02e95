"""Everybody's desk in a real browser: search and jump, theme, keys, a passkey made and used."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from config.demonstration.loading import PASSWORD
from tests.browser.looking import check_accessible
from tests.browser.people import Doorman

ROSA, MIRIAM = "rosa.ekholm@example.org", "miriam.osei@example.org"
MATEO = "mateo.ruiz@example.org"
Open = Callable[..., Page]


def test_the_palette_finds_people_and_jumps_to_an_id(person: Open) -> None:
    rosa = person(ROSA)
    rosa.goto("/notices/")
    rosa.keyboard.press("Control+k")
    rosa.locator("#palette-q").fill("alice")
    hit = rosa.locator("#palette [data-results] a", has_text="Alice Novak").first
    expect(hit).to_be_visible()
    check_accessible(rosa)
    rosa.keyboard.press("Enter")
    rosa.wait_for_url("**/recruiting/tutors/E-*/")
    rosa.goto("/notices/")
    rosa.keyboard.press("Control+k")
    rosa.locator("#palette-q").fill("k-1")
    expect(rosa.locator("#palette [data-results] a").first).to_contain_text("K-1")
    rosa.keyboard.press("Enter")
    rosa.wait_for_url("**/recruiting/offers/K-1/")


def test_the_theme_goes_with_the_account(person: Open) -> None:
    miriam = person(MIRIAM)
    miriam.goto("/settings/")
    miriam.get_by_label("Dark", exact=True).check()
    miriam.get_by_role("button", name="Save").click()
    expect(miriam.locator("#toasts")).to_contain_text("Saved")
    elsewhere = person(MIRIAM)
    elsewhere.goto("/help/")
    expect(elsewhere.locator("html")).to_have_attribute("data-theme", "dark")
    elsewhere.locator(".me").first.click()
    with elsewhere.expect_response("**/settings/theme/"):
        elsewhere.get_by_role("button", name="Light or dark").first.click()
    miriam.goto("/help/")
    expect(miriam.locator("html")).to_have_attribute("data-theme", "light")


def test_a_key_given_to_another_letter_moves_with_it(person: Open) -> None:
    miriam = person(MIRIAM)
    miriam.goto("/settings/keyboard/")
    miriam.get_by_label("Next row, span or box", exact=True).fill("h")
    miriam.get_by_role("button", name="Save").click()
    expect(miriam.locator("#toasts")).to_contain_text("Saved")
    miriam.goto("/ops/audit/")
    miriam.keyboard.press("j")
    assert miriam.evaluate("document.activeElement.closest('tr')") is None
    miriam.keyboard.press("h")
    assert miriam.evaluate("document.activeElement.closest('tr') !== null")
    miriam.goto("/settings/keyboard/")
    miriam.get_by_role("button", name="Back to the usual keys").click()
    expect(miriam.locator("#toasts")).to_contain_text("usual keys")


@pytest.fixture
def key_of() -> Callable[[Page], CDPSession]:
    """Give a page's browser an authenticator with a finger on it."""

    def plug_in(page: Page) -> CDPSession:
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return devtools

    return plug_in


def test_a_passkey_is_made_and_signs_in_alone(
    stranger: Open, doorman: Doorman, key_of: Callable[[Page], CDPSession]
) -> None:
    page = stranger()
    key_of(page)
    doorman.sign_in(page, MATEO, password=PASSWORD)
    page.goto("/accounts/2fa/webauthn/add/")
    page.locator("input[name=name]").fill("My laptop")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator("#recovery_codes li")).to_have_count(10)
    page.goto("/accounts/2fa/")
    expect(page.locator("b", has_text="My laptop")).to_be_visible()
    check_accessible(page)
    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/settings/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: url.endswith("/settings/") and "login" not in url)
    expect(page.get_by_text("Mateo Ruiz").first).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove the passkey").click()
    page.wait_for_url("**/accounts/2fa/**")
    doorman.forget(MATEO)
