"""The whole road in one process, through the API: from a batch to settled pay.

Everybody is of the check seed. What came of each stage is kept by its public id, so that other
tests can ask who may see it.
"""

import json
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.test import override_settings
from rest_framework.test import APIClient

from payments.demo import made_up_iban
from payments.providers.demobank import answer
from tasks.types import task_type
from tests.jobs import catch_up
from tests.tasks.ageing import later
from workforce.doors import now

Answer = Any
PAYER = {"name": "Lectern Operations", "iban": made_up_iban(number=1_000_000), "bic": ""}
WORKED_SECONDS = 600
REVIEWED_SECONDS = 120


def seed() -> dict[str, Any]:
    out = StringIO()
    call_command("seed", scenario="check", json=True, stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return told


@dataclass
class Walk:
    """One walk and what it left behind: `made` maps a kind of thing to its public id."""

    world: dict[str, Any] = field(default_factory=seed)
    made: dict[str, str] = field(default_factory=dict)

    def client(self, who: str) -> APIClient:
        client = APIClient()
        token = self.world["accounts"][who]["token"]
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    def get(self, who: str, path: str) -> Answer:
        found = self.client(who).get(f"/api/v1/{path}")
        assert found.status_code == 200, found.content
        return found.json()

    def post(self, who: str, path: str, body: Any = None, *, status: int = 200) -> Answer:
        found = self.client(who).post(f"/api/v1/{path}", body or {}, format="json")
        assert found.status_code == status, (path, found.status_code, found.content)
        return found.json() if found.content else None

    # --- the stages

    def hand_in(self, *, count: int = 1) -> None:
        sample = task_type("preference").sample_input
        items = [{"external_id": f"q-{n}", "input": sample} for n in range(count)]
        project = self.world["projects"]["stem"]
        batch = self.post("client_a", f"projects/{project}/batches/", {"items": items}, status=202)
        catch_up()
        loaded = self.get("client_a", f"batches/{batch['id']}/")
        assert (loaded["state"], loaded["counts"]["new"]) == ("done", count)
        self.made |= {"projects": project, "batches": batch["id"]}
        self.made["clients"] = self.world["accounts"]["client_a"]["client_id"]

    def work(self, *, who: str = "tutor_1") -> None:
        project = self.world["projects"]["stem"]
        claim = self.post(who, "work/claims/", {"project": project}, status=201)
        self.made |= {"claims": claim["id"], "tasks": claim["task"]["id"]}
        later(seconds=WORKED_SECONDS)
        draft = {"answer": {"reason": "so far"}, "version": 0}
        kept = self.client(who).put(
            f"/api/v1/work/claims/{claim['id']}/draft/", draft, format="json"
        )
        assert kept.status_code == 200, kept.content
        handed = self.post(
            who,
            f"work/claims/{claim['id']}/submit/",
            {"fence": claim["fence"], "answer": task_type("preference").sample_answer},
        )
        self.made["submissions"] = handed["id"]

    def review(self) -> None:
        claim = self.post("reviewer_1", "work/claims/", {"role": "review"}, status=201)
        assert claim["submission"]["id"] == self.made["submissions"]
        later(seconds=REVIEWED_SECONDS)
        submission = self.made["submissions"]
        self.post("reviewer_1", f"submissions/{submission}/review/", {"decision": "accept"})

    def approve(self) -> None:
        waiting = self.get("manager_1", "time-entries/?state=submitted")["results"]
        ids = [entry["id"] for entry in waiting]
        self.post("manager_1", "time-entries/approve/", {"ids": ids})
        catch_up()
        mine = self.get("tutor_1", "time-entries/")["results"]
        self.made["time-entries"] = mine[0]["id"]
        self.made["earnings"] = self.get("tutor_1", "earnings/")["results"][0]["id"]

    def pay(self) -> None:
        self.post("finance_1", "periods/close/", {"reason": "The walk is over."})
        catch_up()
        self.made["statements"] = self.get("tutor_1", "statements/")["results"][0]["id"]
        batch = self.post("finance_1", "payout-batches/", status=201)
        self.made["payout-batches"] = batch["id"]
        path = f"payout-batches/{batch['id']}"
        self.post("finance_2", f"{path}/approve/")
        self.post("finance_1", f"{path}/send/")
        order = self.client("finance_1").get(f"/api/v1/{path}/file/").content
        for message in answer(file=bytes(order), at=now()):
            read = self.client("finance_1").post(
                "/api/v1/bank-statements/", message, content_type="application/xml"
            )
            assert read.status_code == 200, read.content

    def all_the_way(self) -> "Walk":
        with override_settings(PAYER=PAYER):
            self.hand_in()
            self.work()
            self.review()
            self.approve()
            self.pay()
        return self
