"""Acts of which only one may run at a time wait for their turn here, until commit."""

from enum import IntEnum

from django.db import connection


class Turn(IntEnum):
    CLOSE = 7_401  # two closes would fight over the same cuts
    BUILD = 7_402  # two builds would take the same statements
    BANK = 7_403  # what goes to the bank and what it says: one file after the other


def take_turn(turn: Turn) -> None:
    """Wait until nobody else has this turn, and keep it to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [turn])
