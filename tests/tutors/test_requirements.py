"""Requirement sets are read whole, signed by meaning, and relaxed step by step."""

import copy
import hashlib
import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tutors import sets
from tutors.rules.requirements import CannotReadRequirements, Mode, RequirementSet, parse


def faults(document: object) -> dict[str, list[str]]:
    with pytest.raises(CannotReadRequirements) as refused:
        parse(document)
    return refused.value.errors


def test_the_maths_set_can_be_used_whole() -> None:
    maths = parse(sets.MATHS)
    assert [rule.id for rule in maths.rules] == ["field", "depth", "papers", "published"]
    assert maths.relax_after_minutes == (120,)


@pytest.mark.parametrize("document", [sets.PSYCHIATRY, sets.MATHS, sets.HEBREW, sets.VISUAL])
def test_the_designs_sets_can_be_used_whole(document: sets.Document) -> None:
    assert len(parse(document).rules) == len(document["rules"])


def test_psychiatry_relaxes_in_three_steps() -> None:
    psychiatry = parse(sets.PSYCHIATRY)
    assert psychiatry.relax_after_minutes == (240, 480)
    steps = [psychiatry.at_step(n) for n in range(3)]
    assert [len(s.rules) for s in steps] == [10, 9, 8]
    assert "years" not in {r.id for r in steps[1].rules}
    assert len(set(psychiatry.chain(client="C-12"))) == 3
    assert parse(steps[2].document).signature(client="C-12") == psychiatry.signature(
        client="C-12", step=2
    )


def test_two_clients_never_share_a_signature_when_a_paper_is_theirs() -> None:
    maths = parse(sets.MATHS)
    assert maths.signature(client="C-1") != maths.signature(client="C-2")
    english = parse(sets.document(sets.hard("english", sets.ENGLISH)))
    assert english.signature(client="C-1") == english.signature(client="C-2")
    assert '"party":"client:C-1"' in maths.canonical("C-1")
    assert '"party":"client"' not in maths.canonical("C-1")


def test_id_name_why_and_order_are_not_part_of_the_meaning() -> None:
    other = copy.deepcopy(sets.MATHS)
    other["name"] = "Something else"
    other["rules"].reverse()
    for n, rule in enumerate(other["rules"]):
        rule["id"], rule["why"] = f"r{n}", "Because."
    other["rules"][2]["test"]["any"].reverse()
    other["rules"][2]["test"]["any"][0]["rank_in"].reverse()
    assert parse(other).signature(client="C-1") == parse(sets.MATHS).signature(client="C-1")


def test_a_default_said_aloud_means_the_same() -> None:
    short = {"kind": "qualification", "speciality": "stem"}
    long = {**short, "level_min": 1, "valid_for_days": 0}
    one, two = (parse(sets.document(sets.hard("field", leaf))) for leaf in (short, long))
    assert one.signature(client=None) == two.signature(client=None)


def test_the_signature_is_the_sha256_of_the_canonical_text() -> None:
    maths = parse(sets.MATHS)
    text = maths.canonical("C-1")
    assert maths.signature(client="C-1") == hashlib.sha256(text.encode()).hexdigest()
    assert json.loads(text)["schema"] == 1


