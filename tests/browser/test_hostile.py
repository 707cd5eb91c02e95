"""Texts that are code elsewhere stay texts here: on every page, under the policy, in Chromium.

They spoil the instance for other tests, so this one goes last.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from config.demonstration.story.people import EXPERTS, MANAGERS, RECRUITER
from config.demonstration.tour import TUTOR, Stop, stops
from tasks.models import Client, Project
from tasks.operations.claiming import claim
from tasks.operations.commissioning import commission
from tasks.operations.intake import receive_items
from tasks.operations.loading import load_chunk
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.submitting import submit
from tasks.operations.timekeeping import Stretch, decline, submit_entry, write_down
from tasks.operations.welcoming import add_client
from tasks.operations.working import save_draft
from tasks.queries.handing_in import in_hand
from tasks.rules.projects import Plan
from tasks.rules.states import Dispatch, ReviewDecision, TimeKind, WorkRole
from tasks.types import task_type
from tests.browser.looking import opened
from tests.browser.site import Site
from tests.browser.watching import unexpected
from tutors.models import Tutor
from tutors.operations.importing.checking import check_file
from tutors.operations.onboarding import change_profile
from tutors.operations.vetting import Proof, add_credential
from tutors.rules.states import CredentialType
from workforce.doors import now
from workforce.models import Account

pytestmark = pytest.mark.goes_last

SHORT = '"><img src=x onerror=pwned=1>'
"""Fits where a name does."""

LONG = (
    "<script>pwned=1</script> '\"><svg onload=pwned=1> <img src=x onerror=alert(1)> "
    "</textarea></title></template><iframe src=javascript:pwned=1> {{ 7*7 }}{% debug %} "
    "javascript:pwned=1 \u202egpj.exe\u202c a\u200bb \u0000".replace("\u0000", "")
)
BROKEN_OUT = """() => ({
  ran: typeof pwned !== "undefined",
  made: document.querySelectorAll('img[src="x"], svg[onload], iframe, [onerror], [onload]').length,
  links: [...document.querySelectorAll("a[href], form[action]")].filter(
    (each) => (each.getAttribute("href") || each.getAttribute("action") || "")
      .trim().toLowerCase().startsWith("javascript:")).length,
})"""
INERT = {"ran": False, "made": 0, "links": 0}
SHOWN_ON_AT_LEAST = 8
"""Pages that have to show such a text, else the test would prove nothing."""


@pytest.fixture
def walk(site: Site) -> Iterator[list[Stop]]:
    _poison()
    yield list(stops())


def test_hostile_texts_stay_texts_on_every_page(
    walk: list[Stop], person: Callable[..., Page]
) -> None:
    pages: dict[str, Page] = {}
    faults, shown = [], set()
    for stop in walk:
        page = pages.setdefault(stop.email, pages.get(stop.email) or person(stop.email))
        answer = opened(page, stop.url)
        if answer is None or answer.status != 200:
            continue
        page.wait_for_timeout(100)
        state = page.evaluate(BROKEN_OUT)
        if state != INERT:
            faults.append(f"{stop.name}: {state}")
        text = page.locator("body").inner_text()
        if "onerror=" in text or "pwned" in page.content():
            shown.add(stop.name)
        noted = [each for each in unexpected(page) if each not in faults]
        faults += [f"{stop.name}: {problem}" for problem in noted]
    assert not faults, "\n" + "\n".join(dict.fromkeys(faults))
    assert len(shown) >= SHOWN_ON_AT_LEAST, shown


def _poison() -> None:
    """Put them into every text that people write, by the operations that take it."""
    at = now()
    rosa, miriam = _account(RECRUITER.email), _account(MANAGERS[0].email)
    tutor = Tutor.objects.select_related("account").get(account__email=TUTOR)
    changes = {"name": f"Eve {SHORT}", "headline": LONG[:120]}
    change_profile(tutor=tutor, changes=changes, actor=rosa, at=at)
    proof = Proof(type=CredentialType.DEGREE, field="stem", name=SHORT, issuer=LONG[:200])
    add_credential(tutor=tutor, proof=proof, actor=rosa, at=at)
    file = io.StringIO()
    csv.writer(file).writerows([["name", "email", "note"], [SHORT, SHORT, LONG]])
    source = io.BytesIO(file.getvalue().encode())
    check_file(source=source, file_name=f"{SHORT}.csv", actor=rosa, at=at)
    project = _project(miriam)
    _work(project, _account(TUTOR))
    _hours(tutor, miriam)


def _account(email: str) -> Account:
    return Account.objects.get(email=email)


def _project(manager: Account) -> Project:
    mark = Client.objects.count()
    client = add_client(name=f"Client {mark} {SHORT}", actor=manager, at=now())
    test = {"kind": "qualification", "speciality": "stem.mathematics", "level_min": 1}
    plan = Plan(
        name=f"Project {SHORT}",
        domain="stem.mathematics",
        task_type="preference",
        guide=f"# {LONG}\n\n[click]({'javascript:pwned=1'})\n\n{LONG}",
        requirements={
            "schema": 1,
            "name": SHORT,
            "rules": [{"id": "field", "mode": "hard", "test": test}],
        },
        dispatch=Dispatch.PULL,
        priority=99,
    )
    project = commission(client=client, plan=plan, actor=manager, at=now()).project
    items = [{"external_id": f"{n} {SHORT}", "input": _input()} for n in range(3)]
    items.append({"external_id": LONG, "input": {"wrong": LONG}})
    batch = receive_items(project=project, items=items, actor=manager, at=now())
    while load_chunk(batch_id=batch.pk, at=now()):
        pass
    return project


def _input() -> dict[str, Any]:
    asked = json.loads(json.dumps(task_type("preference").sample_input))
    asked["conversation"][0]["text"] = LONG
    for response in asked["responses"]:
        response["text"] = LONG
    for criterion in asked.get("criteria", []):
        criterion["label"] = SHORT
    return dict(asked)


def _answer() -> dict[str, Any]:
    answer = json.loads(json.dumps(task_type("preference").sample_answer))
    answer["reason"] = LONG + LONG
    answer.pop("flags", None)
    return dict(answer)


def _work(project: Project, alice: Account) -> None:
    """One answer sent back with a note, one draft in hand."""
    yara = _account(next(e.email for e in EXPERTS["stem"] if e.part == "review"))
    taken = claim(account=alice, role=WorkRole.ATTEMPT, project_id=project.pk, at=now())
    assert taken is not None
    own = in_hand(claim_id=taken.claim_id, account_id=alice.pk)
    assert own is not None
    submit(account=alice, own=own, fence=taken.fence, answer=_answer(), at=now())
    judging = claim(account=yara, role=WorkRole.REVIEW, project_id=project.pk, at=now())
    assert judging is not None and judging.judged is not None
    seen = open_for_review(account=yara, submission_id=judging.judged.submission_id)
    judgement = Judgement(decision=ReviewDecision.REQUEST_REVISION, category=SHORT[:24], note=LONG)
    decide(account=yara, seen=seen, judgement=judgement, at=now())
    held = claim(account=alice, role=WorkRole.ATTEMPT, project_id=project.pk, at=now())
    assert held is not None
    save_draft(account=alice, claim_id=held.claim_id, answer=_answer(), version=0, at=now())


def _hours(tutor: Tutor, manager: Account) -> None:
    began = now() - timedelta(days=3)
    for number in range(2):
        start = began + timedelta(hours=3 * number)
        stretch = Stretch(
            kind=TimeKind.MEETING,
            started_at=start,
            ended_at=start + timedelta(hours=1),
            reason=LONG[:200],
        )
        entry = write_down(tutor=tutor, stretch=stretch, actor=tutor.account, at=now())
        entry = submit_entry(entry=entry, actor=tutor.account, at=now())
        if number:
            decline(entry=entry, reason=LONG[:200], actor=manager, at=now())
