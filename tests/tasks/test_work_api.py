"""The work room over HTTP: Alice attempts, Rita reviews, Charlie must see nothing."""

import pytest
from django.db import connection

from tasks.models import Claim, Draft, Offer, Slot, Submission, Task, TimeEntry
from tests.people import knock, person
from tests.tasks.ageing import later
from tests.tasks.crew import ANSWER
from tests.tasks.statements import counting
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

CLAIM_STATEMENTS_MAX = 6
SUBMIT_STATEMENTS_MAX = 6


def take(client, **body):
    answer = client.post("/api/v1/work/claims/", body, format="json")
    assert answer.status_code == 201, (answer.status_code, getattr(answer, "data", None))
    return answer.json()


def hand_in(client, claim, answer=ANSWER):
    return client.post(
        f"/api/v1/work/claims/{claim['id']}/submit/",
        {"fence": claim["fence"], "answer": answer},
        format="json",
    )


def test_a_claim_says_everything_the_holder_needs(crew):
    alice = crew.tutor("Alice", level=2)
    project = crew.project()
    (task,) = crew.tasks(project, meta={"response:a": "model-x"}, gold=None)
    claim = take(knock(alice.account), project=project.public_id)
    assert claim["task"]["id"] == task.public_id
    assert claim["task"]["type"] == "critique"
    assert claim["rate"]["currency"] == "USD" and claim["rate"]["amount_minor"] > 0
    assert claim["fence"] == 1 and claim["contract"].startswith("K-")
    assert claim["lease_until"] < claim["hold_until"]
    assert "model-x" not in str(claim)


def test_nothing_fits_is_204_and_the_queue_says_why(crew):
    zoe = crew.tutor("Zoe", speciality="medicine.psychiatry")
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project, 2)
    client = knock(zoe.account)
    assert client.post("/api/v1/work/claims/", {}, format="json").status_code == 204
    answer = knock(alice.account).get("/api/v1/work/queue/")
    assert answer.status_code == 200
    (line,) = answer.json()["results"]
    assert (line["project"], line["eligible"], line["codes"]) == (project.public_id, True, [])
    assert line["waiting"] >= 1 and line["paid_hours"] > 0


def test_the_whole_road_of_a_task(crew):
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True)
    project = crew.project()
    (task,) = crew.tasks(project)
    attempt = take(knock(alice.account))
    later(seconds=90)
    handed = hand_in(knock(alice.account), attempt)
    assert handed.status_code == 200, handed.json()
    assert handed.json()["seconds_worked"] >= 90
    review = take(knock(rita.account), role="review")
    assert review["submission"]["id"] == handed.json()["id"]
    assert review["submission"]["answer"]["points"]
    later(seconds=30)
    decided = knock(rita.account).post(
        f"/api/v1/submissions/{review['submission']['id']}/review/",
        {"decision": "accept", "note": "Well seen.", "scores": {"overall": 5}},
        format="json",
    )
    assert decided.status_code == 200, decided.json()
    task.refresh_from_db()
    assert task.state == "done"
    assert list(Claim.objects.order_by("id").values_list("state", flat=True)) == ["accepted"] * 2
    entries = TimeEntry.objects.order_by("id")
    assert [(e.kind, e.state) for e in entries] == [("task", "submitted"), ("review", "submitted")]
    kinds = list(Event.objects.filter(kind__startswith="tasks.").values_list("kind", flat=True))
    for kind in ("tasks.claim_made", "tasks.submitted", "tasks.reviewed"):
        assert kind in kinds


def test_the_author_never_reviews_her_own_work(crew):
    rita = crew.tutor("Rita", reviewer=True)
    crew.tasks(crew.project())
    client = knock(rita.account)
    handed = hand_in(client, take(client)).json()
    assert client.post("/api/v1/work/claims/", {"role": "review"}, format="json").status_code == 204
    answer = client.post(
        f"/api/v1/submissions/{handed['id']}/review/", {"decision": "accept"}, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "not_the_reviewer")


