"""History and feedback: what Alice did, what Rita said about it, and the paid fix."""

import re

import pytest
from django.test import Client

from tasks.models import Claim, Review, Submission
from tasks.operations.claiming import claim
from tasks.operations.reviewing import Judgement, decide, open_for_review
from tasks.operations.steering import change
from tasks.operations.submitting import submit
from tasks.queries.handing_in import in_hand
from tasks.rules.states import ReviewDecision, WorkRole
from tests.tasks.ageing import later
from tests.tasks.crew import ANSWER, moment
from tests.tasks.statements import counting

pytestmark = pytest.mark.django_db

LIST_STATEMENTS_MAX = 16


@pytest.fixture
def alice(crew):
    return crew.tutor("Alice")


@pytest.fixture
def rita(crew):
    return crew.tutor("Rita", reviewer=True)


def come(who):
    client = Client()
    client.force_login(who.account)
    return client


def text_of(answer):
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def does(tutor, project, *, seconds=600):
    """One task taken and handed in after a while; the submission."""
    held = claim(account=tutor.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=moment())
    later(seconds=seconds)
    own = in_hand(claim_id=held.claim_id, account_id=tutor.account_id)
    handed = submit(account=tutor.account, own=own, fence=held.fence, answer=ANSWER, at=moment())
    return handed.submission


def judged(reviewer, submission, decision=ReviewDecision.ACCEPT, **more):
    claim(account=reviewer.account, role=WorkRole.REVIEW, project_id=None, at=moment())
    seen = open_for_review(account=reviewer.account, submission_id=submission.pk)
    judgement = Judgement(decision=decision, **more)
    return decide(account=reviewer.account, seen=seen, judgement=judgement, at=moment())


def test_history_shows_state_time_and_worth_at_the_locked_rate(crew, alice):
    project = crew.project()
    crew.tasks(project)
    does(alice, project, seconds=600)
    held = Claim.objects.get()
    text = text_of(come(alice).get("/work/history/"))
    assert "Critique an answer, Mathematics" in text and "Waiting for review" in text
    worth = (2 * held.seconds_worked * held.rate_minor_hourly + 3600) // 7200
    assert f"${worth // 100}.{worth % 100:02}" in text


def test_history_filters_by_state_project_and_kind(crew, alice, rita):
    first, second = crew.project(name="First"), crew.project(name="Second")
    crew.tasks(first)
    crew.tasks(second)
    judged(rita, does(alice, first))
    does(alice, second)
    client = come(alice)
    page = text_of(client.get("/work/history/?state=accepted"))
    assert "First ·" in page and "Second ·" not in page
    page = text_of(client.get(f"/work/history/?project={second.public_id}"))
    assert "Second ·" in page and "First ·" not in page
    page = text_of(client.get("/work/history/?type=image"))
    assert "No work matches this filter" in page
    rows = b"".join(client.get("/work/history/?state=accepted&format=csv")).decode().splitlines()
    assert len(rows) == 2 and ",First," in rows[1] and ",accepted," in rows[1]


def test_history_pages_by_key_with_constant_statements(crew, alice):
    project = crew.project()
    crew.tasks(project, 3)
    counts = []
    for wanted in (1, 3):
        while Claim.objects.count() < wanted:
            does(alice, project, seconds=5)
        client = come(alice)
        client.get("/work/history/")
        with counting() as counted:
            page = client.get("/work/history/")
        assert page.content.decode().count("data-href=") == wanted
        counts.append(len(counted))
    assert counts[0] == counts[1] <= LIST_STATEMENTS_MAX


def test_a_piece_of_history_shows_what_was_handed_in_and_its_review(crew, alice, rita):
    project = crew.project()
    crew.tasks(project)
    review = judged(rita, does(alice, project), note="Well seen & said.")
    held = Claim.objects.get(role="attempt")
    text = text_of(come(alice).get(f"/work/history/{held.public_id}/"))
    assert "Well seen &amp; said." in text and "What you handed in" in text
    assert str(ANSWER["points"][0]["why"]).split()[0] in text
    assert "Take it back" not in text
    assert "Rita" not in text
    own = Claim.objects.get(role="review")
    assert review.claim_id == own.pk
    assert "Your decision" in text_of(come(rita).get(f"/work/history/{own.public_id}/"))


