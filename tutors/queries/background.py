"""Right to work, ties, consent, identity and years, as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from tutors.models import (
    ContentOptIn,
    Experience,
    IdentityCheck,
    Organisation,
    Tie,
    Tutor,
    WorkAuthorisation,
)
from tutors.rules.states import Verified
from workforce.models import Account
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role


def held() -> "list[Prefetch[str]]":
    """What is on a profile, to be prefetched: five statements for any number of tutors."""
    checked = ("checked_by",)
    ties = Tie.objects.filter(withdrawn_at__isnull=True).select_related("organisation")
    return [
        Prefetch(
            "authorisations",
            WorkAuthorisation.objects.filter(ended_at__isnull=True)
            .select_related(*checked)
            .order_by("id"),
        ),
        Prefetch("ties", ties.select_related("declared_by").order_by("id")),
        Prefetch(
            "opt_ins",
            ContentOptIn.objects.filter(withdrawn_at__isnull=True).order_by("content"),
        ),
        Prefetch(
            "identity_checks",
            IdentityCheck.objects.filter(withdrawn_at__isnull=True)
            .select_related(*checked)
            .order_by("-checked_at", "-id"),
        ),
        Prefetch(
            "experience",
            Experience.objects.filter(withdrawn_at__isnull=True)
            .select_related(*checked)
            .order_by("id"),
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class Own:
    """What a tutor sees of her own ties and consent."""

    ties: Sequence[Tie]
    opt_ins: Sequence[ContentOptIn]


def own_ties(*, tutor: Tutor) -> QuerySet[Tie]:
    return Tie.objects.filter(tutor=tutor, withdrawn_at__isnull=True).select_related("organisation")


def own(*, tutor: Tutor) -> Own:
    given = tutor.opt_ins.filter(withdrawn_at__isnull=True)
    return Own(
        ties=list(own_ties(tutor=tutor).order_by("id")), opt_ins=list(given.order_by("content"))
    )


def _recruits(account: Account) -> bool:
    return bool(account.roles & {Role.RECRUITER, Role.ADMIN})


UNCHECKED_MAX = 100
"""Of each kind, the oldest, that the verification page lists."""


def unchecked_rights(*, account: Account) -> QuerySet[WorkAuthorisation]:
    """Rights to work that nobody has checked, for recruiters, the oldest first."""
    rows = WorkAuthorisation.objects.filter(verified=Verified.SELF, ended_at__isnull=True)
    rows = rows.select_related("tutor__account", "checked_by").order_by("added_at", "id")
    return rows if _recruits(account) else rows.none()


def unchecked_experience(*, account: Account) -> QuerySet[Experience]:
    """Experience that nobody has checked, for recruiters, the oldest first."""
    rows = Experience.objects.filter(verified=Verified.SELF, withdrawn_at__isnull=True)
    rows = rows.select_related("tutor__account", "checked_by").order_by("added_at", "id")
    return rows if _recruits(account) else rows.none()


def authorisation(*, account: Account, authorisation_id: int) -> WorkAuthorisation:
    """One right to work, for a recruiter; `NotFound` for anybody else."""
    rows = WorkAuthorisation.objects.select_related("tutor__account", "checked_by")
    found = rows.filter(pk=authorisation_id).first() if _recruits(account) else None
    if found is None:
        raise NotFound
    return found


def tie(*, account: Account, tie_id: int) -> Tie:
    rows = Tie.objects.select_related("tutor__account", "organisation")
    found = rows.filter(pk=tie_id).first() if _recruits(account) else None
    if found is None:
        raise NotFound
    return found


def identity_check(*, account: Account, check_id: int) -> IdentityCheck:
    rows = IdentityCheck.objects.select_related("tutor__account")
    found = rows.filter(pk=check_id).first() if _recruits(account) else None
    if found is None:
        raise NotFound
    return found


def experience(*, account: Account, experience_id: int) -> Experience:
    rows = Experience.objects.select_related("tutor__account", "checked_by")
    found = rows.filter(pk=experience_id).first() if _recruits(account) else None
    if found is None:
        raise NotFound
    return found


def organisations(*, account: Account) -> QuerySet[Organisation]:
    """For those who describe them: recruiters, managers and admins."""
    rows = Organisation.objects.all()
    seers = {Role.RECRUITER, Role.MANAGER, Role.ADMIN}
    return rows if account.roles & seers else rows.none()


def organisations_named(*, account: Account, text: str) -> QuerySet[Organisation]:
    """Those whose name, word, kind or client the text is found in; all for an empty one."""
    rows = organisations(account=account)
    if not text:
        return rows
    word = text.lower()
    named = Q(name__icontains=text) | Q(word__contains=word) | Q(client=text.upper())
    return rows.filter(named | Q(tags__contains=[word]))


def tied_people(*, organisation_ids: Sequence[int], today: date) -> dict[int, int]:
    """By organisation: how many people have a tie to it today."""
    rows = _lasting(today).filter(organisation__in=organisation_ids).values("organisation_id")
    counted = rows.annotate(people=Count("tutor_id", distinct=True)).order_by("organisation_id")
    return {row["organisation_id"]: row["people"] for row in counted}


def _lasting(today: date) -> QuerySet[Tie]:
    ties = Tie.objects.filter(withdrawn_at__isnull=True)
    return ties.filter(Q(until__isnull=True) | Q(until__gte=today))


def ties_to(*, organisation: Organisation) -> QuerySet[Tie]:
    """Every tie to it that held or holds, with whose it is."""
    rows = Tie.objects.filter(organisation=organisation, withdrawn_at__isnull=True)
    return rows.select_related("tutor__account")


def organisation(*, account: Account, organisation_id: int) -> Organisation:
    found = organisations(account=account).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound
    return found
