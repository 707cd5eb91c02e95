"""Right to work, ties, consent, identity and years: what is noted, who may, what follows."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.jobs import catch_up
from tests.tutors import sets
from tests.tutors.hiring import NOW, TODAY, House, hire
from tests.tutors.people import ALICE, AT
from tests.tutors.test_eligibility import verdict
from tutors.models import (
    ContentOptIn,
    Experience,
    IdentityCheck,
    Organisation,
    Tie,
    Tutor,
    WorkAuthorisation,
)
from tutors.operations.authorising import (
    AuthorisationOver,
    CannotAuthorise,
    add_authorisation,
    end_authorisation,
    verify_authorisation,
)
from tutors.operations.consenting import NotHerChoice, choose_content
from tutors.operations.experiencing import (
    CannotNoteExperience,
    ExperienceOver,
    Post,
    add_experience,
    verify_experience,
    withdraw_experience,
)
from tutors.operations.identifying import (
    IdentityCheckOver,
    check_identity,
    withdraw_identity_check,
)
from tutors.operations.tying import (
    Bond,
    CannotTie,
    TieOver,
    declare_tie,
    describe_organisation,
    end_tie,
    withdraw_tie,
)
from tutors.operations.vetting import CannotVerify, NeedsAnotherCheck, NotByOneself
from tutors.queries.facts import facts_for
from tutors.rules.eligibility import AuthorisationFacts, ExperienceFacts, Facts, TieFacts
from tutors.rules.experience import DAYS_A_YEAR, days_worked, years_worked
from tutors.rules.states import IdentityMethod, SensitiveContent, Verified
from workforce.models import Event

DAY = AT.date()


def days(n: int) -> date:
    return DAY + timedelta(days=n)


# --- The leaves, one by one -------------------------------------------------------------------

RIGHT = {"kind": "work_authorisation", "where": "residence"}


@pytest.mark.parametrize(
    ("held", "leaf", "code"),
    [
        ([], {}, "authorisation_missing"),
        ([("GB", None, "self")], {}, "authorisation_held"),
        ([("GB-SCT", None, "self")], {}, "authorisation_missing"),
        ([("IE", None, "primary_source")], {}, "authorisation_missing"),
        ([("IE", None, "self")], {"where": "IE"}, "authorisation_held"),
        ([("US", None, "self")], {"where": "US-NY"}, "authorisation_held"),
        ([("US-NY", None, "self")], {"where": "US"}, "authorisation_missing"),
        ([("GB", None, "self")], {"verified": "document"}, "authorisation_unverified"),
        ([("GB", None, "two_people")], {"verified": "document"}, "authorisation_held"),
        ([("GB", days(-1), "self")], {}, "authorisation_expiring"),
        ([("GB", days(0), "self")], {}, "authorisation_held"),
        ([("GB", days(13), "self")], {"valid_for_days": 14}, "authorisation_expiring"),
        ([("GB", days(14), "self")], {"valid_for_days": 14}, "authorisation_held"),
        (
            [("GB", days(0), "document"), ("GB", None, "self")],
            {"verified": "document", "valid_for_days": 1},
            "authorisation_expiring",
        ),
    ],
)
def test_the_right_to_work(
    held: list[tuple[str, date | None, str]], leaf: dict[str, Any], code: str
) -> None:
    rights = tuple(
        AuthorisationFacts(place=place, valid_until=until, verified=Verified(level))
        for place, until, level in held
    )
    found = verdict(replace(ALICE, authorisations=rights), {**RIGHT, **leaf})
    assert found.code == code
    assert bool(found.turn) != found.passed


def test_where_she_lives_is_the_part_that_is_known() -> None:
    in_york = replace(ALICE.residence, country="US", region="NY")
    right = (AuthorisationFacts(place="US-NY"),)
    assert verdict(replace(ALICE, residence=in_york, authorisations=right), RIGHT).passed
    somewhere = replace(ALICE.residence, country="US", region="")
    found = verdict(replace(ALICE, residence=somewhere, authorisations=right), RIGHT)
    assert (found.code, found.fact) == ("authorisation_missing", "none for US")


FREE = {"kind": "no_conflict", "with": ["client", "tag:ai-lab", "org:harbour-hospital"]}


@pytest.mark.parametrize(
    ("names", "until", "within", "code"),
    [
        (("org:other",), None, 0, "conflict_free"),
        (("org:harbour-hospital",), None, 0, "conflict_tie"),
        (("org:x", "client:C-12"), None, 0, "conflict_tie"),
        (("org:x", "client:C-13"), None, 0, "conflict_free"),
        (("org:x", "tag:ai-lab"), None, 0, "conflict_tie"),
        (("tag:ai-lab",), None, 0, "conflict_tie"),
        (("tag:hospital",), None, 0, "conflict_free"),
        (("tag:ai-lab",), days(-1), 0, "conflict_free"),
        (("tag:ai-lab",), days(0), 0, "conflict_tie"),
        (("tag:ai-lab",), days(-365), 365, "conflict_tie"),
        (("tag:ai-lab",), days(-366), 365, "conflict_free"),
    ],
)
def test_no_tie_to_a_party(
    names: tuple[str, ...], until: date | None, within: int, code: str
) -> None:
    facts = replace(ALICE, ties=(TieFacts(names=names, until=until),))
    found = verdict(facts, {**FREE, "within_days": within})
    assert found.code == code
    if until is not None and not found.passed:
        free_on = until + timedelta(days=within + 1)
        assert found.turn == f"Free of it from {free_on} on."


def test_the_client_is_the_projects_own() -> None:
    facts = replace(ALICE, ties=(TieFacts(names=("org:x", "client:C-12")),))
    leaf = {"kind": "no_conflict", "with": ["client"]}
    assert verdict(facts, leaf, client="C-12").fact == "tie to client:C-12"
    assert verdict(facts, leaf, client="C-13").passed


def test_a_tie_that_begins_later_counts_already() -> None:
    facts = replace(ALICE, ties=(TieFacts(names=("tag:ai-lab",), since=days(30)),))
    assert verdict(facts, FREE).code == "conflict_tie"


def test_all_content_must_be_agreed_to() -> None:
    leaf = {"kind": "opt_in", "content": ["hate", "violence"]}
    assert verdict(ALICE, leaf).fact == "not agreed to hate, violence"
    half = replace(ALICE, opt_ins=(SensitiveContent.HATE,))
    assert (verdict(half, leaf).code, verdict(half, leaf).fact) == (
        "opt_in_missing",
        "not agreed to violence",
    )
    both = replace(half, opt_ins=(SensitiveContent.VIOLENCE, SensitiveContent.HATE))
    assert verdict(both, leaf).code == "opt_in_given"


@pytest.mark.parametrize(
    ("ago", "code"),
    [
        (None, "identity_unchecked"),
        (timedelta(days=365, seconds=1), "identity_stale"),
        (timedelta(days=365), "identity_checked"),
        (timedelta(0), "identity_checked"),
    ],
)
def test_identity_checked_not_long_ago(ago: timedelta | None, code: str) -> None:
    facts = replace(ALICE, identity_checked_at=None if ago is None else AT - ago)
    found = verdict(facts, {"kind": "identity", "within_days": 365})
    assert found.code == code
    assert bool(found.turn) != found.passed


@pytest.mark.parametrize(
    ("held", "leaf", "code"),
    [
        ([], {}, "experience_missing"),
        ([ExperienceFacts(field="image-analysis", years=4)], {}, "experience_missing"),
        ([ExperienceFacts(field="medicine.psychiatry", years=4)], {}, "experience_short"),
        ([ExperienceFacts(field="medicine.psychiatry", years=5)], {}, "experience_enough"),
        ([ExperienceFacts(field="psychiatry.child", years=5)], {}, "experience_enough"),
        ([ExperienceFacts(field="psychiatry", from_on=days(-1824))], {}, "experience_short"),
        ([ExperienceFacts(field="psychiatry", from_on=days(-1825))], {}, "experience_enough"),
        (
            [
                ExperienceFacts(field="psychiatry", years=3),
                ExperienceFacts(field="psychiatry", from_on=days(-1000)),
            ],
            {},
            "experience_short",
        ),
        (
            [
                ExperienceFacts(field="psychiatry", from_on=days(-2000), until_on=days(-1000)),
                ExperienceFacts(field="psychiatry", from_on=days(-1000), until_on=days(-175)),
            ],
            {},
            "experience_enough",
        ),
        (
            [ExperienceFacts(field="psychiatry", years=9)],
            {"verified": "document"},
            "experience_unverified",
        ),
        (
            [
                ExperienceFacts(field="psychiatry", years=9),
                ExperienceFacts(field="psychiatry", years=4, verified=Verified.DOCUMENT),
            ],
            {"verified": "document"},
            "experience_unverified",
        ),
        (
            [ExperienceFacts(field="psychiatry", years=5, verified=Verified.TWO_PEOPLE)],
            {"verified": "document"},
            "experience_enough",
        ),
    ],
)
def test_years_in_a_field(held: list[ExperienceFacts], leaf: dict[str, Any], code: str) -> None:
    facts = replace(ALICE, experience=tuple(held))
    base = {"kind": "experience", "field": "psychiatry", "years_min": 5}
    assert verdict(facts, {**base, **leaf}).code == code


_DAYS = st.integers(-900, 90).map(days)
_SPANS = st.lists(st.tuples(_DAYS, st.none() | _DAYS), max_size=6)


@given(spans=_SPANS)
def test_a_day_of_work_counts_once(spans: list[tuple[date, date | None]]) -> None:
    """The same as counting the days one by one."""
    seen = {
        start + timedelta(days=n)
        for start, end in spans
        for n in range(max(0, (min(end or DAY, DAY) - start).days))
    }
    assert days_worked(spans=spans, today=DAY) == len(seen)


@given(spans=_SPANS, more=st.tuples(_DAYS, st.none() | _DAYS), years=st.integers(1, 60))
def test_more_work_never_means_fewer_years(
    spans: list[tuple[date, date | None]], more: tuple[date, date | None], years: int
) -> None:
    before = years_worked(years=[], spans=spans, today=DAY)
    assert before == days_worked(spans=spans, today=DAY) // DAYS_A_YEAR
    assert years_worked(years=[], spans=[*spans, more], today=DAY) >= before
    assert years_worked(years=[years], spans=spans, today=DAY) == max(before, years)


# --- What is noted, and by whom -----------------------------------------------------------------


@pytest.fixture
def alice(house: House) -> Tutor:
    return hire(house)


def facts(tutor: Tutor) -> Facts:
    return facts_for(tutor_ids=[tutor.pk], at=NOW)[tutor.pk]


def version(tutor: Tutor) -> int:
    return Tutor.objects.get(pk=tutor.pk).facts_version


def last_event() -> tuple[str, dict[str, Any]]:
    event = Event.objects.order_by("-id")[0]
    return event.kind, event.body


@pytest.mark.django_db
def test_a_right_to_work_is_noted_checked_and_ended(house: House, alice: Tutor) -> None:
    before = version(alice)
    right = add_authorisation(
        tutor=alice, place="GB", basis="Citizen", valid_until=None, actor=house.ruth, at=NOW
    )
    assert facts(alice).authorisations == (AuthorisationFacts(place="GB"),)
    assert last_event() == (
        "tutors.authorisation_added",
        {"tutor": alice.public_id, "place": "GB"},
    )
    until = TODAY + timedelta(days=90)
    verify_authorisation(
        authorisation=right,
        level=Verified.DOCUMENT,
        source="Passport",
        valid_until=until,
        actor=house.ruth,
        at=NOW,
    )
    seen = AuthorisationFacts(place="GB", valid_until=until, verified=Verified.DOCUMENT)
    assert facts(alice).authorisations == (seen,)
    with pytest.raises(NeedsAnotherCheck):
        verify_authorisation(
            authorisation=right, level=Verified.TWO_PEOPLE, source="x", actor=house.ruth, at=NOW
        )
    verify_authorisation(
        authorisation=right, level=Verified.TWO_PEOPLE, source="x", actor=house.rita, at=NOW
    )
    end_authorisation(authorisation=right, actor=house.ruth, at=NOW)
    assert facts(alice).authorisations == ()
    assert version(alice) == before + 4
    events = Event.objects.count()
    with pytest.raises(AuthorisationOver), transaction.atomic():
        end_authorisation(authorisation=right, actor=house.ruth, at=NOW)
    assert (version(alice), Event.objects.count()) == (before + 4, events)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place": "XX"}, "place"),
        ({"place": "US-*"}, "place"),
        ({"basis": "  "}, "basis"),
        ({"valid_until": TODAY - timedelta(days=1)}, "valid_until"),
        ({"valid_until": date(2999, 1, 1)}, "valid_until"),
        ({"place": "IE"}, "place"),
    ],
)
def test_a_bad_right_to_work_changes_nothing(
    house: House, alice: Tutor, change: dict[str, Any], field: str
) -> None:
    said = {"place": "IE", "basis": "Citizen", "valid_until": None}
    add_authorisation(tutor=alice, **said, actor=house.ruth, at=NOW)
    before = version(alice), Event.objects.count()
    said = {"place": "FR", "basis": "Citizen", "valid_until": None, **change}
    with pytest.raises(CannotAuthorise) as refused:
        add_authorisation(tutor=alice, **said, actor=house.ruth, at=NOW)
    assert list(refused.value.errors) == [field]
    assert (version(alice), Event.objects.count()) == before
    assert WorkAuthorisation.objects.count() == 1


@pytest.mark.django_db
def test_nobody_checks_herself_and_a_check_names_its_source(house: House, alice: Tutor) -> None:
    right = add_authorisation(
        tutor=alice, place="GB", basis="Citizen", valid_until=None, actor=house.ruth, at=NOW
    )
    post = add_experience(
        tutor=alice, post=Post(field="psychiatry", role="Ward", years=5), actor=house.ruth, at=NOW
    )
    her, said = alice.account, {"level": Verified.DOCUMENT, "at": NOW}
    for act in (
        lambda actor, source: verify_authorisation(
            authorisation=right, source=source, actor=actor, **said
        ),
        lambda actor, source: verify_experience(
            experience=post, source=source, actor=actor, **said
        ),
        lambda actor, source: check_identity(
            tutor=alice, method=IdentityMethod.IN_PERSON, source=source, actor=actor, at=NOW
        ),
    ):
        with pytest.raises(NotByOneself):
            act(her, "Passport")
        with pytest.raises(CannotVerify):
            act(house.ruth, " ")
    assert facts(alice).authorisations == (AuthorisationFacts(place="GB"),)
    assert facts(alice).identity_checked_at is None
    assert facts(alice).experience == (ExperienceFacts(field="psychiatry", years=5),)


@pytest.mark.django_db
def test_a_withdrawn_identity_check_leaves_the_one_before(house: House, alice: Tutor) -> None:
    earlier = NOW - timedelta(days=30)
    for at in (earlier, NOW):
        check = check_identity(
            tutor=alice,
            method=IdentityMethod.VIDEO_CALL,
            source="Passport on a call",
            actor=house.ruth,
            at=at,
        )
    assert facts(alice).identity_checked_at == NOW
    withdraw_identity_check(check=check, actor=house.ruth, at=NOW)
    assert facts(alice).identity_checked_at == earlier
    with pytest.raises(IdentityCheckOver):
        withdraw_identity_check(check=check, actor=house.ruth, at=NOW)
    assert IdentityCheck.objects.count() == 2


@pytest.mark.django_db
def test_experience_is_noted_checked_and_withdrawn(house: House, alice: Tutor) -> None:
    post = Post(field="psychiatry", role="Registrar", from_on=TODAY - timedelta(days=800))
    noted = add_experience(tutor=alice, post=post, actor=house.ruth, at=NOW)
    assert facts(alice).experience == (ExperienceFacts(field="psychiatry", from_on=post.from_on),)
    verify_experience(
        experience=noted, level=Verified.DOCUMENT, source="Letter", actor=house.ruth, at=NOW
    )
    assert facts(alice).experience[0].verified is Verified.DOCUMENT
    withdraw_experience(experience=noted, actor=house.ruth, at=NOW)
    assert facts(alice).experience == ()
    with pytest.raises(ExperienceOver):
        withdraw_experience(experience=noted, actor=house.ruth, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"field": "Psychiatry!"}, "field"),
        ({"role": ""}, "role"),
        ({"years": None}, "years"),
        ({"years": 0}, "years"),
        ({"years": 71}, "years"),
        ({"from_on": TODAY}, "years"),
        ({"until_on": TODAY}, "until_on"),
        ({"years": None, "from_on": TODAY + timedelta(days=1)}, "from_on"),
        ({"years": None, "from_on": TODAY, "until_on": TODAY - timedelta(days=1)}, "until_on"),
    ],
)
def test_bad_experience_changes_nothing(
    house: House, alice: Tutor, change: dict[str, Any], field: str
) -> None:
    before = version(alice), Event.objects.count()
    said = {"field": "psychiatry", "role": "Ward", "years": 5, **change}
    with pytest.raises(CannotNoteExperience) as refused:
        add_experience(tutor=alice, post=Post(**said), actor=house.ruth, at=NOW)
    assert list(refused.value.errors) == [field]
    assert (version(alice), Event.objects.count()) == before
    assert Experience.objects.count() == 0


@pytest.mark.django_db
def test_consent_is_hers_to_give_and_to_take_back(house: House, alice: Tutor) -> None:
    both = [SensitiveContent.HATE, SensitiveContent.VIOLENCE]
    with pytest.raises(NotHerChoice):
        choose_content(tutor=alice, content=both, actor=house.ruth, at=NOW)
    assert ContentOptIn.objects.count() == 0
    choose_content(tutor=alice, content=both, actor=alice.account, at=NOW)
    assert set(facts(alice).opt_ins) == set(both)
    later = NOW + timedelta(minutes=1)
    choose_content(tutor=alice, content=both[:1], actor=alice.account, at=later)
    assert facts(alice).opt_ins == (SensitiveContent.HATE,)
    assert last_event() == (
        "tutors.content_chosen",
        {"given": [], "withdrawn": ["violence"]},
    )
    events = Event.objects.count()
    choose_content(tutor=alice, content=both[:1], actor=alice.account, at=later)
    assert Event.objects.count() == events
    assert ContentOptIn.objects.count() == 2


@pytest.mark.django_db
def test_a_tie_answers_to_every_name_of_its_organisation(house: House, alice: Tutor) -> None:
    bond = Bond(name="Harbour Hospital", relation="Consultant", since=TODAY)
    tie = declare_tie(tutor=alice, bond=bond, actor=alice.account, at=NOW)
    assert last_event() == ("tutors.tie_declared", {"tutor": alice.public_id, "by_tutor": True})
    assert facts(alice).ties == (TieFacts(names=("org:harbour-hospital",), since=TODAY),)
    assert tie.organisation is not None
    before = version(alice)
    describe_organisation(
        organisation=tie.organisation,
        name="Harbour Hospital",
        client="C-12",
        tags=["hospital", "ai-lab"],
        actor=house.ruth,
        at=NOW,
    )
    assert facts(alice).ties[0].names == (
        "org:harbour-hospital",
        "client:C-12",
        "tag:ai-lab",
        "tag:hospital",
    )
    assert version(alice) == before + 1
    kind, body = last_event()
    assert (kind, body["tutors"]) == ("tutors.organisation_changed", [alice.public_id])


@pytest.mark.django_db
def test_who_is_looked_at_when_an_organisation_changes_may_be_nobody(
    house: House, alice: Tutor
) -> None:
    bond = Bond(name="Harbour Hospital", relation="Consultant", since=TODAY)
    tie = declare_tie(tutor=alice, bond=bond, actor=alice.account, at=NOW)
    described = {"organisation": tie.organisation, "name": "Harbour Hospital", "client": ""}
    looked_at = []
    for tags in (["hospital"], ["hospital", "ai-lab"]):
        catch_up()
        describe_organisation(**described, tags=tags, actor=house.ruth, at=NOW)
        looked_at.append(catch_up().count("tasks.recheck_offers"))
        if len(looked_at) == 1:
            withdraw_tie(tie=tie, actor=house.ruth, at=NOW)
    assert looked_at == [1, 0]


@pytest.mark.django_db
def test_two_words_for_one_client_become_one_organisation(house: House, alice: Tutor) -> None:
    bob = hire(house, name="Bob Brown")
    declare_tie(
        tutor=bob, bond=Bond(party="client:C-12", relation="Owner"), actor=house.ruth, at=NOW
    )
    hers = declare_tie(
        tutor=alice,
        bond=Bond(party="org:harbour-hospital", relation="Nurse", tags=["hospital"]),
        actor=house.ruth,
        at=NOW,
    )
    assert Organisation.objects.count() == 2
    assert hers.organisation is not None
    describe_organisation(
        organisation=hers.organisation,
        name="Harbour Hospital",
        client="C-12",
        tags=["hospital"],
        actor=house.ruth,
        at=NOW,
    )
    names = ("org:harbour-hospital", "client:C-12", "tag:hospital")
    assert Organisation.objects.count() == 1
    assert [facts(who).ties[0].names for who in (alice, bob)] == [names, names]


@pytest.mark.django_db
def test_a_tie_ends_or_is_withdrawn(house: House, alice: Tutor) -> None:
    bond = Bond(party="tag:ai-lab", relation="Annotator", since=TODAY - timedelta(days=9))
    tie = declare_tie(tutor=alice, bond=bond, actor=alice.account, at=NOW)
    with pytest.raises(CannotTie):
        end_tie(tie=tie, until=TODAY - timedelta(days=10), actor=house.ruth, at=NOW)
    end_tie(tie=tie, until=TODAY, actor=house.ruth, at=NOW)
    assert facts(alice).ties == (TieFacts(names=("tag:ai-lab",), since=bond.since, until=TODAY),)
    withdraw_tie(tie=tie, actor=house.ruth, at=NOW)
    assert facts(alice).ties == ()
    for act in (withdraw_tie, lambda **said: end_tie(until=TODAY, **said)):
        with pytest.raises(TieOver):
            act(tie=tie, actor=house.ruth, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bond", "field"),
    [
        (Bond(relation="x"), "name"),
        (Bond(relation="x", name="Спутник"), "name"),
        (Bond(relation="x", party="firm:a"), "party"),
        (Bond(relation="", party="org:a"), "relation"),
        (Bond(relation="x", party="tag:a", tags=["b"]), "tags"),
        (Bond(relation="x", party="org:a", tags=["B C"]), "tags"),
        (Bond(relation="x", party="org:a", since=TODAY, until=days(-900)), "until"),
        (Bond(relation="x", party="org:a", until=date(2999, 1, 1)), "until"),
    ],
)
def test_a_bad_tie_changes_nothing(house: House, alice: Tutor, bond: Bond, field: str) -> None:
    before = version(alice), Event.objects.count()
    with pytest.raises(CannotTie) as refused:
        declare_tie(tutor=alice, bond=bond, actor=alice.account, at=NOW)
    assert list(refused.value.errors) == [field]
    assert (version(alice), Event.objects.count()) == before
    assert (Tie.objects.count(), Organisation.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "row", "constraint"),
    [
        (WorkAuthorisation, {"place": "gb", "basis": "x"}, "authorisation_place_is_a_code"),
        (
            WorkAuthorisation,
            {"place": "GB", "basis": "x", "verified": "document"},
            "authorisation_checked_when_verified",
        ),
        (Experience, {"field": "x", "role": "x"}, "experience_has_years_or_dates"),
        (Experience, {"field": "x", "role": "x", "years": 0}, "experience_years_in_range"),
        (
            Experience,
            {"field": "x", "role": "x", "years": 1, "verified": "document"},
            "experience_checked_when_verified",
        ),
    ],
)
def test_the_database_says_so_too(
    house: House, alice: Tutor, model: Any, row: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(tutor=alice, added_by=house.ruth, added_at=NOW, **row)


@pytest.mark.django_db
def test_a_tie_names_one_party_alone(house: House, alice: Tutor) -> None:
    with pytest.raises(IntegrityError, match="tie_to_one_party"), transaction.atomic():
        Tie.objects.create(tutor=alice, relation="x", declared_by=house.ruth, declared_at=NOW)


@pytest.mark.django_db
def test_facts_still_take_one_statement(
    house: House, alice: Tutor, django_assert_num_queries: Any
) -> None:
    declare_tie(tutor=alice, bond=Bond(name="A", relation="x"), actor=house.ruth, at=NOW)
    with django_assert_num_queries(1):
        assert len(facts(alice).ties) == 1


def test_only_known_content_can_be_asked_for() -> None:
    from tests.tutors.test_requirements import faults

    told = faults(sets.document(sets.hard("a", {"kind": "opt_in", "content": ["gore"]})))
    assert list(told) == ["rules.0.test.content"]
    assert "self_harm" in told["rules.0.test.content"][0]
