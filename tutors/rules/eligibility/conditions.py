"""What holds for every piece of work and every pair of person and task, beside any set."""

from datetime import datetime

from tutors.rules.eligibility.facts import ContractFacts, Facts, Situation
from tutors.rules.eligibility.verdicts import Effort, Finding, failing, passing
from tutors.rules.states import ContractState, Presence, WorkRole

IN_FORCE = frozenset({ContractState.ACTIVE, ContractState.NOTICE})


def conditions(*, facts: Facts, situation: Situation, at: datetime) -> dict[str, Finding]:
    """Condition's name → what it found, in the order a person would ask."""
    return {
        "account": _account(facts),
        "role": _role(facts, situation),
        "contract": contract(facts.contract, at=at),
        "presence": presence(facts, at=at),
        "capacity": capacity(
            in_hand=situation.open_claims, most=facts.capacity, weight=situation.weight
        ),
        "cap": weekly_cap(
            cap_seconds=facts.contract.cap_seconds_week if facts.contract else None,
            used_seconds=situation.seconds_used_week,
            expected_seconds=situation.expected_seconds,
        ),
        "budget": _budget(situation),
        "people": _people(situation),
        "declined": _declined(situation),
    }


def _account(facts: Facts) -> Finding:
    if facts.active:
        return passing("account_active", "open")
    turn = "Ask a recruiter to open the account again."
    return failing("account_closed", "closed", turn, effort=Effort.IMPOSSIBLE)


def _role(facts: Facts, situation: Situation) -> Finding:
    if situation.role is WorkRole.ATTEMPT:
        return passing("role_open", f"role {situation.role.value}")
    if facts.reviewer:
        return passing("reviewer", f"role {situation.role.value}")
    turn = "A manager can make the tutor a reviewer."
    return failing("not_a_reviewer", "not a reviewer", turn, effort=Effort.LEARN)


def contract(held: ContractFacts | None, *, at: datetime) -> Finding:
    if held is None:
        return failing(
            "contract_missing", "no contract", "A contract must be offered.", effort=Effort.LEARN
        )
    fact = f"{held.name}, version {held.number}, {held.state.value}"
    match held.state:
        case ContractState.OFFERED:
            turn = f"Sign the contract {held.name}."
            return failing("contract_unsigned", fact, turn, effort=Effort.SIGN)
        case ContractState.SIGNED:
            turn = f"The recruiter must countersign {held.name}."
            return failing("contract_not_countersigned", fact, turn, effort=Effort.SIGN)
        case ContractState.ACTIVE | ContractState.NOTICE:
            return _within_contract(held, fact=fact, at=at)
        case ContractState.ENDED if _was_in_force(held, at=at):
            return passing("contract_in_force", fact)
        case ContractState.ENDED:
            turn = "A new contract must be offered."
            return failing("contract_ended", fact, turn, effort=Effort.LEARN)


def _was_in_force(held: ContractFacts, *, at: datetime) -> bool:
    """Asked about a moment before its end: hours of then are still entered and paid."""
    until = held.effective_until
    return held.in_force and held.effective_from <= at and until is not None and at < until


def _within_contract(held: ContractFacts, *, fact: str, at: datetime) -> Finding:
    if at < held.effective_from:
        turn = f"It starts at {held.effective_from.isoformat(timespec='minutes')}."
        return failing("contract_not_started", fact, turn, effort=Effort.WAIT)
    if held.effective_until is not None and at >= held.effective_until:
        turn = "A new contract must be offered."
        return failing("contract_ended", fact, turn, effort=Effort.LEARN)
    return passing("contract_in_force", fact)


def presence(facts: Facts, *, at: datetime) -> Finding:
    """Taking work, and not past its time; a presence without an end lasts."""
    seen = facts.presence
    if seen.state is Presence.PAUSED:
        reason = f"paused: {seen.reason}" if seen.reason else "paused"
        return failing("paused", reason, "Start taking work again.", effort=Effort.SIGN)
    if seen.until is not None and at >= seen.until:
        fact = f"until {seen.until.isoformat(timespec='minutes')}"
        turn = "Say again that you are taking work."
        return failing("presence_lapsed", fact, turn, effort=Effort.SIGN)
    return passing("present", "taking work")


def capacity(*, in_hand: int, most: int, weight: int = 1) -> Finding:
    fact = f"{in_hand} of {most} in hand" + (f", this fills {weight}" if weight > 1 else "")
    if in_hand + weight <= most:
        return passing("capacity_free", fact)
    if weight > most:
        turn = f"A recruiter can raise the capacity to {weight}."
        return failing("capacity_small", fact, turn, effort=Effort.LEARN)
    turn = "Hand in or return what is in hand."
    return failing("capacity_full", fact, turn, effort=Effort.WAIT)


def weekly_cap(*, cap_seconds: int | None, used_seconds: int, expected_seconds: int) -> Finding:
    """Whether work expected to take so long fits into the week; no cap: always."""
    if cap_seconds is None:
        return passing("within_cap", "no weekly cap")
    fact = f"{used_seconds} s used of {cap_seconds} s, {expected_seconds} s expected"
    if used_seconds + expected_seconds <= cap_seconds:
        return passing("within_cap", fact)
    turn = "Wait for the next week, or agree on a higher cap."
    return failing("cap_reached", fact, turn, effort=Effort.WAIT)


def _budget(situation: Situation) -> Finding:
    if situation.budget_left_ok:
        return passing("budget_left", "covered")
    turn = "The manager must raise the project's budget."
    return failing("budget_spent", "not covered", turn, effort=Effort.IMPOSSIBLE)


def _people(situation: Situation) -> Finding:
    """Different people per slot; author ≠ reviewer ≠ adjudicator. Linked accounts are one."""
    turn = "Somebody else must take this one."
    who = ", by a linked account" if situation.by_linked else ""
    if situation.on_task:
        return failing("already_on_task", f"on this task{who}", turn, effort=Effort.IMPOSSIBLE)
    if situation.authored and situation.role is not WorkRole.ATTEMPT:
        return failing("own_work", f"author of it{who}", turn, effort=Effort.IMPOSSIBLE)
    if situation.reviewed and situation.role is not WorkRole.REVIEW:
        return failing("own_review", f"judged it{who}", turn, effort=Effort.IMPOSSIBLE)
    return passing("new_to_task", "new to it")


def _declined(situation: Situation) -> Finding:
    """A decline stops offers only; pulling the task stays possible."""
    if situation.push and situation.declined:
        turn = "Take it from the queue, or wait until the decline runs out."
        return failing("declined_before", "declined", turn, effort=Effort.WAIT)
    return passing("not_declined", "not declined")
