"""Who is there unless a test says otherwise."""

import pytest

from tests.tutors.hiring import House, open_house


@pytest.fixture
def house() -> House:
    return open_house()