def test_somebody_elses_history_is_not_there(crew, alice):
    project = crew.project()
    crew.tasks(project)
    submission = does(alice, project)
    bob = come(crew.tutor("Bob"))
    held = Claim.objects.get()
    assert bob.get(f"/work/history/{held.public_id}/").status_code == 404
    assert bob.post(f"/work/history/{held.public_id}/take-back/").status_code == 404
    assert bob.get(f"/work/feedback/{submission.public_id}/").status_code == 404
    assert "Nothing yet" in text_of(bob.get("/work/history/"))
    held.refresh_from_db()
    assert held.state == "submitted"


def test_an_answer_is_taken_back_within_its_seconds(crew, alice):
    project = crew.project()
    crew.tasks(project)
    does(alice, project)
    held = Claim.objects.get()
    client = come(alice)
    assert "Take it back" in text_of(client.get(f"/work/history/{held.public_id}/"))
    answer = client.post(f"/work/history/{held.public_id}/take-back/")
    assert answer["Location"] == f"/work/task/{held.public_id}/"
    held.refresh_from_db()
    assert held.state == "in_progress"


def test_too_late_to_take_back_changes_nothing(crew, alice, rita):
    project = crew.project()
    crew.tasks(project)
    judged(rita, does(alice, project))
    held = Claim.objects.get(role="attempt")
    answer = come(alice).post(f"/work/history/{held.public_id}/take-back/", follow=True)
    assert "can be taken back for 10 seconds" in text_of(answer)
    held.refresh_from_db()
    assert held.state == "accepted"
    assert Submission.objects.get().withdrawn_at is None


def test_with_full_hands_the_page_says_what_to_do_first(crew):
    project, alice = crew.project(), crew.tutor("Alice", capacity=1)
    crew.tasks(project, 2)
    does(alice, project)
    held = Claim.objects.get()
    claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=None, at=moment())
    answer = come(alice).post(f"/work/history/{held.public_id}/take-back/", follow=True)
    assert "hand in or return something first" in text_of(answer)
    held.refresh_from_db()
    assert held.state == "submitted"


def test_feedback_leads_to_the_paid_fix(crew, alice, rita):
    project = crew.project()
    crew.tasks(project)
    submission = does(alice, project)
    judged(rita, submission, ReviewDecision.REQUEST_REVISION, note="The unit is micrograms.")
    client = come(alice)
    home = text_of(client.get("/work/"))
    assert "1 to fix" in home and "Returned with a note." in home
    assert "Your answer came back with a note" in home
    listed = text_of(client.get("/work/feedback/?view=fix"))
    assert "The unit is micrograms." in listed and "Fix it, paid" in listed
    page = client.get(f"/work/feedback/{submission.public_id}/")
    path = re.search(r'action="(/work/offers/O-\d+/accept/)"', page.content.decode())[1]
    answer = client.post(path)
    fix = Claim.objects.get(revises=submission)
    assert answer["Location"] == f"/work/task/{fix.public_id}/"
    assert "1 to fix" not in text_of(client.get("/work/"))


def test_feedback_says_when_the_guide_has_changed_since(crew, alice, rita):
    project = crew.project()
    crew.tasks(project)
    submission = does(alice, project)
    judged(rita, submission, note="Fine.")
    change(project=project, fields={}, guide="# Another", actor=crew.max, at=moment())
    text = text_of(come(alice).get(f"/work/feedback/{submission.public_id}/"))
    assert "The guide has changed since: version 2 is in force now." in text
    assert "Find the first wrong step" in text and "# Another" not in text


def test_feedback_statements_do_not_grow(crew, alice, rita):
    project = crew.project()
    crew.tasks(project, 4)
    counts = []
    for wanted in (1, 4):
        while Review.objects.count() < wanted:
            judged(rita, does(alice, project, seconds=5), note="Fine.")
        client = come(alice)
        client.get("/work/feedback/")
        with counting() as counted:
            page = client.get("/work/feedback/")
        assert page.content.decode().count("card word") == wanted
        counts.append(len(counted))
    assert counts[0] == counts[1] <= LIST_STATEMENTS_MAX
    assert "100% of your last 4 answers" in text_of(page)


def test_no_feedback_yet_says_what_comes(alice):
    client = come(alice)
    assert "No feedback yet" in text_of(client.get("/work/feedback/"))
    assert "No feedback waiting" in text_of(client.get("/work/feedback/?view=fix"))
    assert "No feedback yet." in text_of(client.get("/work/"))
