"""What the doors of this floor share: CSV bodies, signatures, ids to tutors."""

import tempfile
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from rest_framework import serializers
from rest_framework.parsers import BaseParser

from tutors.models import (
    Agreement,
    Contract,
    Credential,
    Experience,
    IdentityCheck,
    ImportRow,
    Organisation,
    Qualification,
    Tie,
    Tutor,
    TutorImport,
    TutorLink,
    WorkAuthorisation,
)
from tutors.queries import background, imports, linked, people
from tutors.rules.importing import FILE_BYTES_MAX, ROWS_MAX
from tutors.rules.signing import USER_AGENT_CHARS_MAX, Signature
from tutors.rules.states import SensitiveContent
from workforce.doors.desk import Body, Call, key_of
from workforce.doors.pages import Visit
from workforce.doors.parsing import TooLarge
from workforce.queries.terms import newest_terms
from workforce.rules.problems import NotFound

CONTENT: Mapping[str, tuple[Any, Any]] = {
    SensitiveContent.SELF_HARM.value: (
        lazy("Self-harm and suicide"),
        lazy("People who hurt themselves, think of it, or talk somebody into it."),
    ),
    SensitiveContent.VIOLENCE.value: (
        lazy("Violence"),
        lazy("People who are beaten, wounded or killed, in words or pictures."),
    ),
    SensitiveContent.HATE.value: (
        lazy("Hate"),
        lazy("Slurs and contempt for people because of what they are."),
    ),
    SensitiveContent.SEXUAL.value: (
        lazy("Sexual content"),
        lazy("Sexual acts between adults, in words or pictures."),
    ),
    SensitiveContent.ABUSE.value: (
        lazy("Abuse"),
        lazy("Cruelty to people who cannot defend themselves, told or described."),
    ),
    SensitiveContent.EXTREMISM.value: (
        lazy("Extremism"),
        lazy("Terror, its praise, and attempts to recruit for it."),
    ),
    SensitiveContent.DRUGS.value: (
        lazy("Drugs"),
        lazy("Taking, making or selling drugs."),
    ),
    SensitiveContent.GRAPHIC_MEDICAL.value: (
        lazy("Medical pictures"),
        lazy("Wounds, operations, illness and dead bodies, as a clinic shows them."),
    ),
}
"""Sensitive content by its word: what it is called, and what one would see."""

SPOOL_BYTES = 512 * 1024
READ_BYTES = 64 * 1024


class CsvParser(BaseParser):
    """A CSV as the whole body: spooled to disk within a limit, never held in memory."""

    media_type = "text/csv"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> MultiValueDict[str, Any]:
        spool = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - given away
        size = 0
        while part := stream.read(READ_BYTES):
            size += len(part)
            if size > FILE_BYTES_MAX:
                spool.close()
                megabytes = FILE_BYTES_MAX // (1024 * 1024)
                raise TooLarge(_("A CSV may have %(n)d MB at most.") % {"n": megabytes})
            spool.write(part)
        spool.seek(0)
        file = UploadedFile(file=spool, name="tutors.csv", content_type="text/csv", size=size)
        files = MultiValueDict({"file": [file]})
        if parser_context and "request" in parser_context:
            parser_context["request"]._request._files = files  # Django closes them at the end
        return files


class SignatureRequest(Body):
    typed_name = serializers.CharField(
        max_length=200, help_text="Your name as it stands in your account."
    )
    viewed_at = serializers.DateTimeField(
        required=False, help_text="When the text was shown; without it, now."
    )
    sha256 = serializers.RegexField(
        r"^[0-9a-f]{64}$",
        required=False,
        help_text="Digest of the text that was shown; another text is refused.",
    )


def signature_of(call: Call) -> Signature:
    """The signature in a request, with where and how it was made."""
    meta = call.request.META
    consent = newest_terms(kind="consent")
    return Signature(
        typed_name=call.body["typed_name"],
        viewed_at=call.body.get("viewed_at") or call.at,
        consent_version=consent.version if consent else 0,
        address=meta.get("REMOTE_ADDR") or None,
        user_agent=str(meta.get("HTTP_USER_AGENT", ""))[:USER_AGENT_CHARS_MAX],
        method="session" if call.scopes is None else "bearer",
        sha256=call.body.get("sha256", ""),
    )


def own_tutor(call: Call) -> Tutor:
    """The caller's own profile; `NotFound` for an account that is no tutor's."""
    tutor = people.tutor_of(account=call.account)
    if tutor is None:
        raise NotFound(_("This account has no tutor profile."))
    return tutor


def tutor(call: Call, id: str) -> Tutor:
    return people.tutor_by_id(account=call.account, tutor_id=key_of("E", id))


def credential(call: Call, id: str) -> Credential:
    rows = people.credentials_visible_to(account=call.account)
    return _one(rows.select_related("tutor"), key_of("CR", id))


def qualification(call: Call, id: str) -> Qualification:
    rows = people.qualifications_visible_to(account=call.account)
    return _one(rows.select_related("tutor"), key_of("Q", id))


def contract(call: Call, id: str) -> Contract:
    return people.contract_by_id(account=call.account, contract_id=key_of("K", id))


def agreement(call: Call, id: str) -> Agreement:
    return people.agreement_by_id(account=call.account, agreement_id=key_of("AG", id))


def authorisation(call: Call, id: str) -> WorkAuthorisation:
    return background.authorisation(account=call.account, authorisation_id=key_of("WA", id))


def experience(call: Call, id: str) -> Experience:
    return background.experience(account=call.account, experience_id=key_of("XP", id))


def identity_check(call: Call, id: str) -> IdentityCheck:
    return background.identity_check(account=call.account, check_id=key_of("IC", id))


def tie(call: Call, id: str) -> Tie:
    return background.tie(account=call.account, tie_id=key_of("TY", id))


def organisation(call: Call, id: str) -> Organisation:
    return background.organisation(account=call.account, organisation_id=key_of("OG", id))


def link(call: Call, id: str) -> TutorLink:
    return linked.link_by_id(account=call.account, link_id=key_of("LK", id))


def upload(call: Call, id: str) -> TutorImport:
    return _one(people.imports_visible_to(account=call.account), key_of("TI", id))


def import_row(call: Call, id: str, row: str) -> ImportRow:
    number = int(row) if row.isascii() and row.isdigit() and len(row) <= len(str(ROWS_MAX)) else 0
    found = imports.row_of(upload=upload(call, id), number=number)
    if found is None:
        raise NotFound
    return found


_Row = TypeVar("_Row", bound=Model)


def _one(rows: QuerySet[_Row], key: int) -> _Row:
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def signature_from(
    visit: Visit, *, typed_name: str, sha256: str = "", viewed_at: datetime | None = None
) -> Signature:
    """A signature given on a page: what was typed, which text was shown, where and how."""
    meta = visit.request.META
    consent = newest_terms(kind="consent")
    return Signature(
        typed_name=typed_name,
        viewed_at=viewed_at or visit.at,
        consent_version=consent.version if consent else 0,
        address=meta.get("REMOTE_ADDR") or None,
        user_agent=str(meta.get("HTTP_USER_AGENT", ""))[:USER_AGENT_CHARS_MAX],
        method="session",
        sha256=sha256,
    )
