"""The closed sets of words about people and their papers, each with its meaning."""

from enum import StrEnum


class Presence(StrEnum):
    TAKING_WORK = "taking_work"  # offers may come until `presence_until`
    PAUSED = "paused"  # no offers, no pulling; what is in hand stays workable


class ContractState(StrEnum):
    OFFERED = "offered"  # the recruiter sent it; the tutor has not signed
    SIGNED = "signed"  # the tutor signed; the recruiter has not countersigned
    ACTIVE = "active"  # both signed; in force from its start
    NOTICE = "notice"  # an end is set; in force until then
    ENDED = "ended"  # over, withdrawn or never signed; pays what was earned


class VersionState(StrEnum):
    OFFERED = "offered"  # waits for the tutor's signature
    SIGNED = "signed"  # waits for the countersignature
    IN_FORCE = "in_force"  # both signed; counts within its effective range
    WITHDRAWN = "withdrawn"  # never came into force


class RateSource(StrEnum):
    TIER = "tier"  # the tier's rate on the day of the offer: a floor for that speciality
    OVERRIDE = "override"  # agreed for this person, within the tier's range


class Verified(StrEnum):
    SELF = "self"  # the tutor says so
    DOCUMENT = "document"  # a recruiter saw the paper
    TWO_PEOPLE = "two_people"  # two people looked, independently
    PRIMARY_SOURCE = "primary_source"  # the register or issuer confirmed it


VERIFIED_RANK = {word: rank for rank, word in enumerate(Verified)}


class CredentialType(StrEnum):
    LICENCE = "licence"  # a right to practise, by jurisdiction
    DEGREE = "degree"  # awarded by a school
    TRAINING_POST = "training_post"  # residency, postdoc: a grade within a field
    AWARD = "award"  # a named prize with a rank
    PUBLICATION = "publication"  # published work, counted
    PORTFOLIO = "portfolio"  # shown work, counted
    CERTIFICATION = "certification"  # an examined title such as CFA


class CredentialStatus(StrEnum):
    ACTIVE = "active"  # in force
    AWARDED = "awarded"  # given for good
    IN_PROGRESS = "in_progress"  # being worked for
    LAPSED = "lapsed"  # ran out, may be renewed
    SUSPENDED = "suspended"  # held by its issuer
    REVOKED = "revoked"  # taken back by its issuer
    REFUSED = "refused"  # we looked, and could not confirm it


class QualificationState(StrEnum):
    GRANTED = "granted"  # counts until it expires
    REPLACED = "replaced"  # a newer grant for the same field took its place
    REVOKED = "revoked"  # taken back, with a reason


class AgreementKind(StrEnum):
    NDA = "nda"  # confidentiality, one per client
    IP = "ip"  # who owns the answers
    CONDUCT = "conduct"  # how we treat each other
    DATA = "data"  # how personal data is handled


class AgreementState(StrEnum):
    OFFERED = "offered"  # waits for the tutor's signature
    SIGNED = "signed"  # in force; routing reads it
    WITHDRAWN = "withdrawn"  # never signed, or replaced


class ImportState(StrEnum):
    CHECKED = "checked"  # read and checked; nothing written about anybody
    COMMITTING = "committing"  # its good rows are being written, a chunk at a time
    COMMITTED = "committed"  # its good rows became tutors
    UNDOING = "undoing"  # what it wrote is being taken back, a chunk at a time
    UNDONE = "undone"  # taken back, save for people who had moved on
    DISCARDED = "discarded"  # given up before anything was written; its rows are gone


class RowState(StrEnum):
    READY = "ready"  # will become a tutor at commit
    UPDATE = "update"  # this e-mail is a tutor's; newer facts will be written at commit
    POSSIBLE = "possible"  # somebody of this name and country is here; waits for a decision
    ERROR = "error"  # left out, with the reason by column
    DUPLICATE = "duplicate"  # this e-mail is already here; left out
    SKIPPED = "skipped"  # left out because somebody said so
    ADDED = "added"  # became a tutor
    UPDATED = "updated"  # its newer facts were written
    UNDONE = "undone"  # what it wrote was taken back
    KEPT = "kept"  # undo left it, with the reason: the person moved on


COMMITTABLE = (RowState.READY, RowState.UPDATE)
WRITTEN = (RowState.ADDED, RowState.UPDATED)
NEEDY = (RowState.ERROR, RowState.POSSIBLE)
"""Rows that somebody has to look at before the commit."""
REJECTED = (RowState.ERROR, RowState.POSSIBLE, RowState.DUPLICATE, RowState.SKIPPED)


class RowChoice(StrEnum):
    NONE = ""  # nobody decided; the check did
    SKIP = "skip"  # leave the row out
    KEEP_BOTH = "keep_both"  # another person of the same name


class SensitiveContent(StrEnum):
    """What a tutor may agree to see. A set can ask for these words and no others."""

    ABUSE = "abuse"  # abuse of people who cannot defend themselves
    DRUGS = "drugs"  # taking, making or selling drugs
    EXTREMISM = "extremism"  # terror and its praise
    GRAPHIC_MEDICAL = "graphic_medical"  # wounds, operations, bodies
    HATE = "hate"  # contempt for groups of people
    SELF_HARM = "self_harm"  # self-harm and suicide
    SEXUAL = "sexual"  # sexual acts, between adults
    VIOLENCE = "violence"  # people who are hurt or killed


class IdentityMethod(StrEnum):
    IN_PERSON = "in_person"  # her document and her face, in one room
    VIDEO_CALL = "video_call"  # her document and her face, on a call
    PROVIDER = "provider"  # a service for such checks, with its report


class LinkKind(StrEnum):
    ONE_PERSON = "one_person"  # two accounts of one human being
    HOUSEHOLD = "household"  # two people who live, or share a desk, together


class WorkRole(StrEnum):
    ATTEMPT = "attempt"  # do the task
    REVIEW = "review"  # judge one submission
    ADJUDICATE = "adjudicate"  # decide between submissions or reviews


LEVELS = (1, 2, 3, 4)
"""qualified, experienced, senior, principal"""
