"""The leaves of a requirement set: each kind, its keys and their limits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from tutors.rules import fields, languages, parties, places
from tutors.rules.requirements.values import (
    Field,
    Value,
    one_of,
    several_of,
    share,
    text,
    whole,
    words,
)
from tutors.rules.states import (
    AgreementKind,
    CredentialStatus,
    CredentialType,
    SensitiveContent,
    Verified,
)


class LeafKind(StrEnum):
    QUALIFICATION = "qualification"  # certified by us, in a field, at a level
    CREDENTIAL = "credential"  # brought along: licence, degree, post, award, work
    LANGUAGE = "language"  # spoken at a level
    RESIDENCE = "residence"  # where the tutor lives, and since when
    WORK_AUTHORISATION = "work_authorisation"  # the right to work there
    AGREEMENT = "agreement"  # a signed paper
    NO_CONFLICT = "no_conflict"  # no tie to a party
    OPT_IN = "opt_in"  # agreed to see such content
    IDENTITY = "identity"  # identity checked, not long ago
    EXPERIENCE = "experience"  # years at the desk
    STANDING = "standing"  # quality seen in reviews


DAYS_MAX = 3_650
COUNT_MAX = 1_000


class Restrictions(StrEnum):
    NONE = "none"  # an unrestricted licence
    ANY = "any"  # restrictions do not matter


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition. Values are clean: lists sorted, defaults filled in."""

    kind: LeafKind
    values: tuple[tuple[str, Value], ...]

    def get(self, key: str) -> Value | None:
        for known, value in self.values:
            if known == key:
                return value
        return None

    def text(self, key: str) -> str:
        return str(self.get(key) or "")

    def number(self, key: str) -> int:
        return cast(int, self.get(key) or 0)

    def share(self, key: str) -> float:
        return float(cast(float, self.get(key) or 0))

    def words(self, key: str) -> tuple[str, ...]:
        return cast(tuple[str, ...], self.get(key) or ())

    def as_json(self) -> dict[str, object]:
        plain = {k: list(v) if isinstance(v, tuple) else v for k, v in self.values}
        return {"kind": self.kind.value, **plain}


def _matches(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


_NAME = _matches(r"[a-z0-9]+([-_.][a-z0-9]+)*")
_PARTY = _matches(r"lectern|client|client:C-[1-9][0-9]{0,18}")

_name = text(fits=lambda v: _NAME.fullmatch(v) is not None, like="a lower-case word")
_field = text(fits=fields.is_slug, like="a field such as medicine.psychiatry")
_patterns = words(fits=places.is_pattern, like="a place such as GB, US-NY or US-*")
_free_words = words()
_days = whole(least=0, most=DAYS_MAX)
_count = whole(least=1, most=COUNT_MAX)

_CREDENTIAL: Mapping[str, Field] = {
    "type": Field(read=one_of(CredentialType), required=True),
    "status": Field(read=several_of(CredentialStatus), default=("active", "awarded")),
    "verified": Field(read=one_of(Verified), default="self"),
    "valid_for_days": Field(read=_days, default=0),
    "field": Field(read=_name),
}

_BY_TYPE: Mapping[CredentialType, Mapping[str, Field]] = {
    CredentialType.LICENCE: {
        "profession": Field(read=_name),
        "jurisdictions": Field(read=_patterns),
        "restrictions": Field(read=one_of(Restrictions), default="any"),
    },
    CredentialType.DEGREE: {"degrees": Field(read=_free_words)},
    CredentialType.TRAINING_POST: {"grade_min": Field(read=whole(least=1, most=20), default=1)},
    CredentialType.AWARD: {
        "name_in": Field(read=_free_words),
        "rank_in": Field(read=_free_words),
    },
    CredentialType.PUBLICATION: {"count_min": Field(read=_count, default=1)},
    CredentialType.PORTFOLIO: {"items_min": Field(read=_count, default=1)},
    CredentialType.CERTIFICATION: {
        "name_in": Field(read=_free_words),
        "jurisdictions": Field(read=_patterns),
    },
}

_KINDS: Mapping[LeafKind, Mapping[str, Field]] = {
    LeafKind.QUALIFICATION: {
        "speciality": Field(read=_field, required=True),
        "level_min": Field(read=whole(least=1, most=4), default=1),
        "valid_for_days": Field(read=_days, default=0),
    },
    LeafKind.LANGUAGE: {
        "tag": Field(
            read=text(fits=languages.is_tag, like="a language tag such as en or pt-BR"),
            required=True,
        ),
        "min": Field(read=one_of(languages.Level), required=True),
    },
    LeafKind.RESIDENCE: {
        "in": Field(read=_patterns),
        "not_in": Field(read=_patterns),
        "since_days": Field(read=_days, default=0),
    },
    LeafKind.WORK_AUTHORISATION: {
        "where": Field(
            read=text(
                fits=lambda v: v == "residence" or places.is_place(v),
                like="“residence” or a place",
            ),
            required=True,
        ),
        "verified": Field(read=one_of(Verified), default="self"),
        "valid_for_days": Field(read=_days, default=0),
    },
    LeafKind.AGREEMENT: {
        "type": Field(read=one_of(AgreementKind), required=True),
        "party": Field(
            read=text(fits=lambda v: _PARTY.fullmatch(v) is not None, like="“client” or “lectern”"),
            required=True,
        ),
        "version_min": Field(read=_count, default=1),
    },
    LeafKind.NO_CONFLICT: {
        "with": Field(
            read=words(
                fits=lambda v: v == "client" or parties.is_wanted(v),
                like="client, tag:<word> or org:<word>",
            ),
            required=True,
        ),
        "within_days": Field(read=_days, default=0),
    },
    LeafKind.OPT_IN: {"content": Field(read=several_of(SensitiveContent), required=True)},
    LeafKind.IDENTITY: {"within_days": Field(read=_days, required=True)},
    LeafKind.EXPERIENCE: {
        "field": Field(read=_name, required=True),
        "years_min": Field(read=whole(least=1, most=60), required=True),
        "verified": Field(read=one_of(Verified), default="self"),
    },
    LeafKind.STANDING: {
        "speciality": Field(read=_field, required=True),
        "task_type": Field(read=_name),
        "lower_bound_min": Field(read=share, required=True),
        "n_min": Field(read=_count, default=1),
    },
}


def keys_of(kind: LeafKind, credential_type: object) -> Mapping[str, Field]:
    """The keys that a leaf of this kind may have; a credential's depend on its type."""
    if kind is not LeafKind.CREDENTIAL:
        return _KINDS[kind]
    known = {t.value: t for t in CredentialType}
    if not isinstance(credential_type, str) or credential_type not in known:
        return _CREDENTIAL
    return {**_CREDENTIAL, **_BY_TYPE[known[credential_type]]}
