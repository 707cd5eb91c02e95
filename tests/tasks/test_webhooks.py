"""News for clients: signed, delivered by real HTTP to a real server, tried again, replayed."""

import contextlib
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from tasks.models import WebhookDelivery, WebhookEndpoint
from tasks.operations.welcoming import join
from tasks.providers import callbacks
from tasks.rules.webhooks import RETRY_SECONDS, is_public, url_fault
from tests.people import knock, person
from tests.tasks.commissions import client_with, commissioned, grounds, item, work_off
from tests.tasks.crew import ANSWER, Crew
from tests.tasks.test_export import answer_one, judge_one
from workforce.models import Event, Job
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

NEWS = ("tasks.load_batch", "tasks.deliver_news", "tasks.deliver_webhook")


class Inbox(ThreadingHTTPServer):
    """A client's server: keeps what it gets, answers as told."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got = []
        self.status = 204
        self.headers_out = {}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hooks?from=lectern"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(self.server.status)
        for name, value in self.server.headers_out.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def serving():
    with Inbox() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def inbox(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with serving() as server:
        yield server


@pytest.fixture
def carls():
    grounds()
    return knock(client_with("Harbour", "Carl")[1])


def register(carls, url, **more):
    answer = carls.post("/api/v1/webhook-endpoints/", {"url": url, **more}, format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def hand_in(carls):
    project = commissioned(carls)
    carls.post(f"/api/v1/projects/{project}/batches/", {"items": [item(1)]}, format="json")
    work_off(kinds=NEWS)
    return project


def genuine(secret, headers, body):
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return wanted in headers["webhook-signature"].split(" ")


def test_a_finished_batch_is_told_with_a_signature(carls, inbox):
    endpoint = register(carls, inbox.url)
    project = hand_in(carls)
    ((headers, body),) = inbox.got
    told = json.loads(body)
    assert told["kind"] == "tasks.batch_done"
    assert told["data"] == {
        "batch": told["data"]["batch"],
        "project": project,
        "state": "done",
        "received": 1,
        "new": 1,
        "duplicate": 0,
        "error": 0,
    }
    assert genuine(endpoint["secret"], headers, body)
    assert not genuine("whsec_other", headers, body)
    assert not genuine(endpoint["secret"], headers, body + b" ")
    (row,) = carls.get("/api/v1/webhook-deliveries/").json()["results"]
    assert (row["state"], row["attempts"], row["last_status"]) == ("delivered", 1, 204)
    assert row["id"] == headers["webhook-id"]
    assert row["body"].encode() == body


def test_the_secret_is_shown_once_and_kept_closed(carls, inbox):
    endpoint = register(carls, inbox.url)
    shown = carls.get(f"/api/v1/webhook-endpoints/{endpoint['id']}/").json()
    assert "secret" not in shown
    assert endpoint["secret"] not in WebhookEndpoint.objects.get().secret


def test_while_rotating_both_secrets_sign(carls, inbox):
    first = register(carls, inbox.url)
    second = carls.post(f"/api/v1/webhook-endpoints/{first['id']}/rotate/").json()
    assert second["secret"] != first["secret"]
    hand_in(carls)
    ((headers, body),) = inbox.got
    assert genuine(first["secret"], headers, body)
    assert genuine(second["secret"], headers, body)
    WebhookEndpoint.objects.update(secret_before_until=timezone.now() - timedelta(seconds=1))
    carls.post(f"/api/v1/webhook-deliveries/{headers['webhook-id']}/replay/")
    work_off(kinds=NEWS)
    headers, body = inbox.got[1]
    assert not genuine(first["secret"], headers, body)
    assert genuine(second["secret"], headers, body)


def test_only_the_kinds_asked_for_are_told(carls, inbox):
    register(carls, inbox.url, kinds=["tasks.reviewed"])
    hand_in(carls)
    assert inbox.got == []
    answer = carls.post(
        "/api/v1/webhook-endpoints/", {"url": inbox.url, "kinds": ["money"]}, format="json"
    )
    assert answer.status_code == 400


def test_others_hear_nothing(carls, inbox):
    _, charlie = client_with("Quarry", "Charlie")
    register(knock(charlie), inbox.url)
    hand_in(carls)
    assert WebhookDelivery.objects.count() == 0


def test_a_failure_is_tried_again_later_and_then_taken(carls, inbox):
    register(carls, inbox.url)
    inbox.status = 500
    hand_in(carls)
    row = WebhookDelivery.objects.get()
    assert (row.state, row.attempts, row.last_status) == ("due", 1, 500)
    again = Job.objects.get(kind="tasks.deliver_webhook", state="due")
    wait = again.run_at - Job.objects.get(kind="tasks.deliver_webhook", state="done").done_at
    assert timedelta(seconds=3) < wait <= timedelta(seconds=RETRY_SECONDS[1])
    assert WebhookEndpoint.objects.get().failing_since is not None
    inbox.status = 200
    Job.objects.filter(pk=again.pk).update(run_at=timezone.now())
    work_off(kinds=NEWS)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("delivered", 2)
    assert [h["webhook-id"] for h, _ in inbox.got] == [row.public_id] * 2
    assert WebhookEndpoint.objects.get().failing_since is None


def test_redirects_are_not_followed(carls, inbox):
    with serving() as other:
        inbox.status, inbox.headers_out = 307, {"Location": other.url}
        register(carls, inbox.url)
        hand_in(carls)
        assert (len(inbox.got), other.got) == (1, [])
    assert WebhookDelivery.objects.get().last_status == 307


def test_nobody_there_is_a_failure_too(carls, inbox):
    register(carls, "http://127.0.0.1:9/hooks")
    hand_in(carls)
    row = WebhookDelivery.objects.get()
    assert (row.state, row.attempts, row.last_status) == ("due", 1, None)
    assert "Connection refused" in row.last_error


def test_three_days_of_failures_switch_it_off_with_a_notice(carls, inbox):
    register(carls, inbox.url)
    with serving() as other:
        register(carls, other.url, kinds=["tasks.webhook_endpoint_disabled"])
        inbox.status = 503
        hand_in(carls)
        WebhookDelivery.objects.update(attempts=len(RETRY_SECONDS) - 1)
        Job.objects.filter(state="due").update(run_at=timezone.now())
        work_off(kinds=NEWS)
        ((_, body),) = other.got
    failed, disabled = WebhookDelivery.objects.order_by("pk")[0], json.loads(body)
    assert failed.state == "failed"
    assert disabled["data"]["reason"] == "It took nothing for three days."
    endpoint = WebhookEndpoint.objects.order_by("pk")[0]
    assert endpoint.state == "disabled"
    assert Event.objects.get(kind="tasks.webhook_endpoint_disabled").subject == endpoint.public_id
    hand_in_again = commissioned(carls)
    assert hand_in_again
    answer = carls.post(f"/api/v1/webhook-deliveries/{failed.public_id}/replay/")
    assert (answer.status_code, answer.json()["code"]) == (409, "delivery_not_ended")
    carls.post(f"/api/v1/webhook-endpoints/{endpoint.public_id}/enable/")
    inbox.status = 204
    answer = carls.post(f"/api/v1/webhook-deliveries/{failed.public_id}/replay/")
    assert (answer.status_code, answer.json()["state"]) == (202, "due")
    work_off(kinds=NEWS)
    failed.refresh_from_db()
    assert (failed.state, failed.replays) == ("delivered", 1)


def test_gone_switches_it_off_at_once(carls, inbox):
    inbox.status = 410
    endpoint = register(carls, inbox.url)
    hand_in(carls)
    assert carls.get(f"/api/v1/webhook-endpoints/{endpoint['id']}/").json()["state"] == "disabled"
    assert WebhookDelivery.objects.get().state == "failed"


def test_a_doubled_message_makes_one_delivery(carls, inbox):
    register(carls, inbox.url)
    hand_in(carls)
    from tasks.operations.delivering import announce

    event = Event.objects.get(kind="tasks.batch_done")
    assert announce(event_id=event.pk, at=timezone.now()) == 0
    assert WebhookDelivery.objects.count() == 1


def test_endpoints_are_changed_and_switched_off(carls, inbox):
    endpoint = register(carls, inbox.url)
    path = f"/api/v1/webhook-endpoints/{endpoint['id']}/"
    changed = carls.patch(path, {"kinds": ["tasks.batch_done"]}, format="json").json()
    assert changed["kinds"] == ["tasks.batch_done"]
    assert carls.patch(path, {"state": "active"}, format="json").status_code == 400
    assert carls.delete(path).json()["state"] == "disabled"
    hand_in(carls)
    assert inbox.got == []


def test_foreign_endpoints_are_missing_ones(carls, inbox):
    endpoint = register(carls, inbox.url)["id"]
    hand_in(carls)
    delivery = WebhookDelivery.objects.get().public_id
    charlies = knock(client_with("Quarry", "Charlie")[1])
    for answer in (
        charlies.get(f"/api/v1/webhook-endpoints/{endpoint}/"),
        charlies.patch(f"/api/v1/webhook-endpoints/{endpoint}/", {"kinds": []}, format="json"),
        charlies.delete(f"/api/v1/webhook-endpoints/{endpoint}/"),
        charlies.post(f"/api/v1/webhook-endpoints/{endpoint}/rotate/"),
        charlies.post(f"/api/v1/webhook-deliveries/{delivery}/replay/"),
    ):
        assert answer.status_code == 404
    assert charlies.get("/api/v1/webhook-deliveries/").json()["results"] == []
    assert WebhookEndpoint.objects.get().state == "active"


PRIVATE = [
    "http://example.org/hooks",
    "https://127.0.0.1/hooks",
    "https://localhost/",
    "https://10.0.0.7/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::a00:1]/",
    "https://[fe80::1]/",
    "https://user:pass@example.org/",
    "https://example.org:0/",
    "file:///etc/passwd",
    "gopher://example.org/",
    "https://exa mple.org/",
    "https://printer.local/",
    "nonsense",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_addresses_that_we_would_not_call_are_refused(carls, url):
    answer = carls.post("/api/v1/webhook-endpoints/", {"url": url}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["url"])
    assert WebhookEndpoint.objects.count() == 0


def test_a_name_that_leads_home_is_not_called(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    with pytest.raises(callbacks.CannotCall, match="not on the public internet"):
        callbacks._resolved("localhost", 443)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("192.168.1.1", False),
        ("2002:0a00:0001::", False),
        ("fd00::1", False),
    ],
)
def test_public_addresses_are_told_from_others(address, public):
    assert is_public(address) is public


def test_ordinary_addresses_pass():
    assert url_fault("https://hooks.example.org:8443/in?x=1", own_machine=False) == ""


def test_development_may_call_its_own_machine_and_nothing_else_within():
    assert url_fault("http://127.0.0.1:8000/", own_machine=True) == ""
    assert url_fault("http://localhost:8000/", own_machine=True) == ""
    for url in ("http://10.0.0.1/", "http://169.254.169.254/", "http://printer.local/"):
        assert url_fault(url, own_machine=True) != ""


def test_answers_and_reviews_are_told_without_naming_anybody(inbox):
    crew = Crew()
    carl = person("Carl", Role.CLIENT)
    join(client=crew.client, account=carl, actor=crew.max, at=crew.at)
    register(knock(carl), inbox.url)
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True)
    project = crew.project()
    (task,) = crew.tasks(project)
    answer_one(alice)
    judge_one(rita, note="Well seen.")
    work_off(kinds=NEWS)
    told = {json.loads(body)["kind"]: json.loads(body)["data"] for _, body in inbox.got}
    assert set(told) == {"tasks.batch_done", "tasks.submitted", "tasks.reviewed"}
    assert told["tasks.submitted"] == {
        "task": task.public_id,
        "external_id": "row-0",
        "project": project.public_id,
        "submission": told["tasks.reviewed"]["submission"],
        "cannot": False,
        "task_done": False,
    }
    assert told["tasks.reviewed"]["decision"] == "accept"
    assert told["tasks.reviewed"]["task_done"] is True
    sent = b"".join(body for _, body in inbox.got).decode()
    for name in (alice.public_id, rita.public_id, alice.account.email, "Rita"):
        assert f'"{name}"' not in sent


def test_of_answers_to_known_ones_clients_hear_nothing(inbox):
    crew = Crew()
    carl = person("Carl", Role.CLIENT)
    join(client=crew.client, account=carl, actor=crew.max, at=crew.at)
    register(knock(carl), inbox.url)
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True)
    crew.tasks(crew.project(), gold=ANSWER)
    answer_one(alice)
    judge_one(rita, note="Well seen.")
    work_off(kinds=NEWS)
    assert [json.loads(body)["kind"] for _, body in inbox.got] == ["tasks.batch_done"]
