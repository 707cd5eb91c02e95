"""Each operation × role gives the status that the table says, and no operation is forgotten."""

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.people import knock, person
from tests.roles.doors import PARAMETER, Knock, all_doors
from tests.roles.matrix import MATRIX
from workforce.models import Account, Event
from workforce.rules.roles import Role

DOORS = sorted(all_doors(), key=lambda d: d.name)
MISSING = {1: ("T-999999999",), 2: ("T-999999999", "T-999999998")}


def test_the_table_names_every_operation_once():
    assert sorted(d.name for d in DOORS) == sorted(MATRIX)


def test_the_schema_describes_every_operation():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    described = {
        operation["operationId"]
        for path, item in schema["paths"].items()
        if path.startswith("/api/v1/")
        for operation in item.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
    assert described - {"schema_retrieve"} == {d.name for d in DOORS}


@pytest.fixture
def everybody(db: None) -> dict[Role, Account]:
    return {role: person(role.value.title(), role) for role in Role}


def status_of(door: Knock, account: Account | None) -> int:
    """Knock with an empty body at an id that nobody has."""
    url = door.url(*MISSING.get(door.route.count(PARAMETER), ()))
    client = knock(account, release_payouts=account is not None and Role.FINANCE in account.roles)
    send = getattr(client, door.method)
    answer = send(url) if door.method == "get" else send(url, {}, format="json")
    assert answer.status_code != 500
    return int(answer.status_code)


@pytest.mark.parametrize("door", DOORS, ids=lambda d: d.name)
def test_each_role_gets_what_the_table_says(door: Knock, everybody: dict[Role, Account]):
    roles, allowed = MATRIX[door.name]
    got = {role: status_of(door, account) for role, account in everybody.items()}
    assert got == {role: allowed if role in roles else 403 for role in Role}


@pytest.mark.parametrize("door", DOORS, ids=lambda d: d.name)
def test_a_stranger_is_told_to_sign_in_and_changes_nothing(door: Knock, db: None):
    before = Event.objects.count()
    assert status_of(door, None) == 401
    assert Event.objects.count() == before
