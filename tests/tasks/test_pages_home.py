"""Home of the Work portal: Alice and Bob are offered work, Rita sends something back."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tasks.models import Claim, Exclusion, Offer
from tasks.operations.claiming import claim
from tasks.operations.routing import route_queue
from tasks.operations.steering import pause
from tasks.rules.states import Dispatch, WorkRole
from tests.people import person
from tests.tasks.ageing import later
from tests.tasks.crew import moment
from tests.tasks.statements import counting
from tests.tasks.test_policy_at_work import hand_in, taken
from tutors.operations.presence import set_presence
from tutors.rules.states import Presence
from workforce.models import Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

HOME_STATEMENTS_MAX = 30
LIVE_STATEMENTS_MAX = 4


def come(who):
    client = Client()
    client.force_login(getattr(who, "account", who))
    return client


def text_of(answer):
    """What stands on the page, without markup."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def offered(crew, *, people=("Alice",), count=1, **changes):
    """A pushed project and somebody to whom its tasks are offered by now."""
    tutors = [crew.tutor(name) for name in people]
    project = crew.project(dispatch=Dispatch.PUSH, **changes)
    crew.tasks(project, count)
    route_queue(queue="stem", at=moment())
    return (*tutors, project)


def test_an_offer_says_what_why_how_long_and_how_much(crew):
    alice, project = offered(crew, sla_minutes=120)
    page = come(alice).get("/work/")
    text = text_of(page)
    offer = Offer.objects.get()
    assert "Good" in text and "Alice" in text
    assert "1 offer matches you." in text
    assert "Critique an answer, Mathematics" in text
    assert f"{project.name}, batch B-" in text
    assert "About 10 m, limit 20 m" in text
    assert "Qualified in Mathematics, level 1" in text
    assert "Due" in text
    assert f'id="accept-{offer.public_id}"' in page.content.decode()
    assert 'data-key="a"' in page.content.decode()
    assert "style=" not in page.content.decode()


def test_where_nothing_is_offered_her_home_says_how_work_comes(crew):
    """By offer alone, to be taken from the queues below, or not at all."""
    alice = crew.tutor("Alice")
    push = crew.project(dispatch=Dispatch.PUSH)
    assert "Nothing waits in the queues that are open to you." in text_of(come(alice).get("/work/"))
    crew.tasks(push)
    by_offer = text_of(come(alice).get("/work/"))
    assert "What waits in your queues comes by offer." in by_offer
    assert "Nothing waits" not in by_offer.partition("Your queues")[0]
    crew.tasks(crew.project(name="Pulled"))
    assert "Take the next task" in text_of(come(alice).get("/work/"))


def test_where_only_reviews_wait_they_are_to_be_taken_below(crew):
    alice, rita = crew.tutor("Alice"), crew.tutor("Rita", reviewer=True)
    project = crew.project()
    crew.tasks(project)
    hand_in(taken(alice, project))
    offers = text_of(come(rita).get("/work/")).partition('id="queues"')[0]
    assert "Your queues below have work that you can take yourself." in offers
    assert "Take the next task" not in offers


def test_accepting_an_offer_makes_the_claim_and_leads_to_it(crew):
    alice, _project = offered(crew)
    offer = Offer.objects.get()
    answer = come(alice).post(f"/work/offers/{offer.public_id}/accept/")
    held = Claim.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/work/task/{held.public_id}/")
    assert held.tutor_id == alice.pk and held.offer_id == offer.pk


