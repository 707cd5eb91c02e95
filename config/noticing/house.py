"""Notices about the machine itself."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from config.noticing.telling import Teller, to_roles, url
from workforce.models import Event
from workforce.operations.noticing import Telling
from workforce.rules.roles import Role

OWN_KINDS = frozenset({"config.make_notices", "workforce.mail_notice"})
"""A notice about a notice that failed could fail as well, for ever."""


def job_parked(event: Event) -> Iterator[Telling]:
    if event.body["job_kind"] in OWN_KINDS:
        return
    yield from to_roles(
        event,
        Role.ADMIN,
        Role.MANAGER,
        but=set(),
        title=_("A background job gave up: %s") % event.body["job_kind"],
        body=_("%(id)s failed %(n)d times and waits for somebody to look and retry.")
        % {"id": event.subject, "n": event.body["attempts"]},
        url=url("ops-jobs"),
        important=True,
    )


TELLERS: dict[str, Teller] = {"workforce.job_parked": job_parked}
