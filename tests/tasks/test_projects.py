"""Clients and their projects, through the API."""

from datetime import timedelta

import pytest

from tasks.models import Client, GuideVersion, Pool, Project, ProjectBudget
from tests.people import AT, knock, person
from tests.tasks.commissions import MATHS, OPEN_TO_ALL, client_with, commissioned, grounds, wish
from tutors.models import Contract, Qualification, Tutor
from workforce.models import Domain, Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def founded():
    grounds()


def test_a_manager_adds_a_client_and_its_member():
    max_ = knock(person("Max", Role.MANAGER))
    client = max_.post("/api/v1/clients/", {"name": "Harbour"}, format="json").json()
    answer = max_.post(
        f"/api/v1/clients/{client['id']}/members/",
        {"email": "carl@example.org", "name": "Carl"},
        format="json",
    )
    assert answer.status_code == 201
    assert answer.json()["email"] == "carl@example.org"
    assert (
        max_.get(f"/api/v1/clients/{client['id']}/members/").json()["results"][0]["name"] == "Carl"
    )


def test_two_clients_never_share_a_name():
    max_ = knock(person("Max", Role.MANAGER))
    max_.post("/api/v1/clients/", {"name": "Harbour"}, format="json")
    answer = max_.post("/api/v1/clients/", {"name": "harbour"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "client_exists")
    assert Client.objects.count() == 1


def test_our_own_people_are_no_members():
    client, _ = client_with("Harbour", "Carl")
    ruth = person("Ruth", Role.RECRUITER)
    answer = knock(person("Max", Role.MANAGER)).post(
        f"/api/v1/clients/{client.public_id}/members/",
        {"email": ruth.email, "name": "Ruth"},
        format="json",
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "member_not_added")
    assert client.members.count() == 1


def test_a_client_commissions_for_itself_and_hears_who_could_do_it():
    client, carl = client_with("Harbour", "Carl")
    answer = knock(carl).post("/api/v1/projects/", wish(requirements=MATHS), format="json")
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert body["client"] == client.public_id
    assert body["state"] == "open"
    assert body["guide"]["version"] == 1
    assert body["budget"] == {
        "currency": "USD",
        "total_minor": 500_000,
        "reserved_minor": 0,
        "used_minor": 0,
        "over_minor": 0,
    }
    assert body["reach"]["nobody"] is True
    assert body["paid_cap_seconds"] == 2 * body["expected_seconds"]


def tutor(name: str, speciality: str) -> Tutor:
    tutor = Tutor.objects.create(account=person(name, Role.TUTOR), country="DE", added_at=AT)
    Qualification.objects.create(
        tutor=tutor,
        domain=Domain.objects.get(slug=speciality),
        level=2,
        granted_at=AT - timedelta(days=1),
        granted_by=(ruth := person("Ruth", Role.RECRUITER)),
    )
    Contract.objects.create(
        tutor=tutor,
        state="active",
        zone="UTC",
        currency="USD",
        starts_at=AT,
        offered_by=ruth,
        offered_at=AT,
        signed_at=AT,
        countersigned_at=AT,
    )
    return tutor


def test_a_requirement_nobody_meets_is_said_at_once_with_the_rule_that_excludes_most():
    _, carl = client_with("Harbour", "Carl")
    tutor("Alice", "stem.mathematics")
    tutor("Bob", "stem.mathematics")
    tutor("Grace", "medicine.nursing")
    reach = (
        knock(carl)
        .post("/api/v1/projects/", wish(requirements=MATHS), format="json")
        .json()["reach"]
    )
    assert (reach["people"], reach["qualified"], reach["nobody"]) == (3, 0, True)
    assert {r["rule"]: r["excluded"] for r in reach["rules"]} == {
        "field": 1,
        "papers": 3,
        "published": 3,
    }
    assert reach["tightest"] == "papers"
    assert "“papers” excludes most: 3 of 3" in reach["message"]


def test_each_role_and_step_gets_a_pool_with_its_own_signature():
    client, carl = client_with("Harbour", "Carl")
    other, charlie = client_with("Quarry", "Charlie")
    mine = commissioned(knock(carl), requirements=MATHS, review_requirements=OPEN_TO_ALL)
    commissioned(knock(charlie), requirements=MATHS)
    pools = Pool.objects.filter(project__client=client)
    assert sorted(pools.values_list("role", "step", "relax_after_minutes", "queue")) == [
        ("adjudicate", 0, 120, "stem"),
        ("adjudicate", 1, None, "stem"),
        ("attempt", 0, 120, "stem"),
        ("attempt", 1, None, "stem"),
        ("review", 0, None, "stem"),
    ]
    attempt = pools.get(role="attempt", step=0)
    relaxed = pools.get(role="attempt", step=1)
    assert attempt.signature != relaxed.signature
    assert [r["id"] for r in relaxed.document["rules"]] == ["field", "papers"]
    theirs = Pool.objects.get(project__client=other, role="attempt", step=0)
    assert theirs.signature != attempt.signature
    assert mine.startswith("P-")


def test_a_manager_names_the_client():
    client, _ = client_with("Harbour", "Carl")
    max_ = knock(person("Max", Role.MANAGER))
    answer = max_.post("/api/v1/projects/", wish(), format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["client"])
    answer = max_.post("/api/v1/projects/", wish(client=client.public_id), format="json")
    assert answer.json()["client"] == client.public_id


def test_nobody_commissions_for_somebody_elses_organisation():
    harbour, _ = client_with("Harbour", "Carl")
    _, charlie = client_with("Quarry", "Charlie")
    answer = knock(charlie).post("/api/v1/projects/", wish(client=harbour.public_id), format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["client"])
    assert Project.objects.count() == 0


REFUSED = {
    "unknown type": ({"task_type": "poetry"}, "task_type"),
    "unknown domain": ({"domain": "alchemy"}, "domain"),
    "too many slots": ({"overlap": 21}, "overlap"),
    "a cap below the expected time": (
        {"expected_seconds": 600, "paid_cap_seconds": 300},
        "paid_cap_seconds",
    ),
    "a hold below the lease": ({"lease_seconds": 900, "hold_seconds": 60}, "hold_seconds"),
    "a field of ours": ({"state": "closed"}, "state"),
    "a rule that cannot be read": (
        {"requirements": {"schema": 1, "name": "x", "rules": [{"id": "a", "mode": "iron"}]}},
        "requirements.rules.0.mode",
    ),
    "too many rules": (
        {"requirements": {"schema": 1, "name": "x", "rules": [{}] * 11}},
        "requirements.rules",
    ),
}


@pytest.mark.parametrize(("change", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_project_leaves_nothing(change, field):
    _, carl = client_with("Harbour", "Carl")
    events = Event.objects.count()
    answer = knock(carl).post("/api/v1/projects/", wish(**change), format="json")
    assert answer.status_code == 400
    assert field in answer.json()["errors"], answer.json()
    assert Project.objects.count() == 0
    assert Event.objects.exclude(kind__startswith="workforce").count() <= events


def test_a_condition_that_is_no_condition_is_named():
    _, carl = client_with("Harbour", "Carl")
    test = {"kind": "opt_in", "content": ["gore"]}
    asks = {"schema": 1, "name": "Calm", "rules": [{"id": "a", "mode": "hard", "test": test}]}
    answer = knock(carl).post("/api/v1/projects/", wish(requirements=asks), format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_requirements")
    assert list(answer.json()["errors"]) == ["requirements.rules.0.test.content"]
    assert Project.objects.count() == 0


def test_a_new_guide_is_a_new_version():
    _, carl = client_with("Harbour", "Carl")
    mine = commissioned(knock(carl))
    answer = knock(carl).patch(
        f"/api/v1/projects/{mine}/", {"guide": "# Two", "priority": 80}, format="json"
    )
    assert answer.status_code == 200
    assert (answer.json()["guide"]["version"], answer.json()["priority"]) == (2, 80)
    assert list(GuideVersion.objects.order_by("n").values_list("n", flat=True)) == [1, 2]
    changed = Event.objects.get(kind="tasks.project_changed")
    assert changed.body == {
        "changed": ["priority"],
        "state": "open",
        "queue": "stem",
        "reason": "",
    }


def test_fields_that_are_not_to_be_changed_are_refused():
    _, carl = client_with("Harbour", "Carl")
    mine = commissioned(knock(carl))
    answer = knock(carl).patch(f"/api/v1/projects/{mine}/", {"overlap": 3}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["overlap"])


def test_pause_resume_and_close_follow_their_order():
    _, carl = client_with("Harbour", "Carl")
    carls = knock(carl)
    mine = commissioned(carls)

    def steer(verb: str) -> tuple[int, str]:
        answer = carls.post(f"/api/v1/projects/{mine}/{verb}/")
        return answer.status_code, answer.json().get("state", answer.json().get("code"))

    assert steer("resume") == (409, "project_state")
    assert steer("pause") == (200, "paused")
    assert steer("resume") == (200, "open")
    assert steer("close") == (200, "closed")
    assert steer("pause") == (409, "project_state")
    answer = carls.patch(f"/api/v1/projects/{mine}/", {"priority": 1}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "project_state")


def test_money_is_added_to_a_limited_budget_once():
    _, carl = client_with("Harbour", "Carl")
    carls = knock(carl)
    mine = commissioned(carls)
    more = {"amount_minor": 1_000, "currency": "USD"}
    for _ in range(2):
        answer = carls.post(
            f"/api/v1/projects/{mine}/top-up/", more, format="json", HTTP_IDEMPOTENCY_KEY="k1"
        )
        assert answer.json()["budget"]["total_minor"] == 501_000
    euros = {"amount_minor": 1_000, "currency": "EUR"}
    answer = carls.post(f"/api/v1/projects/{mine}/top-up/", euros, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_currency")
    assert ProjectBudget.objects.get().total_minor == 501_000


def test_a_foreign_project_is_a_missing_one():
    _, carl = client_with("Harbour", "Carl")
    _, charlie = client_with("Quarry", "Charlie")
    mine = commissioned(knock(carl))
    charlies = knock(charlie)
    missing = charlies.get("/api/v1/projects/P-999999/")
    for answer in (
        charlies.get(f"/api/v1/projects/{mine}/"),
        charlies.patch(f"/api/v1/projects/{mine}/", {"priority": 1}, format="json"),
        charlies.post(f"/api/v1/projects/{mine}/close/"),
        charlies.post(f"/api/v1/projects/{mine}/batches/", {"items": []}, format="json"),
        charlies.get(f"/api/v1/projects/{mine}/batches/"),
    ):
        assert (answer.status_code, answer.json()) == (404, missing.json())
    assert charlies.get("/api/v1/projects/").json()["results"] == []
    assert charlies.get("/api/v1/clients/").json()["results"][0]["name"] == "Quarry"
    assert Project.objects.get().state == "open"


def test_a_member_whose_role_was_not_given_sees_nothing():
    client, _ = client_with("Harbour", "Carl")
    alice = person("Alice", Role.TUTOR)
    assert knock(alice).get(f"/api/v1/clients/{client.public_id}/").status_code == 403


def test_texts_with_markup_stay_texts():
    _, carl = client_with("Harbour", "Carl")
    nasty = "</script><img src=x onerror=alert(1)>"
    mine = commissioned(knock(carl), name=nasty, guide=nasty)
    answer = knock(carl).get(f"/api/v1/projects/{mine}/")
    assert answer["Content-Type"] == "application/json"
    assert (answer.json()["name"], answer.json()["guide"]["text"]) == (nasty, nasty)
