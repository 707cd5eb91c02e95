"""The judgement itself."""

from collections.abc import Iterable
from datetime import datetime

from tutors.rules.eligibility.conditions import conditions
from tutors.rules.eligibility.facts import Facts, Situation
from tutors.rules.eligibility.proofs import judge_leaf
from tutors.rules.eligibility.verdicts import Finding, Verdict
from tutors.rules.requirements import AllOf, AnyOf, Leaf, RequirementSet, Rule


def judge(
    *,
    facts: Facts,
    requirement: RequirementSet,
    client: str | None,
    situation: Situation,
    at: datetime,
) -> tuple[Verdict, ...]:
    """A verdict for each standing condition and each rule, in a fixed order.

    `client` is the public id (`C-12`) that `party: "client"` means; None knows no client,
    so such a paper counts as unsigned.
    """
    found = conditions(facts=facts, situation=situation, at=at)
    standing = tuple(_verdict(name, (finding,)) for name, finding in found.items())
    return standing + judge_rules(facts=facts, requirement=requirement, client=client, at=at)


def judge_rules(
    *, facts: Facts, requirement: RequirementSet, client: str | None, at: datetime
) -> tuple[Verdict, ...]:
    """The verdicts of the set's own rules alone: what a pool's doorway asks."""
    return tuple(_judge_rule(rule, facts=facts, client=client, at=at) for rule in requirement.rules)


def passes_rules(
    *, facts: Facts, requirement: RequirementSet, client: str | None, at: datetime
) -> bool:
    """Whether every verdict of `judge_rules` would pass; stops at the first that does not."""
    return all(
        any(
            all(judge_leaf(leaf=leaf, facts=facts, client=client, at=at).passed for leaf in leaves)
            for leaves in branches_of(rule)
        )
        for rule in requirement.rules
    )


def left_to_do(
    *, rule: Rule, facts: Facts, client: str | None, at: datetime
) -> tuple[tuple[Leaf, Finding], ...]:
    """The leaves that fail on the way with the least left to do; empty when the rule passes."""
    ways = [
        [(leaf, judge_leaf(leaf=leaf, facts=facts, client=client, at=at)) for leaf in leaves]
        for leaves in branches_of(rule)
    ]
    nearest = min(ways, key=lambda way: _left(tuple(finding for _, finding in way)))
    return tuple((leaf, finding) for leaf, finding in nearest if not finding.passed)


def eligible(verdicts: Iterable[Verdict]) -> bool:
    return all(verdict.passed for verdict in verdicts)


def first_refusal(verdicts: Iterable[Verdict]) -> Verdict | None:
    return next((verdict for verdict in verdicts if not verdict.passed), None)


def _judge_rule(rule: Rule, *, facts: Facts, client: str | None, at: datetime) -> Verdict:
    branches = tuple(
        tuple(judge_leaf(leaf=leaf, facts=facts, client=client, at=at) for leaf in leaves)
        for leaves in branches_of(rule)
    )
    nearest = min(branches, key=_left)
    return _verdict(rule.id, nearest, branches=branches if len(branches) > 1 else ())


def branches_of(rule: Rule) -> tuple[tuple[Leaf, ...], ...]:
    """Ways to satisfy the rule: each a list of leaves that must all hold."""
    match rule.test:
        case Leaf():
            return ((rule.test,),)
        case AllOf():
            return (rule.test.leaves,)
        case AnyOf():
            return tuple(
                branch.leaves if isinstance(branch, AllOf) else (branch,)
                for branch in rule.test.branches
            )


def _left(branch: tuple[Finding, ...]) -> tuple[int, int]:
    """What is left to do: how many steps, then how far they are."""
    failed = [finding for finding in branch if not finding.passed]
    return len(failed), sum(finding.effort for finding in failed)


def _verdict(
    rule: str, found: tuple[Finding, ...], *, branches: tuple[tuple[Finding, ...], ...] = ()
) -> Verdict:
    if len(found) == 1:
        (only,) = found
        return Verdict(
            code=only.code,
            passed=only.passed,
            rule=rule,
            fact=only.fact,
            turn=only.turn,
            branches=branches,
        )
    failed = [finding for finding in found if not finding.passed]
    told = failed or list(found)
    return Verdict(
        code=told[0].code,
        passed=not failed,
        rule=rule,
        fact="; ".join(finding.fact for finding in told),
        turn=" ".join(finding.turn for finding in failed),
        branches=branches,
    )
