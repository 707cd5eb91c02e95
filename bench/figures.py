"""Medians, percentiles, and what the machine was like."""

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PROBE_STEPS = 1_000_000
SYNCS = 50


def median(values: Sequence[float]) -> float:
    return float(statistics.median(values))


def percentile(values: Sequence[float], part: int) -> float:
    """The smallest value that `part` per cent of the values do not pass; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-part * len(ordered) // 100) - 1))]


def middle(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Runs of one shape folded to one: numbers by their median, problems added up."""
    folded: dict[str, Any] = {}
    for name, value in runs[0].items():
        values = [run[name] for run in runs]
        if name == "problems":
            folded[name] = {key: sum(v.get(key, 0) for v in values) for v in values for key in v}
        elif isinstance(value, dict):
            folded[name] = middle(values)
        elif isinstance(value, int | float):
            folded[name] = median(values) if len(set(values)) > 1 else value
        else:
            folded[name] = value
    return folded


def machine(folder: Path) -> dict[str, Any]:
    """What to read the figures against: processors, load, a fixed piece of work, the disk."""
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
        "million_additions_ms": round(1_000 * probe(), 1),
        "syncs_a_second": round(_syncs(folder)),
    }


def probe() -> float:
    """Seconds for a fixed piece of work, the best of three: how slow others make the machine."""
    best = float("inf")
    for _ in range(3):
        began, total = time.perf_counter(), 0
        for n in range(PROBE_STEPS):
            total += n & 7
        best = min(best, time.perf_counter() - began)
    return best


def _syncs(folder: Path) -> float:
    """How often a second a page reaches the disk that holds the database."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        began = time.perf_counter()
        for _ in range(SYNCS):
            file.write(b"x" * 8_192)
            file.flush()
            os.fdatasync(file.fileno())
        return SYNCS / (time.perf_counter() - began)
