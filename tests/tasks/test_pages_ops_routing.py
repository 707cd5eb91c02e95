"""A manager edits, tries, saves and restores the routing policy of a project and of a domain."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tasks.models import Offer, RoutingPolicy, Slot
from tasks.operations.policing import set_policy
from tasks.pages.operations.routing_form import GROUPS, WORDS
from tasks.queries.policies import policies_of
from tasks.rules.policies import BOUNDS, DEFAULT, PREFERRED
from tests.people import person
from tests.tasks.crew import moment
from tests.tasks.statements import counting
from tests.tasks.visiting import text_of, visitor
from workforce.models import Domain, Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

DOMAIN = "/ops/domains/stem.mathematics/routing/"


@pytest.fixture
def miriam(crew):
    return visitor(crew.max)


def url(project, act=""):
    return f"/ops/projects/{project.public_id}/routing/{act}"


def filled(*, version=0, note="Try it", act="save", **changes):
    """The form as it opens, with what was changed in it."""
    values = {**DEFAULT.as_json(), PREFERRED: "", **changes}
    fields = {name: "" if value is None else str(value) for name, value in values.items()}
    return {**fields, "version": str(version), "note": note, "act": act}


def put(owner, document, *, seen, crew, note="Before"):
    set_policy(owner=owner, document=document, seen=seen, note=note, actor=crew.max, at=moment())


def cost(project):
    return policies_of([project.pk])[project.pk].policy.cost_percent


def test_every_field_has_its_words_and_a_place():
    assert set(WORDS) == {*BOUNDS, PREFERRED}
    assert sorted(name for _, names in GROUPS for name in names) == sorted(WORDS)


def test_the_page_says_what_holds_and_what_each_number_means(crew, miriam):
    project = crew.project()
    shown = text_of(miriam.get(url(project)))
    assert "The usual values: nobody set others." in shown
    assert "One step of priority counts as this long a wait." in shown
    assert "Usual: 30." in shown
    assert "None of its own yet. The first one you save goes over its domain" in shown
    assert 'name="cost_percent" value="300" min="0" max="1000"' in shown
    assert "Save version 1" in shown
    assert f'href="{url(project)}"' in text_of(miriam.get(f"/ops/projects/{project.public_id}/"))


def test_a_policy_is_saved_with_its_reason(crew, miriam):
    project, alice = crew.project(), crew.tutor("Alice")
    sent = filled(cost_percent=9, preferred_tutors=f" {alice.public_id.lower()}, ", note="Cheaper")
    saved = miriam.post(url(project), sent, follow=True)
    assert saved.redirect_chain == [(url(project), 303)]
    row = RoutingPolicy.objects.get()
    assert (row.project, row.version, row.note, row.author) == (project, 1, "Cheaper", crew.max)
    assert row.document == {
        **DEFAULT.as_json(),
        "cost_percent": 9,
        "preferred_tutors": [alice.public_id],
    }
    shown = text_of(saved)
    assert "Version 1 is in force." in shown
    assert "Version 1 of this project." in shown
    assert "Cheaper" in shown and "Save version 2" in shown
    assert "Alice" in shown
    assert re.search(r"Weight of pay, percent</dt>.*?>300</span> → <b class=\"med\">9</b>", shown)


def test_the_form_opens_with_what_is_in_force(crew, miriam):
    project = crew.project()
    put(Domain.objects.get(slug="stem"), {"cost_percent": 33}, seen=0, crew=crew)
    shown = text_of(miriam.get(url(project)))
    assert "Version 1 of the domain stem." in shown
    assert 'name="cost_percent" value="33"' in shown
    assert 'name="version" value="0"' in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cost_percent": -1}, "greater than or equal to 0"),
        ({"cost_percent": 1_001}, "less than or equal to 1000"),
        ({"decline_days": ""}, "This field is required"),
        ({"affinity_minutes": "many"}, "Enter a whole number"),
        ({"preferred_tutors": "E-999999999"}, "There is nobody with the id E-999999999."),
        ({"preferred_tutors": "Alice"}, "This must be an id such as E-12."),
        ({"note": "  "}, "Say in a few words why."),
    ],
)
def test_a_fault_is_shown_at_its_field_and_nothing_is_saved(crew, miriam, changes, said):
    project = crew.project()
    answer = miriam.post(url(project), filled(**{"cost_percent": 44} | changes))
    assert answer.status_code == 422
    shown = text_of(answer)
    assert said in shown and 'aria-invalid="true"' in shown
    assert not RoutingPolicy.objects.exists()


def test_who_saves_over_somebody_is_told_keeps_her_values_and_may_decide(crew, miriam):
    project = crew.project()
    put(project, {"cost_percent": 70}, seen=0, crew=crew, note="Meanwhile")
    lost = miriam.post(url(project), filled(version=0, cost_percent=9))
    assert lost.status_code == 409
    shown = text_of(lost)
    assert "Version 1 was saved while you edited." in shown
    assert "Meanwhile" in shown
    assert 'name="cost_percent" value="9"' in shown and 'name="version" value="1"' in shown
    assert cost(project) == 70
    again = miriam.post(url(project), filled(version=1, cost_percent=9))
    assert (again.status_code, cost(project)) == (303, 9)


def test_what_holds_already_is_not_saved_again(crew, miriam):
    project = crew.project()
    put(project, {"cost_percent": 9}, seen=0, crew=crew)
    answer = miriam.post(url(project), filled(version=1, cost_percent=9))
    assert answer.status_code == 422
    assert "This is what holds already; nothing was saved." in text_of(answer)
    assert RoutingPolicy.objects.count() == 1


def test_versions_show_their_differences_and_one_comes_back(crew, miriam):
    project = crew.project()
    put(project, {"cost_percent": 9, "offer_ttl_seconds": 60}, seen=0, crew=crew, note="First")
    put(project, {"cost_percent": 9, "decline_days": 2}, seen=1, crew=crew, note="Second")
    shown = text_of(miriam.get(url(project)))
    second, first = shown.split("Second</p>")[1].split("First</p>")
    assert re.search(r'After a decline, days</dt>.*?>7</span> → <b class="med">2</b>', second)
    assert re.search(r">60</span> → <b class=\"med\">as the project says</b>", second)
    assert "Weight of pay" not in second.split("Put version 1")[0]
    assert "Weight of pay" in first
    back = {"version": "2", "number": "1", "note": "Back"}
    assert miriam.post(url(project, "restore/"), back).status_code == 303
    newest = RoutingPolicy.objects.latest("version")
    assert (newest.version, newest.restores, newest.document["offer_ttl_seconds"]) == (3, 1, 60)
    assert "Version 1 again" in text_of(miriam.get(url(project)))
    stale = miriam.post(url(project, "restore/"), back)
    assert stale.status_code == 409
    assert RoutingPolicy.objects.count() == 3


def test_a_project_follows_its_domain_again(crew, miriam):
    project = crew.project()
    put(Domain.objects.get(slug="stem.mathematics"), {"cost_percent": 33}, seen=0, crew=crew)
    put(project, {"cost_percent": 9}, seen=0, crew=crew)
    assert "Version 1 of the domain stem.mathematics." in text_of(miriam.get(url(project)))
    body = {"version": "1", "note": "As the others"}
    assert miriam.post(url(project, "follow/"), body).status_code == 303
    assert cost(project) == 33
    shown = text_of(miriam.get(url(project)))
    assert "From here on it followed what lies above." in shown
    assert "Follow the domain again" not in shown


def test_a_domains_policy_holds_for_its_projects(crew, miriam):
    project = crew.project()
    shown = text_of(miriam.get(DOMAIN))
    assert "Routing of stem.mathematics" in shown and "/ops/domains/stem/routing/" in shown
    saved = miriam.post(DOMAIN, filled(cost_percent=12), follow=True)
    assert "Version 1 is in force, for 1 projects." in text_of(saved)
    assert cost(project) == 12
    assert miriam.get("/ops/domains/stem.alchemy/routing/").status_code == 404
    assert miriam.get("/ops/domains/%00/routing/").status_code == 404


def test_who_only_reads_sees_the_values_and_changes_nothing(crew):
    project = crew.project()
    put(project, {"cost_percent": 9}, seen=0, crew=crew)
    felix = visitor(person("Felix", Role.FINANCE))
    shown = text_of(felix.get(url(project)))
    assert "Weight of pay, percent" in shown and '<dd class="num">9</dd>' in shown
    assert "Save version" not in shown and "Follow the domain" not in shown
    before = Event.objects.count()
    assert felix.post(url(project), filled(version=1)).status_code == 403
    assert felix.post(url(project, "restore/"), {}).status_code == 403
    assert felix.post(url(project, "follow/"), {}).status_code == 403
    assert Event.objects.count() == before
    assert RoutingPolicy.objects.count() == 1


def test_the_acts_alone_change_nothing_and_lead_back(crew, miriam):
    project = crew.project()
    put(project, {"cost_percent": 9}, seen=0, crew=crew)
    for act in ("restore/", "follow/"):
        assert miriam.get(url(project, act))["Location"] == url(project)
        assert miriam.get(DOMAIN + act)["Location"] == DOMAIN
    assert RoutingPolicy.objects.count() == 1


@pytest.mark.parametrize("sent", ["", "one", "9" * 6_000, "-1", "\x00"])
def test_a_version_that_is_no_number_is_refused(crew, miriam, sent):
    project = crew.project()
    put(project, {"cost_percent": 9}, seen=0, crew=crew)
    body = {"version": sent, "number": sent, "note": "Back"}
    assert miriam.post(url(project, "restore/"), body).status_code == 404
    assert miriam.post(url(project, "follow/"), body).status_code == 409
    assert miriam.post(url(project, "follow/"), {**body, "note": "\x00"}).status_code == 400
    assert RoutingPolicy.objects.count() == 1


# --- Preview ----------------------------------------------------------------------------------


def opened(task, *, minutes):
    at = timezone.now() - timedelta(minutes=minutes)
    Slot.objects.filter(task=task, role="attempt").update(opened_at=at)


def rows_of(answer):
    """(place now, then, task, first now, first then) of each line of the preview."""
    body = text_of(answer).split("What these values would change")[1].split("</section>")[0]
    found = []
    for row in body.split("<tr")[1:]:
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
        if len(cells) >= 7 and "ops/tasks" in row:
            plain = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]
            found.append((plain[0], plain[1], plain[2], plain[5], plain[6]))
    return found


def test_a_preview_shows_the_order_before_and_after_and_saves_nothing(crew, miriam):
    alice, bob = crew.tutor("Alice"), crew.tutor("Bob")
    project = crew.project()
    (urgent,), (old,) = crew.tasks(project, priority=60), crew.tasks(project, priority=50)
    opened(urgent, minutes=10)
    opened(old, minutes=200)
    sent = filled(
        act="preview",
        note="",
        minutes_per_priority_step=5,
        preferred_tutors=bob.public_id,
        preferred_minutes=45,
    )
    answer = miriam.post(url(project), sent)
    assert answer.status_code == 200
    both = f"Alice {alice.public_id} and 1 other", f"Bob {bob.public_id} and 1 other"
    assert rows_of(answer) == [
        ("2", "1", old.public_id, *both),
        ("1", "2", urgent.public_id, *both),
    ]
    shown = text_of(answer)
    assert "2 people taking work were considered" in shown
    assert re.search(r"Preferred by the client</th> <td[^>]*>0</td> <td[^>]*>45</td>", shown)
    assert re.search(r"Priority</th> <td[^>]*>1500</td> <td[^>]*>250</td>", shown)
    assert 'name="minutes_per_priority_step" value="5"' in shown
    assert not RoutingPolicy.objects.exists()
    assert not Offer.objects.exists()


def test_a_preview_says_who_waits_for_the_head_start_and_the_share(crew, miriam):
    alice = crew.tutor("Alice", level=2)
    project = crew.project()
    (task,) = crew.tasks(project)
    opened(task, minutes=30)
    held = miriam.post(url(project), filled(act="preview", specialist_first_minutes=45))
    assert rows_of(held) == [
        ("1", "1", task.public_id, f"Alice {alice.public_id}", "Kept for specialists")
    ]


def test_a_preview_without_waiting_work_says_so(crew, miriam):
    answer = miriam.post(url(crew.project()), filled(act="preview", cost_percent=9))
    assert answer.status_code == 200
    assert "Nothing waits here" in text_of(answer)


def test_a_domains_preview_leaves_out_projects_with_a_policy_of_their_own(crew, miriam):
    crew.tutor("Alice")
    follows, own = crew.project(), crew.project()
    (task,) = crew.tasks(follows)
    crew.tasks(own)
    put(own, {"cost_percent": 9}, seen=0, crew=crew)
    answer = miriam.post(DOMAIN, filled(act="preview", cost_percent=50))
    assert [row[2] for row in rows_of(answer)] == [task.public_id]


def test_the_page_and_its_preview_cost_the_same_for_any_size(crew, miriam):
    project = crew.project()
    put(project, {"cost_percent": 9}, seen=0, crew=crew)
    crew.tutor("Alice")
    crew.tasks(project)
    sent = filled(act="preview", version=1, cost_percent=8)
    miriam.post(url(project), sent)
    with counting() as few:
        miriam.post(url(project), sent)
    for n in range(1, 9):
        put(project, {"cost_percent": 10 + n}, seen=n, crew=crew)
        crew.tutor(f"Person{n}")
    crew.tasks(project, 30)
    miriam.post(url(project), {**sent, "version": "9"})
    with counting() as many:
        answer = miriam.post(url(project), {**sent, "version": "9"})
    assert len(rows_of(answer)) == 20
    assert len(few) == len(many), many.statements
