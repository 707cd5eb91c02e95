"""The small demonstration stands ready: people can sign in, and the work waits for them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.demonstration.loading import PASSWORD, load, sign_ins
from tasks.models import Batch, Project
from tutors.models import Contract
from workforce.models import Account
from workforce.operations.founding import found

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def reference_data(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path

    found(at=AT)


def test_everybody_can_sign_in_and_everything_is_there() -> None:
    assert load(at=AT) is True
    accounts = {account.email: account for account in Account.objects.all()}
    for each in sign_ins():
        assert accounts[each.email].check_password(PASSWORD), each.email
        assert accounts[each.email].is_demo
    assert Contract.objects.filter(state="active").count() == 16
    assert Project.objects.count() == Batch.objects.count() == 7


def test_loading_twice_adds_nothing() -> None:
    assert load(at=AT) is True
    before = Account.objects.count()
    assert load(at=AT) is False
    assert Account.objects.count() == before
