"""What is known about tutors who are here already, and what a row would change of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Lower

from tutors.models import Tutor, TutorLanguage
from tutors.rules.importing import NewTutor
from workforce.models import Account, Domain

ACCOUNT_FIELDS = ("name", "time_zone")
TUTOR_FIELDS = ("country", "region", "headline", "capacity")
SINGLE = (*ACCOUNT_FIELDS, *TUTOR_FIELDS)

Changes = dict[str, Any]
"""By fact: `[old, new]`; languages: tag → `[old or None, new]`; domains: the slugs added."""


@dataclass(kw_only=True)
class Known:
    """Who is here: addresses with an account, tutors by address, tutors by name and country."""

    addresses: set[str] = field(default_factory=set)
    tutors: dict[str, Tutor] = field(default_factory=dict)
    namesakes: dict[tuple[str, str], Tutor] = field(default_factory=dict)

    def namesake(self, new: NewTutor) -> Tutor | None:
        return self.namesakes.get((new.name.lower(), new.country))


def taken(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses, in small letters, that have an account."""
    rows = Account.objects.annotate(low=Lower("email")).filter(low__in=set(addresses))
    return set(rows.values_list("low", flat=True))


def look_up(people: Sequence[NewTutor], *, with_facts: bool, with_names: bool) -> Known:
    """What the database knows about these people; at most five statements."""
    known = Known(addresses=taken(new.email.lower() for new in people))
    if with_facts and known.addresses:
        known.tutors = by_address(known.addresses)
    if with_names and people:
        names, countries = {n.name.lower() for n in people}, {n.country for n in people}
        rows = Tutor.objects.select_related("account").annotate(low=Lower("account__name"))
        for tutor in rows.filter(country__in=countries, low__in=names).order_by("-id"):
            known.namesakes[tutor.account.name.lower(), tutor.country] = tutor
    return known


def by_address(addresses: Collection[str]) -> dict[str, Tutor]:
    """The tutors of these addresses, with everything that `changes_of` reads."""
    rows = Tutor.objects.select_related("account").prefetch_related("domains", "languages")
    rows = rows.annotate(low=Lower("account__email")).filter(low__in=addresses)
    return {tutor.account.email.lower(): tutor for tutor in rows}


def changes_of(tutor: Tutor, new: NewTutor, *, cells: Mapping[str, str]) -> Changes:
    """What a row would change. Empty cells change nothing; lists grow and never shrink."""
    told = {column for column, cell in cells.items() if cell}
    changes: Changes = {}
    for name in SINGLE:
        old, wanted = _value(tutor, name), getattr(new, name)
        if name in told and old != wanted:
            changes[name] = [old, wanted]
    if "country" in changes and "region" not in changes and tutor.region:
        changes["region"] = [tutor.region, new.region]
    spoken = {language.tag: str(language.level) for language in tutor.languages.all()}
    languages = {
        tag: [spoken.get(tag), level.value]
        for tag, level in new.languages
        if spoken.get(tag) != level.value
    }
    held = {domain.slug for domain in tutor.domains.all()}
    domains = [slug for slug in new.domains if slug not in held]
    return (
        changes
        | ({"languages": languages} if languages else {})
        | ({"domains": domains} if domains else {})
    )


def still_so(tutor: Tutor, changes: Changes) -> bool:
    """Whether everything that was written is as it was written."""
    spoken = {language.tag: str(language.level) for language in tutor.languages.all()}
    held = {domain.slug for domain in tutor.domains.all()}
    return (
        all(_value(tutor, name) == changes[name][1] for name in SINGLE if name in changes)
        and all(spoken.get(tag) == new for tag, (_o, new) in changes.get("languages", {}).items())
        and held.issuperset(changes.get("domains", ()))
    )


def write(pairs: Sequence[tuple[Tutor, Changes]], *, domains: Mapping[str, Domain]) -> None:
    """Write the new facts; eight statements, however many tutors."""
    for tutor, changes in pairs:
        for name in SINGLE:
            if name in changes:
                _set(tutor, name, changes[name][1])
    _save([tutor for tutor, _changes in pairs])
    TutorLanguage.objects.bulk_create(
        (
            TutorLanguage(tutor=tutor, tag=tag, level=new)
            for tutor, changes in pairs
            for tag, (_old, new) in changes.get("languages", {}).items()
        ),
        update_conflicts=True,
        unique_fields=["tutor", "tag"],
        update_fields=["level"],
    )
    fields = Tutor.domains.through
    fields.objects.bulk_create(
        (
            fields(tutor_id=tutor.pk, domain_id=domains[slug].pk)
            for tutor, changes in pairs
            for slug in changes.get("domains", ())
        ),
        ignore_conflicts=True,
    )


def take_back(pairs: Sequence[tuple[Tutor, Changes]]) -> None:
    """Write the old facts again, in a constant number of statements."""
    for tutor, changes in pairs:
        for name in SINGLE:
            if name in changes:
                _set(tutor, name, changes[name][0])
    _save([tutor for tutor, _changes in pairs])
    was: list[TutorLanguage] = []
    gone: list[int] = []
    for tutor, changes in pairs:
        ours = {language.tag: language for language in tutor.languages.all()}
        for tag, (old, _new) in changes.get("languages", {}).items():
            if old is None:
                gone.append(ours[tag].pk)
            else:
                ours[tag].level = old
                was.append(ours[tag])
    TutorLanguage.objects.bulk_update(was, ["level"])
    TutorLanguage.objects.filter(pk__in=gone).delete()
    fields = Tutor.domains.through
    added = {(tutor.pk, slug) for tutor, changes in pairs for slug in changes.get("domains", ())}
    rows = fields.objects.filter(tutor__in=[tutor for tutor, _c in pairs]).select_related("domain")
    extra = [row.pk for row in rows if (row.tutor_id, row.domain.slug) in added]
    fields.objects.filter(pk__in=extra).delete()


def _save(tutors: Sequence[Tutor]) -> None:
    Account.objects.bulk_update([tutor.account for tutor in tutors], ACCOUNT_FIELDS)
    Tutor.objects.bulk_update(tutors, TUTOR_FIELDS)


def _value(tutor: Tutor, name: str) -> Any:
    return getattr(tutor.account if name in ACCOUNT_FIELDS else tutor, name)


def _set(tutor: Tutor, name: str, value: Any) -> None:
    setattr(tutor.account if name in ACCOUNT_FIELDS else tutor, name, value)
