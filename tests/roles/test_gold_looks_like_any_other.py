"""A gold task looks like any other in every answer and on every page of whoever works on it.

The same story is told twice, once with known answers and once without; what the people of it can
read is then compared, but for numbers and secrets of the session.
"""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern

from config.urls import pages
from tasks.models import Claim, Offer, Pool, Project, Submission, Task
from tasks.operations.claiming import claim
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.routing import route_queue
from tasks.operations.submitting import submit
from tasks.operations.working import save_draft
from tasks.queries.claims import ClaimSheet
from tasks.queries.handing_in import in_hand
from tasks.rules.states import Dispatch, OfferState, ReviewDecision, WorkRole
from tests.people import knock
from tests.roles.doors import all_doors
from tests.roles.matrix import MATRIX
from tests.tasks.ageing import later
from tests.tasks.crew import ANSWER, INPUT, Crew, moment
from tests.tasks.visiting import visitor
from workforce.doors.pages import spec_of
from workforce.models import Account

pytestmark = pytest.mark.django_db

KNOWN, MODEL = "known-answer-zebra", "model-zebra"
"""Words that stand in the known answer, and in what is told of the input's origin."""

SHOWN: dict[str, type[Any]] = {
    "claims": Claim,
    "task": Claim,
    "history": Claim,
    "submissions": Submission,
    "feedback": Submission,
    "reviews": Submission,
    "offers": Offer,
    "queues": Pool,
    "browse": Pool,
    "alerts": Pool,
    "tasks": Task,
    "projects": Project,
}
"""What is shown at an address, by the word before its parameter."""

NOBODYS = "T-999999999"
CHANGING = re.compile(r'(?<= value=")[^" ]{12,}|[A-Za-z0-9_-]{16,}|\d+ m(?: \d+ s)?|\d+')
"""Numbers, minutes with seconds or without, and secrets of a session or a request."""

OF_HER_KEYS = ("settings", "tokens_")
"""Names of what shows her sessions and tokens, which are never the same."""

Seen = dict[str, str]


def test_nothing_that_anybody_reads_tells_gold_from_other_work() -> None:
    others, gold = told(gold=False), told(gold=True)
    assert gold.keys() == others.keys() and len(gold) > len(MATRIX)
    assert [name for name in gold if gold[name] != others[name]] == []
    said = "".join(gold.values())
    assert INPUT["responses"][0]["text"][:20] in said and "Look again." in said
    for word in (KNOWN, MODEL, "is_gold"):
        assert word not in said


def told(*, gold: bool) -> Seen:
    """What everybody of the story can read, by who and where."""
    with transaction.atomic():
        people = story(gold=gold)
        seen = {
            f"{name} {where}": plain(text)
            for name, account in people.items()
            for where, text in (*answers(account), *looked_at(account))
        }
        transaction.set_rollback(True)
    return seen


def story(*, gold: bool) -> dict[str, Account]:
    """Four tasks: one sent back, one under review, one with a draft, one offered."""
    crew = Crew()
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True)
    project = crew.project(dispatch=Dispatch.BOTH)
    answer = copy.deepcopy(ANSWER)
    answer["points"][0]["why"] = KNOWN
    known = {"gold": answer} if gold else {}
    crew.tasks(project, 4, meta={"response:a": MODEL}, **known)
    assert Task.objects.filter(is_gold=gold).count() == 4

    judged = hand_in(alice.account)
    seen = open_for_review(account=rita.account, submission_id=take(rita.account, judged))
    sent_back = Judgement(decision=ReviewDecision.REQUEST_REVISION, note="Look again.")
    decide(account=rita.account, seen=seen, judgement=sent_back, at=moment())
    take(rita.account, hand_in(alice.account))
    held = taken(alice.account, WorkRole.ATTEMPT)
    later(seconds=60)
    save_draft(account=alice.account, claim_id=held.claim_id, answer=ANSWER, version=0, at=moment())
    route_queue(queue="stem", at=moment())
    assert Offer.objects.filter(state=OfferState.OFFERED, tutor=alice).exists()
    return {"Alice": alice.account, "Rita": rita.account}


def taken(account: Account, role: WorkRole) -> ClaimSheet:
    sheet = claim(account=account, role=role, project_id=None, at=moment())
    assert sheet is not None
    return sheet


def hand_in(account: Account) -> int:
    """Take the next task and hand an answer in a minute later; the answer's key."""
    sheet = taken(account, WorkRole.ATTEMPT)
    later(seconds=60)
    own = in_hand(claim_id=sheet.claim_id, account_id=account.pk)
    assert own is not None
    handed = submit(account=account, own=own, fence=sheet.fence, answer=ANSWER, at=moment())
    return int(handed.submission.pk)


def take(account: Account, submission: int) -> int:
    sheet = taken(account, WorkRole.REVIEW)
    later(seconds=60)
    assert sheet.judged is not None and sheet.judged.submission_id == submission
    return submission


def answers(account: Account) -> Iterator[tuple[str, str]]:
    """What every door that may be read says to her, of each thing there is."""
    api = knock(account)
    for door in list(all_doors()):
        left_out = door.method != "get" or door.name.startswith(OF_HER_KEYS)
        if left_out or not account.roles & MATRIX[door.name][0]:
            continue
        for thing, ids in things(door.route):
            got = api.get(door.url(*ids))
            yield f"{door.name} {thing}", f"{got.status_code} {_body(got)}"


def looked_at(account: Account) -> Iterator[tuple[str, str]]:
    """What every page shows her, of each thing there is."""
    browser = visitor(account)
    for page in pages:
        assert isinstance(page, URLPattern)
        left_out = str(page.name).startswith(OF_HER_KEYS)
        if left_out or not account.roles & spec_of(page.callback).roles:
            continue
        route = str(page.pattern)
        for thing, ids in things(route):
            got = browser.get("/" + re.sub(r"<[^>]+>", "{}", route).format(*ids))
            yield f"{page.name} {thing}", f"{got.status_code} {_body(got)}"


def things(route: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What may stand in an address, by name; nobody's thing where work shows nothing."""
    parameters = route.count("<")
    if not parameters:
        yield "", ()
        return
    model = SHOWN.get(route.partition("/<")[0].rpartition("/")[2])
    ids = [row.public_id for row in model.objects.order_by("pk")] if model else [NOBODYS]
    for number, ident in enumerate(ids, start=1):
        yield str(number), (ident, *(NOBODYS,) * (parameters - 1))


def _body(got: Any) -> str:
    content = b"".join(got.streaming_content) if got.streaming else got.content
    if "json" in got.headers.get("Content-Type", ""):
        return json.dumps(json.loads(content), sort_keys=True)
    return str(content.decode(errors="replace"))


def plain(text: str) -> str:
    return CHANGING.sub("#", text)
