"""Noting that a token was used, while others do."""

import pytest

from tests.holding import held
from tests.people import knock, person
from workforce.rules.roles import Role


@pytest.mark.race
def test_nobody_waits_to_note_that_a_token_was_used(own_database):
    alice = person("Alice", Role.TUTOR)
    client = knock(alice)
    with held(lambda: alice.tokens.select_for_update().get()):
        assert client.get("/api/v1/tokens/").status_code == 200
        assert alice.tokens.get().last_used_at is None
    client.get("/api/v1/tokens/")
    assert alice.tokens.get().last_used_at is not None
