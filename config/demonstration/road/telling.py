"""What happened, as a table."""

from collections import Counter
from collections.abc import Iterable, Sequence

from config.demonstration.pieces import Json
from config.demonstration.road.crew import Worked
from config.demonstration.road.handing_in import Handed
from config.demonstration.road.paying import Paid
from config.demonstration.story.clients import PROJECTS

HEAD = (
    "domain", "tasks", "results", "handed in", "revised", "reviews", "pay lines",
    "for tasks and reviews", "written by hand",
)  # fmt: skip


MONEY_COLUMNS = 2


def money(minor: int, currency: str = "USD") -> str:
    return f"{minor // 100:,}.{minor % 100:02d} {currency}"


def rows(
    *,
    handed: Handed,
    exported: dict[str, list[Json]],
    worked: Worked,
    earnings: Iterable[Json],
    domains: dict[str, str],
) -> list[tuple[str, ...]]:
    """One row a domain and one for all. `domains` says in which one each tutor works."""
    lines: Counter[str] = Counter()
    minor: Counter[tuple[str, bool]] = Counter()
    for line in earnings:
        domain = domains[line["tutor"]]
        lines[domain] += 1
        minor[domain, line["project"] is None] += line["amount"]["amount_minor"]
    found: list[tuple[str, list[int]]] = []
    for domain in dict.fromkeys(plan.domain for plan in PROJECTS):
        slugs = [plan.slug for plan in PROJECTS if plan.domain == domain]
        seen = worked.seen.get(domain, Counter())
        numbers = [
            sum(handed.tasks[slug] for slug in slugs),
            sum(len(exported[slug]) for slug in slugs),
            seen["handed in"],
            seen["revised"],
            seen["accept"] + seen["request_revision"] + seen["reject"],
            lines[domain],
            minor[domain, False],
            minor[domain, True],
        ]
        found.append((domain, numbers))
    found.append(("all", [sum(column) for column in zip(*(n for _, n in found), strict=True)]))
    return [
        (name, *map(str, numbers[:-MONEY_COLUMNS]), *map(money, numbers[-MONEY_COLUMNS:]))
        for name, numbers in found
    ]


def table(*, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as what stands in them, words left, numbers right."""
    every = [head, *rows]
    widths = [max(len(row[n]) for row in every) for n in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in every
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def counts(found: Counter[str] | dict[str, int]) -> str:
    return ", ".join(f"{what} {count}" for what, count in sorted(found.items()))


def payment(paid: Paid) -> str:
    """Batch, file and settlement in two lines."""
    totals = ", ".join(
        money(total["amount_minor"], total["currency"]) for total in paid.batch["totals"]
    )
    settled = sum(len(message["settled"]) for message in paid.bank_messages)
    return (
        f"{paid.statements} statements, {len(paid.payouts)} payouts, {totals}; "
        f"bank file {paid.batch['message_id']} of {len(paid.file):,} bytes;\n"
        f"the bank sent {len(paid.bank_messages)} messages, {settled} payouts settled"
    )
