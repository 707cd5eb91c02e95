"""What priced time does to its project's budget: used, and no longer set aside."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from payments.models import Earning
from tasks.models import ProjectBudget, TimeEntry
from tasks.operations.budgeting import book


def charge_budgets(*, lines: Sequence[Earning], at: datetime) -> None:
    """Book new lines to their projects' budgets, in project order. Worked time is never refused."""
    projects = {line.project_id for line in lines if line.project_id}
    if not projects:
        return
    budgets = ProjectBudget.objects.filter(project__in=projects)
    currencies = dict(budgets.values_list("project_id", "currency"))
    freed = _freed([line.time_entry_id for line in lines if line.time_entry_id])
    costs: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for line in lines:
        # Currencies are never added: a line in another one is seen in the books alone.
        if line.project_id and currencies.get(line.project_id) == line.currency:
            used, given_back = costs[line.project_id]
            free = freed.get(line.time_entry_id or 0, 0)
            costs[line.project_id] = (used + line.amount_minor, given_back + free)
    for project, (used, given_back) in sorted(costs.items()):
        book(project_id=project, minor=used, reserved_minor=given_back, at=at)


def _freed(entries: Sequence[int]) -> dict[int, int]:
    """Each entry's share, by seconds, of what its claim still sets aside; together exactly all."""
    claims = TimeEntry.objects.filter(pk__in=entries, claim__isnull=False).values("claim")
    rows = TimeEntry.objects.filter(claim__in=claims).order_by("claim_id", "pk")
    by_claim: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for claim, entry, seconds, reserved in rows.values_list(
        "claim_id", "pk", "seconds", "claim__reserved_minor"
    ):
        by_claim[claim].append((entry, seconds, reserved))
    shares: dict[int, int] = {}
    for group in by_claim.values():
        total, before = max(1, sum(seconds for _, seconds, _ in group)), 0
        for entry, seconds, reserved in group:
            after = before + seconds
            shares[entry] = reserved * after // total - reserved * before // total
            before = after
    return shares
