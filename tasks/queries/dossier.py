"""What happened to one task: who had it, what came of it; a fixed number of statements."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet

from tasks.models import Claim, Offer, Project, Review, Slot, Submission, Task
from tutors.models import Tutor
from tutors.queries.people import found, tutors_visible_to
from workforce.models import Account, Event

SHOWN_MAX = 100
EVENTS_SHOWN_MAX = 60
NAMES_SHOWN_MAX = 8
PROJECTS_MAX = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The rows, oldest first but for events (newest first); none longer than a limit."""

    slots: list[Slot]
    claims: list[Claim]
    submissions: list[Submission]
    reviews: list[Review]
    offers: list[Offer]
    events: list[Event]


def dossier(*, task: Task) -> Dossier:
    named = "tutor__account"
    claims = list(task.claims.select_related(named, "grounds").order_by("id")[:SHOWN_MAX])
    with_check = task.submissions.select_related(named, "guide", "gold_check")
    submissions = list(with_check.order_by("id")[:SHOWN_MAX])
    reviews = Review.objects.filter(submission__task=task).select_related("reviewer__account")
    offers = task.offers.select_related(named, "grounds").order_by("id")
    return Dossier(
        slots=list(task.slots.select_related("pool").order_by("role", "ordinal")[:SHOWN_MAX]),
        claims=claims,
        submissions=submissions,
        reviews=list(reviews.order_by("id")[:SHOWN_MAX]),
        offers=list(offers[:SHOWN_MAX]),
        events=_events(task, claims, submissions),
    )


def grounds_of(claim: Claim) -> list[dict[str, Any]]:
    """The verdicts that a claim was taken on, with the facts of then; none for an old one."""
    try:
        return list(claim.grounds.verdicts)
    except ObjectDoesNotExist:
        return []


def _events(task: Task, claims: list[Any], submissions: list[Any]) -> list[Event]:
    subjects = [task.public_id, *(row.public_id for row in (*claims, *submissions))]
    rows = Event.objects.filter(subject__in=subjects).select_related("actor")
    return list(rows.order_by("-id")[:EVENTS_SHOWN_MAX])


def tutors_called(*, account: Account, text: str) -> list[Tutor]:
    """People by id (`E-12`), name or e-mail; the first few."""
    rows = tutors_visible_to(account=account).select_related("account")
    number = text.strip().upper().removeprefix("E-")
    by_text = found(rows=rows, q=text)
    if number.isascii() and number.isdigit() and len(number) < 19:
        by_text = rows.filter(Q(pk=int(number)))
    return list(by_text.order_by("account__name", "pk")[:NAMES_SHOWN_MAX])


def names_of(*, tutor_ids: list[int]) -> dict[int, str]:
    """Names by tutor, for lists of ids."""
    rows = Tutor.objects.filter(pk__in=tutor_ids).values_list("pk", "account__name")
    return dict(rows)


def narrowed_by_external_id(rows: QuerySet[Task], *, external_id: str) -> QuerySet[Task]:
    """Tasks with this id of the client's, whatever the project: one look-up for each project."""
    projects = list(Project.objects.order_by("pk").values_list("pk", flat=True)[:PROJECTS_MAX])
    return rows.filter(project_id__in=projects, external_id=external_id)
