"""What a recruiter knows of Alice beside her credentials: one fact of each kind, some unchecked."""

from datetime import datetime, timedelta

from tutors.models import Tutor
from tutors.operations.authorising import add_authorisation
from tutors.operations.consenting import choose_content
from tutors.operations.experiencing import Post, add_experience
from tutors.operations.identifying import check_identity
from tutors.operations.tying import Bond, declare_tie
from tutors.rules.states import IdentityMethod, SensitiveContent
from workforce.models import Account

YEARS = 9
LASTS = timedelta(days=900)
SINCE = timedelta(days=700)


def note(*, tutor: Tutor, recruiter: Account, at: datetime) -> None:
    """Her right to work and her years wait for a check; her identity was checked on a call."""
    today = at.date()
    add_authorisation(
        tutor=tutor,
        place=tutor.country,
        basis="residence permit",
        valid_until=today + LASTS,
        actor=recruiter,
        at=at,
    )
    post = Post(field="mathematics", role="Lecturer", years=YEARS)
    add_experience(tutor=tutor, post=post, actor=recruiter, at=at)
    check_identity(
        tutor=tutor,
        method=IdentityMethod.VIDEO_CALL,
        source="Passport, shown on a call",
        actor=recruiter,
        at=at,
    )
    bond = Bond(relation="employee", name="Northgate Test Institute", since=today - SINCE)
    declare_tie(tutor=tutor, bond=bond, actor=tutor.account, at=at)
    choose_content(
        tutor=tutor, content=[SensitiveContent.GRAPHIC_MEDICAL], actor=tutor.account, at=at
    )
