"""Tasks of Prismatic: scenes drawn by the project, and a clip that every instance holds."""

from collections.abc import Sequence

from config.demonstration.pictures.scenes import draw_scene
from config.demonstration.pieces import Json, Piece
from config.demonstration.readers.pope import ASK, media, slug
from config.demonstration.story.writing import META, video


def pieces(*, clip: Json) -> list[Piece]:
    return [*_pictures(), *_clips(clip)]


def _pictures() -> list[Piece]:
    rows = (
        (("dog", "umbrella", "bench"), ("cat",)),
        (("bicycle", "stop sign"), ("motorcycle",)),
        (("apple", "knife", "cup"), ("orange",)),
        (("kite", "boat", "bird"), ("airplane",)),
        (("laptop", "mouse", "potted plant"), ("keyboard",)),
        (("zebra", "giraffe"), ("horse",)),
        (("clock", "teddy bear", "book"), ("remote",)),
        (("train", "traffic light", "person"), ("bus",)),
    )
    return [
        _picture(number=n, there=there, absent=absent)
        for n, (there, absent) in enumerate(rows, start=1)
    ]


def _picture(*, number: int, there: Sequence[str], absent: Sequence[str]) -> Piece:
    name = f"prismatic-scene-{number}"
    scene = draw_scene(name=name, objects=there)
    things = [(thing, thing in there) for thing in sorted([*there, *absent])]
    ids = {thing: f"g{n}" for n, thing in enumerate(there, start=1)}
    claims = [_claim(n=n, thing=thing) for n, (thing, _) in enumerate(things, start=1)]
    truth = {
        f"k{n}": _truth(thing=thing, region=ids.get(thing))
        for n, (thing, _) in enumerate(things, start=1)
    }
    left, right = sorted(there[:2], key=lambda thing: scene.boxes[thing][0])
    claims.append(
        {
            "id": f"k{len(things) + 1}",
            "text": f"The left edge of the {left} is further left than that of the {right}.",
            "about": "relation",
        }
    )
    truth[f"k{len(things) + 1}"] = {"verdict": "true", "regions": [ids[left], ids[right]]}
    regions = [
        {"id": ids[thing], "label": slug(thing), "box": scene.boxes[thing]} for thing in there
    ]
    return Piece(
        task_type="image",
        external_id=name,
        input={
            "media": [media(scene.picture)],
            "claims": claims,
            "labels": [{"id": slug(thing), "shape": "box"} for thing, _ in things],
            "ask": ASK,
        },
        hints={"claims": truth, "regions": regions},
        meta=META,
        pictures=(scene.picture,),
    )


def _claim(*, n: int, thing: str) -> Json:
    article = "an" if thing[0] in "aeiou" else "a"
    return {"id": f"k{n}", "text": f"There is {article} {thing} in the picture.", "about": "object"}


def _truth(*, thing: str, region: str | None) -> Json:
    if region is not None:
        return {"verdict": "true", "regions": [region]}
    return {
        "verdict": "false",
        "kind": "not_there",
        "correction": f"No {thing} is there.",
        "regions": [],
    }


def _clips(clip: Json) -> list[Piece]:
    rows = (
        ("Something moves through the picture.", (("The picture changes.", True),)),
        ("Nothing moves at all.", (("Nothing changes from start to end.", False),)),
        ("The clip is over in a blink.", (("The clip is longer than an hour.", False),)),
        ("A clip without a person.", (("The picture changes.", True),)),
        ("Something moves, then rests.", (("The clip is longer than a day.", False),)),
        ("A short clip.", (("The clip is shorter than an hour.", True),)),
    )
    return [
        video(name=f"prismatic-clip-{n}", clip=clip, caption=caption, claims=list(claims))
        for n, (caption, claims) in enumerate(rows, start=1)
    ]
