"""What eligibility reads, in one statement, however many tutors are asked about."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tutors.rules.eligibility import (
    AgreementFacts,
    AuthorisationFacts,
    ContractFacts,
    ContractRateFacts,
    CredentialFacts,
    ExperienceFacts,
    Facts,
    LanguageFacts,
    PresenceFacts,
    QualificationFacts,
    ResidenceFacts,
    TieFacts,
)
from tutors.rules.languages import Level
from tutors.rules.parties import names_of
from tutors.rules.states import (
    AgreementKind,
    ContractState,
    CredentialStatus,
    CredentialType,
    Presence,
    RateSource,
    SensitiveContent,
    Verified,
    WorkRole,
)
from workforce.queries.plans import prepared
from workforce.rules.problems import Conflict, NotFound

Row = Mapping[str, Any]


class JustLinked(Conflict):
    code = "just_linked"
    title = "Ask once more"


_CONTRACT = """
FROM tutors_contract k
JOIN tutors_contractversion v ON v.contract_id = k.id
WHERE k.tutor_id = t.id
ORDER BY (v.state = 'in_force' AND v.effective @> %(at)s
          AND (k.ends_at IS NULL OR k.ends_at > %(at)s)) DESC,
         k.state IN ('active', 'notice') DESC, k.id DESC,
         v.state = 'in_force' DESC, v.effective @> %(at)s DESC,
         lower(v.effective) > %(at)s, lower(v.effective) DESC, v.id DESC
LIMIT 1
"""
"""Of a tutor's contracts the one in force, also when it is over by now; else the next."""

_FACTS = f"""
SELECT t.id AS tutor_id, t.account_id, t.facts_version, t.capacity, t.country, t.region,
       t.residence_since, t.presence, t.presence_until, t.presence_reason, a.is_active,
       EXISTS (SELECT 1 FROM workforce_rolegrant g
                WHERE g.account_id = t.account_id AND g.role = 'reviewer') AS reviewer,
       (SELECT json_agg(json_build_array(d.slug, q.level, q.granted_at, q.expires_at))
          FROM tutors_qualification q JOIN workforce_domain d ON d.id = q.domain_id
         WHERE q.tutor_id = t.id AND q.state = 'granted') AS qualifications,
       (SELECT json_agg(json_build_object(
                   'type', c.type, 'status', c.status, 'verified', c.verified,
                   'expires_on', c.expires_on, 'field', c.field, 'name', c.name,
                   'rank', c.rank, 'profession', c.profession,
                   'jurisdiction', c.jurisdiction, 'restricted', c.restricted,
                   'grade', c.grade, 'count', c.count))
          FROM tutors_credential c WHERE c.tutor_id = t.id) AS credentials,
       (SELECT json_agg(json_build_array(l.tag, l.level))
          FROM tutors_tutorlanguage l WHERE l.tutor_id = t.id) AS languages,
       (SELECT json_agg(json_build_array(g.kind, g.party, g.version))
          FROM tutors_agreement g
         WHERE g.tutor_id = t.id AND g.state = 'signed' AND g.signed_at <= %(at)s) AS agreements,
       (SELECT json_agg(json_build_array(w.place, w.valid_until, w.verified))
          FROM tutors_workauthorisation w
         WHERE w.tutor_id = t.id AND w.ended_at IS NULL) AS authorisations,
       (SELECT json_agg(json_build_array(y.tag, n.word, n.client, n.tags, y.since, y.until))
          FROM tutors_tie y LEFT JOIN tutors_organisation n ON n.id = y.organisation_id
         WHERE y.tutor_id = t.id AND y.withdrawn_at IS NULL) AS ties,
       (SELECT json_agg(o.content) FROM tutors_contentoptin o
         WHERE o.tutor_id = t.id AND o.withdrawn_at IS NULL AND o.given_at <= %(at)s) AS opt_ins,
       (SELECT max(i.checked_at) FROM tutors_identitycheck i
         WHERE i.tutor_id = t.id AND i.withdrawn_at IS NULL
           AND i.checked_at <= %(at)s) AS identity_checked_at,
       (SELECT json_agg(json_build_array(x.field, x.years, x.from_on, x.until_on, x.verified))
          FROM tutors_experience x
         WHERE x.tutor_id = t.id AND x.withdrawn_at IS NULL) AS experience,
       (SELECT array_agg(p.id ORDER BY p.id) FROM tutors_tutor p
         WHERE p.person = t.person AND p.id <> t.id) AS linked,
       held.contract
  FROM tutors_tutor t
  JOIN workforce_account a ON a.id = t.account_id
  LEFT JOIN LATERAL (
       SELECT json_build_object(
                  'contract_id', k.id, 'state', k.state, 'ends_at', k.ends_at,
                  'version_id', v.id, 'number', v.number, 'currency', v.currency,
                  'in_force', v.state = 'in_force',
                  'zone', v.zone, 'cap', v.cap_seconds_week,
                  'from', lower(v.effective), 'until', upper(v.effective),
                  'rates', (SELECT json_agg(json_build_array(
                                       r.rate_minor_hourly, r.source, r.project, r.role,
                                       coalesce(d.slug, '')))
                              FROM tutors_contractrate r
                              LEFT JOIN workforce_domain d ON d.id = r.domain_id
                             WHERE r.version_id = v.id)) AS contract
         {_CONTRACT}) held ON true
"""  # noqa: S608
FACTS_OF_ONE = _FACTS + " WHERE t.id = %(tutor)s"
"""The facts of one tutor at a moment (`%(at)s`), as a row for `as_facts`."""

