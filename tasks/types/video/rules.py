"""What segments, links and claims must satisfy beyond their schema."""

from collections.abc import Callable, Iterator
from operator import itemgetter

from tasks.types.claims import asked_problems, caption_problems, claims_problems
from tasks.types.places import Document, repeated_problems
from tasks.types.problems import Code, Problem
from tasks.types.shapes import box_problems, time_problems

_HOLDS: dict[str, Callable[[Document, Document], bool]] = {
    "before": lambda this, other: this["end_ms"] <= other["start_ms"],
    "after": lambda this, other: this["start_ms"] >= other["end_ms"],
    "during": lambda this, other: (
        this["start_ms"] >= other["start_ms"] and this["end_ms"] <= other["end_ms"]
    ),
    "causes": lambda this, other: this["start_ms"] <= other["start_ms"],
}


def input_rules(task_input: Document) -> Iterator[Problem]:
    """One clip; its transcript inside it; what is asked for must be possible."""
    clips = [medium for medium in task_input["media"] if medium["kind"] == "video"]
    if len(clips) != 1:
        yield Problem("media", Code.CONTRADICTS, f"Give one clip; here are {len(clips)}.")
        return
    where = task_input["media"].index(clips[0])
    for number, line in enumerate(clips[0].get("transcript", ())):
        yield from time_problems(
            line,
            path=f"media[{where}].transcript[{number}]",
            duration_ms=clips[0]["duration_ms"],
        )
    yield from asked_problems(task_input)
    if task_input["ask"].get("segments") and not task_input.get("tracks"):
        yield Problem("tracks", Code.CONTRADICTS, "Segments are asked for; give tracks for them.")


def answer_rules(task_input: Document, answer: Document) -> Iterator[Problem]:
    """Segments inside the clip and apart, links that time allows, claims judged, texts as asked."""
    segments, ask = answer.get("segments", []), task_input["ask"]
    clip = next(medium for medium in task_input["media"] if medium["kind"] == "video")
    tracks = {track["id"]: track for track in task_input.get("tracks", ())}
    yield from repeated_problems(segments, path="segments")
    for number, segment in enumerate(segments):
        yield from _segment_problems(segment, f"segments[{number}]", clip=clip, tracks=tracks)
    yield from _overlap_problems(segments, tracks)
    if ask.get("segments") and not segments:
        yield Problem("segments", Code.TOO_FEW, "Mark at least one segment.")
    by_id = {segment["id"]: segment for segment in segments}
    for number, link in enumerate(answer.get("links", ())):
        yield from _link_problems(link, f"links[{number}]", by_id)
    yield from claims_problems(task_input, answer, shown_by="segments", known=by_id)
    yield from caption_problems(task_input, answer)
    wanted, given = ask.get("description_min_chars", 0), len(answer.get("description", "").strip())
    if given < wanted:
        yield Problem(
            "description",
            Code.TOO_SHORT,
            f"Write at least {wanted} characters; there are {given}.",
        )


def _segment_problems(
    segment: Document, path: str, *, clip: Document, tracks: dict[str, Document]
) -> Iterator[Problem]:
    track = tracks.get(segment["track"])
    if track is None:
        yield Problem(
            f"{path}.track", Code.NO_SUCH_ID, f"“{segment['track']}” is not a track here."
        )
    elif segment["label"] not in track["labels"]:
        yield Problem(
            f"{path}.label", Code.NO_SUCH_ID, f"Choose one of: {', '.join(track['labels'])}."
        )
    yield from time_problems(segment, path=path, duration_ms=clip["duration_ms"])
    for number, region in enumerate(segment.get("region", ())):
        here = f"{path}.region[{number}]"
        if not segment["start_ms"] <= region["at_ms"] < segment["end_ms"]:
            yield Problem(
                f"{here}.at_ms", Code.OUTSIDE_CLIP, "Draw at a moment inside the segment."
            )
        yield from box_problems(region["box"], path=f"{here}.box", medium=clip)


def _overlap_problems(segments: list[Document], tracks: dict[str, Document]) -> Iterator[Problem]:
    last: dict[str, Document] = {}
    for number, segment in sorted(enumerate(segments), key=lambda each: each[1]["start_ms"]):
        track = tracks.get(segment["track"])
        if track is None or track.get("overlap"):
            continue
        before = last.get(segment["track"])
        if before is not None and segment["start_ms"] < before["end_ms"]:
            yield Problem(
                f"segments[{number}].start_ms",
                Code.OVERLAP,
                f"“{before['id']}” on this track lasts until {before['end_ms']}.",
            )
        last[segment["track"]] = max(before or segment, segment, key=itemgetter("end_ms"))


def _link_problems(link: Document, path: str, by_id: dict[str, Document]) -> Iterator[Problem]:
    for side in ("from", "to"):
        if link[side] not in by_id:
            yield Problem(
                f"{path}.{side}", Code.NO_SUCH_ID, f"“{link[side]}” is not one of your segments."
            )
    if link["from"] == link["to"]:
        yield Problem(f"{path}.to", Code.SELF_REFERENCE, "Link two different segments.")
        return
    this, other = by_id.get(link["from"]), by_id.get(link["to"])
    if this and other and not _HOLDS[link["is"]](this, other):
        yield Problem(
            f"{path}.is",
            Code.ORDER_WRONG,
            f"The times of “{link['from']}” and “{link['to']}” say otherwise.",
        )
