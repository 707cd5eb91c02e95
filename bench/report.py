"""The figures as a table for a person, with the targets beside them."""

from collections.abc import Sequence
from typing import Any

CLAIM_STATEMENTS_MAX = 6
SUBMIT_STATEMENTS_MAX = 12
CPU_MS_MAX = 10.0
CPU_GROWTH_MAX = 1.1
P99_GROWTH_MAX = 1.5
INTAKE_ROWS_A_SECOND_MIN = 10_000
FIRST_PAGE_SECONDS_MAX = 20.0


def claims(found: dict[str, Any]) -> str:
    rows = [
        (
            "statements",
            "claim",
            f"target {CLAIM_STATEMENTS_MAX}",
            "submit",
            f"target {SUBMIT_STATEMENTS_MAX}",
        )
    ]
    for each in found["statements"]:
        counts = (len(each["claim"]), len(each["submit"]))
        rows.append((f"{each['leases']} leases open", str(counts[0]), "", str(counts[1]), ""))
    parts = [
        table(rows),
        table(_cells(found["cells"])),
        table(_bare(found)),
        table(_growth(found)),
    ]
    return "\n\n".join(parts)


def _cells(cells: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    head = ("open tasks", "people", "pairs/s", "claim p50", "p95", "p99", "submit p50", "p95",
            "p99", "web ms", "db ms", f"cpu ms (≤ {CPU_MS_MAX:.0f})", "rest ms",
            "faults")  # fmt: skip
    rows: list[tuple[str, ...]] = [head]
    for cell in cells:
        claim, submit = cell["claim"], cell["submit"]
        shown = (
            cell["pairs_a_second"], claim["p50"], claim["p95"], claim["p99"], submit["p50"],
            submit["p95"], submit["p99"], cell["web_ms"], cell["database_ms"], cell["cpu_ms"],
            cell["housekeeping_ms"],
        )  # fmt: skip
        problems = str(sum(cell["problems"].values()))
        rows.append(
            (
                f"{cell['tasks']:,}",
                str(cell["people"]),
                *(f"{value:.1f}" for value in shown),
                problems,
            )
        )
    return rows


def _bare(found: dict[str, Any]) -> list[tuple[str, ...]]:
    """Ours beside bare SQL: claims a second of the clock, and of CPU."""
    rows: list[tuple[str, ...]] = [
        ("people", "bare claims/s", "bare ms", "bare cpu ms", "bare claims/cpu-s",
         "our pairs/s", "our pairs/cpu-s", "our db pairs/cpu-s", "cpu, ours ÷ bare",
         "db cpu, ours ÷ bare"),
    ]  # fmt: skip
    largest = max(cell["tasks"] for cell in found["cells"])
    ours = {cell["people"]: cell for cell in found["cells"] if cell["tasks"] == largest}
    for bare in found["bare"]:
        own = ours[bare["people"]]
        shown = (
            bare["a_second"], bare["mean_ms"], bare["cpu_ms"], 1_000 / bare["cpu_ms"],
            own["pairs_a_second"], 1_000 / own["cpu_ms"], 1_000 / own["database_ms"],
            own["cpu_ms"] / bare["cpu_ms"], own["database_ms"] / bare["cpu_ms"],
        )  # fmt: skip
        rows.append((str(bare["people"]), *(f"{value:.2f}" for value in shown)))
    return rows


def _growth(found: dict[str, Any]) -> list[tuple[str, ...]]:
    tasks = sorted({cell["tasks"] for cell in found["cells"]})
    name = f"{tasks[-1]:,} ÷ {tasks[0]:,}"
    rows: list[tuple[str, ...]] = [
        (name, f"cpu (≤ {CPU_GROWTH_MAX})", "db cpu", f"claim p99 (≤ {P99_GROWTH_MAX})",
         f"submit p99 (≤ {P99_GROWTH_MAX})"),
    ]  # fmt: skip
    for each in found["growth"]:
        values = (each["cpu"], each["database"], each["claim_p99"], each["submit_p99"])
        rows.append((f"{each['people']} people", *(f"{value:.2f}" for value in values)))
    return rows


def intake(found: dict[str, Any]) -> str:
    rows = found["rows"]
    parts = ("receive", "read_and_check", "copy_and_rest", "insert")
    shown = [(part.replace("_", " "), f"{found[f'{part}_seconds']:.2f} s") for part in parts]
    a_second = f"{found['rows_a_second']:,.0f} rows/s (≥ {INTAKE_ROWS_A_SECOND_MIN:,})"
    shown += [
        (f"CPU of {part}", f"{found[f'{part}_cpu_seconds']:.2f} s")
        for part in ("python", "database")
    ]
    return table([(f"intake of {rows:,.0f} rows", a_second), *shown])


def start(found: dict[str, Any]) -> str:
    first, again = found["first_page_seconds"], found["first_page_again_seconds"]
    return table(
        [
            ("first page", f"≤ {FIRST_PAGE_SECONDS_MAX:.0f} s"),
            ("empty state folder", f"{first:.1f} s"),
            ("once more", f"{again:.1f} s"),
        ]
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they need to be; the first to the left, the others to the right."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if n else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
