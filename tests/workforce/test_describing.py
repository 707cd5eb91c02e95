"""The OpenAPI document under its first readers, who come at the same moment."""

import subprocess
import sys

from config.launch.places import ROOT

FIRST_READERS = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
import django
django.setup()
from django.test import Client

READERS = 4
sys.setswitchinterval(1e-5)
together = threading.Barrier(READERS)

def read(number):
    together.wait()
    answer = Client().get("/api/v1/schema/?format=json" if number % 2 else "/api/v1/docs/")
    return answer.status_code, answer.content if number % 2 else b""

with ThreadPoolExecutor(READERS) as threads:
    answers = list(threads.map(read, range(READERS)))
assert [status for status, _ in answers] == [200] * READERS, answers
assert answers[1] == answers[3]
"""


def test_the_first_readers_may_come_together():
    """In a process of its own: in this one somebody has read it already."""
    read = subprocess.run(
        [sys.executable, "-c", FIRST_READERS], cwd=ROOT, capture_output=True, text=True
    )
    assert read.returncode == 0, read.stderr[-2_000:]
