"""The small demonstration stands ready: people can sign in, and the work waits for them."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from config.demonstration.living import live
from config.demonstration.loading import PASSWORD, experts, load, sign_ins
from payments.models import Payout
from tasks.models import Batch, Project, ReviewRecord, TimeEntry
from tasks.queries.gold import doubtful, gold_sheet
from tutors.models import Contract
from tutors.queries.next_steps import queue, steps_of
from tutors.rules.next_steps import Step
from workforce.doors import now
from workforce.models import Account
from workforce.operations.founding import found
from workforce.operations.relaying import relay

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def reference_data(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path

    found(at=AT)


def test_everybody_can_sign_in_and_everything_is_there() -> None:
    assert load(at=AT) is not None
    accounts = {account.email: account for account in Account.objects.all()}
    for each in sign_ins():
        assert accounts[each.email].check_password(PASSWORD), each.email
        assert accounts[each.email].is_demo
    assert Contract.objects.filter(state="active").count() == 16
    assert Project.objects.count() == Batch.objects.count() == 7


def test_a_recruiter_finds_somebody_at_each_step() -> None:
    load(at=AT)
    assert set(queue(at=AT).by_step) >= {
        Step.COUNTERSIGN, Step.INVITE_AGAIN, Step.VERIFY_CREDENTIAL, Step.GRANT_QUALIFICATION,
        Step.OFFER_CONTRACT,
    }  # fmt: skip
    assert queue(at=AT).others == 1


def test_who_needs_nothing_is_left_out_and_nobody_else() -> None:
    """The statement leaves people out before the rule sees them: it may miss nobody."""
    load(at=AT)
    for days in (-2, 0, 20, 45, 100, 350, 800):
        at = AT + timedelta(days=days)
        everybody = steps_of(tutor_ids=None, at=at)
        looked_at = steps_of(tutor_ids=None, at=at, open_only=True)
        assert {n: step for n, step in everybody.items() if step.step is not Step.NONE} == {
            n: step for n, step in looked_at.items() if step.step is not Step.NONE
        }, days
        assert len(looked_at) < len(everybody) or days > 300


def test_loading_twice_adds_nothing() -> None:
    assert load(at=AT) is not None
    before = Account.objects.count()
    assert load(at=AT) is None
    assert Account.objects.count() == before


def test_people_have_a_past_that_was_paid_and_compared_with_known_answers() -> None:
    book = load(at=now())
    assert book is not None
    past = live(experts=experts(), book=book, now=now)
    assert (past.answers, past.compared, past.reviews, past.payouts) == (39, 6, 4, 16)
    assert set(Payout.objects.values_list("state", flat=True)) == {"settled"}
    assert TimeEntry.objects.filter(state="submitted", kind="assessment").count() == 16
    check_known_answers()
    while relay(reactions={}):  # nobody else seals here, and a slow machine takes its time
        pass
    out = StringIO()
    with contextlib.suppress(SystemExit):  # what it printed says more
        call_command("check_invariants", json=True, stdout=out)
    assert json.loads(out.getvalue())["ok"], out.getvalue()


def check_known_answers() -> None:
    """One project shows all of it: its share, the agreement, and one that may be wrong."""
    project = Project.objects.get(gold_percent__gt=0)
    sheet = gold_sheet(project=project)
    assert (sheet.tasks, sheet.wanted_percent, sheet.share_percent, sheet.taken) == (4, 25, 20, 30)
    assert (sheet.compared, sheet.good, round(sheet.agreement or 0, 4)) == (6, 4, Decimal("0.6667"))
    [task] = doubtful(project=project)
    assert (task.external_id, task.compared, task.good) == ("saltmarsh-known-1", 3, 1)
    records = ReviewRecord.objects.filter(reviewer__isnull=True)
    assert sorted(records.values_list("judged", "accepted")) == [(2, 1), (2, 1), (2, 2)]
