"""A past with known answers: three people who met some among their other work, and were compared.

One known answer is wrong, and most of them disagree with it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from config.demonstration.acts import account_of, hand_in, take
from config.demonstration.answers import AnswerBook
from config.demonstration.story import notes
from config.demonstration.story.clients import PROJECTS
from config.demonstration.story.people import Expert
from tasks.models import GoldCheck, Project
from tasks.operations.comparing import compare_next
from tasks.operations.mixing import mix_known_answers
from tasks.rules.states import WorkRole
from workforce.models import Account

PLAN = next(plan for plan in PROJECTS if plan.slug == notes.SLUG)


def meet(*, experts: Sequence[Expert], book: AnswerBook, now: Callable[[], datetime]) -> int:
    """Each who attempts in the project's domain answers its first tasks; how many answers.

    The last of them is the one whom the wrong known answer tempts as well.
    """
    project = Project.objects.filter(name=PLAN.name).latest("pk")
    mix_known_answers(at=now())  # from here on its credit grows
    crew = [e for e in experts if e.domain == PLAN.domain and e.part == "attempt"]
    people = [account_of(each.email) for each in crew]
    return sum(
        _answer(each, project, book, tempted=each is people[-1], now=now)
        for _ in range(notes.ANSWERED)
        for each in people
    )


def _answer(
    person: Account,
    project: Project,
    book: AnswerBook,
    *,
    tempted: bool,
    now: Callable[[], datetime],
) -> bool:
    sheet = take(person, role=WorkRole.ATTEMPT, at=now(), project_id=project.pk)
    if sheet is None:
        return False
    hints = book.hints(task_type=sheet.task_type, task_input=sheet.input)
    careful = not (tempted and hints.get("tempting"))
    hand_in(person, sheet, book=book, at=now(), careful=careful)
    return True


def compare(*, now: Callable[[], datetime]) -> int:
    """Compare what was handed in so far: a new instance has no day to wait. How many answers."""
    while compare_next(at=now(), before=now()):
        pass
    return GoldCheck.objects.count()
