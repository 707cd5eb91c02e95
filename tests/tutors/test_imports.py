"""Tutors by CSV: a dry run that writes nothing about anybody, then one commit."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.people import knock, person
from tests.tutors.hiring import NOW, House, hire
from tutors.models import ImportRow, Tutor, TutorImport
from tutors.operations.importing import check_file, commit
from workforce.models import Account, Event
from workforce.rules.roles import Role

pytestmark = pytest.mark.django_db

HEADER = "email,name,country,region,time_zone,domains,languages,capacity,headline\n"
BOB = "bob@example.org,Bob Brown,US,NY,America/New_York,stem.mathematics;stem,en:native,2,\n"
CAROL = "carol@example.org,Carol Chen,SG,,Asia/Singapore,finance,en:C2;zh:native,,\n"


def upload(house: House, text: str | bytes, **options: Any) -> Any:
    body = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("../../tutors.csv", body, content_type="text/csv")
    return house.api.post("/api/v1/tutor-imports/", {"file": file}, format="multipart", **options)


def counts(answer: Any) -> dict[str, int]:
    """What an answer counts, without the zeroes."""
    return {name: n for name, n in answer["counts"].items() if n}


def people() -> tuple[int, int]:
    return Account.objects.count(), Tutor.objects.count()


def test_a_dry_run_writes_nobody_and_a_commit_writes_all_the_good(house: House) -> None:
    before = people()
    bad = "dave@example.org,Dave,XX,,Mars/Olympus,stem,en:C2,,\n"
    answer = upload(house, HEADER + BOB + bad + CAROL)
    assert answer.status_code == 201, answer.json()
    checked = answer.json()
    assert checked["state"] == "checked"
    assert checked["file_name"] == "tutors.csv"
    assert counts(checked) == {"total": 3, "ready": 2, "error": 1}
    (fault,) = [row for row in checked["rows"] if row["state"] == "error"]
    assert (fault["row"], set(fault["errors"])) == (2, {"country", "time_zone"})
    assert people() == before

    path = f"tutor-imports/{checked['id']}"
    done = house.post(f"{path}/commit/").json()
    assert done["state"] == "committed"
    assert counts(done) == {"total": 3, "error": 1, "added": 2}
    bob = Tutor.objects.get(account__email="bob@example.org")
    assert (bob.country, bob.region, bob.capacity) == ("US", "NY", 2)
    assert sorted(d.slug for d in bob.domains.all()) == ["stem", "stem.mathematics"]
    assert bob.account.roles == {Role.TUTOR}
    assert not bob.account.has_usable_password()
    assert Event.objects.filter(kind="tutors.imported").get().body == {
        "added": 2,
        "updated": 0,
        "left_out": 1,
    }
    shown = house.api.get(f"/api/v1/{path}/rows/?state=added").json()["results"]
    assert shown[0]["tutor"] == bob.public_id

    again = house.post(f"{path}/commit/")
    assert (again.status_code, again.json()["code"]) == (409, "import_not_committed")
    assert people() == (before[0] + 2, before[1] + 2)


def test_the_file_may_be_the_whole_body(house: House) -> None:
    answer = house.api.post(
        "/api/v1/tutor-imports/", (HEADER + BOB).encode(), content_type="text/csv"
    )
    assert answer.status_code == 201, answer.json()
    assert answer.json()["counts"]["ready"] == 1


def test_somebody_who_is_here_already_is_a_duplicate(house: House) -> None:
    hire(house, name="Bob Brown")
    checked = upload(house, HEADER + BOB.replace("bob@", "BOB@") + CAROL).json()
    assert checked["counts"]["duplicate"] == 1
    assert "email" in checked["rows"][0]["errors"]


def test_somebody_added_since_the_dry_run_is_left_out(house: House) -> None:
    checked = upload(house, HEADER + BOB + CAROL).json()
    hire(house, name="Bob Brown")
    done = house.post(f"tutor-imports/{checked['id']}/commit/").json()
    assert (done["counts"]["added"], done["counts"]["duplicate"]) == (1, 1)


def test_an_unknown_domain_is_a_fault_of_its_row(house: House) -> None:
    checked = upload(house, HEADER + BOB.replace("stem;", "") + CAROL.replace("finance", "magic"))
    assert checked.json()["counts"]["error"] == 1
    assert "domains" in checked.json()["rows"][0]["errors"]


def test_formulas_and_markup_stay_text(house: House) -> None:
    row = BOB.replace("Bob Brown", "=cmd|' /C calc'!A0").replace("2,\n", "2,</script><b>\n")
    checked = upload(house, HEADER + row).json()
    assert checked["rows"][0]["flags"] == ["name"]
    house.post(f"tutor-imports/{checked['id']}/commit/")
    bob = Tutor.objects.select_related("account").get()
    assert (bob.account.name, bob.headline) == ("=cmd|' /C calc'!A0", "</script><b>")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        (HEADER + BOB).encode() + b"\x81",
        (HEADER + BOB.replace("Brown", "B\x00b")).encode(),
        HEADER.encode() + b"x" * 100_000,
        HEADER.encode() + b'"' + BOB.encode(),
    ],
)
def test_a_file_that_cannot_be_read_leaves_nothing(house: House, body: bytes) -> None:
    before = (people(), Event.objects.count())
    answer = upload(house, body)
    assert answer.status_code == 400, answer.json()
    assert answer.json()["code"] == "file_not_readable"
    assert (people(), Event.objects.count()) == before
    assert TutorImport.objects.count() == 0
    assert ImportRow.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "encoding", "delimiter"),
    [
        ((HEADER + BOB).encode("utf-16"), "UTF-16", "comma"),
        ((HEADER + BOB.replace("Brown", "Br\u00fcn")).encode("latin-1"), "Windows-1252", "comma"),
        ((HEADER + BOB).replace(",", "\t").encode(), "UTF-8", "tab"),
        ((HEADER + BOB).replace("headline", "shoe_size").encode(), "UTF-8", "comma"),
    ],
)
def test_other_shapes_of_file_are_read_and_named(
    house: House, body: bytes, encoding: str, delimiter: str
) -> None:
    checked = upload(house, body).json()
    assert counts(checked) == {"total": 1, "ready": 1}
    assert (checked["encoding"], checked["delimiter"]) == (encoding, delimiter)


def test_a_body_beyond_the_limit_is_413(house: House) -> None:
    answer = house.api.post(
        "/api/v1/tutor-imports/", b"x" * (10 * 1024 * 1024 + 1), content_type="text/csv"
    )
    assert answer.status_code == 413
    assert TutorImport.objects.count() == 0


def test_json_is_not_a_csv(house: House) -> None:
    assert house.post("tutor-imports/", {"file": "x"}).status_code == 415


def test_a_repeated_key_checks_once(house: House) -> None:
    first = upload(house, HEADER + BOB, HTTP_IDEMPOTENCY_KEY="csv-1")
    again = upload(house, HEADER + BOB, HTTP_IDEMPOTENCY_KEY="csv-1")
    other = upload(house, HEADER + CAROL, HTTP_IDEMPOTENCY_KEY="csv-1")
    assert first.json() == again.json()
    assert other.status_code == 422
    assert TutorImport.objects.count() == 1


def test_imports_are_for_recruiters(house: House) -> None:
    checked = upload(house, HEADER + BOB).json()
    path = f"/api/v1/tutor-imports/{checked['id']}/"
    assert knock(person("Max", Role.MANAGER)).get(path).status_code == 403
    assert knock(person("Tina", Role.TUTOR)).get(path).status_code == 403
    assert knock(person("Ada", Role.ADMIN)).get(path).status_code == 200


def test_five_hundred_people_take_a_bounded_number_of_statements(
    house: House, django_assert_max_num_queries: Any
) -> None:
    rows = "".join(BOB.replace("bob@", f"b{n}@") for n in range(500))
    with django_assert_max_num_queries(20):
        checked = check_file(
            source=io.BytesIO((HEADER + rows).encode()),
            file_name="many.csv",
            actor=house.ruth,
            at=NOW,
        )
    with django_assert_max_num_queries(30):
        done = commit(upload=checked, actor=house.ruth, at=NOW)
    assert done.rows_added == 500
