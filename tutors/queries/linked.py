"""Links between accounts, for recruiters."""

from django.db.models import F, Q, QuerySet

from tutors.models import Tutor, TutorLink
from workforce.models import Account
from workforce.rules.problems import NotFound
from workforce.rules.roles import Role


def links_of(*, tutor: Tutor) -> QuerySet[TutorLink]:
    """The links that hold in the tutor's group, whoever of it they are between."""
    rows = TutorLink.objects.filter(ended_at__isnull=True)
    rows = rows.select_related("low__account", "high__account", "noted_by")
    own = Q(low=tutor.pk) | Q(high=tutor.pk)
    group = Q(low__person=tutor.person) if tutor.person is not None else own
    return rows.filter(group)


def link_by_id(*, account: Account, link_id: int) -> TutorLink:
    """One link, for a recruiter; `NotFound` for anybody else."""
    rows = TutorLink.objects.select_related("low__account", "high__account")
    sees = account.roles & {Role.RECRUITER, Role.ADMIN}
    found = rows.filter(pk=link_id).first() if sees else None
    if found is None:
        raise NotFound
    return found


def tutor_named(*, account: Account, text: str) -> Tutor | None:
    """The tutor of a public id (`E-7`) or an e-mail address; None when there is none."""
    if not account.roles & {Role.RECRUITER, Role.ADMIN}:
        return None
    rows = Tutor.objects.select_related("account")
    number = text.upper().removeprefix("E-")
    if text.upper().startswith("E-") and number.isascii() and number.isdigit():
        return rows.filter(pk=int(number)).first() if len(number) < 19 else None
    return rows.annotate(address=F("account__email")).filter(address__iexact=text).first()
