"""Two at once: one wins, the other is told so, nothing is done twice."""

import io
import threading
from typing import Any

import pytest
from django.db import connections, transaction

from tests.databases import OwnDatabase
from tests.tutors.hiring import NOW, TODAY, hand, hire, open_house
from tests.tutors.test_imports import BOB, HEADER
from tutors.models import Contract, SignatureEvidence, Tutor, TutorImport
from tutors.operations.contracting import CannotCountersign, Offered, countersign, offer, sign
from tutors.operations.importing import CannotCommit, check_file, commit
from tutors.operations.qualifying import revoke
from tutors.queries.facts import locked_facts
from workforce.models import Account, Event


def _together(*acts: Any) -> list[object]:
    """Run the acts at once, each on a connection of its own; results or exceptions."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n: int) -> None:
        gate.wait()
        try:
            results[n] = acts[n]()
        except Exception as problem:  # the test looks at it
            results[n] = problem  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(results)


@pytest.mark.race
def test_of_two_countersignatures_one_counts(own_database: OwnDatabase) -> None:
    house = open_house()
    alice = hire(house)
    contract = offer(tutor=alice, offered=Offered(starts_on=TODAY), actor=house.ruth, at=NOW)
    sign(contract=contract, signature=hand(alice.account), account=alice.account, at=NOW)

    def act(account: Any) -> Any:
        return lambda: countersign(
            contract=Contract.objects.select_related("tutor").get(pk=contract.pk),
            signature=hand(account),
            account=account,
            at=NOW,
        )

    results = _together(*[act(a) for a in (house.ruth, house.rita) * 4])
    assert sum(isinstance(r, Contract) for r in results) == 1
    assert sum(isinstance(r, CannotCountersign) for r in results) == 7
    assert SignatureEvidence.objects.filter(part="countersigner").count() == 1
    assert Event.objects.filter(kind="tutors.contract_countersigned").count() == 1


@pytest.mark.race
def test_two_imports_of_the_same_people_add_each_once(own_database: OwnDatabase) -> None:
    house = open_house()
    rows = "".join(BOB.replace("bob@", f"b{n}@") for n in range(50))
    uploads = [
        check_file(
            source=io.BytesIO((HEADER + rows).encode()), file_name="x", actor=house.ruth, at=NOW
        )
        for _ in range(2)
    ]

    def act(one: TutorImport) -> Any:
        return lambda: commit(upload=one, actor=house.ruth, at=NOW)

    results = _together(*[act(one) for one in uploads * 3])
    assert Tutor.objects.count() == 50
    assert Account.objects.filter(email__startswith="b").count() == 50
    added = [r.rows_added for r in results if isinstance(r, TutorImport)]
    assert sum(added) == 50
    assert all(isinstance(r, TutorImport | CannotCommit) for r in results)


@pytest.mark.race
def test_a_revoke_waits_for_a_claim_in_progress(own_database: OwnDatabase) -> None:
    """What a claim has read cannot change before the claim commits."""
    house = open_house()
    alice = hire(house)
    held, told, order = threading.Event(), threading.Event(), []

    def claim() -> None:
        try:
            with transaction.atomic():
                facts = locked_facts(account_id=alice.account_id, at=NOW)
                assert len(facts.qualifications) == 1
                held.set()
                assert not told.wait(0.5), "the revoke went past the claim"
                order.append("claim")
        finally:
            connections.close_all()

    thread = threading.Thread(target=claim)
    thread.start()
    assert held.wait(10)
    revoke(qualification=alice.qualifications.get(), reason="Lapsed.", actor=house.ruth, at=NOW)
    told.set()
    order.append("revoke")
    thread.join()
    assert order == ["claim", "revoke"]
    with transaction.atomic():
        assert locked_facts(account_id=alice.account_id, at=NOW).qualifications == ()
