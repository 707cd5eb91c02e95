"""An administrator finds an account, reads what closing it would do, and closes it."""

import pytest

from tasks.models import Claim
from tasks.operations.claiming import claim
from tasks.operations.routing import route_queue
from tasks.operations.submitting import submit
from tasks.queries.handing_in import in_hand
from tasks.rules.states import Dispatch, WorkRole
from tests.people import person
from tests.tasks.crew import ANSWER, moment
from tests.tasks.statements import counting
from tests.tasks.visiting import text_of, visitor
from workforce.models import Account, Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

LIST = "/ops/accounts/"


@pytest.fixture
def ada():
    return person("Ada", Role.ADMIN)


def take(tutor):
    return claim(account=tutor.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())


def test_an_account_is_found_by_word_role_and_state(crew, ada):
    alice, client = crew.tutor("Alice", reviewer=True), visitor(ada)
    everybody = text_of(client.get(LIST))
    assert alice.account.email in everybody and "Max" in everybody
    reviewers = text_of(client.get(LIST, {"role": "reviewer", "state": "open"}))
    assert "Alice" in reviewers and "Max" not in reviewers
    assert "No account matches" in text_of(client.get(LIST, {"q": "alice", "state": "closed"}))
    sheet = b"".join(client.get(LIST, {"q": alice.account.public_id, "format": "csv"}))
    lines = sheet.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].split(",")[1:5] == ["Alice", alice.account.email, "reviewer tutor", "open"]


def test_the_list_takes_as_many_statements_for_many_as_for_one(crew, ada):
    client = visitor(ada)
    client.get(LIST)
    with counting() as few:
        client.get(LIST)
    for n in range(12):
        person(f"Person{n}", Role.TUTOR)
    with counting() as many:
        client.get(LIST)
    assert len(many) == len(few) <= 12, many.statements


def test_closing_says_beforehand_what_will_happen_and_does_it(crew, ada):
    alice, client = crew.tutor("Alice", capacity=2), visitor(ada)
    crew.tasks(crew.project(dispatch=Dispatch.PULL), 2)
    first = take(alice)
    own = in_hand(claim_id=first.claim_id, account_id=alice.account_id)
    submit(account=alice.account, own=own, fence=first.fence, answer=ANSWER, at=moment())
    take(alice)
    crew.tasks(crew.project(dispatch=Dispatch.PUSH))
    route_queue(queue="stem", at=moment())
    signed_in = visitor(alice.account)
    assert signed_in.get("/work/").status_code == 200
    page = f"{LIST}{alice.account.public_id}/"
    assert "1 task" in text_of(client.get(page))
    told = text_of(client.get(f"{page}close/"))
    for said in (
        "1 task in hand goes back to its queue",
        "1 offer is withdrawn",
        "1 answer that waits for its review is reviewed and paid as usual",
        "Pay still due stays due; no statement is open now.",
        "is not ended by this",
    ):
        assert said in told, said
    before = Event.objects.count()
    assert client.post(f"{page}close/", {"reason": " "}).status_code == 422
    assert Event.objects.count() == before
    answer = client.post(f"{page}close/", {"reason": "She left the house."})
    assert (answer.status_code, answer["Location"]) == (303, page)
    shown = text_of(client.get(page))
    assert "Closed by Ada" in shown and "She left the house." in shown
    assert client.get(f"{page}close/").status_code == 303
    assert signed_in.get("/work/").status_code == 302
    assert Claim.objects.filter(state="submitted").count() == 1


def test_nobody_is_led_to_close_her_own_account(ada):
    client, page = visitor(ada), f"{LIST}{ada.public_id}/"
    shown = text_of(client.get(page))
    assert "another administrator would close it" in shown
    assert "Close the account" not in shown
    assert client.post(f"{page}close/", {"reason": "x"}).status_code == 409
    assert Account.objects.get(pk=ada.pk).is_active
