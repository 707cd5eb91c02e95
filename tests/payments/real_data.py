"""Official schemas and real samples, found by LECTERN_DATA; tests skip aloud without them."""

import os
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("LECTERN_DATA", ROOT.parent / "shared" / "data"))


def real(path: str) -> Path:
    """A real file below the data folder; skips the test when it is absent."""
    found = DATA / path
    if not found.exists():
        pytest.skip(f"needs {path} of the data folder (LECTERN_DATA)")
    return found


def sample(name: str) -> bytes:
    return real(f"iso20022/samples/{name}").read_bytes()


def faults(content: bytes, *, schema: str) -> list[str]:
    """What the official schema holds against the file."""
    judge = etree.XMLSchema(etree.parse(real(f"iso20022/xsd/{schema}.xsd")))
    judge.validate(etree.fromstring(content))
    return [entry.message for entry in judge.error_log]
