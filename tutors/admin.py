"""The back office's view of people and papers: everything to see, nothing to change."""

from django.contrib import admin

from tutors.models import (
    Agreement,
    Contract,
    ContractVersion,
    Credential,
    NamedSet,
    Paper,
    Qualification,
    RequirementSet,
    SignatureEvidence,
    Tutor,
    TutorImport,
)
from workforce.admin import ReadOnly


@admin.register(Tutor)
class TutorAdmin(ReadOnly):
    list_display = ("public_id", "account", "country", "presence", "presence_until", "capacity")
    list_filter = ("presence",)
    list_select_related = ("account",)
    search_fields = ("account__email", "account__name")


@admin.register(Credential)
class CredentialAdmin(ReadOnly):
    list_display = ("public_id", "tutor", "type", "status", "verified", "expires_on")
    list_filter = ("type", "status", "verified")
    exclude = ("number_closed", "number_fingerprint")


@admin.register(Qualification)
class QualificationAdmin(ReadOnly):
    list_display = ("public_id", "tutor", "domain", "level", "state", "expires_at")
    list_filter = ("state", "level")
    list_select_related = ("domain", "tutor")


@admin.register(Contract)
class ContractAdmin(ReadOnly):
    list_display = ("public_id", "tutor", "state", "currency", "starts_at", "ends_at")
    list_filter = ("state",)


@admin.register(ContractVersion)
class ContractVersionAdmin(ReadOnly):
    list_display = ("contract", "number", "state", "effective", "cap_seconds_week")
    list_filter = ("state",)


@admin.register(Agreement)
class AgreementAdmin(ReadOnly):
    list_display = ("public_id", "tutor", "kind", "party", "version", "state", "signed_at")
    list_filter = ("kind", "state")


@admin.register(SignatureEvidence)
class SignatureEvidenceAdmin(ReadOnly):
    list_display = ("subject", "version", "part", "account", "typed_name", "signed_at", "method")
    search_fields = ("subject",)


@admin.register(TutorImport)
class TutorImportAdmin(ReadOnly):
    list_display = ("public_id", "state", "file_name", "rows_total", "rows_added", "checked_at")


@admin.register(Paper)
class PaperAdmin(ReadOnly):
    list_display = ("title", "sha256", "added_at")


@admin.register(RequirementSet)
class RequirementSetAdmin(ReadOnly):
    list_display = ("public_id", "signature", "client", "added_at")
    search_fields = ("signature",)


@admin.register(NamedSet)
class NamedSetAdmin(ReadOnly):
    list_display = ("public_id", "name", "made_by", "made_at", "ended_at")
    list_select_related = ("made_by",)
    search_fields = ("name",)
