"""Between check and commit, and after: matching, fixing, deciding, discarding, undoing."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests.people import person
from tests.tutors.hiring import NOW, House, hire
from tests.tutors.test_imports import BOB, CAROL, HEADER, counts, people, upload
from tutors.models import ImportRow, Tutor, TutorImport
from tutors.operations.importing import (
    CannotChangeImport,
    CannotUndo,
    check_file,
    commit,
    decide,
    discard,
    fix_cells,
    match_columns,
    undo,
)
from tutors.operations.importing.mending import Act, CannotFix
from tutors.operations.onboarding import change_profile, invite_again
from workforce.models import Account, Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

DAVE = "dave@,Dave Dunn,XX,,Mars/Olympus,stem,en:C2,,\n"
BOB_AGAIN = BOB.replace("Bob Brown", "Robert Brown")


def checked(house: House, text: str, **options: Any) -> TutorImport:
    options = {"updates_known": True, "asks_namesakes": True} | options
    source = io.BytesIO(text.encode())
    return check_file(source=source, file_name="tutors.csv", actor=house.ruth, at=NOW, **options)


def states(upload: TutorImport) -> list[str]:
    return list(upload.rows.order_by("number").values_list("state", flat=True))


def fix(house: House, upload: TutorImport, number: int, column: str, value: str) -> ImportRow:
    values = {column: value}
    return fix_cells(upload=upload, number=number, values=values, actor=house.ruth, at=NOW).row


def say(house: House, upload: TutorImport, number: int, act: Act) -> ImportRow:
    return decide(upload=upload, number=number, act=act, actor=house.ruth, at=NOW).row


def test_a_row_is_put_right_cell_by_cell(house: House) -> None:
    upload = checked(house, HEADER + DAVE)
    assert states(upload) == ["error"]
    fix(house, upload, 1, "email", " dave@example.org ")
    row = fix(house, upload, 1, "country", "de")
    assert (row.state, set(row.errors)) == ("error", {"time_zone"})
    row = fix(house, upload, 1, "time_zone", "Europe/Berlin")
    assert (row.state, row.errors) == ("ready", {})
    upload.refresh_from_db()
    assert (upload.rows_ready, upload.rows_error) == (1, 0)
    assert row.raw[0] == "dave@"
    commit(upload=upload, actor=house.ruth, at=NOW)
    assert Tutor.objects.get(account__email="dave@example.org").country == "DE"


def test_a_cell_that_cannot_be_is_refused_and_kept_out(house: House) -> None:
    upload = checked(house, HEADER + DAVE)
    with pytest.raises(CannotFix):
        fix(house, upload, 1, "shoe_size", "44")
    with pytest.raises(CannotFix):
        fix(house, upload, 1, "name", "x" * 5_000)
    with pytest.raises(CannotFix):
        fix(house, upload, 1, "name", "a\x00b")
    assert upload.rows.get().edits == {}


def test_of_two_rows_with_one_address_the_first_stands(house: House) -> None:
    upload = checked(house, HEADER + BOB + BOB_AGAIN + CAROL)
    assert states(upload) == ["ready", "error", "ready"]
    assert "Row 1 has this e-mail already" in upload.rows.get(number=2).errors["email"][0]
    say(house, upload, 1, Act.SKIP)
    assert states(upload) == ["skipped", "ready", "ready"]
    say(house, upload, 1, Act.UNSKIP)
    assert states(upload) == ["ready", "error", "ready"]
    fix(house, upload, 2, "email", "robert@example.org")
    assert states(upload) == ["ready", "ready", "ready"]
    fix(house, upload, 3, "email", "BOB@example.org")
    assert states(upload) == ["ready", "ready", "error"]


def test_columns_are_matched_by_hand_and_all_rows_checked_again(house: House) -> None:
    text = HEADER.replace("email", "where to write").replace("headline", "Bio") + BOB + DAVE
    upload = checked(house, text)
    assert upload.matching[0] == ""
    assert states(upload) == ["error", "error"]
    fix(house, upload, 2, "country", "FR")
    columns = ["email", *upload.matching[1:-1], ""]
    with pytest.raises(CannotFix) as refusal:
        match_columns(
            upload=upload, columns=["email", "email", *columns[2:]], actor=house.ruth, at=NOW
        )
    assert "email" in refusal.value.errors
    upload = match_columns(upload=upload, columns=columns, actor=house.ruth, at=NOW)
    assert states(upload) == ["ready", "error"]
    assert set(upload.rows.get(number=2).errors) == {"email", "time_zone"}
    assert "headline" not in upload.rows.get(number=1).cells


def test_the_same_address_brings_newer_facts_only(house: House) -> None:
    bob = hire(house, name="Bob Brown")
    upload = checked(house, HEADER + BOB.replace("bob@", "BOB@") + CAROL)
    assert states(upload) == ["update", "ready"]
    commit(upload=upload, actor=house.ruth, at=NOW)
    assert states(upload) == ["updated", "added"]
    before, bob = bob, Tutor.objects.get(pk=bob.pk)
    assert (bob.country, bob.region, bob.capacity) == ("US", "NY", 2)
    assert bob.account.time_zone == "America/New_York"
    assert bob.facts_version > before.facts_version
    assert sorted(d.slug for d in bob.domains.all()) == [
        "medicine.psychiatry", "stem", "stem.mathematics",
    ]  # fmt: skip
    changed = Event.objects.filter(kind="tutors.profile_changed", subject=bob.public_id).get()
    assert set(changed.body["fields"]) == {"capacity", "country", "domains", "region", "time_zone"}
    again = checked(house, HEADER + BOB)
    assert states(again) == ["duplicate"]


def test_an_address_of_staff_is_never_updated(house: House) -> None:
    upload = checked(house, HEADER + BOB.replace("bob@example.org", house.ruth.email))
    assert states(upload) == ["duplicate"]


def test_a_namesake_waits_for_a_decision(house: House) -> None:
    hire(house, name="Bob Brown")
    row = BOB.replace("bob@", "bb@").replace("US,NY,", "GB,,")
    upload = checked(house, HEADER + row + CAROL)
    assert states(upload) == ["possible", "ready"]
    assert upload.rows.get(number=1).twin is not None
    commit(upload=upload, actor=house.ruth, at=NOW)
    assert upload.rows_possible == 1
    again = checked(house, HEADER + row)
    say(house, again, 1, Act.KEEP_BOTH)
    assert states(again) == ["ready"]
    commit(upload=again, actor=house.ruth, at=NOW)
    assert Tutor.objects.filter(account__name="Bob Brown").count() == 2


def test_a_discarded_import_leaves_no_row(house: House) -> None:
    upload = checked(house, HEADER + BOB)
    discard(upload=upload, actor=house.ruth, at=NOW)
    upload.refresh_from_db()
    assert (upload.state, upload.rows.count()) == ("discarded", 0)
    with pytest.raises(CannotChangeImport):
        fix(house, upload, 1, "name", "Bob")


def test_nothing_changes_after_the_commit(house: House) -> None:
    upload = commit(upload=checked(house, HEADER + BOB + DAVE), actor=house.ruth, at=NOW)
    for act in (
        lambda: fix(house, upload, 2, "email", "dave@example.org"),
        lambda: say(house, upload, 2, Act.SKIP),
        lambda: discard(upload=upload, actor=house.ruth, at=NOW),
        lambda: match_columns(upload=upload, columns=upload.matching, actor=house.ruth, at=NOW),
    ):
        with pytest.raises(CannotChangeImport):
            act()


def test_an_undo_takes_everything_back(house: House) -> None:
    alice = hire(house)
    known = BOB.replace("bob@", "alice@").replace(",2,", ",3,").replace("en:native", "en:C1;fr:B2")
    before = people()
    facts = _facts(alice)
    upload = commit(upload=checked(house, HEADER + BOB + CAROL + known), actor=house.ruth, at=NOW)
    assert people() == (before[0] + 2, before[1] + 2)
    assert _facts(alice) != facts
    upload = undo(upload=upload, actor=house.ruth, at=NOW + timedelta(days=6))
    assert (upload.state, states(upload)) == ("undone", ["undone"] * 3)
    assert people() == before
    assert _facts(alice) == facts
    event = Event.objects.get(kind="tutors.import_undone")
    assert event.body == {"undone": 3, "kept": 0}
    with pytest.raises(CannotUndo):
        undo(upload=upload, actor=house.ruth, at=NOW)


def _facts(tutor: Tutor) -> Any:
    tutor = Tutor.objects.select_related("account").get(pk=tutor.pk)
    return (
        tutor.country, tutor.region, tutor.capacity, tutor.headline, tutor.account.name,
        tutor.account.time_zone, sorted(tutor.languages.values_list("tag", "level")),
        sorted(tutor.domains.values_list("slug", flat=True)),
    )  # fmt: skip


def test_an_undo_leaves_who_moved_on_and_says_why(house: House) -> None:
    text = HEADER + "".join(BOB.replace("bob@", f"{name}@") for name in ("v", "w", "x", "y", "z"))
    hire(house)
    text += BOB.replace("bob@", "alice@")
    upload = commit(upload=checked(house, text), actor=house.ruth, at=NOW)
    by = {row.address[0]: row.tutor for row in upload.rows.select_related("tutor__account")}
    invite_again(tutor=by["v"], actor=house.ruth, at=NOW)
    Account.objects.filter(pk=by["w"].account_id).update(last_login=NOW)
    change_profile(tutor=by["x"], changes={"capacity": 5}, actor=house.ruth, at=NOW)
    alice = Tutor.objects.get(account__email="alice@example.org")
    change_profile(tutor=alice, changes={"capacity": 9}, actor=house.ruth, at=NOW)
    upload = undo(upload=upload, actor=house.ruth, at=NOW)
    kept = {row.address: row.errors["row"][0] for row in upload.rows.filter(state="kept")}
    assert kept == {
        "alice@example.org": "Changed again since the import.",
        "w@example.org": "Has signed in.",
        "x@example.org": "Was changed since.",
        "v@example.org": "Was invited.",
    }
    assert states(upload).count("undone") == 2
    assert (upload.rows_kept, upload.rows_undone) == (4, 2)
    alice.refresh_from_db()
    assert alice.capacity == 9


def test_an_import_cannot_be_undone_late_or_before_its_commit(house: House) -> None:
    upload = checked(house, HEADER + BOB)
    with pytest.raises(CannotUndo):
        undo(upload=upload, actor=house.ruth, at=NOW)
    upload = commit(upload=upload, actor=house.ruth, at=NOW)
    with pytest.raises(CannotUndo):
        undo(upload=upload, actor=house.ruth, at=NOW + timedelta(days=7, minutes=1))
    assert upload.rows.get().state == "added"


def test_the_doors_match_fix_decide_undo_and_hand_out_the_rejected(house: House) -> None:
    text = HEADER.replace("headline", "notes") + BOB + DAVE + CAROL.replace(",,\n", ",,=1+1\n")
    made = upload(
        house,
        text,
    ).json()
    path = f"tutor-imports/{made['id']}"
    base = f"/api/v1/{path}"
    assert made["columns"][-1] == {"header": "notes", "column": ""}
    columns = [c["column"] for c in made["columns"]]
    put = house.api.put(f"{base}/columns/", {"columns": [*columns[:-1], "headline"]}, format="json")
    assert put.status_code == 200, put.json()
    assert counts(put.json()) == {"total": 3, "ready": 2, "error": 1}
    fixed = house.api.patch(
        f"{base}/rows/2/", {"column": "country", "value": "DE"}, format="json"
    ).json()
    assert set(fixed["errors"]) == {"email", "time_zone"}
    skipped = house.post(f"{path}/rows/3/decide/", {"act": "skip"}).json()
    assert skipped["state"] == "skipped"
    assert house.post(f"{path}/rows/9/decide/", {"act": "skip"}).status_code == 404
    assert house.post(f"{path}/commit/").json()["counts"]["added"] == 1
    answer = house.api.get(f"{base}/rejected/")
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert lines[0] == [*text.splitlines()[0].split(","), "row", "reasons"]
    assert lines[1][:3] == ["dave@", "Dave Dunn", "DE"]
    assert "email: The address is cut off after @." in lines[1][-1]
    assert lines[2][-3:] == ["'=1+1", "3", "Skipped."]
    undone = house.post(f"{path}/undo/").json()
    assert (undone["state"], undone["counts"]["undone"]) == ("undone", 1)
    assert house.post(f"{path}/undo/").json()["code"] == "import_not_undone"
    other = upload(house, HEADER + BOB).json()
    assert house.post(f"tutor-imports/{other['id']}/discard/").status_code == 204


def test_a_rejected_file_comes_back_in_and_its_own_columns_are_left_out(house: House) -> None:
    made = upload(house, HEADER + DAVE).json()
    answer = house.api.get(f"/api/v1/tutor-imports/{made['id']}/rejected/").getvalue()
    again = upload(house, answer.replace(b"dave@", b"dave@example.org")).json()
    assert [c["column"] for c in again["columns"]][-2:] == ["", ""]
    assert set(again["rows"][0]["errors"]) == {"country", "time_zone"}


def test_others_may_look_but_not_touch(house: House) -> None:
    from tests.people import knock

    made = upload(house, HEADER + DAVE).json()
    admin = knock(person("Ada", Role.ADMIN))
    base = f"/api/v1/tutor-imports/{made['id']}"
    assert admin.get(f"{base}/rejected/").status_code == 200
    for path in ("discard/", "undo/", "commit/", "rows/1/decide/"):
        assert admin.post(f"{base}/{path}", {}, format="json").status_code == 403
    assert ImportRow.objects.get().state == "error"
