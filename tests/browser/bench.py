"""Somebody with a task of her own in the workspace, for the tests that look at it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from config.demonstration.loading import PASSWORD
from tasks.operations import claiming
from tasks.rules.states import WorkRole
from tasks.types import task_type
from tests.tasks.crew import Crew, moment
from tutors.models import Tutor

Person = Callable[..., Page]
LEVEL = 4
"""Higher than anybody's of the demonstration, so that the work is the test's own."""

OVER = re.compile(r"^Submitted|^Review handed in")


def asked(level: int = LEVEL) -> dict[str, Any]:
    test = {"kind": "qualification", "speciality": "stem.mathematics", "level_min": level}
    return {"schema": 1, "name": "Own", "rules": [{"id": "f", "mode": "hard", "test": test}]}


def hire(crew: Crew, name: str, **terms: Any) -> Tutor:
    tutor = crew.tutor(name, level=LEVEL, **terms)
    tutor.account.set_password(PASSWORD)
    tutor.account.save(update_fields=["password"])
    return tutor


@dataclass(kw_only=True)
class Bench:
    """A tutor, her page, her claim."""

    tutor: Tutor
    page: Page
    claim: Any

    @property
    def path(self) -> str:
        return f"/work/task/{self.claim.public_id}/"

    def open(self) -> Page:
        self.page.goto(self.path)
        expect(self.page.locator("#draft-state [data-text]")).not_to_be_empty()
        return self.page

    def saved(self) -> None:
        expect(self.page.locator("#draft-state")).to_have_text(re.compile(r"Draft saved \d\d:"))

    def hand_in(self) -> None:
        self.page.keyboard.press("Control+Enter")
        expect(self.page.get_by_role("heading", name=OVER)).to_be_visible()


def at_work(
    crew: Crew, person: Person, kind: str, name: str, *, given: Any = None, **look: bool
) -> Bench:
    """A tutor of that name with one task of the kind; the page is signed in and not yet there."""
    tutor = hire(crew, name)
    project = crew.project(name=f"{name}'s own", task_type=kind, requirements=asked())
    crew.tasks(project, input=given or task_type(kind).sample_input)
    claim = take(tutor, project=project.pk)
    return Bench(tutor=tutor, page=person(tutor.account.email, **look), claim=claim)


def take(tutor: Tutor, *, project: int, role: WorkRole = WorkRole.ATTEMPT) -> Any:
    taken = claiming.claim(account=tutor.account, role=role, project_id=project, at=moment())
    assert taken is not None
    return taken


def select(page: Page, text: str, *, within: str = ".markable") -> None:
    """Drag over a text, as a mouse does."""
    box = page.evaluate(
        """([text, within]) => {
          const place = document.querySelector(within);
          const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(text);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, at + text.length);
            const all = [...range.getClientRects()];
            const [first, last] = [all[0], all.at(-1)];
            const middle = (box) => box.top + box.height / 2;
            return [first.left, middle(first), last.right, middle(last)];
          }
          throw new Error(`no “${text}”`);
        }""",
        [text, within],
    )
    page.mouse.move(box[0] + 0.5, box[1])
    page.mouse.down()
    page.mouse.move(box[2] - 0.5, box[3], steps=4)
    page.mouse.up()
