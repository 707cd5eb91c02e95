"""Noting that a token was used, while others do."""

import threading

import pytest
from django.db import connections, transaction

from tests.people import knock, person
from workforce.rules.roles import Role


@pytest.mark.race
def test_nobody_waits_to_note_that_a_token_was_used(own_database):
    alice = person("Alice", Role.TUTOR)
    client, held, done = knock(alice), threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            alice.tokens.select_for_update().get()
            held.set()
            done.wait()
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    try:
        assert client.get("/api/v1/tokens/").status_code == 200
        assert alice.tokens.get().last_used_at is None
    finally:
        done.set()
        thread.join()
