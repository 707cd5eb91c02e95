"""What judged claims, regions and relations must satisfy beyond their schema."""

from collections.abc import Iterator

from tasks.types.claims import asked_problems, caption_problems, claims_problems
from tasks.types.places import Document, repeated_problems
from tasks.types.problems import Code, Problem
from tasks.types.shapes import box_problems, polygon_problems

SHOWN_BY_ABSENCE = "not_there"
"""The one kind of mistake that no region can show."""


def input_rules(task_input: Document) -> Iterator[Problem]:
    """What is asked for must be possible."""
    yield from asked_problems(task_input)
    if task_input["ask"].get("regions") and not task_input.get("labels"):
        yield Problem("labels", Code.CONTRADICTS, "Regions are asked for; give labels for them.")


def answer_rules(task_input: Document, answer: Document) -> Iterator[Problem]:
    """Claims judged, regions inside their picture, relations between regions, caption put right."""
    regions = answer.get("regions", [])
    names = {region["id"] for region in regions}
    yield from claims_problems(task_input, answer, shown_by="regions", known=names)
    yield from _shown_problems(task_input, answer)
    yield from repeated_problems(regions, path="regions")
    for number, region in enumerate(regions):
        yield from _region_problems(region, f"regions[{number}]", task_input)
    for number, relation in enumerate(answer.get("relations", ())):
        yield from _relation_problems(
            relation, f"relations[{number}]", names=names, ask=task_input["ask"]
        )
    yield from caption_problems(task_input, answer)


def _shown_problems(task_input: Document, answer: Document) -> Iterator[Problem]:
    if not task_input["ask"].get("regions"):
        return
    for number, claim in enumerate(answer.get("claims", ())):
        absent = claim.get("kind") == SHOWN_BY_ABSENCE
        if claim["verdict"] == "false" and not absent and not claim.get("regions"):
            yield Problem(
                f"claims[{number}].regions",
                Code.EVIDENCE_MISSING,
                "Draw and name the region that shows it is false.",
            )


def _region_problems(region: Document, path: str, task_input: Document) -> Iterator[Problem]:
    media = {medium["id"]: medium for medium in task_input["media"]}
    shapes = {label["id"]: label["shape"] for label in task_input.get("labels", ())}
    if region["label"] not in shapes:
        yield Problem(f"{path}.label", Code.NO_SUCH_ID, f"“{region['label']}” is not a label here.")
    elif shapes[region["label"]] != region["shape"]:
        yield Problem(
            f"{path}.shape", Code.WRONG_SHAPE, f"Draw this label as a {shapes[region['label']]}."
        )
    medium = media.get(region["media"])
    if medium is None:
        yield Problem(f"{path}.media", Code.NO_SUCH_ID, f"“{region['media']}” is not a picture.")
        return
    yield from _drawing_problems(region, path, medium)


def _drawing_problems(region: Document, path: str, medium: Document) -> Iterator[Problem]:
    wanted, other = ("box", "points") if region["shape"] == "box" else ("points", "box")
    if other in region:
        yield Problem(f"{path}.{other}", Code.NOT_ALLOWED, f"A {region['shape']} has {wanted}.")
    if wanted not in region:
        yield Problem(f"{path}.{wanted}", Code.MISSING, f"A {region['shape']} needs {wanted}.")
    elif wanted == "box":
        yield from box_problems(region["box"], path=f"{path}.box", medium=medium)
    else:
        yield from polygon_problems(region["points"], path=f"{path}.points", medium=medium)


def _relation_problems(
    relation: Document, path: str, *, names: set[str], ask: Document
) -> Iterator[Problem]:
    for side in ("subject", "object"):
        if relation[side] not in names:
            yield Problem(
                f"{path}.{side}", Code.NO_SUCH_ID, f"“{relation[side]}” is not one of your regions."
            )
    if relation["subject"] == relation["object"]:
        yield Problem(f"{path}.object", Code.SELF_REFERENCE, "Relate two different regions.")
    if ask.get("frame_required") and "frame" not in relation:
        yield Problem(
            f"{path}.frame", Code.MISSING, "Say whose left and right: the viewer's or the object's."
        )
