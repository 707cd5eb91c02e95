"""The instruments themselves: they see what they are there to see."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.looking import violations
from tests.browser.site import Site
from tests.browser.watching import allow, problems
from workforce.models import Account

BAD_PAGE = """<!doctype html><html><head><title></title>
<meta http-equiv="Content-Security-Policy" content="script-src 'self'; img-src 'self'">
</head><body><img src="https://elsewhere.example.org/x.png" onerror="alert(1)">
<script>alert(1)</script><p style="color:#eee;background:#fff">Pale</p></body></html>"""


def test_the_instance_is_real_and_the_database_is_shared(site: Site) -> None:
    assert Account.objects.filter(email="rosa.ekholm@example.org").exists()
    assert "rosa.ekholm@example.org" in site.manage("demo_sign_ins")
    site.settle()
    assert site.dead() == []


def test_a_person_is_signed_in(person: Callable[..., Page]) -> None:
    alice = person("alice.novak@example.org")
    alice.goto("/api/v1/docs/")
    answer = alice.evaluate("() => fetch('/api/v1/me/').then((found) => found.json())")
    assert answer["email"] == "alice.novak@example.org"


def test_what_goes_wrong_is_noted(stranger: Callable[..., Page]) -> None:
    page = stranger()
    page.route("**/bad/", lambda route: route.fulfill(content_type="text/html", body=BAD_PAGE))
    page.goto("/bad/")
    page.evaluate("() => { setTimeout(() => { throw new Error('broken'); }); alert('hello'); }")
    page.evaluate("() => fetch('/nowhere/')")
    page.wait_for_timeout(100)
    noted = problems(page)
    for kind in ("violation: script-src", "page error: ", "dialog: alert", "404 GET", "console: "):
        assert any(kind in problem for problem in noted), (kind, noted)
    assert not any("1" in problem for problem in noted if problem.startswith("dialog"))
    allow(page, ".")


def test_axe_runs_under_the_policy_of_the_page(stranger: Callable[..., Page]) -> None:
    page = stranger()
    page.route("**/bad/", lambda route: route.fulfill(content_type="text/html", body=BAD_PAGE))
    page.goto("/bad/")
    found = " ".join(violations(page))
    for rule in ("light: color-contrast", "dark: color-contrast", "html-has-lang", "image-alt"):
        assert rule in found
    allow(page, ".")