_SOME = " WHERE t.id = ANY(%(ids)s)"
_OF_ACCOUNT = " WHERE t.account_id = %(account)s"
_IN_DOMAIN = """
 WHERE a.is_active AND t.id IN (
       SELECT q.tutor_id FROM tutors_qualification q JOIN workforce_domain d ON d.id = q.domain_id
        WHERE q.state = 'granted' AND (d.slug = %(domain)s OR d.slug LIKE %(below)s))
"""
_ALL = " WHERE a.is_active"

_HOLD = f"""
SELECT t.id, t.account_id = %(account)s, (SELECT v.zone {_CONTRACT})
  FROM tutors_tutor t JOIN workforce_account a ON a.id = t.account_id
 WHERE t.id IN (SELECT me.id FROM tutors_tutor me WHERE me.account_id = %(account)s
                 UNION ALL
                SELECT p.id FROM tutors_tutor me JOIN tutors_tutor p ON p.person = me.person
                 WHERE me.account_id = %(account)s)
 ORDER BY t.id FOR NO KEY UPDATE OF t FOR SHARE OF a
"""  # noqa: S608
"""The accounts too: closing one changes nothing on this floor, and must wait all the same."""


def facts_for(
    *, tutor_ids: Sequence[int] | None, domain: str | None = None, at: datetime
) -> dict[int, Facts]:
    """Facts by tutor id, in one statement. Without ids: everybody with an open account.

    Of contracts the one in force at `at` counts, also when it is over by now; else the next.
    `domain` leaves those who hold a qualification in it or below it (unless ids are given).
    """
    params: dict[str, Any] = {"at": at}
    if tutor_ids is not None:
        where, params["ids"] = _SOME, list(tutor_ids)
    elif domain is not None:
        where, params["domain"], params["below"] = _IN_DOMAIN, domain, f"{domain}.%"
    else:
        where = _ALL
    return {facts.tutor_id: facts for facts in _read(_FACTS + where, params)}


