"""The live page: what is done, what waits, who works, and what needs a decision."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.pages.operations.decisions import decisions
from config.pages.operations.throughput import Throughput, today
from config.portals import OPERATING
from tasks.queries import live
from tasks.rules.risk import Risk
from workforce.doors.listing import csv_file
from workforce.doors.pages import Visit, page
from workforce.rules import shown
from workforce.rules.problems import NotFound

QUEUES_SHOWN = 12
BUDGETS_SHOWN = 5
AS_OF = "X-As-Of"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of the strip. `value` None: there is none, which is not 0."""

    label: str
    value: str | None
    small: str = ""
    note: str = ""
    tone: str = ""
    icon: str = ""


@page(roles=OPERATING)
def home(visit: Visit) -> HttpResponseBase:
    """`part=live` gives the moving parts with an ETag, 304 when they stand as before."""
    domain = visit.query.get("domain") or None
    if domain is not None and domain not in shown.TILES:
        raise NotFound(_("There is no such domain here."))
    if visit.query.get("format") == "csv":
        return _csv(visit, domain)
    context = _picture(visit, domain)
    if visit.query.get("part") == "live":
        return _parts(visit, context)
    return visit.render("config/operations/live.html", context)


def _picture(visit: Visit, domain: str | None) -> dict[str, Any]:
    found = live.queues(domain=domain)
    flow = today(domain=domain, at=visit.at)
    budgets = live.budgets(domain=domain, limit=BUDGETS_SHOWN)
    hands = live.hands(domain=domain)
    data_to, late = live.figures_until(at=visit.at)
    every = visit.query.get("queues") == "all"
    return {
        "at": visit.at,
        "domain": domain,
        "domains": [(slug, name) for slug, (_letters, name) in shown.TILES.items()],
        "figures": _figures(found, flow, hands),
        "flow": flow,
        "queues": found.rows if every else found.rows[:QUEUES_SHOWN],
        "queues_count": found.count,
        "queues_cut": not every and found.count > QUEUES_SHOWN,
        "decisions": decisions(
            account=visit.account, queues=found.rows, budgets=budgets, at=visit.at
        ),
        "people": live.at_work(domain=domain),
        "hands": hands,
        "budgets": budgets,
        "data_to": data_to,
        "data_late": late,
    }


def _parts(visit: Visit, context: dict[str, Any]) -> HttpResponse:
    text = render_to_string("config/operations/live_parts.html", context, request=visit.request)
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    same = visit.request.headers.get("If-None-Match") == tag
    answer = HttpResponse(status=304) if same else HttpResponse(text)
    answer["ETag"] = tag
    answer[AS_OF] = f"{visit.at:%H:%M:%S}"
    return answer


# --- The strip --------------------------------------------------------------------------------


def _figures(found: live.Queues, flow: Throughput, hands: live.Hands) -> list[Figure]:
    return [
        _submitted(flow),
        _working(found, hands),
        _inside(found),
        _oldest(found),
        _waiting(found),
        _worked(flow),
    ]


def _submitted(flow: Throughput) -> Figure:
    note, tone, icon = _against(flow.total, flow.last_by_now, flow.day)
    return Figure(
        label=_("Submitted today"), value=f"{flow.total:,}", note=note, tone=tone, icon=icon
    )


def _worked(flow: Throughput) -> Figure:
    note, _tone, icon = _against(flow.seconds, flow.last_seconds_by_now, flow.day)
    return Figure(
        label=_("Worked today"),
        value=shown.duration(flow.seconds) if flow.seconds else None,
        note=note,
        icon=icon,
    )


def _against(now: int, then: int, day: str) -> tuple[str, str, str]:
    """Compared with this time of day last week; without anything then there is no comparison."""
    if not then:
        return _("Nothing to compare with last %(day)s") % {"day": day}, "", ""
    percent = abs(now - then) * 100 / then
    words = {"percent": f"{percent:.1f}", "day": day}
    if now >= then:
        return _("%(percent)s%% above last %(day)s") % words, "ok", "trending-up"
    return _("%(percent)s%% below last %(day)s") % words, "warn", "trending-down"


