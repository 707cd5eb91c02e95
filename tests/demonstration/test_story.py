"""The tasks, people and projects of the story are in order by themselves."""

import json
from collections import Counter
from pathlib import Path

import pytest
from stdnum import iban as iban_numbers

from config.demonstration.answers import AnswerBook, agrees, scripted
from config.demonstration.material import own_pieces
from config.demonstration.pieces import Piece
from config.demonstration.population import INVENTED, behaviours
from config.demonstration.story import notes
from config.demonstration.story.clients import ORGANISATIONS, PROJECTS
from config.demonstration.story.people import EXPERTS, STAFF, cast
from tasks.types import all_types, check_item, task_type
from tutors.rules.requirements import parse
from workforce.types.domains import DOMAINS


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    return own_pieces(clip=task_type("video").sample_input["media"][0])


def test_all_seven_types_have_tasks_in_all_four_domains(pieces: list[Piece]) -> None:
    counts = Counter(piece.task_type for piece in pieces)
    assert set(counts) == {each.slug for each in all_types()}
    assert min(counts.values()) >= 6
    assert {plan.domain for plan in PROJECTS} == {"stem", "medicine", "finance", "visual"}
    assert {plan.task_type for plan in PROJECTS} == set(counts)


def test_every_task_of_the_story_is_valid(pieces: list[Piece]) -> None:
    wrong = {
        piece.external_id: problems
        for piece in pieces
        if (problems := check_item(task_type(piece.task_type), piece.item()))
    }
    assert wrong == {}
    assert len({piece.external_id for piece in pieces}) == len(pieces)


def test_notes_with_known_answers_are_valid_and_one_of_these_is_wrong(
    pieces: list[Piece],
) -> None:
    own = [piece for piece in pieces if piece.task_type == "hallucination"]
    mixed = notes.mixed(own)
    assert [check_item(task_type("hallucination"), piece.item()) for piece in mixed] == [()] * 16
    assert len({piece.external_id for piece in mixed}) == 16
    right = {
        piece.external_id: agrees(
            task_type=piece.task_type, task_input=piece.input, hints=piece.hints, answer=piece.gold
        )
        for piece in mixed
        if piece.gold
    }
    names = [f"saltmarsh-known-{n}" for n in range(1, 5)]
    assert right == dict(zip(names, (False, True, True, True), strict=True))
    first = [piece.external_id for piece in mixed[: notes.ANSWERED] if piece.gold]
    assert first == names[:2]


@pytest.mark.parametrize("careful", [True, False])
def test_every_scripted_answer_is_valid(pieces: list[Piece], careful: bool) -> None:
    for piece in pieces:
        answer = scripted(
            task_type=piece.task_type, task_input=piece.input, hints=piece.hints, careful=careful
        )
        problems = task_type(piece.task_type).check_answer(input=piece.input, answer=answer)
        assert problems == (), piece.external_id
        found = agrees(
            task_type=piece.task_type, task_input=piece.input, hints=piece.hints, answer=answer
        )
        assert found is careful, piece.external_id


def test_samples_of_every_type_can_be_answered_without_hints() -> None:
    for each in all_types():
        for sample in each.samples:
            answer = scripted(task_type=each.slug, task_input=sample.input, hints={})
            assert each.check_answer(input=sample.input, answer=answer) == (), each.slug


def test_an_answer_agrees_whatever_the_order_of_its_keys(pieces: list[Piece]) -> None:
    for piece in pieces:
        around = {
            "task_type": piece.task_type,
            "task_input": piece.input,
            "hints": piece.hints,
        }
        kept = json.loads(json.dumps(scripted(**around), sort_keys=True))  # as JSONB does
        assert agrees(**around, answer=kept), piece.external_id


def test_scripted_answers_say_so(pieces: list[Piece]) -> None:
    for piece in pieces:
        if piece.task_type == "image":
            continue  # its schema holds no free text but what is said of false claims
        answer = scripted(task_type=piece.task_type, task_input=piece.input, hints=piece.hints)
        assert "Scripted: " in str(answer), piece.external_id


def test_the_book_knows_a_task_whatever_order_it_is_shown_in(pieces: list[Piece]) -> None:
    book = AnswerBook(pieces)
    piece = pieces[0]
    shown = {**piece.input, "responses": piece.input["responses"][::-1]}
    assert book.hints(task_type=piece.task_type, task_input=shown) == piece.hints
    assert book.hints(task_type="critique", task_input=shown) == {}


def test_requirements_can_be_evaluated() -> None:
    for plan in PROJECTS:
        requirement = parse(plan.requirements())
        assert requirement.relax_after_minutes == ()
        assert plan.speciality in DOMAINS


def test_people_are_invented_and_apart() -> None:
    experts = [expert for group in EXPERTS.values() for expert in group]
    addresses = [
        *(each.email for each in STAFF),
        *(each.email for each in experts),
        *(each.email for each in ORGANISATIONS),
    ]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith("@example.org") for address in addresses)
    assert all(iban_numbers.is_valid(expert.iban) for expert in experts)
    assert len({expert.iban for expert in experts}) == len(experts)
    assert all(expert.speciality in DOMAINS for expert in experts)


def test_a_cast_has_both_parts_in_each_domain() -> None:
    chosen = cast(attempters=3, reviewers=1)
    assert Counter((each.domain, each.part) for each in chosen) == {
        (domain, part): count
        for domain in ("stem", "medicine", "finance", "visual")
        for part, count in (("attempt", 3), ("review", 1))
    }


def test_behaviours_repeat_and_follow_the_data(data: Path) -> None:
    drawn = behaviours(count=24, data=data)
    assert drawn == behaviours(count=24, data=data)
    assert drawn != behaviours(count=24, data=data, seed=1)
    mean = sum(each.approved for each in drawn) / len(drawn)
    assert mean == pytest.approx(0.62, abs=0.03)  # that of all 11,758 is 0.6206


def test_without_data_the_invented_table_serves() -> None:
    assert set(behaviours(count=5)) == set(INVENTED)
    for each in INVENTED:
        total = each.approved + each.skipped + each.expired + each.rejected
        assert total == pytest.approx(1)
