"""What lies on everybody's desk: settings, tokens, sessions, notices, saved views, help."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import AT, person
from workforce.doors import now
from workforce.models import ApiToken, Event, Notice, SavedView
from workforce.operations.noticing import Telling, notify
from workforce.queries.notices import unread_count
from workforce.rules.preferences import DEFAULT_KEYS, Mail, Preferences, Theme, clashes, read
from workforce.rules.roles import Role, Scope

pytestmark = pytest.mark.django_db
GENERAL = {"time_zone": "Europe/Prague", "theme": "dark", "mail": "all", "title_count": "on"}
KEYS = {**DEFAULT_KEYS, "shortcuts": "on"}


def browser(account) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(account)
    return client


def test_settings_are_kept_and_hold_on_the_next_page():
    alice = person("Alice", Role.TUTOR)
    client = browser(alice)
    assert b"data-theme" not in client.get("/settings/").content.partition(b"<head>")[0]
    assert client.post("/settings/", GENERAL).status_code == 303
    alice.refresh_from_db()
    assert alice.time_zone == "Europe/Prague"
    assert (alice.likes.theme, alice.likes.mail, alice.likes.sound) == (Theme.DARK, Mail.ALL, False)
    assert b'data-theme="dark"' in client.get("/settings/").content
    event = Event.objects.get(kind="workforce.settings_changed")
    assert set(event.body["fields"]) == {"mail", "theme", "time_zone"}


def test_an_unknown_zone_is_refused_and_changes_nothing():
    alice = person("Alice", Role.TUTOR)
    answer = browser(alice).post("/settings/", {**GENERAL, "time_zone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert b"such as Europe/London" in answer.content
    alice.refresh_from_db()
    assert (alice.time_zone, alice.preferences) == ("UTC", {})


def test_the_switch_in_the_menu_is_kept_with_the_account():
    alice = person("Alice", Role.TUTOR)
    client = browser(alice)
    assert client.post("/settings/theme/", {"theme": "light"}).status_code == 204
    assert client.post("/settings/theme/", {"theme": "pink"}).status_code == 400
    alice.refresh_from_db()
    assert alice.likes.theme is Theme.LIGHT


def test_keys_can_be_changed_switched_off_and_set_back():
    alice = person("Alice", Role.TUTOR)
    client = browser(alice)
    client.post("/settings/keyboard/", {**KEYS, "pause": "q"})
    page = client.get("/settings/keyboard/").content.decode()
    assert "data-key-map" in page
    assert "data-keys-off" not in page
    client.post("/settings/keyboard/", {**DEFAULT_KEYS, "pause": "q"})
    assert "data-keys-off" in client.get("/settings/").content.decode()
    client.post("/settings/keyboard/", {"reset": "1"})
    alice.refresh_from_db()
    assert alice.likes == Preferences()


@pytest.mark.parametrize(("act", "key"), [("pause", "1"), ("pause", "j"), ("skip", "?")])
def test_keys_that_clash_are_refused(act, key):
    alice = person("Alice", Role.TUTOR)
    answer = browser(alice).post("/settings/keyboard/", {**KEYS, act: key})
    assert answer.status_code == 422
    alice.refresh_from_db()
    assert alice.preferences == {}


def test_preferences_are_read_from_anything_that_is_stored():
    for broken in (None, [], "x", {"theme": 3, "keys": {"next": "long"}, "mail": "never"}):
        assert read(broken) == Preferences()
    assert clashes({"next": "k", "previous": "j"}) == {}


def test_a_token_is_shown_once_and_revoked():
    alice = person("Alice", Role.TUTOR)
    client = browser(alice)
    made = client.post("/settings/tokens/", {"name": "Nightly", "days": "30"})
    secret = made.context["issued"].secret
    assert secret in made.content.decode()
    assert secret not in client.get("/settings/tokens/").content.decode()
    token = ApiToken.objects.get(account=alice)
    assert token.scopes == [Scope.API]
    revoked = client.post(f"/settings/tokens/{token.public_id}/revoke/")
    assert revoked.status_code == 303
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_anothers_token_cannot_be_revoked():
    alice, bob = person("Alice", Role.TUTOR), person("Bob", Role.TUTOR)
    browser(alice).post("/settings/tokens/", {"name": "Nightly", "days": "30"})
    token = ApiToken.objects.get(account=alice)
    assert browser(bob).post(f"/settings/tokens/{token.public_id}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_a_token_for_payouts_sends_finance_for_the_second_factor_first():
    fay, alice = person("Fay", Role.FINANCE), person("Alice", Role.TUTOR)
    wanted = {"name": "Pay", "days": "7", "release": "on"}
    answer = browser(fay).post("/settings/tokens/", wanted)
    assert answer["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fsettings%2Ftokens%2F"
    browser(alice).post("/settings/tokens/", wanted)
    assert [t.scopes for t in ApiToken.objects.all()] == [[Scope.API]]


def sign_in(account, device: str) -> Client:
    client = Client(raise_request_exception=True, headers={"user-agent": device})
    client.post("/accounts/login/", {"login": account.email, "password": "correct-horse-battery"})
    return client


def test_sessions_are_listed_and_ended():
    alice = person("Alice", Role.TUTOR, password="correct-horse-battery")
    here = sign_in(alice, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    there = sign_in(alice, "Mozilla/5.0 (iPhone; CPU) Safari/604.1")
    third = sign_in(alice, "curl/8.0")
    page = here.get("/settings/sessions/").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    rows = here.get("/settings/sessions/").context["sessions"]
    assert [row["is_current"] for row in rows] == [True, False, False]
    phone = next(row for row in rows if row["is_phone"])
    here.post(f"/settings/sessions/{phone['id']}/end/")
    assert there.get("/settings/").status_code == 302
    assert third.get("/settings/").status_code == 200
    here.post("/settings/sessions/others/end/")
    assert third.get("/settings/").status_code == 302
    assert here.get("/settings/").status_code == 200
    assert Session.objects.count() == 1
    assert Event.objects.filter(kind="workforce.sessions_ended").count() == 2


def test_anothers_session_cannot_be_ended():
    alice = person("Alice", Role.TUTOR, password="correct-horse-battery")
    client = sign_in(alice, "curl/8.0")
    [row] = client.get("/settings/sessions/").context["sessions"]
    bob = browser(person("Bob", Role.TUTOR))
    assert bob.post(f"/settings/sessions/{row['id']}/end/").status_code == 404
    assert client.get("/settings/").status_code == 200


def tell(account, *keys: str) -> None:
    notify(
        tellings=[
            Telling(account_id=account.pk, kind="t", key=k, title=f"Thing {k}", url="/help/")
            for k in keys
        ],
        at=AT,
    )


def test_notices_show_new_ones_first_and_are_read_by_opening():
    alice, bob = person("Alice", Role.TUTOR), person("Bob", Role.TUTOR)
    tell(alice, "1", "2")
    client = browser(alice)
    assert b"2 new notices" in client.get("/notices/").content
    first = Notice.objects.filter(account=alice).earliest("pk")
    assert browser(bob).post(f"/notices/{first.public_id}/open/").status_code == 404
    opened = client.post(f"/notices/{first.public_id}/open/")
    assert opened["Location"] == "/help/"
    page = client.get("/notices/").content.decode()
    assert page.index("Thing 2") < page.index("Earlier") < page.index("Thing 1")


def test_reading_all_leaves_later_ones_and_can_be_undone():
    alice = person("Alice", Role.TUTOR)
    tell(alice, "1", "2")
    client = browser(alice)
    upto = client.get("/notices/").context["upto"]
    tell(alice, "3")
    client.post("/notices/read/", {"upto": str(upto)})
    assert unread_count(account=alice) == 1
    page = client.get("/notices/").content.decode()
    undo = page.partition('action="/notices/unread/')[2].partition('"')[0].replace("&amp;", "&")
    client.post(f"/notices/unread/{undo}")
    assert unread_count(account=alice) == 3


def test_many_notices_cost_as_many_statements_as_few(django_assert_max_num_queries):
    alice = person("Alice", Role.TUTOR)
    client = browser(alice)
    assert b"Nothing to tell you yet" in client.get("/notices/").content
    tell(alice, *(str(n) for n in range(150)))
    Notice.objects.filter(pk__lte=Notice.objects.latest("pk").pk - 50).update(read_at=now())
    with django_assert_max_num_queries(8):
        assert client.get("/notices/").status_code == 200


def test_a_view_is_kept_shared_removed_and_brought_back():
    max_, mia = person("Max", Role.MANAGER), person("Mia", Role.MANAGER)
    client, other = browser(max_), browser(mia)
    kept = client.post(
        "/views/save/",
        {"page": "ops-audit", "name": "Parked", "query": "kind=workforce.job_parked&cursor=x"},
    )
    assert kept["Location"] == "/ops/audit/?kind=workforce.job_parked"
    view = SavedView.objects.get()
    assert b"Parked" in client.get("/ops/audit/").content
    assert b">Parked" not in other.get("/ops/audit/").content
    assert other.post(f"/views/{view.public_id}/share/").status_code == 404
    client.post(f"/views/{view.public_id}/share/")
    assert b">Parked" in other.get("/ops/audit/").content
    client.post(f"/views/{view.public_id}/remove/")
    assert b'class="chip"' not in client.get("/ops/audit/").content
    client.post(f"/views/{view.public_id}/restore/")
    assert b">Parked" in client.get("/ops/audit/").content


@pytest.mark.parametrize(
    ("page", "address", "query", "role"),
    [
        ("recruiting-offers", "/recruiting/offers/", "state=offered", Role.RECRUITER),
        ("ops-tasks", "/ops/tasks/", "state=done", Role.MANAGER),
        ("ops-projects", "/ops/projects/", "domain=medicine", Role.MANAGER),
        ("ops-time", "/ops/time/", "view=disputed", Role.MANAGER),
        ("ops-payouts", "/ops/payouts/", "state=settled", Role.FINANCE),
        ("work-history", "/work/history/", "state=accepted", Role.TUTOR),
    ],
)
def test_filtered_lists_keep_views_for_one_statement(page, address, query, role):
    client = browser(person("Max", role))
    assert b"Keep this view" not in client.get(address).content
    shown = client.get(f"{address}?{query}&cursor=")
    assert b"Keep this view" in shown.content
    assert shown.context["views"].here == query
    with CaptureQueriesContext(connection) as bare:
        client.get(address)
    for n in range(3):
        said = {"page": page, "name": f"Mine {n}", "query": query}
        assert client.post("/views/save/", said)["Location"] == f"{address}?{query}"
    with CaptureQueriesContext(connection) as full:
        kept = client.get(address)
    assert len(full) == len(bare)
    assert [chip.url for chip in kept.context["views"].chips] == [f"{address}?{query}"] * 3
    page_ = " ".join(kept.content.decode().split())
    assert page_.count(f'class="chip" href="{address}?{query}"') == 3


def test_views_of_work_stay_with_their_owner():
    alice, bob = browser(person("Alice", Role.TUTOR)), browser(person("Bob", Role.TUTOR))
    said = {"page": "work-history", "name": "Mine", "query": "state=accepted", "shared": "on"}
    alice.post("/views/save/", said)
    view = SavedView.objects.get()
    alice.post(f"/views/{view.public_id}/share/")
    view.refresh_from_db()
    assert view.is_shared is False
    SavedView.objects.update(is_shared=True)
    assert [c.name for c in alice.get("/work/history/").context["views"].chips] == ["Mine"]
    assert bob.get("/work/history/").context["views"].chips == ()
    assert b"Share it" not in alice.get("/work/history/?state=rejected").content


def test_a_view_of_no_list_is_refused():
    client = browser(person("Max", Role.MANAGER))
    said = {"page": "nowhere", "name": "x", "query": ""}
    assert client.post("/views/save/", said).status_code == 404
    assert client.post("/views/save/", {**said, "page": "ops-audit", "name": ""}).status_code == 400
    assert not SavedView.objects.exists()


def test_help_is_there_for_everybody():
    for role in Role:
        page = browser(person("Somebody", role)).get("/help/")
        assert b"help@example.org" in page.content


def test_a_moment_of_activity_is_noted_now_and_then(settings):
    from allauth.usersessions.models import UserSession
    from django.core.cache import cache

    alice = person("Alice", Role.TUTOR, password="correct-horse-battery")
    client = sign_in(alice, "curl/8.0")
    old = now() - timedelta(hours=1)
    UserSession.objects.update(last_seen_at=old)
    client.get("/help/")
    assert UserSession.objects.get().last_seen_at == old
    cache.set(f"seen:{client.session.session_key}", old)
    client.get("/help/")
    assert UserSession.objects.get().last_seen_at > old
