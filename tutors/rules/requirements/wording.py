"""A requirement set in words for a person: one sentence for each rule."""

from collections.abc import Callable, Mapping

from tutors.rules.requirements.leaves import Leaf, LeafKind, Restrictions
from tutors.rules.requirements.sets import AllOf, AnyOf, RequirementSet, Rule, Test

_PAPERS = {
    "nda": "confidentiality agreement",
    "ip": "agreement on intellectual property",
    "conduct": "code of conduct",
    "data": "data protection agreement",
}


def in_words(requirement: RequirementSet) -> tuple[tuple[str, str], ...]:
    """(id of the rule, its sentence) in the order of the set."""
    return tuple((rule.id, rule_in_words(rule)) for rule in requirement.rules)


def leaf_in_words(leaf: Leaf) -> str:
    """`Speaks de at C1 or better`."""
    said = _leaf(leaf)
    return said[:1].upper() + said[1:]


def rule_in_words(rule: Rule) -> str:
    said = _test(rule.test)
    said = said[:1].upper() + said[1:]
    if rule.relax_after_minutes:
        said += f"; not asked for once a task waits {_age(rule.relax_after_minutes)}"
    return f"{said}."


def _age(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, f"{rest} m"] if rest or not hours else parts)


def _test(test: Test) -> str:
    match test:
        case Leaf():
            return _leaf(test)
        case AllOf():
            return " and ".join(_leaf(leaf) for leaf in test.leaves)
        case AnyOf():
            return ", or ".join(
                _leaf(b) if isinstance(b, Leaf) else " and ".join(_leaf(x) for x in b.leaves)
                for b in test.branches
            )


def _leaf(leaf: Leaf) -> str:
    return _SAY[leaf.kind](leaf)


def _qualification(leaf: Leaf) -> str:
    said = f"qualified in {leaf.text('speciality')} at level {leaf.number('level_min')} or better"
    return said + _lasting(leaf)


def _language(leaf: Leaf) -> str:
    return f"speaks {leaf.text('tag')} at {leaf.text('min')} or better"


def _residence(leaf: Leaf) -> str:
    parts = []
    if leaf.words("in"):
        parts.append(f"lives in {_listed(leaf.words('in'))}")
    if leaf.words("not_in"):
        parts.append(f"does not live in {_listed(leaf.words('not_in'))}")
    if leaf.number("since_days"):
        parts.append(f"has lived there for {leaf.number('since_days')} days")
    return " and ".join(parts) or "lives anywhere"


def _agreement(leaf: Leaf) -> str:
    paper = _PAPERS.get(leaf.text("type"), leaf.text("type"))
    party = leaf.text("party")
    whom = "the client" if party.startswith("client") else "Lectern"
    version = leaf.number("version_min")
    return f"signed the {paper} with {whom}" + (f", version {version}" if version > 1 else "")


def _credential(leaf: Leaf) -> str:
    kind = leaf.text("type").replace("_", " ")
    if leaf.text("restrictions") == Restrictions.NONE:
        kind = f"unrestricted {kind}"
    said = f"holds {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    for key, before in (
        ("profession", "as"),
        ("degrees", ""),
        ("name_in", ""),
        ("rank_in", ""),
        ("field", "in"),
        ("jurisdictions", "for"),
    ):
        value = _listed(leaf.words(key)) if key.endswith("s") or "_in" in key else leaf.text(key)
        if value:
            said += f" {before} {value}" if before else f" ({value})"
    return said + _how_many(leaf) + _checked_by(leaf) + _lasting(leaf)


def _how_many(leaf: Leaf) -> str:
    for key, said in (
        ("grade_min", "of grade {n} or above"),
        ("count_min", "{n} or more of them"),
        ("items_min", "of {n} or more works"),
    ):
        if leaf.number(key) > 1:
            return f", {said.format(n=leaf.number(key))}"
    return ""


def _work_authorisation(leaf: Leaf) -> str:
    where = leaf.text("where")
    there = "where she lives" if where == "residence" else f"in {where}"
    return f"may work {there}{_checked_by(leaf)}{_lasting(leaf)}"


def _no_conflict(leaf: Leaf) -> str:
    named = [_party(word) for word in leaf.words("with")]
    said = f"has no tie to {_listed(tuple(named))}"
    days = leaf.number("within_days")
    return f"{said}, nor had one in the last {days} days" if days else said


def _party(word: str) -> str:
    kind, _colon, name = word.partition(":")
    if kind.startswith("client"):
        return "the client"
    name = name.replace("-", " ")
    return f"any organisation of the kind {name}" if kind == "tag" else name


def _opt_in(leaf: Leaf) -> str:
    words = [word.replace("_", " ") for word in leaf.words("content")]
    return f"agreed to see {' and '.join(words)}"


def _identity(leaf: Leaf) -> str:
    return f"had her identity checked in the last {leaf.number('within_days')} days"


def _experience(leaf: Leaf) -> str:
    years = leaf.number("years_min")
    said = f"has worked in {leaf.text('field')} for {years} {'year' if years == 1 else 'years'}"
    return said + _checked_by(leaf)


def _standing(leaf: Leaf) -> str:
    kind = f" of {leaf.text('task_type').replace('_', ' ')}" if leaf.text("task_type") else ""
    share = round(leaf.share("lower_bound_min") * 100)
    least = leaf.number("n_min")
    return (
        f"has had {least} or more answers{kind} in {leaf.text('speciality')} reviewed, "
        f"and {share} % or better accepted with 95 % certainty"
    )


def _checked_by(leaf: Leaf) -> str:
    level = leaf.text("verified")
    return f", checked by {level.replace('_', ' ')}" if level not in ("", "self") else ""


def _lasting(leaf: Leaf) -> str:
    days = leaf.number("valid_for_days")
    return f", good for {days} more {'day' if days == 1 else 'days'}" if days else ""


def _listed(values: tuple[str, ...]) -> str:
    return (
        values[0]
        if len(values) == 1
        else f"{', '.join(values[:-1])} or {values[-1]}"
        if values
        else ""
    )


_SAY: Mapping[LeafKind, Callable[[Leaf], str]] = {
    LeafKind.QUALIFICATION: _qualification,
    LeafKind.LANGUAGE: _language,
    LeafKind.RESIDENCE: _residence,
    LeafKind.AGREEMENT: _agreement,
    LeafKind.CREDENTIAL: _credential,
    LeafKind.WORK_AUTHORISATION: _work_authorisation,
    LeafKind.NO_CONFLICT: _no_conflict,
    LeafKind.OPT_IN: _opt_in,
    LeafKind.IDENTITY: _identity,
    LeafKind.EXPERIENCE: _experience,
    LeafKind.STANDING: _standing,
}