def test_a_form_sent_twice_accepts_once(crew):
    alice, _project = offered(crew)
    client, offer = come(alice), Offer.objects.get()
    path = f"/work/offers/{offer.public_id}/accept/"
    answers = [client.post(path, {"_key": "once"})["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert Claim.objects.count() == 1


def test_an_offer_that_ran_out_is_told_in_words_and_changes_nothing(crew):
    alice, _project = offered(crew)
    offer = Offer.objects.get()
    later(seconds=3_600)
    answer = come(alice).post(f"/work/offers/{offer.public_id}/accept/", follow=True)
    assert "The time for this offer ran out at" in text_of(answer)
    assert "It does not count against you." in text_of(answer)
    assert Claim.objects.count() == 0


def test_what_went_to_another_tutor_says_so(crew):
    alice, project = offered(crew)
    offer = Offer.objects.get()
    bob = crew.tutor("Bob")
    Offer.objects.update(
        state="expired",
        expires_at=moment() - timedelta(seconds=20),
        ended_at=moment() - timedelta(seconds=20),
    )
    project.pools.get(role="attempt", step=0).slots.update(state="open")
    type(project).objects.update(dispatch="both")
    claim(account=bob.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=moment())
    answer = come(alice).post(f"/work/offers/{offer.public_id}/accept/", follow=True)
    assert "This offer went to another tutor at" in text_of(answer)
    assert Claim.objects.filter(tutor=alice).count() == 0


def test_somebody_elses_offer_is_not_there(crew):
    offered(crew)
    bob = crew.tutor("Bob")
    offer = Offer.objects.get()
    for verb in ("accept", "pass"):
        answer = come(bob).post(f"/work/offers/{offer.public_id}/{verb}/")
        assert answer.status_code == 404
    assert Offer.objects.get().state == "offered"


def test_two_tutors_never_see_the_same_offer(crew):
    alice, bob, _project = offered(crew, people=("Alice", "Bob"))
    pages = [text_of(come(who).get("/work/")) for who in (alice, bob)]
    assert sum("Critique an answer, Mathematics" in page for page in pages) == 1


def test_passing_keeps_the_reason_and_scores_nothing(crew):
    alice, _project = offered(crew)
    offer = Offer.objects.get()
    path = f"/work/offers/{offer.public_id}/pass/"
    answer = come(alice).post(path, {"reason": "no time now"}, follow=True)
    assert "does not count against you" in text_of(answer)
    offer.refresh_from_db()
    assert (offer.state, offer.reason) == ("declined", "no time now")
    assert Exclusion.objects.filter(tutor=alice, task=offer.task_id).exists()
    again = come(alice).post(path, {"reason": "other"}, follow=True)
    assert "You passed on this offer already" in text_of(again)


def test_the_live_part_says_nothing_until_something_changes(crew):
    alice, project = offered(crew)
    client = come(alice)
    page = client.get("/work/").content.decode()
    seen = re.search(r"/work/live/\?seen=(\w+)", page)[1]
    client.get(f"/work/live/?seen={seen}")
    with counting() as counted:
        quiet = client.get(f"/work/live/?seen={seen}", headers={"HX-Request": "true"})
    assert (quiet.status_code, quiet.content) == (204, b"")
    assert len(counted) <= LIVE_STATEMENTS_MAX, counted.statements
    crew.tasks(project)
    route_queue(queue="stem", at=moment())
    fresh = client.get(f"/work/live/?seen={seen}", headers={"HX-Request": "true"})
    assert fresh.status_code == 200
    assert fresh.content.decode().count("data-offer=") == 2
    assert 'hx-swap-oob="true"' in fresh.content.decode()
    assert f"seen={seen}" not in fresh.content.decode()


def test_the_live_part_says_that_the_only_offer_ended(crew):
    """Its id moves from what is live to what has ended: the same id, another story."""
    alice, _project = offered(crew)
    client = come(alice)
    seen = re.search(r"/work/live/\?seen=(\w+)", client.get("/work/").content.decode())[1]
    Offer.objects.update(state="withdrawn", ended_at=moment(), reason="stopped")
    fresh = client.get(f"/work/live/?seen={seen}", headers={"HX-Request": "true"})
    assert fresh.status_code == 200
    assert "This offer was withdrawn at" in text_of(fresh)


def test_an_offer_that_ends_by_itself_does_not_just_vanish(crew):
    alice, _project = offered(crew)
    ended = moment() - timedelta(seconds=5)
    Offer.objects.update(state="withdrawn", ended_at=ended, reason="stopped")
    text = text_of(come(alice).get("/work/"))
    assert "This offer was withdrawn at" in text
    Offer.objects.update(ended_at=moment() - timedelta(hours=1))
    assert "This offer was withdrawn at" not in text_of(come(alice).get("/work/"))


@pytest.mark.parametrize("count", [1, 40])
def test_statements_do_not_grow_with_offers(crew, count):
    alice, _project = offered(crew)
    offer = Offer.objects.get()
    crew.tasks(_project, count)
    slots = _project.pools.get(role="attempt", step=0).slots.filter(state="open")
    for slot in slots[: count - 1]:
        type(slot).objects.filter(pk=slot.pk).update(state="offered")
        Offer.objects.create(
            slot=slot, task_id=slot.task_id, pool_id=slot.pool_id, tutor=alice, why=offer.why,
            rate_minor_hourly=9000, currency="USD", expires_at=moment() + timedelta(minutes=9),
        )  # fmt: skip
    client = come(alice)
    client.get("/work/")
    with counting() as counted:
        page = client.get("/work/")
    assert page.content.decode().count("data-offer=") == count
    assert len(counted) <= HOME_STATEMENTS_MAX, counted.statements


def test_statements_do_not_grow_with_queues(crew):
    alice = crew.tutor("Alice")
    counts = []
    for wanted in (1, 25):
        while crew.client.projects.count() < wanted:
            crew.tasks(crew.project(name=f"Proofs {crew.client.projects.count()}"))
        client = come(alice)
        client.get("/work/?queues=all")
        with counting() as counted:
            page = client.get("/work/?queues=all")
        assert page.content.decode().count('class="q"') == wanted
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_queues_say_what_is_open_closed_and_what_would_open_it(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(name="Open proofs"), 3)
    asked = {
        "schema": 1,
        "name": "Hard",
        "rules": [
            {
                "id": "field",
                "mode": "hard",
                "test": {
                    "kind": "qualification",
                    "speciality": "stem.physics",
                    "level_min": 2,
                },
            }
        ],
    }
    crew.tasks(crew.project(name="Hard physics", domain="stem.physics", requirements=asked), 2)
    text = text_of(come(alice).get("/work/"))
    assert "Open proofs Open, 1 task" in text or "Open proofs Open, 3 tasks" in text
    assert "Hard physics Closed to you" in text
    assert "Needs the Physics qualification, level 2." in text


def test_a_queue_she_knows_is_shown_empty_and_paused(crew):
    alice = crew.tutor("Alice")
    project = crew.project(name="Proofs")
    crew.tasks(project)
    claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=moment())
    assert "Proofs Empty" in text_of(come(alice).get("/work/"))
    crew.tasks(project, 2)
    pause(project=project, actor=crew.max, at=moment(), reason="The client revises its guide")
    text = text_of(come(alice).get("/work/"))
    assert "Proofs Paused" in text and "Nothing you did." in text
    assert "The client revises its guide." in text


def test_taking_the_next_of_a_queue(crew):
    alice = crew.tutor("Alice")
    project = crew.project()
    crew.tasks(project)
    answer = come(alice).post("/work/next/", {"project": project.public_id, "role": "attempt"})
    held = Claim.objects.get()
    assert answer["Location"] == f"/work/task/{held.public_id}/"
    text = text_of(come(alice).get("/work/"))
    assert "Pick up where you left off" in text and "Resume" in text


def test_the_last_task_goes_to_one_of_two(crew):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    project = crew.project()
    crew.tasks(project)
    for who in (alice, bob):
        answer = come(who).post("/work/next/", {"project": project.public_id}, follow=False)
        assert answer.status_code == 303
    assert list(Claim.objects.values_list("tutor_id", flat=True)) == [alice.pk]
    assert "Somebody took the last of it" in text_of(
        come(bob).post("/work/next/", {"project": project.public_id}, follow=True)
    )


def test_taking_without_a_contract_is_refused_in_words(crew):
    alice = crew.tutor("Alice", contract=False)
    crew.tasks(crew.project())
    before = Event.objects.count()
    answer = come(alice).post("/work/next/", {}, follow=True)
    assert "contract" in text_of(answer)
    assert Claim.objects.count() == 0 and Event.objects.count() == before


def test_presence_is_switched_on_until_a_time_and_off_with_a_reason(crew):
    alice = crew.tutor("Alice")
    client = come(alice)
    said = client.post("/work/presence/", {"reason": "A break"}, follow=True)
    alice.refresh_from_db()
    assert (alice.presence, alice.presence_reason) == ("paused", "A break")
    assert "You are paused." in text_of(said) and "/work/presence/?on=1" in said.content.decode()
    assert "You are not taking work" in text_of(client.get("/work/"))
    wanted = timezone.localtime(moment() + timedelta(hours=3), timezone.get_fixed_timezone(0))
    client.post("/work/presence/", {"on": "1", "until": f"{wanted:%H:%M}"})
    alice.refresh_from_db()
    assert alice.presence == "taking_work"
    assert timedelta(0) < alice.presence_until - moment() <= timedelta(hours=24)


def test_a_wrong_time_of_day_changes_nothing(crew):
    alice = crew.tutor("Alice")
    before = alice.facts_version
    answer = come(alice).post("/work/presence/", {"on": "1", "until": "25:99"}, follow=True)
    alice.refresh_from_db()
    assert "Nothing was changed." in text_of(answer)
    assert alice.facts_version == before


def test_presence_leads_back_to_our_own_pages_only(crew):
    alice = crew.tutor("Alice")
    for next_, to in (("/work/time/", "/work/time/"), ("https://evil.example.org/", "/work/")):
        answer = come(alice).post("/work/presence/", {"on": "1", "next": next_})
        assert answer["Location"] == to


def test_undo_of_a_pause_needs_no_form_fields(crew):
    alice = crew.tutor("Alice")
    set_presence(tutor=alice, state=Presence.PAUSED, actor=alice.account, at=moment())
    come(alice).post("/work/presence/?on=1")
    alice.refresh_from_db()
    assert alice.presence == "taking_work"


def test_without_a_profile_the_page_says_who_makes_it():
    nina = person("Nina", Role.TUTOR)
    text = text_of(come(nina).get("/work/"))
    assert "There is no tutor profile for you yet" in text


def test_browsing_a_queue_shows_terms_and_guide_to_those_who_may(crew):
    alice, zoe = crew.tutor("Alice"), crew.tutor("Zoe", speciality="stem.physics")
    project = crew.project()
    crew.tasks(project, content=["self_harm"])
    pool = project.pools.get(role="attempt", step=0)
    page = text_of(come(alice).get(f"/work/browse/{pool.public_id}/"))
    assert "Find the first wrong step" in page and "Take the next task" in page
    assert "Mentions self-harm" in page
    closed = text_of(come(zoe).get(f"/work/browse/{pool.public_id}/"))
    assert "Closed to you" in closed and "Needs the Mathematics qualification" in closed
    assert "Find the first wrong step" not in closed
    assert come(alice).get("/work/browse/PL-999999/").status_code == 404


def test_a_queue_that_ran_empty_says_so_to_those_in_its_field(crew):
    alice, bob, mona = crew.tutor("Alice"), crew.tutor("Bob"), crew.tutor("Mona", speciality="law")
    project = crew.project()
    crew.tasks(project)
    claim(account=alice.account, role=WorkRole.ATTEMPT, project_id=project.pk, at=moment())
    pool = project.pools.get(role="attempt", step=0)
    empty = text_of(come(bob).get(f"/work/browse/{pool.public_id}/"))
    assert "Empty" in empty and "Find the first wrong step" not in empty
    review = project.pools.get(role="review", step=0)
    assert come(bob).get(f"/work/browse/{review.public_id}/").status_code == 404
    assert come(mona).get(f"/work/browse/{pool.public_id}/").status_code == 404


def test_texts_of_clients_stay_text(crew):
    alice = crew.tutor("Alice")
    crew.tasks(crew.project(name="<script>alert(1)</script>"))
    page = come(alice).get("/work/").content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
