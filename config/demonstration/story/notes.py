"""More notes of Saltmarsh Health, for a project whose work holds known answers.

Nobody in them is a real person, and nothing in them is advice. Only the small demonstration has
them: the walk through the API is about work that is delivered.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from config.demonstration.answers import scripted
from config.demonstration.pieces import Piece
from config.demonstration.story.writing import Wrong, hallucination
from tasks.rules.states import ReviewPolicy

SLUG = "abstracts"
TERMS: dict[str, Any] = {
    "overlap": 3,
    "gold_percent": 25,
    "review_policy": ReviewPolicy.SAMPLE,
    "review_percent": 25,
}
"""What the project asks for beside its plan: three physicians read each note, and as known answers
tell how good they are, a quarter of their answers is reviewed."""

ANSWERED = 9
"""So many of its first tasks lie behind the people of the demonstration: seven notes and two
known answers."""

Note = tuple[str, list[str], str, tuple[Wrong, ...]]

_NOTES: tuple[Note, ...] = (
    (
        "Summarise how the wound was treated.",
        [
            "Laceration of the left forearm, 4 cm, five sutures.",
            "Tetanus booster given. Sutures out in ten days.",
        ],
        "A laceration of 4 cm on the right forearm was closed with five sutures. A tetanus booster"
        " was given, and the sutures come out in ten days.",
        (
            Wrong(
                kind="contradicts",
                quote="right forearm",
                harm="moderate",
                instead="left forearm",
                line=1,
            ),
        ),
    ),
    (
        "What was found on the scan?",
        [
            "Ultrasound: gallstones, the largest 8 mm, no duct dilatation.",
            "Surgical opinion asked for.",
        ],
        "The ultrasound shows gallstones, the largest 18 mm, and no duct dilatation. A surgical"
        " opinion was asked for.",
        (Wrong(kind="wrong_number", quote="18 mm", harm="moderate", instead="8 mm", line=1),),
    ),
    (
        "Is anything left to arrange?",
        [
            "Discharged in sinus rhythm, pulse 72.",
            "Echo in two weeks, letter to the family doctor.",
        ],
        "An echo in two weeks and a letter to the family doctor are left to arrange.",
        (),
    ),
    (
        "When is he seen again?",
        ["Asthma well controlled, peak flow 480.", "Inhaler technique checked. Review in May."],
        "His asthma is well controlled, with a peak flow of 480, and he is seen again in March.",
        (Wrong(kind="contradicts", quote="in March", harm="mild", instead="in May", line=2),),
    ),
)

_SOUND: Note = (
    "What does the note say about the knee?",
    ["Right knee: effusion gone, full extension.", "Cycling allowed, no running for four weeks."],
    "The effusion is gone and the right knee extends fully. Cycling is allowed, running is not for"
    " four weeks.",
    (),
)
"""Nothing is wrong here, and yet the client's known answer marks something: it is that which most
people disagree with."""

_KNOWN: tuple[Note, ...] = (
    (
        "State the new dose of insulin.",
        ["Basal insulin 14 units at night, was 12.", "Fasting glucose between 8 and 10."],
        "Basal insulin is raised from 12 to 16 units at night, for a fasting glucose between 8 and"
        " 10.",
        (Wrong(kind="wrong_number", quote="16 units", harm="severe", instead="14 units", line=1),),
    ),
    (
        "Summarise the smoking history.",
        ["Stopped smoking in 2011, 20 pack-years.", "No inhalers."],
        "He smokes, with 20 pack-years, and uses no inhalers.",
        (
            Wrong(
                kind="contradicts",
                quote="He smokes",
                harm="moderate",
                instead="He stopped smoking in 2011",
                line=1,
            ),
        ),
    ),
    (
        "Which tests are pending?",
        ["Haemoglobin 104 g/l, ferritin pending.", "Bowel test kit handed out."],
        "Ferritin is pending. The bowel test came back negative.",
        (
            Wrong(
                kind="unsupported",
                quote="The bowel test came back negative.",
                harm="severe",
                line=2,
            ),
        ),
    ),
)


def mixed(pieces: Sequence[Piece]) -> list[Piece]:
    """The project's own pieces and these notes, with the known answers among them.

    The doubtful one and another come early, so that whoever does the first `ANSWERED` meets both.
    """
    doubtful = _with_known(_piece("saltmarsh-known-1", _SOUND), right=False)
    known = [
        _with_known(_piece(f"saltmarsh-known-{n}", note), right=True)
        for n, note in enumerate(_KNOWN, start=2)
    ]
    more = [_piece(f"saltmarsh-more-{n}", note) for n, note in enumerate(_NOTES, start=1)]
    work = [*pieces, *more]
    for place, piece in zip((1, 4, 10, 13), (doubtful, *known), strict=True):
        work.insert(place, piece)
    return work


def _piece(name: str, note: Note) -> Piece:
    question, lines, answer, wrong = note
    return hallucination(
        name=name,
        question=question,
        title="Note (invented)",
        lines=lines,
        answer=answer,
        wrong=wrong,
    )


def _with_known(piece: Piece, *, right: bool) -> Piece:
    """With the right answer as the known one, or with that of somebody hasty."""
    known = scripted(
        task_type=piece.task_type, task_input=piece.input, hints=piece.hints, careful=right
    )
    hints = piece.hints if right else {**piece.hints, "tempting": True}
    return replace(piece, hints=hints, gold=known)