def _working(found: live.Queues, hands: live.Hands) -> Figure:
    free = hands.available - hands.working
    note = ngettext("%(n)s is free", "%(n)s are free", free) % {"n": f"{free:,}"}
    return Figure(
        label=_("Tutors working"),
        value=f"{hands.working:,}",
        small=_("of %(n)s available") % {"n": f"{hands.available:,}"},
        note=note if hands.available else _("Nobody is taking work"),
        tone="" if hands.available else "warn",
    )


def _inside(found: live.Queues) -> Figure:
    risks = [q.line.risk for q in found.rows]
    promised = [r for r in risks if r in (Risk.LATE, Risk.AT_RISK, Risk.ON_TIME)]
    if not promised:
        note = _("Nothing waits that has an SLA")
        return Figure(label=_("Queues inside SLA"), value=None, note=note)
    late, close = promised.count(Risk.LATE), promised.count(Risk.AT_RISK)
    note = ngettext("%(n)d queue late", "%(n)d queues late", late) % {"n": late}
    if not late:
        note = ngettext("%(n)d at risk", "%(n)d at risk", close) % {"n": close}
    tone = "bad" if late else "warn" if close else "ok"
    return Figure(
        label=_("Queues inside SLA"),
        value=f"{len(promised) - late:,}",
        small=_("of %(n)s") % {"n": f"{len(promised):,}"},
        note=note if late or close else _("All on time"),
        tone=tone,
        icon={"bad": "alert-triangle", "warn": "alert-triangle", "ok": "circle-check"}[tone],
    )


def _oldest(found: live.Queues) -> Figure:
    waiting = [q for q in found.rows if q.line.oldest_seconds is not None]
    if not waiting:
        return Figure(label=_("Oldest waiting"), value=None, note=_("Nothing waits"))
    worst = max(waiting, key=lambda q: q.line.oldest_seconds or 0)
    late = worst.line.risk is Risk.LATE
    return Figure(
        label=_("Oldest waiting"),
        value=shown.duration(worst.line.oldest_seconds or 0),
        note=worst.name,
        tone="bad" if late else "",
        icon="clock-exclamation" if late else "clock",
    )


def _waiting(found: live.Queues) -> Figure:
    offered = sum(q.line.offered for q in found.rows)
    in_hand = sum(q.line.in_hand for q in found.rows)
    return Figure(
        label=_("Waiting"),
        value=f"{sum(q.line.waiting for q in found.rows):,}",
        note=_("%(offered)s offered, %(in_hand)s in hand")
        % {"offered": f"{offered:,}", "in_hand": f"{in_hand:,}"},
    )


# --- As files ---------------------------------------------------------------------------------


def _csv(visit: Visit, domain: str | None) -> HttpResponseBase:
    if visit.query.get("of") == "throughput":
        return _throughput_csv(today(domain=domain, at=visit.at), at=visit.at)
    header = (
        "project", "name", "client", "domain", "role", "waiting", "offered", "in_hand", "idle",
        "oldest_seconds", "sla_minutes", "clears_in_seconds", "state",
    )  # fmt: skip
    rows = (
        (
            q.project, q.name, q.client, q.domain, q.role.value, q.line.waiting, q.line.offered,
            q.line.in_hand, q.idle, q.line.oldest_seconds, q.line.sla_minutes,
            q.line.clears_in_seconds, q.line.risk.value,
        )
        for q in live.queues(domain=domain).rows
    )  # fmt: skip
    return csv_file(f"queues-{visit.at:%Y-%m-%d-%H%M}", header, rows)


def _throughput_csv(flow: Throughput, *, at: datetime) -> HttpResponseBase:
    header = ["hour_utc", *(s.domain for s in flow.series), "total", "same_day_last_week"]
    rows = ((h.label, *h.values, h.total, h.last_week) for h in flow.hours)
    return csv_file(f"submissions-{at:%Y-%m-%d}", header, rows)
