"""Rules for judged claims and corrected captions; shared by pictures and clips."""

from collections.abc import Collection, Iterator

from tasks.types.places import Document, reference_problems
from tasks.types.problems import Code, Problem


def claims_problems(
    task_input: Document, answer: Document, *, shown_by: str, known: Collection[str]
) -> Iterator[Problem]:
    """Each claim of the task is judged once, each verdict says what it must.

    `shown_by` is the field that names the evidence (regions, segments), `known` what it may name.
    """
    wanted = [claim["id"] for claim in task_input.get("claims", ())]
    seen = set()
    for number, claim in enumerate(answer.get("claims", ())):
        here = f"claims[{number}]"
        if claim["id"] not in wanted:
            yield Problem(f"{here}.id", Code.NO_SUCH_ID, f"“{claim['id']}” is not a claim here.")
        elif claim["id"] in seen:
            yield Problem(f"{here}.id", Code.REPEATED, f"“{claim['id']}” is judged before.")
        seen.add(claim["id"])
        yield from _verdict_problems(claim, here)
        yield from reference_problems(
            claim.get(shown_by, ()),
            path=f"{here}.{shown_by}",
            known=known,
            what=f"one of your {shown_by}",
        )
    if task_input["ask"].get("claims", True):
        for name in wanted:
            if name not in seen:
                yield Problem("claims", Code.MISSING, f"The claim “{name}” is still open.")


def _verdict_problems(claim: Document, path: str) -> Iterator[Problem]:
    verdict = claim["verdict"]
    if verdict == "false":
        if "kind" not in claim:
            yield Problem(f"{path}.kind", Code.MISSING, "Say what kind of mistake it is.")
        if "correction" not in claim:
            yield Problem(f"{path}.correction", Code.MISSING, "Write what is true instead.")
    else:
        for field in ("kind", "correction"):
            if field in claim:
                yield Problem(
                    f"{path}.{field}", Code.CONTRADICTS, "Only a false claim has a mistake."
                )
    if verdict == "cannot_tell" and "why" not in claim:
        yield Problem(f"{path}.why", Code.MISSING, "Say why it cannot be told.")


def caption_problems(task_input: Document, answer: Document) -> Iterator[Problem]:
    """A caption where one is asked for, changed when a claim of it was judged false."""
    wanted = task_input["ask"].get("caption", "none")
    caption = (answer.get("caption") or "").strip()
    if wanted != "none" and not caption:
        yield Problem("caption", Code.MISSING, "Write the caption as it should be.")
    false = any(claim["verdict"] == "false" for claim in answer.get("claims", ()))
    if wanted == "correct" and false and caption == task_input["caption"]["text"].strip():
        yield Problem(
            "caption", Code.UNCHANGED, "You judged a claim false; put the caption right too."
        )


def asked_problems(task_input: Document) -> Iterator[Problem]:
    """What is asked about claims and captions must be there to be judged."""
    ask = task_input["ask"]
    if ask.get("claims") and not task_input.get("claims"):
        yield Problem("claims", Code.CONTRADICTS, "Claims are to be judged, but there are none.")
    if ask.get("caption") == "correct" and "caption" not in task_input:
        yield Problem("caption", Code.CONTRADICTS, "A caption is to be corrected; give one.")
