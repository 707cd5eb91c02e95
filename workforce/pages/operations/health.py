"""The services in plain words: how each one is, and what to do when it is not well."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workforce.doors.pages import Visit, page
from workforce.providers.broker import broker_answers
from workforce.queries.domains import queue_names
from workforce.queries.health import Health, health
from workforce.rules.jobs import SERVICE_QUEUES
from workforce.rules.roles import Role
from workforce.rules.shown import duration

READING = frozenset({Role.MANAGER, Role.FINANCE, Role.ADMIN})
QUIET_WARN_SECONDS = 30
QUIET_BAD_SECONDS = 120
LATE_WARN_SECONDS = 30
LATE_BAD_SECONDS = 300
UNSEALED_WARN_SECONDS = 10
UNSEALED_BAD_SECONDS = 60
TONES = ("ok", "warn", "bad")


@dataclass(frozen=True, kw_only=True)
class Service:
    """`tone` is ok, warn or bad; `do` is the next step, empty when all is well."""

    name: str
    what: str
    tone: str
    said: str
    icon: str
    do: str = ""
    href: str = ""


@page(roles=READING)
def health_page(visit: Visit) -> HttpResponseBase:
    found = health(at=visit.at)
    services = [
        *_steady(found),
        _workers(found),
        _broker(),
        _jobs(found),
        _parked(found),
        _chain(found),
    ]
    worst = max(services, key=lambda s: TONES.index(s.tone))
    context: dict[str, Any] = {
        "services": services,
        "worst": worst.tone,
        "counts": Counter(s.tone for s in services),
        "beats": found.beats,
        "at": visit.at,
    }
    name = "health_parts" if visit.query.get("part") == "live" else "health"
    return visit.render(f"workforce/operations/{name}.html", context)


def _tone(seconds: float | None, *, warn: float, bad: float) -> str:
    if seconds is None or seconds >= bad:
        return "bad"
    return "warn" if seconds >= warn else "ok"


def _steady(found: Health) -> list[Service]:
    told = {
        "relay": (_("Relay"), _("Turns what happened into jobs, five times a second"), "route"),
        "sweeper": (
            _("Sweeper"),
            _("Ends leases and offers that ran out, counts figures"),
            "refresh",
        ),
    }
    return [_alive(kind, name, what, icon, found) for kind, (name, what, icon) in told.items()]


def _alive(kind: str, name: str, what: str, icon: str, found: Health) -> Service:
    age = found.age_of(kind)
    tone = _tone(age, warn=QUIET_WARN_SECONDS, bad=QUIET_BAD_SECONDS)
    said = (
        _("Last sign of life %(age)s ago") % {"age": duration(int(age))}
        if age is not None
        else _("No sign of life yet")
    )
    do = "" if tone == "ok" else _("Start the %(name)s process; its log says why it stopped.")
    return Service(
        name=name, what=what, tone=tone, said=said, icon=icon, do=do % {"name": kind} if do else ""
    )


def _workers(found: Health) -> Service:
    """Every queue wants a worker that gave a sign of life."""
    served = {
        q for b in found.beats if b.kind == "worker" and b.age_seconds < QUIET_BAD_SECONDS
        for q in b.queues
    }  # fmt: skip
    wanted = [*queue_names(), *SERVICE_QUEUES]
    bare = [q for q in wanted if q not in served]
    workers = sum(b.kind == "worker" and b.age_seconds < QUIET_BAD_SECONDS for b in found.beats)
    said = ngettext("%(n)d worker serves %(q)d queues", "%(n)d workers serve %(q)d queues", workers)
    return Service(
        name=_("Workers"),
        what=_("Do the jobs, each on its queues"),
        tone="bad" if bare else "ok",
        said=_("Nobody serves: %(queues)s") % {"queues": ", ".join(bare)}
        if bare
        else said % {"n": workers, "q": len(wanted)},
        icon="server",
        do=_("Start a worker for these queues. What waits there is kept.") if bare else "",
    )


def _broker() -> Service:
    up = broker_answers(url=settings.REDIS_URL)
    return Service(
        name=_("Broker"),
        what=_("Wakes workers; nothing is lost without it"),
        tone="ok" if up else "warn",
        said=_("Answers") if up else _("Does not answer"),
        icon="bell-ringing",
        do="" if up else _("Work goes on, more slowly. Start the broker again."),
    )


def _jobs(found: Health) -> Service:
    late = found.oldest_due_seconds
    tone = _tone(late, warn=LATE_WARN_SECONDS, bad=LATE_BAD_SECONDS)
    said = _("%(due)s due, %(leased)s running") % {
        "due": f"{found.due:,}",
        "leased": f"{found.leased:,}",
    }
    if tone != "ok":
        said += _(", the oldest late by %(age)s") % {"age": duration(int(late))}
    return Service(
        name=_("Jobs in time"),
        what=_("How long a job waits past its time"),
        tone=tone,
        said=said,
        icon="list-check",
        do="" if tone == "ok" else _("Add workers, or look which queue waits."),
        href="" if tone == "ok" else reverse("ops-jobs") + "?state=due",
    )


def _parked(found: Health) -> Service:
    n = found.parked
    said = ngettext("%(n)s job waits for somebody", "%(n)s jobs wait for somebody", n)
    return Service(
        name=_("Parked jobs"),
        what=_("Failed too often to be tried again by themselves"),
        tone="warn" if n else "ok",
        said=said % {"n": f"{n:,}"} if n else _("None"),
        icon="stack-2",
        do=_("Look at what failed, then retry.") if n else "",
        href=reverse("ops-jobs") if n else "",
    )


def _chain(found: Health) -> Service:
    age = found.unsealed_seconds
    tone = _tone(age, warn=UNSEALED_WARN_SECONDS, bad=UNSEALED_BAD_SECONDS)
    said = (
        _("The oldest event waits %(age)s for its seal") % {"age": duration(int(age))}
        if age
        else _("Every event is sealed")
    )
    return Service(
        name=_("Audit chain"),
        what=_("Seals each event so that no record can be changed unseen"),
        tone=tone,
        said=said,
        icon="shield-lock",
        do="" if tone == "ok" else _("The relay seals; see that it runs."),
    )
