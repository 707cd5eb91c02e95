"""Requirement sets kept by name: the list, one set with its funnel, and who could do the work."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from tasks.pages.operations.parts import READING, STEERING, may_steer
from tasks.pages.operations.set_funnel import (
    client_choices,
    client_named,
    funnel_context,
    names_client,
    people,
)
from tasks.queries.funnels import who
from tasks.queries.named_sets import used_by, uses_of
from tutors.operations.naming import put_away
from tutors.queries.requirements import named_set, named_sets
from tutors.rules.requirements import Mode, RequirementSet, parse
from tutors.rules.requirements.wording import rule_in_words
from workforce.doors.desk import key_of
from workforce.doors.listing import csv_file, listing
from workforce.doors.pages import Visit, page
from workforce.rules.ids import NotAnId, internal_id

SEARCH_CHARS_MAX = 80
CSV_PEOPLE_AT_ONCE = 500
CSV_LOOKED_MAX = 20_000
"""People whose facts one CSV of a set reads; its last line says where it stopped."""


@page(roles=READING)
def requirement_sets(visit: Visit) -> HttpResponseBase:
    ended = visit.query.get("ended") == "1"
    q = visit.query.get("q", "").strip()[:SEARCH_CHARS_MAX]
    rows = named_sets(ended=ended)
    if q:
        rows = rows.filter(name__icontains=q)
    if visit.query.get("format") == "csv":
        return _csv(rows)
    shown = listing(visit, rows)
    uses = uses_of(set_ids=[row.pk for row in shown.rows])
    for row in shown.rows:
        _describe(row, parse(row.document))
        row.uses = uses.get(row.pk, 0)
    context = {
        "listing": shown, "ended": ended, "q": q, "is_narrowed": bool(q or ended),
        "may_steer": may_steer(visit),
    }  # fmt: skip
    return visit.render("tasks/operations/sets.html", context)


def _describe(row: Any, requirement: RequirementSet) -> None:
    row.hard = sum(rule.mode is Mode.HARD for rule in requirement.rules)
    row.soft = len(requirement.rules) - row.hard
    row.ids = [rule.id for rule in requirement.rules]


def _csv(rows: Any) -> HttpResponseBase:
    header = ("id", "name", "rules", "signature", "made_by", "made_at", "ended_at")
    lines = (
        (
            row.public_id, row.name, len(row.document["rules"]), row.signature, row.made_by.name,
            row.made_at.isoformat(), row.ended_at.isoformat() if row.ended_at else None,
        )
        for row in rows.order_by("-id").iterator(chunk_size=500)
    )  # fmt: skip
    return csv_file("requirement-sets", header, lines)


@page(roles=READING)
def requirement_set(visit: Visit, *, id: str) -> HttpResponseBase:
    """`part=funnel` gives the funnel alone: it judges people, so it comes after the page."""
    held = named_set(set_id=key_of("RQ", id))
    requirement = parse(held.document)
    client = client_named(visit.query.get("client", ""))
    counting = visit.query.get("part") == "funnel"
    counted = funnel_context(visit, requirement, client=client) if counting else {}
    if counting and visit.is_htmx:
        return visit.render("tasks/operations/set_funnel.html", counted)
    context = {
        "set": held,
        "rules": [_rule(rule) for rule in requirement.rules],
        "projects": used_by(set_id=held.pk),
        "successor": getattr(held, "successor", None),
        "clients": client_choices(visit),
        "client": client or "",
        "needs_client": names_client(requirement),
        "may_steer": may_steer(visit),
        "counted": counting,
    }
    return visit.render("tasks/operations/set.html", context | counted)


def _rule(rule: Any) -> dict[str, Any]:
    return {
        "id": rule.id,
        "says": rule_in_words(rule),
        "soft": rule.mode is Mode.SOFT,
        "why": rule.why,
    }


@page(roles=STEERING)
def requirement_set_put_away(visit: Visit, *, id: str) -> HttpResponseBase:
    held = named_set(set_id=key_of("RQ", id))
    if visit.posted:
        put_away(named=held, actor=visit.account, at=visit.at)
        said = _("“%(name)s” is put away. Projects that use it go on.") % {"name": held.name}
        return visit.go("ops-requirement-sets", say=said)
    return visit.go("ops-requirement-set", held.public_id)


# --- Who could do this ------------------------------------------------------------------------


@page(roles=READING)
def requirement_set_people(visit: Visit, *, id: str) -> HttpResponseBase:
    """People who meet every rule, or (`show=nearly`) all but one; `after` is the last id seen."""
    held = named_set(set_id=key_of("RQ", id))
    requirement = parse(held.document)
    nearly = visit.query.get("show") == "nearly"
    client = client_named(visit.query.get("client", ""))
    if visit.query.get("format") == "csv":
        name = f"{held.public_id}-{'nearly' if nearly else 'who-could'}"
        return csv_file(name, _HEADER, _lines(visit, requirement, client=client, nearly=nearly))
    found = who(
        requirement=requirement,
        client=client,
        at=visit.at,
        nearly=nearly,
        after=_after(visit),
    )
    says = {rule.id: rule_in_words(rule) for rule in requirement.rules}
    rows = people(visit, found.people)
    for row in rows:
        row["missing_says"] = says.get(row["missing"], "")
    context = {
        "set": held,
        "rows": rows,
        "nearly": nearly,
        "looked": found.looked,
        "upto": f"E-{found.upto}" if found.upto else "",
        "after": visit.query.get("after", ""),
        "client": client or "",
        "clients": client_choices(visit),
        "needs_client": client is None and names_client(requirement),
    }
    return visit.render("tasks/operations/set_people.html", context)


def _after(visit: Visit) -> int:
    try:
        return internal_id("E", visit.query.get("after", ""))
    except NotAnId:
        return 0


_HEADER = ("id", "name", "misses", "taking_work", "country", "qualifications", "languages")


def _lines(
    visit: Visit, requirement: RequirementSet, *, client: str | None, nearly: bool
) -> Iterator[tuple[object, ...]]:
    after, looked = 0, 0
    while True:
        found = who(
            requirement=requirement,
            client=client,
            at=visit.at,
            nearly=nearly,
            after=after,
            size=500,
        )
        for row in people(visit, found.people):
            yield (
                row["id"], row["name"], row["missing"], "yes" if row["present"] else "no",
                row["country"], row["qualified"], row["speaks"],
            )  # fmt: skip
        after, looked = found.upto, looked + found.looked
        if not after:
            return
        if looked >= CSV_LOOKED_MAX:
            yield (f"Cut at E-{after}, after {looked:,} people were looked at.",)
            return
