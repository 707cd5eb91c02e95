"""Own, foreign and made-up ids: what is not yours looks exactly like what is not there.

The road is walked once; then everybody who is not staff asks for everything that it left
behind. Operations are read off the URL map, so a new one is asked as well.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from rest_framework.test import APIClient

from tasks.types import task_type
from tests.jobs import catch_up
from tests.road.walk import Walk
from tests.roles.doors import PARAMETER, Knock, all_doors
from workforce.models import Event
from workforce.rules.roles import Role

OUTSIDE = {Role.TUTOR, Role.CLIENT, Role.REVIEWER}
OPEN_TO_ALL = {"task-types"}
PUSHED = 12
OWNERS = {"tutor": ("tutor_1",), "client": ("client_a",), "reviewer": ("reviewer_1",)}
STRANGERS = {"tutor": "tutor_3", "client": "client_b", "reviewer": "reviewer_2"}
UNKNOWN = 999_999_999


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walk]:
    with django_db_blocker.unblock(), transaction.atomic():
        walked = Walk().all_the_way()
        walked.made |= walk_more(walked)
        yield walked
        transaction.set_rollback(True)


def walk_more(walked: Walk) -> dict[str, str]:
    """What the road itself does not show: papers, an offer, a picture, a webhook, a token."""
    endpoint = walked.post(
        "client_a", "webhook-endpoints/", {"url": "https://hooks.example.org/lectern"}, status=201
    )
    made = {
        "webhook-endpoints": endpoint["id"],
        "tutors": walked.world["accounts"]["tutor_1"]["tutor_id"],
        "contracts": walked.get("tutor_1", "contracts/")["results"][0]["id"],
        "agreements": walked.get("tutor_1", "agreements/")["results"][0]["id"],
        "tokens": walked.get("tutor_1", "tokens/")["results"][0]["id"],
        "offers": offered(walked),
        "alerts": alerted(walked),
        "media": pictured(walked),
    }
    made["webhook-deliveries"] = walked.get("client_a", "webhook-deliveries/")["results"][0]["id"]
    return made


def offered(walked: Walk) -> str:
    """A project that pushes tasks enough for everybody, and an offer that tutor_1 got."""
    like = walked.get("client_a", f"projects/{walked.made['projects']}/")
    wanted = {
        "name": "Pushed",
        "domain": "stem",
        "task_type": "preference",
        "guide": "# Push",
        "requirements": like["requirements"],
        "dispatch": "push",
    }
    project = walked.post("client_a", "projects/", wanted, status=201)
    sample = task_type("preference").sample_input
    items = [{"external_id": f"p-{n}", "input": sample} for n in range(PUSHED)]
    walked.post("client_a", f"projects/{project['id']}/batches/", {"items": items}, status=202)
    catch_up()
    return str(walked.get("tutor_1", "work/offers/")["results"][0]["id"])


def alerted(walked: Walk) -> str:
    """A queue that tutor_1 waits for: the first of hers in which nothing waits."""
    lines = walked.get("tutor_1", "work/queue/")["results"]
    pool = next(line["pool"] for line in lines if line["state"] != "open")
    return str(walked.post("tutor_1", "work/alerts/", {"pool": pool}, status=201)["id"])


def pictured(walked: Walk) -> str:
    """A picture that the client stored."""
    picture = task_type("image").sample_media[0].file.read_bytes()
    upload = SimpleUploadedFile("scene.png", picture, content_type="image/png")
    kept = walked.client("client_a").post("/api/v1/media/", {"file": upload}, format="multipart")
    assert kept.status_code == 201, kept.content
    return str(kept.json()["id"])


def kind_of(door: Knock) -> str:
    """What the id in an address names: the word before it."""
    return door.route.partition(PARAMETER)[0].rstrip("/").rpartition("/")[2]


def ask(client: APIClient, door: Knock, ident: str) -> Any:
    url = door.url(ident)
    with transaction.atomic():
        send = getattr(client, door.method)
        answer = send(url) if door.method == "get" else send(url, {}, format="json")
        transaction.set_rollback(True)
    return answer


BY_ID = sorted(
    (
        door
        for door in all_doors()
        if door.route.count(PARAMETER) == 1
        and door.spec.roles & OUTSIDE
        and kind_of(door) not in OPEN_TO_ALL
    ),
    key=lambda door: door.name,
)
"""Operations on one thing that somebody outside the house may use."""


@pytest.mark.parametrize("door", BY_ID, ids=lambda d: d.name)
def test_a_foreign_id_looks_like_a_missing_one(door: Knock, walk: Walk):
    mine = walk.made[kind_of(door)]
    events = Event.objects.count()
    for role, who in STRANGERS.items():
        if Role(role) in door.spec.roles:
            client = walk.client(who)
            foreign = ask(client, door, mine)
            missing = ask(client, door, f"{mine.partition('-')[0]}-{UNKNOWN}")
            assert (foreign.status_code, foreign.content) == (404, missing.content), who
    assert Event.objects.count() == events


@pytest.mark.parametrize("door", BY_ID, ids=lambda d: d.name)
def test_ones_own_id_is_found(door: Knock, walk: Walk):
    owners = [w for role, whos in OWNERS.items() if Role(role) in door.spec.roles for w in whos]
    answers = [ask(walk.client(w), door, walk.made[kind_of(door)]).status_code for w in owners]
    assert any(status not in (401, 403, 404) for status in answers), answers


LISTS = sorted((d for d in all_doors() if d.spec.many and PARAMETER not in d.route),
               key=lambda d: d.name)  # fmt: skip


@pytest.mark.parametrize("door", LISTS, ids=lambda d: d.name)
def test_a_list_shows_nothing_foreign(door: Knock, walk: Walk):
    for role, who in STRANGERS.items():
        if Role(role) not in door.spec.roles:
            continue
        text = walk.client(who).get(door.url()).content.decode()
        for ident in walk.made.values():
            assert f'"{ident}"' not in text, (door.name, who, ident)
