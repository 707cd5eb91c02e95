"""Every rule of the floor holds, whatever happened."""

from tasks.queries.invariants import checks
from tests.tasks.crew import moment


def sound() -> None:
    broken = {check.name: check.problems for check in checks(at=moment()) if check.problems}
    assert not broken
