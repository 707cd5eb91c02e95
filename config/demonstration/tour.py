"""A tour of the demonstration's pages: every address of the URL map, for somebody who may see it.

Pictures, browser tests and the bench walk along it. A page with a parameter shows a thing that
the person may see; a thing that is not there yet is made by operations.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import URLPattern

from config.demonstration.story.people import ADMIN, FINANCE, MANAGERS, RECRUITER
from payments.models import BankMessage, Earning, PayoutBatch, Statement
from tasks.models import (
    Batch,
    Claim,
    Offer,
    Pool,
    Project,
    Rehearsal,
    Submission,
    Task,
    TimeEntry,
)
from tasks.operations.claiming import claim
from tasks.operations.rehearsing import play_rehearsal, rehearse_policy
from tasks.rules.states import OPEN_CLAIMS, WorkRole
from tutors.models import (
    Agreement,
    Contract,
    Credential,
    Experience,
    IdentityCheck,
    NamedSet,
    Organisation,
    Qualification,
    Tie,
    Tutor,
    TutorImport,
    TutorLink,
    WorkAuthorisation,
)
from workforce.doors import now
from workforce.doors.pages import spec_of
from workforce.models import ApiToken, Job, Notice, SavedView
from workforce.queries.accounts import by_email
from workforce.rules.roles import Role

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
TUTOR = "alice.novak@example.org"
REVIEWER = "yara.nasser@example.org"
PEOPLE = {
    Role.RECRUITER: RECRUITER.email,
    Role.TUTOR: TUTOR,
    Role.MANAGER: MANAGERS[0].email,
    Role.FINANCE: FINANCE[0].email,
    Role.REVIEWER: REVIEWER,
    Role.ADMIN: ADMIN.email,
}
"""Who goes where: the first whom a page lets in."""

NOTHING = "nothing"
"""In place of an id where the tour knows no thing of that kind."""

PHONE_ROOTS = ("/work/", "/sign/")


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One page, and who looks at it."""

    name: str
    url: str
    email: str

    @property
    def on_phones(self) -> bool:
        """Whether the page has a layout for phones: those of the Work portal do."""
        return self.url.startswith(PHONE_ROOTS)


def stops() -> Iterator[Stop]:
    """Every address of the URL map's `pages`, in its order."""
    from config.urls import pages

    yield from map(stop_at, pages)


def stop_at(pattern: URLPattern) -> Stop:
    """One address of it, with what is there now in place of its parameters."""
    email = visitor(pattern)
    return Stop(name=str(pattern.name), url=_url(pattern, email), email=email)


def visitor(pattern: URLPattern) -> str:
    roles = spec_of(pattern.callback).roles
    reviewing = roles == {Role.REVIEWER}
    return REVIEWER if reviewing else next(PEOPLE[role] for role in PEOPLE if role in roles)


def shown(pattern: URLPattern) -> list[str]:
    """The kinds of things in the address, by what stands before them: `ops/projects/`."""
    route = str(pattern.pattern)
    return [PARAMETER.sub("<>", route[: found.start()]) for found in PARAMETER.finditer(route)]


def _url(pattern: URLPattern, email: str) -> str:
    values = iter([_thing(kind, email) for kind in shown(pattern)])
    return "/" + PARAMETER.sub(lambda _: next(values), str(pattern.pattern))


def _thing(kind: str, email: str) -> str:
    find = FINDERS.get(kind)
    return find(email) if find else NOTHING


Find = Callable[[str], str]


def _newest(model: type[Model], **which: Any) -> Find:
    return lambda _: _id(model._default_manager.filter(**which))


def _id(found: "QuerySet[Any]") -> str:
    last = found.order_by("pk").last()
    return last.public_id if last else NOTHING


def _of_tutor(model: type[Model], path: str, **which: Any) -> Find:
    """The newest thing of the person who looks."""
    return lambda email: _id(model._default_manager.filter(**{path: email}, **which))


def _of_alice(model: type[Model], path: str) -> Find:
    return lambda _: _id(model._default_manager.filter(**{path: TUTOR}))


def _alices_account(_: str) -> str:
    held = by_email(email=TUTOR)
    return held.public_id if held else NOTHING


