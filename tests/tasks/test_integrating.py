"""What the page for clients' programmers says is so."""

import re
from pathlib import Path
from typing import Any

import pytest

from tasks.queries.exporting import _line
from tasks.rules.columns import columns_of
from tasks.rules.webhooks import KINDS, signature
from tasks.types import item_schema, task_type

PAGE = (Path(__file__).parents[2] / "docs/integrating.md").read_text()
NOW = 1_795_000_000


@pytest.fixture
def genuine(monkeypatch):
    (source,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(source, names)
    monkeypatch.setattr(names["time"], "time", lambda: NOW)
    return names["genuine"]


def headers(*, body=b"{}", secrets=("whsec_new",), stamp=NOW):
    signed = signature(secrets=secrets, message_id="WD-1", timestamp=stamp, body=body)
    return {
        "Webhook-Id": "WD-1",
        "Webhook-Timestamp": str(stamp),
        "Webhook-Signature": signed,
    }


def test_the_example_takes_what_we_sign(genuine):
    assert genuine(headers(), b"{}", "whsec_new")
    assert genuine(headers(secrets=("whsec_new", "whsec_old")), b"{}", "whsec_old")


def test_the_example_refuses_what_we_did_not_sign(genuine):
    assert not genuine(headers(), b"{ }", "whsec_new")
    assert not genuine(headers(), b"{}", "whsec_other")
    assert not genuine(headers(stamp=NOW - 301), b"{}", "whsec_new")


def test_every_kind_of_news_and_every_part_of_an_item_is_named():
    assert [kind for kind in KINDS if f"`{kind}`" not in PAGE] == []
    assert [part for part in item_schema()["properties"] if f"`{part}`" not in PAGE] == []


def test_every_part_of_a_result_is_named():
    row = (1, "accepted", 2, None, 3, "x", 4, 1, {}, 5, {}, False, 60, None, None, 1)
    line = _line((*row, *[None] * 8), standing={}, level=1, pseudonym=str)
    assert [part for part in line if f"`{part}`" not in PAGE] == []


def test_the_columns_of_the_example_exist():
    named = re.findall(r"`((?:input|meta)\.[a-z_.]+)`", PAGE)
    header = ["external_id", *named]
    assert len(named) == 4
    assert columns_of(header, task_type("preference"))[1] == {}
