"""Letting people in: accounts, invitations, tokens."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from tests.people import AT, knock, person
from workforce.doors import now
from workforce.doors.tokens import USED_NOTED_EVERY
from workforce.jobs import perform
from workforce.models import Account, ApiToken, Event, Job
from workforce.operations.admitting import (
    CannotAccept,
    CannotAdmit,
    CannotClose,
    accept_invitation,
    admit,
    close_account,
    grant_role,
    invite,
    mail_invitation,
)
from workforce.operations.issuing import TOKENS_MAX, CannotIssue, TooManyTokens, issue
from workforce.operations.relaying import relay
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db
GOOD = "correct-horse-battery"


def test_nobody_closes_her_own_account():
    ada = person("Ada", Role.ADMIN)
    with pytest.raises(CannotClose, match="by somebody else"):
        close_account(account=ada, reason="x", actor=ada, at=AT)
    ada.refresh_from_db()
    assert ada.is_active


def test_an_administrator_finds_and_closes_an_account_over_the_api():
    ada, alice, max_ = person("Ada", Role.ADMIN), person("Alice", Role.TUTOR), person("Max")
    issue(account=alice, name="x", scopes=["api"], stepped_up=True, at=now())
    desk, path = knock(ada), f"/api/v1/accounts/{alice.public_id}/"
    found = desk.get("/api/v1/accounts/", {"q": "ALICE", "role": "tutor", "active": "true"}).json()
    assert [row["id"] for row in found["results"]] == [alice.public_id]
    assert (
        desk.get("/api/v1/accounts/", {"q": max_.public_id.lower()}).json()["results"][0]["roles"]
        == []
    )
    assert desk.post(f"{path}close/", {}, format="json").json()["errors"].keys() == {"reason"}
    answer = desk.post(f"{path}close/", {"reason": "Left"}, format="json")
    assert (answer.status_code, answer.json()["active"]) == (200, False)
    assert desk.get(path).json()["active"] is False
    alice.refresh_from_db()
    assert not alice.is_active
    assert not alice.tokens.filter(revoked_at=None).exists()
    event = Event.objects.get(kind="workforce.account_closed")
    assert (event.subject, event.body["reason"], event.actor) == (alice.public_id, "Left", ada)
    again = desk.post(f"{path}close/", {"reason": "Once more"}, format="json")
    assert again.status_code == 200
    assert Event.objects.filter(kind="workforce.account_closed").count() == 1


def test_an_email_has_one_account_whatever_its_case():
    alice = person("Alice", Role.TUTOR)
    events = Event.objects.count()
    with pytest.raises(CannotAdmit, match="Give that one the role instead"):
        admit(email=alice.email.upper(), name="Al", roles=[Role.TUTOR], actor=None, at=AT)
    assert Account.objects.filter(email__iexact=alice.email).count() == 1
    assert Event.objects.count() == events


def test_a_role_is_granted_once():
    alice, ada = person("Alice", Role.TUTOR), person("Ada", Role.ADMIN)
    for _ in range(2):
        grant_role(account=alice, role=Role.REVIEWER, actor=ada, at=AT)
    assert alice.roles == {Role.TUTOR, Role.REVIEWER}
    assert Event.objects.filter(kind="workforce.role_granted").count() == 1


def test_an_invitation_opens_once():
    alice = person("Alice", Role.TUTOR)
    invited = invite(account=alice, actor=None, at=AT)
    accept_invitation(secret=invited.secret, password=GOOD, at=AT)
    alice.refresh_from_db()
    assert alice.check_password(GOOD)
    with pytest.raises(CannotAccept, match="used or has expired"):
        accept_invitation(secret=invited.secret, password="another-good-one-1", at=AT)
    alice.refresh_from_db()
    assert alice.check_password(GOOD)


def test_an_invitation_ends_after_two_weeks():
    alice = person("Alice", Role.TUTOR)
    invited = invite(account=alice, actor=None, at=AT)
    with pytest.raises(CannotAccept):
        accept_invitation(secret=invited.secret, password=GOOD, at=AT + timedelta(days=15))


def test_a_weak_password_keeps_the_invitation():
    alice = person("Alice", Role.TUTOR)
    invited = invite(account=alice, actor=None, at=AT)
    with pytest.raises(CannotAccept) as refusal:
        accept_invitation(secret=invited.secret, password="password", at=AT)
    assert "password" in refusal.value.errors
    accept_invitation(secret=invited.secret, password=GOOD, at=AT)


def test_the_link_is_mailed_and_works(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    alice = person("Alice", Role.TUTOR)
    invite(account=alice, actor=None, at=now())
    from config.reactions import REACTIONS

    relay(reactions=REACTIONS)
    job = Job.objects.get(kind="workforce.mail_invitation")
    perform(
        job_id=job.pk,
        kind=job.kind,
        handler=lambda *, invitation_id, at: mail_invitation(invitation_id=invitation_id, at=at),
        outside=False,
    )
    [letter] = mail.outbox
    assert letter.to == [alice.email]
    path = "/invitations/" + letter.body.split("/invitations/")[1].strip()
    visitor = Client()
    assert visitor.get(path).status_code == 200
    assert visitor.post(path, {"password": "short"}).status_code == 400
    signed_in = visitor.post(path, {"password": GOOD})
    assert (signed_in.status_code, signed_in["Location"]) == (302, "/")
    assert visitor.get("/settings/").status_code == 200
    assert UserSession.objects.filter(user=alice).count() == 1
    assert visitor.post(path, {"password": GOOD}).status_code == 400
    again = Client().post("/accounts/login/", {"login": alice.email, "password": GOOD})
    assert (again.status_code, again["Location"]) == (302, "/")


def test_an_invitation_is_no_way_around_a_second_factor():
    """Whoever holds an old link sets a password with it, and is asked for the code all the same."""
    fred = person("Fred", Role.FINANCE)
    secret = invite(account=fred, actor=None, at=now()).secret
    Authenticator.objects.create(user=fred, type=Authenticator.Type.TOTP, data={"secret": "x"})
    visitor = Client()
    answer = visitor.post(f"/invitations/{secret}/", {"password": GOOD})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert visitor.get("/settings/").status_code == 302


def test_nobody_signs_up_alone():
    answer = Client().get("/accounts/signup/")
    assert b"password1" not in answer.content


def test_closing_an_account_ends_its_tokens():
    alice, ada = person("Alice", Role.TUTOR), person("Ada", Role.ADMIN)
    issue(account=alice, name="x", at=AT)
    for _ in range(2):
        close_account(account=alice, reason="left", actor=ada, at=AT)
    assert alice.tokens.filter(revoked_at__isnull=True).count() == 0
    assert Event.objects.filter(kind="workforce.account_closed").count() == 1


def test_tokens_are_limited_in_number_and_life():
    alice = person("Alice", Role.TUTOR)
    with pytest.raises(CannotIssue):
        issue(account=alice, name="x", days=366, at=AT)
    for number in range(TOKENS_MAX):
        issue(account=alice, name=str(number), at=AT)
    with pytest.raises(TooManyTokens):
        issue(account=alice, name="one more", at=AT)
    assert alice.tokens.count() == TOKENS_MAX


def test_the_last_use_of_a_token_is_noted_every_five_minutes():
    alice = person("Alice", Role.TUTOR)
    client = knock(alice)
    client.get("/api/v1/tokens/")
    token = alice.tokens.get()
    first, before = token.last_used_at, token.last_used_at - USED_NOTED_EVERY
    client.get("/api/v1/tokens/")
    token.refresh_from_db()
    assert token.last_used_at == first
    ApiToken.objects.update(last_used_at=before)
    client.get("/api/v1/tokens/")
    token.refresh_from_db()
    assert token.last_used_at > first