LEAF = sets.ENGLISH


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([], ""),
        (None, ""),
        ({**sets.document(), "schema": 2}, "schema"),
        ({**sets.document(), "schema": True}, "schema"),
        ({**sets.document(), "name": ""}, "name"),
        ({**sets.document(), "name": "x" * 201}, "name"),
        ({**sets.document(), "name": "a\x00b"}, "name"),
        ({**sets.document(), "extra": 1}, "extra"),
        ({**sets.document(), "rules": {}}, "rules"),
        (sets.document(*[sets.hard(f"r{n}", LEAF) for n in range(11)]), "rules"),
        (sets.document(sets.hard("a", LEAF), sets.hard("a", LEAF)), "rules.1.id"),
        (sets.document(sets.hard("A b", LEAF)), "rules.0.id"),
        (sets.document({**sets.hard("a", LEAF), "mode": "maybe"}), "rules.0.mode"),
        (
            sets.document({**sets.hard("a", LEAF), "relax_after_minutes": 5}),
            "rules.0.relax_after_minutes",
        ),
        (sets.document({"id": "a", "mode": "soft", "test": LEAF}), "rules.0.relax_after_minutes"),
        (sets.document(sets.soft("a", LEAF, minutes=0)), "rules.0.relax_after_minutes"),
        (sets.document(sets.hard("a", {"any": []})), "rules.0.test.any"),
        (sets.document(sets.hard("a", {"all": [LEAF] * 9})), "rules.0.test.all"),
        (
            sets.document(sets.hard("a", {"any": [{"all": [LEAF] * 5}, {"all": [LEAF] * 4}]})),
            "rules.0.test",
        ),
        (
            sets.document(sets.hard("a", {"any": [{"any": [LEAF]}]})),
            "rules.0.test.any.0.any",
        ),
        (
            sets.document(sets.hard("a", {"all": [{"any": [LEAF]}]})),
            "rules.0.test.all.0.any",
        ),
        (
            sets.document(sets.hard("a", {"any": [{"all": [{"all": [LEAF]}]}]})),
            "rules.0.test.any.0.all.0.all",
        ),
        (sets.document(sets.hard("a", {"kind": "horoscope"})), "rules.0.test.kind"),
        (sets.document(sets.hard("a", {})), "rules.0.test.kind"),
        (sets.document(sets.hard("a", {**LEAF, "min": "C3"})), "rules.0.test.min"),
        (sets.document(sets.hard("a", {**LEAF, "tag": "xx"})), "rules.0.test.tag"),
        (sets.document(sets.hard("a", {**LEAF, "colour": "red"})), "rules.0.test.colour"),
        (
            sets.document(sets.hard("a", {**sets.QUALIFIED, "level_min": 5})),
            "rules.0.test.level_min",
        ),
        (
            sets.document(sets.hard("a", {**sets.QUALIFIED, "level_min": True})),
            "rules.0.test.level_min",
        ),
        (
            sets.document(sets.hard("a", {**sets.QUALIFIED, "level_min": None})),
            "rules.0.test.level_min",
        ),
        (
            sets.document(sets.hard("a", {**sets.LICENCE, "jurisdictions": ["XX-*"]})),
            "rules.0.test.jurisdictions",
        ),
        (
            sets.document(sets.hard("a", {**sets.LICENCE, "verified": "rumour"})),
            "rules.0.test.verified",
        ),
        (
            sets.document(sets.hard("a", {**sets.LICENCE, "count_min": 3})),
            "rules.0.test.count_min",
        ),
        (sets.document(sets.hard("a", {"kind": "residence"})), "rules.0.test"),
        (sets.document(sets.hard("a", {**sets.NDA, "party": "somebody"})), "rules.0.test.party"),
        (
            sets.document(sets.hard("a", {"kind": "standing", "speciality": "stem"})),
            "rules.0.test.lower_bound_min",
        ),
        (sets.document(sets.hard("a", {"kind": "opt_in", "content": []})), "rules.0.test.content"),
    ],
)
def test_each_fault_is_named_by_its_path(document: object, path: str) -> None:
    assert path in faults(document)


def test_shape_comes_before_support() -> None:
    mixed = sets.document(
        sets.hard("a", {"kind": "identity", "within_days": 365}),
        sets.hard("b", {**LEAF, "min": "C3"}),
    )
    with pytest.raises(CannotReadRequirements) as refused:
        parse(mixed)
    assert refused.value.code == "invalid_requirements"
    assert set(refused.value.errors) == {"rules.1.test.min"}


def test_a_set_without_rules_is_open_to_all() -> None:
    assert parse(sets.document()).rules == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["any", "all", "kind", "rules", "id", "mode", "test", "tag", "min"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_json_is_read_or_refused_never_a_crash(value: Any) -> None:
    for document in (value, {"schema": 1, "name": "x", "rules": [value]}):
        try:
            assert isinstance(parse(document), RequirementSet)
        except CannotReadRequirements as refused:
            assert refused.errors


leaves = st.sampled_from([sets.QUALIFIED, sets.NDA, sets.ENGLISH, sets.LICENCE])
rules = st.one_of(
    leaves.map(lambda leaf: ("hard", leaf, 0)),
    st.tuples(st.just("soft"), leaves, st.integers(min_value=1, max_value=400)),
)


@given(st.lists(rules, max_size=10))
def test_relaxing_is_monotone_and_never_drops_a_hard_rule(
    drawn: list[tuple[str, sets.Document, int]],
) -> None:
    written = [
        sets.soft(f"r{n}", leaf, minutes=minutes) if mode == "soft" else sets.hard(f"r{n}", leaf)
        for n, (mode, leaf, minutes) in enumerate(drawn)
    ]
    requirement = parse(sets.document(*written))
    steps = [requirement.at_step(n) for n in range(len(requirement.relax_after_minutes) + 1)]
    hards = {r.id for r in requirement.rules if r.mode is Mode.HARD}
    for before, after in itertools.pairwise(steps):
        assert {r.id for r in after.rules} < {r.id for r in before.rules}
    assert all(hards <= {r.id for r in step.rules} for step in steps)
    assert {r.id for r in steps[-1].rules} == hards