def _in_hand(email: str) -> str:
    """A claim that the person has in hand, taken now if there is none."""
    open_ = Claim.objects.filter(tutor__account__email=email, state__in=OPEN_CLAIMS)
    if not open_.exists():
        account = by_email(email=email)
        assert account is not None, f"nobody has the address {email}"
        role = WorkRole.REVIEW if Role.REVIEWER in account.roles else WorkRole.ATTEMPT
        claim(account=account, role=role, project_id=None, at=now())
    return _id(open_)


def _worked_in(email: str) -> str:
    """The pool of the person's newest claim: a queue that she may look at."""
    mine = Claim.objects.filter(tutor__account__email=email).order_by("-pk")
    return _id(Pool.objects.filter(pk__in=mine.values("pool_id")[:1]))


def _worked_domain(_: str) -> str:
    last = Project.objects.select_related("domain").order_by("pk").last()
    return last.domain.slug if last else NOTHING


def _rehearsed(email: str) -> str:
    """A dry run of the newest project's policy, played now if there is none."""
    if not Rehearsal.objects.exists():
        project, manager = Project.objects.order_by("pk").last(), by_email(email=email)
        assert project and manager, "the demonstration is not loaded"
        asked = rehearse_policy(
            owner=project,
            document={"cost_percent": 0, "specialist_first_minutes": 30},
            since=now() - timedelta(days=7),
            until=now(),
            actor=manager,
            at=now(),
        )
        play_rehearsal(rehearsal_id=asked.pk, at=now())
    return _id(Rehearsal.objects.all())


FINDERS: dict[str, Find] = {
    "audit/": _newest(Project),
    "notices/": _of_tutor(Notice, "account__email"),
    "settings/sessions/": lambda _: NOTHING,
    "work/task/<>/": lambda _: NOTHING,
    "settings/tokens/": _of_tutor(ApiToken, "account__email"),
    "views/": _of_tutor(SavedView, "account__email"),
    "ops/accounts/": _alices_account,
    "ops/batches/": _newest(Batch),
    "ops/domains/": _worked_domain,
    "ops/rehearsals/": _rehearsed,
    "ops/bank/": _newest(BankMessage),
    "ops/jobs/": _newest(Job),
    "ops/organisations/": _newest(Organisation),
    "ops/payouts/": _newest(PayoutBatch),
    "ops/projects/": _newest(Project, gold_percent__gt=0),
    "ops/requirements/": _newest(NamedSet),
    "ops/tasks/": _newest(Task),
    "ops/statements/": _newest(Statement),
    "ops/time/": _newest(TimeEntry),
    "recruiting/authorisations/": _of_alice(WorkAuthorisation, "tutor__account__email"),
    "recruiting/experience/": _of_alice(Experience, "tutor__account__email"),
    "recruiting/identity-checks/": _of_alice(IdentityCheck, "tutor__account__email"),
    "recruiting/links/": _newest(TutorLink),
    "recruiting/organisations/": _newest(Organisation),
    "recruiting/ties/": _of_alice(Tie, "tutor__account__email"),
    "recruiting/agreements/": _of_alice(Agreement, "tutor__account__email"),
    "recruiting/credentials/": _of_alice(Credential, "tutor__account__email"),
    "recruiting/imports/": _newest(TutorImport),
    "recruiting/imports/<>/rows/": lambda _: "1",
    "recruiting/offers/": _of_alice(Contract, "tutor__account__email"),
    "recruiting/qualifications/": _of_alice(Qualification, "tutor__account__email"),
    "recruiting/tutors/": _of_alice(Tutor, "account__email"),
    "sign/": _of_tutor(Contract, "tutor__account__email"),
    "work/alerts/": lambda _: NOTHING,
    "work/browse/": _worked_in,
    "work/queues/": _worked_in,
    "work/contract/": _of_tutor(Contract, "tutor__account__email"),
    "work/earnings/": _of_tutor(Earning, "tutor__account__email"),
    "work/feedback/": _of_tutor(Submission, "tutor__account__email", review__isnull=False),
    "work/history/": _of_tutor(Claim, "tutor__account__email"),
    "work/offers/": _of_tutor(Offer, "tutor__account__email"),
    "work/qualifications/": _of_tutor(Qualification, "tutor__account__email"),
    "work/statements/": _of_tutor(Statement, "tutor__account__email"),
    "work/task/": _in_hand,
    "work/time/": _of_tutor(TimeEntry, "tutor__account__email"),
}
"""Who stands before the parameter → the thing that the tour shows there."""
