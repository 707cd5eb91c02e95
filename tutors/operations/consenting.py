"""What a tutor agrees to see. She alone decides, and takes it back whenever she likes."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tutors.events import ContentChosen
from tutors.models import ContentOptIn, Tutor
from tutors.operations.facts import raise_version
from tutors.rules.states import SensitiveContent
from workforce.models import Account
from workforce.operations.recording import record
from workforce.rules.problems import NotAllowed


class NotHerChoice(NotAllowed):
    """Consent is given and withdrawn by the person herself."""

    code = "not_her_choice"


@transaction.atomic
def choose_content(
    *, tutor: Tutor, content: Collection[SensitiveContent], actor: Account, at: datetime
) -> tuple[SensitiveContent, ...]:
    """Agree to exactly these kinds from now on; what is left out is withdrawn. Said twice, once
    counts. Raises `NotHerChoice` for anybody but the tutor.
    """
    if tutor.account_id != actor.pk:
        raise NotHerChoice(_("Only the tutor herself agrees to see such content."))
    raise_version(tutor_id=tutor.pk)
    rows = ContentOptIn.objects.filter(tutor=tutor, withdrawn_at__isnull=True)
    held = {SensitiveContent(word) for word in rows.values_list("content", flat=True)}
    given, withdrawn = set(content) - held, held - set(content)
    rows.filter(content__in=withdrawn).update(withdrawn_at=at)
    ContentOptIn.objects.bulk_create(
        ContentOptIn(tutor=tutor, content=each, given_at=at) for each in sorted(given)
    )
    if given or withdrawn:
        event = ContentChosen(
            subject=tutor.public_id,
            given=tuple(sorted(each.value for each in given)),
            withdrawn=tuple(sorted(each.value for each in withdrawn)),
        )
        record(event=event, actor=actor, at=at)
    return tuple(sorted(content))