def facts_of(*, account_id: int, at: datetime) -> Facts | None:
    """The facts of the tutor behind an account, if there is one; one statement, no lock."""
    return next(_read(_FACTS + _OF_ACCOUNT, {"at": at, "account": account_id}), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A tutor whose row, and those of accounts linked to hers, stand still until the transaction
    ends. `zone`: that of her contract before this waited for anybody; None without a contract.
    """

    tutor_id: int
    person: frozenset[int]
    zone: str | None


def hold_person(*, account_id: int, at: datetime) -> Held:
    """Hold the tutor behind an account, by all of her accounts; one statement.

    Whatever changes a fact raises `facts_version` on the same row, so it waits for the caller,
    or the caller for it. Rows of linked accounts are held as well, so that only one of them takes
    something at a time. `NotFound` when the account is no tutor's.
    """
    with prepared() as cursor:
        cursor.execute(_HOLD, {"account": account_id, "at": at})
        rows = cursor.fetchall()
    own = next((row for row in rows if row[1]), None)
    if own is None:
        raise NotFound("This account has no tutor profile.")
    return Held(tutor_id=own[0], person=frozenset(row[0] for row in rows), zone=own[2])


def check_held(held: Held, facts: Facts) -> None:
    """`JustLinked` when a link was made while `hold_person` waited: not all of them are held."""
    if not held.person.issuperset(facts.linked):
        raise JustLinked("Your account changed at this moment. Ask once more.")


def locked_facts(*, account_id: int, at: datetime) -> Facts:
    """The live facts of a tutor, held by `hold_person`; two statements. Refuses as it does."""
    held = hold_person(account_id=account_id, at=at)
    facts = next(_read(FACTS_OF_ONE, {"at": at, "tutor": held.tutor_id}))
    check_held(held, facts)
    return facts


def _read(sql: str, params: Mapping[str, Any]) -> Iterator[Facts]:
    with prepared() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return (as_facts(row) for row in rows)


def _loaded(value: Any) -> Any:
    """JSON columns come as text or as values, depending on who registered what."""
    return json.loads(value) if isinstance(value, str) else value


def as_facts(row: Row) -> Facts:
    """A row of facts, or the same as JSON, as an object."""
    return Facts(
        tutor_id=row["tutor_id"],
        account_id=row["account_id"],
        facts_version=row["facts_version"],
        active=row["is_active"],
        reviewer=row["reviewer"],
        capacity=row["capacity"],
        presence=PresenceFacts(
            state=Presence(row["presence"]),
            until=_moment(row["presence_until"]),
            reason=row["presence_reason"],
        ),
        residence=ResidenceFacts(
            country=row["country"], region=row["region"], since=_day(row["residence_since"])
        ),
        contract=_contract(_loaded(row["contract"])),
        qualifications=tuple(_qualification(q) for q in _loaded(row["qualifications"]) or ()),
        credentials=tuple(_credential(c) for c in _loaded(row["credentials"]) or ()),
        languages=tuple(
            LanguageFacts(tag=tag, level=Level(level))
            for tag, level in _loaded(row["languages"]) or ()
        ),
        agreements=tuple(
            AgreementFacts(kind=AgreementKind(kind), party=party, version=version)
            for kind, party, version in _loaded(row["agreements"]) or ()
        ),
        authorisations=tuple(_authorisation(w) for w in _loaded(row["authorisations"]) or ()),
        ties=tuple(_tie(y) for y in _loaded(row["ties"]) or ()),
        opt_ins=tuple(SensitiveContent(word) for word in _loaded(row["opt_ins"]) or ()),
        identity_checked_at=_moment(row["identity_checked_at"]),
        experience=tuple(_experience(x) for x in _loaded(row["experience"]) or ()),
        linked=tuple(row["linked"] or ()),
    )


def _moment(value: str | datetime | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _authorisation(held: Sequence[Any]) -> AuthorisationFacts:
    place, valid_until, verified = held
    return AuthorisationFacts(
        place=place, valid_until=_day(valid_until), verified=Verified(verified)
    )


def _tie(held: Sequence[Any]) -> TieFacts:
    tag, word, client, tags, since, until = held
    names = names_of(tag=tag, word=word or "", client=client or "", tags=tuple(tags or ()))
    return TieFacts(names=names, since=_day(since), until=_day(until))


def _experience(held: Sequence[Any]) -> ExperienceFacts:
    field, years, from_on, until_on, verified = held
    return ExperienceFacts(
        field=field,
        years=years,
        from_on=_day(from_on),
        until_on=_day(until_on),
        verified=Verified(verified),
    )


def _qualification(held: Sequence[Any]) -> QualificationFacts:
    slug, level, granted_at, expires_at = held
    return QualificationFacts(
        speciality=slug,
        level=level,
        granted_at=datetime.fromisoformat(granted_at),
        expires_at=_moment(expires_at),
    )


def _credential(held: Row) -> CredentialFacts:
    return CredentialFacts(
        type=CredentialType(held["type"]),
        status=CredentialStatus(held["status"]),
        verified=Verified(held["verified"]),
        expires_on=_day(held["expires_on"]),
        field=held["field"],
        name=held["name"],
        rank=held["rank"],
        profession=held["profession"],
        jurisdiction=held["jurisdiction"],
        restricted=held["restricted"],
        grade=held["grade"],
        count=held["count"],
    )


def _contract(held: Row | None) -> ContractFacts | None:
    if held is None:
        return None
    ends = [moment for moment in (_moment(held["until"]), _moment(held["ends_at"])) if moment]
    return ContractFacts(
        contract_id=held["contract_id"],
        version_id=held["version_id"],
        number=held["number"],
        state=ContractState(held["state"]),
        effective_from=datetime.fromisoformat(held["from"]),
        effective_until=min(ends, default=None),
        in_force=held["in_force"],
        currency=held["currency"],
        zone=held["zone"],
        cap_seconds_week=held["cap"],
        rates=tuple(_rate(rate) for rate in held["rates"] or ()),
    )


def _rate(agreed: Sequence[Any]) -> ContractRateFacts:
    minor, source, project, role, speciality = agreed
    return ContractRateFacts(
        minor_hourly=minor,
        source=RateSource(source),
        project=project,
        role=WorkRole(role) if role else None,
        speciality=speciality,
    )
