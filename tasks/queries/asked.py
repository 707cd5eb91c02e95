"""What the open projects ask of those who answer."""

from tasks.models import Pool
from tasks.rules.asked import Asking
from tasks.rules.states import ProjectState, WorkRole
from tutors.rules.requirements import parse

ASKED_PROJECTS_MAX = 400
"""Open projects looked at for one person, newest first."""


def asked_by_projects() -> list[Asking]:
    """Each open project with its requirement set, the client filled in; one statement."""
    pools = Pool.objects.filter(
        project__state=ProjectState.OPEN, role=WorkRole.ATTEMPT, step=0
    ).select_related("project__client")
    rows = list(pools.order_by("-project_id")[:ASKED_PROJECTS_MAX])
    documents = {row.signature: row.document for row in rows}
    sets = {signature: parse(document) for signature, document in documents.items()}
    return [
        Asking(
            project=row.project.public_id,
            name=row.project.name,
            client=row.project.client.public_id,
            requirement=sets[row.signature],
        )
        for row in rows
    ]
