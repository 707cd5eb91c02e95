"""A running project is steered: other priority, new guide, more money, paused, closed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tasks.events import ProjectChanged
from tasks.models import Project, ProjectBudget
from tasks.operations.commissioning import publish_guide
from tasks.rules.projects import BUDGET_MINOR_MAX
from tasks.rules.states import ProjectState
from workforce.models import Account
from workforce.operations import record
from workforce.rules.problems import Conflict, Invalid

CHANGEABLE = ("name", "priority", "gold_percent", "gold_pass_percent")


class CannotSteer(Conflict):
    code = "project_state"


class CannotTopUp(Conflict):
    code = "budget_not_limited"


class WrongCurrency(Invalid):
    code = "wrong_currency"


@transaction.atomic
def change(
    *, project: Project, fields: dict[str, Any], guide: str | None, actor: Account, at: datetime
) -> Project:
    """Set name, priority (of tasks to come), share and bar of known answers, or publish a guide.

    `CannotSteer` for a closed project.
    """
    held = _held(project)
    if held.state == ProjectState.CLOSED:
        raise CannotSteer(_("This project is closed. Make a new one for new work."))
    changed = [
        name for name in CHANGEABLE if name in fields and getattr(held, name) != fields[name]
    ]
    for name in changed:
        setattr(held, name, fields[name])
    if changed:
        held.save(update_fields=changed)
    if guide is not None:
        publish_guide(project=held, text=guide, actor=actor, at=at)
    if changed:
        _record(held, changed=changed, actor=actor, at=at)
    return held


@transaction.atomic
def top_up(
    *, project: Project, amount_minor: int, currency: str, actor: Account, at: datetime
) -> Project:
    """Add money to a limited budget, in its own currency; waiting work is offered again.

    `CannotTopUp` when the budget has no limit, `WrongCurrency` for another currency.
    """
    budget = ProjectBudget.objects.get(project=project)
    if budget.currency != currency:
        raise WrongCurrency(
            _("This budget is kept in %(currency)s.") % {"currency": budget.currency},
            errors={"currency": [_("Give %(currency)s.") % {"currency": budget.currency}]},
        )
    raised = ProjectBudget.objects.filter(
        project=project, total_minor__lte=BUDGET_MINOR_MAX - amount_minor
    ).update(total_minor=F("total_minor") + amount_minor)
    if not raised:
        raise CannotTopUp(_("This budget has no limit, or would pass the largest one we keep."))
    _record(project, changed=["budget"], actor=actor, at=at)
    return project


def pause(*, project: Project, actor: Account, at: datetime, reason: str = "") -> Project:
    """No new offers and claims for a while; work in hand goes on. `CannotSteer` unless open."""
    return _move(
        project,
        [ProjectState.OPEN],
        ProjectState.PAUSED,
        reason,
        actor=actor,
        at=at,
        closed_at=None,
    )


def resume(*, project: Project, actor: Account, at: datetime) -> Project:
    """Offer and claim again. `CannotSteer` unless paused."""
    wanted = [ProjectState.PAUSED, ProjectState.DRAFT]
    return _move(project, wanted, ProjectState.OPEN, "", actor=actor, at=at, closed_at=None)


def close(*, project: Project, actor: Account, at: datetime, reason: str = "") -> Project:
    """No new offers and claims, for good; work in hand stays workable and is paid."""
    wanted = [ProjectState.OPEN, ProjectState.PAUSED, ProjectState.DRAFT]
    return _move(project, wanted, ProjectState.CLOSED, reason, actor=actor, at=at, closed_at=at)


@transaction.atomic
def _move(
    project: Project,
    seen: Collection[ProjectState],
    wanted: ProjectState,
    reason: str,
    *,
    actor: Account,
    at: datetime,
    closed_at: datetime | None,
) -> Project:
    moved = Project.objects.filter(pk=project.pk, state__in=seen).update(
        state=wanted, closed_at=closed_at
    )
    if not moved:
        held = Project.objects.get(pk=project.pk)
        raise CannotSteer(
            _("This project is %(state)s; only one that is %(states)s can be made %(wanted)s.")
            % {"state": held.state, "states": " or ".join(seen), "wanted": wanted}
        )
    project.refresh_from_db(fields=["state", "closed_at"])
    _record(project, changed=["state"], actor=actor, at=at, reason=reason.strip())
    return project


def _held(project: Project) -> Project:
    return (
        Project.objects.select_related("domain", "client", "budget")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=project.pk)
    )


def _record(
    project: Project, *, changed: Collection[str], actor: Account, at: datetime, reason: str = ""
) -> None:
    event = ProjectChanged(
        subject=project.public_id,
        changed=tuple(changed),
        state=str(project.state),
        queue=project.domain.queue,
        reason=reason,
    )
    record(event=event, actor=actor, at=at)
