"""Each operation × role gives the status that the table says, and no operation is forgotten."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.people import APIClient, knock, person
from tests.roles.doors import PARAMETER, Knock, all_doors
from tests.roles.matrix import MATRIX
from workforce.doors.describing import Generator
from workforce.models import Event
from workforce.rules.roles import Role

DOORS = sorted(all_doors(), key=lambda d: d.name)
MISSING = {1: ("T-999999999",), 2: ("T-999999999", "T-999999998")}


def test_the_table_names_every_operation_once():
    assert sorted(d.name for d in DOORS) == sorted(MATRIX)


def test_the_schema_describes_every_operation():
    schema = Generator().get_schema(public=True)
    described = {
        operation["operationId"]
        for path, item in schema["paths"].items()
        if path.startswith("/api/v1/")
        for operation in item.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
    assert described - {"schema_retrieve"} == {d.name for d in DOORS}


@pytest.fixture(scope="module")
def everybody(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[Role, APIClient]]:
    """Somebody of each role, for the whole table at once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {
            role: knock(person(role.value.title(), role), release_payouts=role == Role.FINANCE)
            for role in Role
        }
        transaction.set_rollback(True)


def status_of(door: Knock, client: APIClient) -> int:
    """Knock with an empty body at an id that nobody has."""
    url = door.url(*MISSING.get(door.route.count(PARAMETER), ()))
    send = getattr(client, door.method)
    answer = send(url) if door.method == "get" else send(url, {}, format="json")
    assert answer.status_code != 500
    return int(answer.status_code)


@pytest.mark.parametrize("door", DOORS, ids=lambda d: d.name)
def test_each_role_gets_what_the_table_says(door: Knock, everybody: dict[Role, APIClient]):
    roles, allowed = MATRIX[door.name]
    with transaction.atomic():
        got = {role: status_of(door, client) for role, client in everybody.items()}
        transaction.set_rollback(True)
    assert got == {role: allowed if role in roles else 403 for role in Role}


@pytest.mark.parametrize("door", DOORS, ids=lambda d: d.name)
def test_a_stranger_is_told_to_sign_in_and_changes_nothing(door: Knock, db: None):
    before = Event.objects.count()
    assert status_of(door, knock(None)) == 401
    assert Event.objects.count() == before
