"""Intake: a file of 1 KB rows through the real operation, into all indexes."""

import copy
import json
from pathlib import Path
from typing import Any

from bench import databases, world
from bench.figures import middle
from bench.filling import INPUT_BYTES
from config.launch.places import ROOT

ROWS = 100_000
ROWS_QUICK = 10_000


def measure(*, rows: int, rounds: int) -> dict[str, Any]:
    """Medians of the rounds; each loads the file into an empty project of a fresh clone."""
    file = _file(rows)
    runs = []
    for number in range(rounds):
        world.say(f"intake of {rows:,} rows, round {number + 1} of {rounds}")
        databases.clone(world.ready(0), to=databases.RUN)
        told = world.run("bench.loading", str(file), database=databases.RUN)
        runs.append(json.loads(told))
    databases.drop(databases.RUN)
    file.unlink()
    return {**middle(runs), "file_bytes_a_row": INPUT_BYTES, "runs": runs}


def _file(rows: int) -> Path:
    """Rows of the task type's sample, each with an id and a text of its own, of about 1 KB."""
    sample = json.loads((ROOT / "tasks/types/critique/sample.json").read_text())[0]["input"]
    path = world.log_file("intake").with_suffix(".jsonl")
    with path.open("w") as file:
        for number in range(rows):
            file.write(json.dumps(_item(sample, number), ensure_ascii=False) + "\n")
    return path


def _item(sample: dict[str, Any], number: int) -> dict[str, Any]:
    item = copy.deepcopy(sample)
    row = {"external_id": f"row-{number}", "priority": 30 + number % 41, "input": item}
    missing = INPUT_BYTES - len(json.dumps(row, ensure_ascii=False).encode()) - 1
    words = f" {number} The dose, the yield and the volume are those of the note." * 20
    item["conversation"][0]["text"] += words[: max(0, missing)].rstrip()
    return row