def test_a_tutor_who_is_no_reviewer_gets_403(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    answer = knock(alice.account).post("/api/v1/work/claims/", {"role": "review"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_reviewer")


def test_revision_goes_back_to_the_author_with_the_note(crew):
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True)
    project = crew.project()
    (task,) = crew.tasks(project)
    hand_in(knock(alice.account), take(knock(alice.account)))
    review = take(knock(rita.account), role="review")
    path = f"/api/v1/submissions/{review['submission']['id']}/review/"
    refused = knock(rita.account).post(path, {"decision": "request_revision"}, format="json")
    assert refused.status_code == 400 and "note" in refused.json()["errors"]
    body = {"decision": "request_revision", "note": "Look at s2 again."}
    assert knock(rita.account).post(path, body, format="json").status_code == 200
    (offer,) = knock(alice.account).get("/api/v1/work/offers/").json()["results"]
    assert offer["kind"] == "revision" and offer["why"]["revision"]["note"] == "Look at s2 again."
    again = take(knock(alice.account))
    assert again["task"]["id"] == task.public_id
    assert again["revision"]["note"] == "Look at s2 again."
    later(seconds=5)
    assert hand_in(knock(alice.account), again).status_code == 200
    assert TimeEntry.objects.filter(kind="rework").exists()
    second = take(knock(rita.account), role="review")
    assert second["submission"]["id"] != review["submission"]["id"]
    path = f"/api/v1/submissions/{second['submission']['id']}/review/"
    assert knock(rita.account).post(path, {"decision": "accept"}, format="json").status_code == 200
    task.refresh_from_db()
    assert task.state == "done"


def test_rejected_work_is_paid_and_somebody_else_answers(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    rita = crew.tutor("Rita", reviewer=True)
    project = crew.project()
    (task,) = crew.tasks(project)
    first = take(knock(alice.account))
    later(seconds=60)
    hand_in(knock(alice.account), first)
    review = take(knock(rita.account), role="review")
    path = f"/api/v1/submissions/{review['submission']['id']}/review/"
    body = {"decision": "reject", "category": " ", "note": "No."}
    refused = knock(rita.account).post(path, body, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["category"])
    body["category"] = "units missing"
    assert knock(rita.account).post(path, body, format="json").json()["category"] == "units missing"
    assert TimeEntry.objects.get(tutor=alice).state == "submitted"
    assert knock(alice.account).post("/api/v1/work/claims/", {}, format="json").status_code == 204
    assert take(knock(bob.account))["task"]["id"] == task.public_id


def test_a_wrong_answer_is_refused_by_field_and_changes_nothing(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    claim = take(knock(alice.account))
    answer = hand_in(knock(alice.account), claim, {"points": "none"})
    assert answer.status_code == 400
    assert any(path.startswith("answer") for path in answer.json()["errors"])
    assert not Submission.objects.exists()
    assert Claim.objects.get().state == "claimed"


def test_cannot_is_taken_and_two_of_them_tell_the_manager(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    crew.tasks(crew.project(overlap=2))
    cannot = {"cannot": {"reason": "guide_unclear", "note": "Which step?"}}
    for tutor in (alice, bob):
        client = knock(tutor.account)
        assert hand_in(client, take(client), cannot).json()["cannot"] is True
    assert Event.objects.filter(kind="tasks.cannot_twice").count() == 1


def test_a_lost_fence_is_refused_and_says_where_the_draft_is(crew):
    from tasks.operations.lapsing import expire_leases

    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    crew.tasks(crew.project())
    client = knock(alice.account)
    claim = take(client)
    path = f"/api/v1/work/claims/{claim['id']}"
    saved = client.put(f"{path}/draft/", {"answer": {"points": []}, "version": 1}, format="json")
    assert saved.status_code == 200
    later(seconds=3_600)
    assert expire_leases(at=crew.at) == 1
    assert expire_leases(at=crew.at) == 0
    other = take(knock(bob.account))
    assert other["task"]["id"] == claim["task"]["id"] and other["fence"] == 2
    answer = hand_in(client, claim)
    assert (answer.status_code, answer.json()["code"]) == (409, "fence_lost")
    assert path in answer.json()["detail"]
    shown = client.get(f"{path}/").json()
    assert shown["state"] == "expired" and shown["draft"]["answer"] == {"points": []}
    assert shown["seconds_worked"] > 0
    assert not Submission.objects.exists()


def test_the_slot_comes_back_with_its_age(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(), 2)
    before = list(Slot.objects.order_by("id").values_list("opened_at", flat=True))
    client = knock(alice.account)
    claim = take(client)
    path = f"/api/v1/work/claims/{claim['id']}"
    assert client.post(f"{path}/skip/", {"reason": "not mine"}, format="json").status_code == 200
    assert list(Slot.objects.order_by("id").values_list("opened_at", flat=True)) == before
    assert Slot.objects.filter(state="open").count() == 2
    assert take(client)["task"]["id"] != claim["task"]["id"]


def test_what_was_given_back_comes_again_when_nothing_else_fits(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    client = knock(alice.account)
    claim = take(client)
    client.post(f"/api/v1/work/claims/{claim['id']}/return/", {"reason": "later"}, format="json")
    assert take(client)["task"]["id"] == claim["task"]["id"]


def test_skip_only_before_something_is_written(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    client = knock(alice.account)
    path = f"/api/v1/work/claims/{take(client)['id']}"
    client.put(f"{path}/draft/", {"answer": {}}, format="json")
    answer = client.post(f"{path}/skip/", {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_started")


def test_pause_resume_extend(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    client = knock(alice.account)
    claim = take(client)
    path = f"/api/v1/work/claims/{claim['id']}"
    later(seconds=20)
    paused = client.post(f"{path}/pause/", {"reason": "lunch"}, format="json").json()
    assert paused["state"] == "paused" and paused["seconds_worked"] >= 20
    assert not TimeEntry.objects.filter(state="running").exists()
    later(seconds=100)
    beat = client.post(f"{path}/heartbeat/", {}, format="json").json()
    assert (beat["state"], beat["seconds_worked"]) == ("paused", paused["seconds_worked"])
    resumed = client.post(f"{path}/resume/", {}, format="json").json()
    assert resumed["state"] == "in_progress"
    assert TimeEntry.objects.filter(state="running").count() == 1
    hold = claim["hold_until"]
    longer = client.post(f"{path}/extend/", {"reason": "long text"}, format="json")
    assert longer.status_code == 200 and longer.json()["hold_until"] > hold
    again = client.post(f"{path}/extend/", {"reason": "more"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "already_extended")


def test_a_heartbeat_renews_the_lease_but_never_the_hold(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(lease_seconds=600, hold_seconds=1_800))
    client = knock(alice.account)
    claim = take(client)
    path = f"/api/v1/work/claims/{claim['id']}/heartbeat/"
    later(seconds=500)
    first = client.post(path, {"fence": claim["fence"]}, format="json").json()
    assert first["seconds_worked"] >= 500
    later(seconds=1_000)
    second = client.post(path, {}, format="json").json()
    assert second["lease_until"] == second["hold_until"]
    wrong = client.post(path, {"fence": 9}, format="json")
    assert wrong.status_code == 409


def test_the_clock_moves_between_claims(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(), 2)
    client = knock(alice.account)
    first, second = take(client), take(client)
    running = TimeEntry.objects.get(state="running")
    assert running.claim.public_id == second["id"]
    client.put(f"/api/v1/work/claims/{first['id']}/draft/", {"answer": {}}, format="json")
    running = TimeEntry.objects.get(state="running")
    assert running.claim.public_id == first["id"]


def test_take_back_until_somebody_holds_the_review(crew):
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True)
    crew.tasks(crew.project())
    client = knock(alice.account)
    claim = take(client)
    hand_in(client, claim)
    path = f"/api/v1/work/claims/{claim['id']}/take-back/"
    back = client.post(path, {}, format="json")
    assert back.status_code == 200, back.json()
    assert back.json()["state"] == "in_progress"
    assert back.json()["draft"]["answer"]["points"]
    assert Slot.objects.filter(role="review", state="open").count() == 0
    assert hand_in(client, back.json()).status_code == 200
    take(knock(rita.account), role="review")
    refused = client.post(path, {}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "cannot_take_back")


def test_nothing_is_taken_back_into_full_hands(crew):
    alice = crew.tutor("Alice", capacity=1)
    crew.tasks(crew.project(), 2)
    client = knock(alice.account)
    first = take(client)
    hand_in(client, first)
    second = take(client)
    path = f"/api/v1/work/claims/{first['id']}/take-back/"
    refused = client.post(path, {}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "capacity_full")
    assert "hand in or return something first" in refused.json()["detail"]
    assert list(Claim.objects.order_by("id").values_list("state", flat=True)) == [
        "submitted",
        "claimed",
    ]
    assert Submission.objects.get().withdrawn_at is None
    assert Slot.objects.get(role="review").state == "open"
    assert TimeEntry.objects.get(state="running").claim.public_id == second["id"]
    hand_in(client, second)
    assert client.post(path, {}, format="json").json()["state"] == "in_progress"


def test_take_back_is_over_after_ten_seconds(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    client = knock(alice.account)
    claim = take(client)
    hand_in(client, claim)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE tasks_submission SET submitted_at = submitted_at - interval '11 s'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    answer = client.post(f"/api/v1/work/claims/{claim['id']}/take-back/", {}, format="json")
    assert answer.status_code == 409


def test_charlie_sees_nothing(crew):
    alice, charlie = crew.tutor("Alice"), crew.tutor("Charlie")
    crew.tasks(crew.project())
    claim = take(knock(alice.account))
    stranger = knock(charlie.account)
    path = f"/api/v1/work/claims/{claim['id']}"
    assert stranger.get(f"{path}/").status_code == 404
    for verb in ("heartbeat", "pause", "resume", "extend", "return", "skip", "take-back"):
        assert stranger.post(f"{path}/{verb}/", {}, format="json").status_code == 404
    assert hand_in(stranger, claim).status_code == 404
    assert stranger.get("/api/v1/work/claims/").json()["results"] == []
    assert Claim.objects.get().state == "claimed"


def test_a_double_click_with_one_key_is_one_claim(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(), 3)
    client = knock(alice.account)
    headers = {"HTTP_IDEMPOTENCY_KEY": "one-click"}
    first = client.post("/api/v1/work/claims/", {}, format="json", **headers)
    second = client.post("/api/v1/work/claims/", {}, format="json", **headers)
    assert first.status_code == second.status_code == 201
    assert first.json()["id"] == second.json()["id"]
    assert Claim.objects.count() == 1


def test_a_double_submit_is_one_submission(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project())
    client = knock(alice.account)
    claim = take(client)
    assert hand_in(client, claim).status_code == 200
    assert hand_in(client, claim).status_code == 409
    assert Submission.objects.count() == 1


def test_statements_of_claim_and_submit(crew):
    alice = crew.tutor("Alice", capacity=10)
    crew.tasks(crew.project(), 10)
    client = knock(alice.account)
    hand_in(client, take(client))
    with counting() as claiming:
        answer = client.post("/api/v1/work/claims/", {}, format="json", HTTP_IDEMPOTENCY_KEY="a")
    assert answer.status_code == 201
    assert len(claiming) <= CLAIM_STATEMENTS_MAX, claiming.statements
    claim = answer.json()
    with counting() as submitting:
        done = client.post(
            f"/api/v1/work/claims/{claim['id']}/submit/",
            {"fence": claim["fence"], "answer": ANSWER},
            format="json",
            HTTP_IDEMPOTENCY_KEY="b",
        )
    assert done.status_code == 200
    assert len(submitting) <= SUBMIT_STATEMENTS_MAX, submitting.statements


_LEASES = """
WITH like_this AS (SELECT * FROM tasks_claim WHERE id = %(claim)s),
picked AS (SELECT id, task_id FROM tasks_slot WHERE state = 'open' ORDER BY id LIMIT %(count)s),
slots AS (
    UPDATE tasks_slot s SET state = 'claimed', fence = 1 FROM picked WHERE s.id = picked.id)
INSERT INTO tasks_claim (
       slot_id, task_id, pool_id, project_id, tutor_id, contract_version_id, fence, role, state,
       rate_minor_hourly, currency, rate_rule, weight, lease_seconds, expected_seconds,
       paid_cap_seconds, seconds_worked, reserved_minor, extended, lease_until, hold_until, reason)
SELECT p.id, p.task_id, c.pool_id, c.project_id, c.tutor_id, c.contract_version_id, 1, c.role,
       'claimed', c.rate_minor_hourly, c.currency, c.rate_rule, 1, c.lease_seconds,
       c.expected_seconds, c.paid_cap_seconds, 0, 0, false, c.lease_until, c.hold_until, ''
  FROM picked p CROSS JOIN like_this c
"""
_OFFERS = """
WITH like_this AS (SELECT * FROM tasks_claim WHERE id = %(claim)s),
picked AS (SELECT id, task_id FROM tasks_slot WHERE state = 'open' ORDER BY id LIMIT %(count)s),
slots AS (UPDATE tasks_slot s SET state = 'offered' FROM picked WHERE s.id = picked.id)
INSERT INTO tasks_offer (slot_id, task_id, pool_id, tutor_id, role, kind, state, why,
                         rate_minor_hourly, currency, expires_at, reason)
SELECT p.id, p.task_id, c.pool_id, c.tutor_id, c.role, 'work', 'offered', '{}',
       c.rate_minor_hourly, c.currency, c.lease_until, ''
  FROM picked p CROSS JOIN like_this c
"""


def test_statements_are_the_same_with_no_hundred_and_thousand_leases_and_offers_open(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    crew.tasks(crew.project(), 2_120)
    client = knock(alice.account)
    hand_in(client, take(client))
    lent = int(take(knock(bob.account))["id"].removeprefix("CL-"))
    seen = []
    for more in (0, 100, 900):
        with connection.cursor() as cursor:
            cursor.execute(_LEASES, {"claim": lent, "count": more})
            cursor.execute(_OFFERS, {"claim": lent, "count": more})
        with counting() as claiming:
            claim = take(client)
        with counting() as submitting:
            assert hand_in(client, claim).status_code == 200
        seen.append((len(claiming), len(submitting)))
    assert Claim.objects.filter(state="claimed").count() == 1_001
    assert Offer.objects.filter(state="offered").count() == 1_000
    assert len(set(seen)) == 1, seen


def test_a_claimed_task_is_explained_as_claiming_judges(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob", speciality="finance.accounting")
    project = crew.project()
    (task,) = crew.tasks(project)
    manager = knock(crew.max)

    def explained(tutor):
        path = f"/api/v1/tasks/{task.public_id}/explain/"
        return manager.get(path, {"tutor": tutor.public_id}).json()

    assert explained(alice)["eligible"] is True
    assert explained(alice)["score"]["total"] > 0
    missing = [v["code"] for v in explained(bob)["verdicts"] if not v["passed"]]
    assert "qualification_missing" in missing
    take(knock(alice.account))
    codes = [v["code"] for v in explained(alice)["verdicts"] if not v["passed"]]
    assert "slot_not_open" in codes and "already_on_task" in codes


def test_cancelling_a_task_frees_everybody_and_keeps_the_time(crew):
    alice = crew.tutor("Alice")
    (task,) = crew.tasks(crew.project())
    claim = take(knock(alice.account))
    later(seconds=40)
    answer = knock(crew.max).post(
        f"/api/v1/tasks/{task.public_id}/cancel/", {"reason": "not wanted"}, format="json"
    )
    assert answer.status_code == 200, answer.json()
    assert Task.objects.get().state == "cancelled"
    assert Claim.objects.get().state == "released"
    assert Slot.objects.get().state == "cancelled"
    entry = TimeEntry.objects.get()
    assert entry.state == "submitted" and entry.seconds >= 40
    assert hand_in(knock(alice.account), claim).status_code == 409


def test_a_client_has_no_work_room(crew):
    carl = person("Carl", Role.CLIENT)
    assert knock(carl).post("/api/v1/work/claims/", {}, format="json").status_code == 403
    assert not Offer.objects.exists() and not Draft.objects.exists()
