"""What happens reaches those whom it concerns, once, through the real relay and jobs."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from config.noticing import TELLERS, tell
from config.reactions import REACTIONS, _notices
from tests.jobs import catch_up
from tests.people import AT, person
from tests.tasks.commissions import grounds
from tests.tasks.crew import Crew
from tutors.operations.qualifying import grant, revoke
from tutors.operations.vetting import Proof, add_credential
from tutors.rules.states import CredentialType
from workforce.events import JobParked
from workforce.models import Event, Job, Notice
from workforce.operations.noticing import (
    Telling,
    mark_all_read,
    mark_read,
    mark_unread,
    notify,
)
from workforce.operations.preferring import prefer
from workforce.operations.recording import record
from workforce.queries.notices import unread_count
from workforce.rules.jobs import JobState
from workforce.rules.preferences import Mail, Preferences
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


def telling(account, key="1", **said):
    return Telling(account_id=account.pk, kind="test", key=key, title="A thing", **said)


def test_a_thing_is_told_once_however_often_it_is_said():
    alice = person("Alice", Role.TUTOR)
    assert notify(tellings=[telling(alice), telling(alice, "2")], at=AT) == 2
    assert notify(tellings=[telling(alice), telling(alice, "3")], at=AT) == 1
    assert unread_count(account=alice) == 3


def test_reading_is_ones_own_and_can_be_undone():
    alice, bob = person("Alice", Role.TUTOR), person("Bob", Role.TUTOR)
    notify(tellings=[telling(alice), telling(alice, "2"), telling(bob)], at=AT)
    first, second = Notice.objects.filter(account=alice).order_by("pk")
    assert not mark_read(account=bob, notice_id=first.pk, at=AT)
    later = AT + timedelta(minutes=1)
    assert mark_all_read(account=alice, upto=first.pk, at=later) == 1
    assert unread_count(account=alice) == 1
    assert mark_unread(account=alice, read_at=later) == 1
    assert mark_read(account=alice, notice_id=second.pk, at=AT)
    assert (unread_count(account=alice), unread_count(account=bob)) == (1, 1)


def test_every_teller_follows_its_event():
    following = {kind for kind, reactions in REACTIONS.items() if _notices in reactions}
    assert following == set(TELLERS)


def test_a_qualification_is_told_to_its_tutor_by_the_jobs():
    grounds()
    crew = Crew()
    alice = crew.tutor("Alice")
    catch_up()
    Notice.objects.all().delete()
    before = Event.objects.latest("pk").pk
    held = grant(
        tutor=alice,
        speciality="stem.physics",
        level=2,
        expires_at=crew.at + timedelta(days=90),
        actor=crew.ruth,
        at=crew.at,
    )
    revoke(qualification=held, reason="Mistaken", actor=crew.ruth, at=crew.at)
    assert catch_up().count("config.make_notices") == 2
    told = list(Notice.objects.order_by("pk").values_list("account", "kind", "important"))
    assert told == [
        (alice.account_id, "tutors.qualification_granted", False),
        (alice.account_id, "tutors.qualification_revoked", True),
    ]
    for event in Event.objects.filter(pk__gt=before):
        assert tell(event_id=event.pk, at=crew.at) == 0


def test_a_refused_credential_is_told_to_its_tutor_alone_with_the_reason():
    crew = Crew()
    alice, _bob = crew.tutor("Alice"), crew.tutor("Bob")
    browser = Client()
    browser.force_login(crew.ruth)
    proof = Proof(type=CredentialType.DEGREE, name="MD", issuer="Invented University")
    degree = add_credential(tutor=alice, proof=proof, actor=crew.ruth, at=crew.at)
    catch_up()
    Notice.objects.all().delete()
    said = {"outcome": "refused", "level": "primary_source", "source": "No such graduate in 2019."}
    check = f"/recruiting/credentials/{degree.public_id}/check/"
    assert "the tutor reads this" in browser.get(check).content.decode()
    assert browser.post(check, {**said, "source": ""}).status_code == 422
    catch_up()
    assert not Notice.objects.exists()
    assert browser.post(check, said).status_code == 303
    catch_up()
    told = Notice.objects.get()
    assert (told.account_id, told.kind) == (alice.account_id, "tutors.credential_refused")
    assert (told.title, told.url, told.important) == (
        "Your credential could not be confirmed", "/work/qualifications/", True,
    )  # fmt: skip
    assert told.body == (
        f"Degree MD ({degree.public_id}): No such graduate in 2019. It does not count for your "
        "work. Send your recruiter what shows it, such as a clear copy or the right number, and "
        "it is checked again."
    )
    event = Event.objects.get(kind="tutors.credential_refused")
    assert tell(event_id=event.pk, at=crew.at) == 0
    Notice.objects.all().delete()
    browser.post(check, {**said, "outcome": "confirmed", "source": "Found under her old name"})
    assert tell(event_id=event.pk, at=crew.at) == 0


def test_a_parked_job_is_told_to_managers_and_admins():
    max_, ada, alice = (
        person("Max", Role.MANAGER),
        person("Ada", Role.ADMIN),
        person("A", Role.TUTOR),
    )
    for kind in ("tasks.load_batch", "config.make_notices"):
        parked = JobParked(subject="J-1", job_kind=kind, attempts=5)
        record(event=parked, actor=None, at=AT)
    catch_up()
    assert sorted(Notice.objects.values_list("account", flat=True)) == [max_.pk, ada.pk]
    assert unread_count(account=alice) == 0


@pytest.mark.parametrize(
    ("mail_wish", "important", "letters"),
    [
        (Mail.NONE, True, 0),
        (Mail.IMPORTANT, True, 1),
        (Mail.IMPORTANT, False, 0),
        (Mail.ALL, False, 1),
    ],
)
def test_a_letter_goes_where_it_is_wanted(settings, mail_wish, important, letters):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    alice = person("Alice", Role.TUTOR)
    prefer(account=alice, preferences=Preferences(mail=mail_wish), at=AT)
    notify(tellings=[telling(alice, important=important, url="/notices/")], at=AT)
    catch_up()
    assert len(mail.outbox) == letters
    for letter in mail.outbox:
        assert letter.to == [alice.email]
        assert "/notices/" in letter.body


def test_demonstration_people_and_readers_get_no_letter(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    dora, alice = person("Dora", Role.TUTOR, is_demo=True), person("Alice", Role.TUTOR)
    notify(tellings=[telling(dora, important=True), telling(alice, important=True)], at=AT)
    mark_all_read(account=alice, upto=Notice.objects.latest("pk").pk, at=AT)
    catch_up()
    assert mail.outbox == []
    assert not Job.objects.exclude(state=JobState.DONE).exists()


def test_papers_that_wait_are_told_and_those_signed_meanwhile_are_not():
    grounds()
    crew = Crew()
    alice = crew.tutor("Alice")  # offered, signed and countersigned before any job ran
    catch_up()
    told = set(Notice.objects.values_list("account", "kind"))
    assert (alice.account_id, "tutors.contract_countersigned") in told
    assert (alice.account_id, "tutors.contract_offered") not in told
    assert (crew.ruth.pk, "tutors.contract_signed") not in told
