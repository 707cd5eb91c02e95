"""What these pages share: who may read, who may steer, how the thing of an address is found."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from tasks.queries import visible
from tasks.rules.states import BatchState, ProjectState, TaskState
from workforce.doors.desk import key_of
from workforce.doors.pages import Visit
from workforce.rules.problems import Invalid
from workforce.rules.roles import Role

if TYPE_CHECKING:
    from tasks.models import Batch, Project

READING = frozenset({Role.MANAGER, Role.FINANCE, Role.ADMIN})
STEERING = frozenset({Role.MANAGER})

PROJECT_STATES = {
    ProjectState.DRAFT: _("Draft"),
    ProjectState.OPEN: _("Open"),
    ProjectState.PAUSED: _("Paused"),
    ProjectState.CLOSED: _("Closed"),
}
TASK_STATES = {
    TaskState.OPEN: _("Open"),
    TaskState.DONE: _("Done"),
    TaskState.CANCELLED: _("Cancelled"),
}
BATCH_STATES = {
    BatchState.RECEIVED: _("Received"),
    BatchState.LOADING: _("Loading"),
    BatchState.DONE: _("Loaded"),
    BatchState.FAILED: _("Failed"),
}


def project_of(visit: Visit, id: str) -> "Project":
    return visible.one(visible.projects(account=visit.account), key_of("P", id))


def batch_of(visit: Visit, id: str) -> "Batch":
    return visible.one(visible.batches(account=visit.account), key_of("B", id))


def may_steer(visit: Visit) -> bool:
    return bool(visit.account.roles & STEERING)


def reason_of(visit: Visit) -> str:
    """The reason that a dialog asked for; `Invalid` without one."""
    reason = str(visit.request.POST.get("reason", "")).strip()
    if not reason:
        raise Invalid(SAY_WHY, errors={"reason": [SAY_WHY]})
    return reason


SAY_WHY: Any = _("Say why in a few words; it is kept in the record.")
