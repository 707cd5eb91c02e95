"""Why a queue is closed to somebody, and what would open it: verdicts in her own words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from tasks.doors.words import domain_name, language, why_lines
from tasks.rules.matching import OWN_CODES
from tutors.rules.eligibility import CODES, Verdict


@dataclass(frozen=True, slots=True)
class Opens:
    """What stands in the way, in a sentence, and where to do something about it."""

    text: str
    to: str = ""
    action: str = ""

    @property
    def url(self) -> str:
        """Empty where the portal has no such page."""
        try:
            return reverse(self.to) if self.to else ""
        except NoReverseMatch:
            return ""


def first_reason(verdicts: Sequence[Verdict]) -> Opens | None:
    """The first that stands in the way; None when nothing does."""
    failing = next((verdict for verdict in verdicts if not verdict.passed), None)
    return said(failing) if failing else None


def said(verdict: Verdict) -> Opens:
    """One failing verdict in words."""
    words = _WORDS.get(verdict.code)
    if words is not None:
        return words(verdict)
    return Opens(_plain(verdict))


def asked_words(verdict: Verdict) -> str:
    """One thing that a project asks, as held or as missing."""
    if not verdict.passed:
        return said(verdict).text
    held = why_lines({"verdicts": [verdict.as_json()]})
    if held:
        return held[0]
    if verdict.code == "agreement_signed":
        return _("The agreement is signed")
    if verdict.code == "residence_fits":
        return _("You live in the right place: %(place)s") % {"place": verdict.fact}
    return CODES.get(verdict.code, verdict.fact)


def _plain(verdict: Verdict) -> str:
    fact = CODES.get(verdict.code) or OWN_CODES.get(verdict.code, "")
    return " ".join(part for part in (fact, verdict.turn) if part)


def _qualification(verdict: Verdict) -> Opens:
    to, action = "work-qualifications", _("See qualifications")
    if found := re.search(r"qualification (\S+) at level (\d)", verdict.turn):
        text = _("Needs the %(field)s qualification, level %(n)s.")
        return Opens(text % {"field": domain_name(found[1]), "n": found[2]}, to, action)
    if found := re.search(r"level (\d) in (\S+?)\.?$", verdict.turn):
        text = _("Needs level %(n)s in %(field)s; yours is lower.")
        return Opens(text % {"n": found[1], "field": domain_name(found[2])}, to, action)
    if found := re.search(r"Renew the qualification (\S+?)\.?$", verdict.turn):
        text = _("Your %(field)s qualification runs out too soon. It has to be renewed.")
        return Opens(text % {"field": domain_name(found[1])}, to, action)
    return Opens(_plain(verdict), to, action)


def _credential(verdict: Verdict) -> Opens:
    return Opens(
        _("Needs a proof that is missing or not checked yet. %(turn)s") % {"turn": verdict.turn},
        "work-qualifications",
        _("See your proofs"),
    )


def _language(verdict: Verdict) -> Opens:
    if found := re.search(r"Add (\S+) at (\w\d)", verdict.turn):
        text = _("Needs %(language)s at %(level)s or better.")
        return Opens(text % {"language": language(found[1]), "level": found[2]})
    return Opens(verdict.turn)


def paper_words(kind: str, with_client: bool) -> str:
    """`a confidentiality agreement with this client`."""
    names = {
        "nda": _("a confidentiality agreement"),
        "ip": _("the agreement on who owns answers"),
        "conduct": _("the code of conduct"),
        "data": _("the agreement on personal data"),
        "": _("a paper"),
    }
    party = _("with this client") if with_client else _("with us")
    return f"{names.get(kind, kind)} {party}"


def _paper(verdict: Verdict) -> Opens:
    found = re.search(r"Sign the (\w+) with (\S+),", verdict.turn)
    kind, party = (found[1], found[2]) if found else ("", "")
    text = _("Needs %(paper)s. Signing it opens this queue.")
    told = {"paper": paper_words(kind, party.startswith("client"))}
    return Opens(text % told, "work-contract", _("Sign it"))


def _contract(verdict: Verdict) -> Opens:
    return Opens(
        _("Needs a contract in force. %(turn)s") % {"turn": verdict.turn},
        "work-contract",
        _("See your contract"),
    )


def _head_start(verdict: Verdict) -> Opens:
    found = re.search(r"Wait (\d+) minutes?, or reach level (\d)", verdict.turn)
    if not found:
        return Opens(_plain(verdict))
    text = ngettext(
        "Kept for level %(level)s and above for another minute.",
        "Kept for level %(level)s and above for another %(n)s minutes.",
        int(found[1]),
    )
    return Opens(text % {"n": found[1], "level": found[2]})


def _share(verdict: Verdict) -> Opens:
    found = re.search(r"until others did (\d+) more", verdict.turn)
    if not found:
        return Opens(_plain(verdict))
    text = ngettext(
        "You have had the most of this project that one person may have. It opens again when "
        "others did one more task of it.",
        "You have had the most of this project that one person may have. It opens again when "
        "others did %(n)s more tasks of it.",
        int(found[1]),
    )
    return Opens(text % {"n": found[1]})


def _said(text: Any, to: str = "", action: Any = "") -> Callable[[Verdict], Opens]:
    return lambda _verdict: Opens(str(text), to, str(action))


_WORDS: Mapping[str, Callable[[Verdict], Opens]] = {
    "qualification_missing": _qualification,
    "qualification_level": _qualification,
    "qualification_expiring": _qualification,
    "credential_missing": _credential,
    "credential_status": _credential,
    "credential_unverified": _credential,
    "credential_expiring": _credential,
    "language_missing": _language,
    "language_level": _language,
    "agreement_missing": _paper,
    "agreement_version": _paper,
    "contract_missing": _contract,
    "contract_unsigned": _contract,
    "contract_not_countersigned": _contract,
    "contract_not_started": _contract,
    "contract_ended": _contract,
    "paused": _said(lazy("You are paused. Switch on “Taking work” to take from it.")),
    "presence_lapsed": _said(lazy("Your time of taking work ran out. Switch it on again.")),
    "capacity_full": _said(lazy("Your hands are full. Hand in or return what you hold first.")),
    "capacity_small": _said(
        lazy("It fills more hands than you have. Ask your recruiter for a higher capacity.")
    ),
    "cap_reached": _said(
        lazy("It would pass your weekly cap. Wait for the next week, or agree on a higher cap."),
        "work-contract",
        lazy("See your contract"),
    ),
    "budget_spent": _said(
        lazy("The client's budget for this is used up. Nothing you did; a manager has to raise it.")
    ),
    "held_for_specialists": _head_start,
    "share_reached": _share,
    "rate_missing": _said(
        lazy("No rate is agreed for this work, so it is not given to you. Ask your recruiter.")
    ),
    "other_dispatch": _said(lazy("This work is offered only. Wait for an offer.")),
    "project_not_open": _said(lazy("The project gives out nothing new at the moment.")),
    "not_a_reviewer": _said(lazy("Reviews need the reviewer role. A manager can give it to you.")),
}
"""The sentences for `CODES`; every other code is told in the words of the floor below."""
