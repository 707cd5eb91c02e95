"""The design's requirement sets, and small pieces to build others."""

from typing import Any

Document = dict[str, Any]

QUALIFIED: Document = {"kind": "qualification", "speciality": "medicine.psychiatry", "level_min": 2}
NDA: Document = {"kind": "agreement", "type": "nda", "party": "client", "version_min": 2}
ENGLISH: Document = {"kind": "language", "tag": "en", "min": "C1"}
LICENCE: Document = {
    "kind": "credential",
    "type": "licence",
    "profession": "physician",
    "jurisdictions": ["US-*", "GB", "IE", "CA-*", "AU", "NZ"],
    "status": ["active"],
    "restrictions": "none",
    "verified": "primary_source",
    "valid_for_days": 14,
}
TRAINEE: Document = {
    "all": [
        {
            "kind": "credential",
            "type": "degree",
            "degrees": ["MD", "DO", "MBBS"],
            "status": ["awarded"],
            "verified": "document",
        },
        {
            "kind": "credential",
            "type": "training_post",
            "field": "psychiatry",
            "grade_min": 3,
            "status": ["active"],
            "verified": "document",
            "valid_for_days": 14,
        },
    ]
}


def hard(rule_id: str, test: Document) -> Document:
    return {"id": rule_id, "mode": "hard", "test": test}


def soft(rule_id: str, test: Document, *, minutes: int) -> Document:
    return {"id": rule_id, "mode": "soft", "relax_after_minutes": minutes, "test": test}


def document(*rules: Document, name: str = "A set") -> Document:
    return {"schema": 1, "name": name, "rules": list(rules)}


PSYCHIATRY = document(
    hard("field", {**QUALIFIED, "valid_for_days": 1}),
    {**hard("licence", {"any": [LICENCE, TRAINEE]}), "why": "Somebody must stand behind it."},
    hard(
        "language",
        {"any": [{**ENGLISH, "min": "C2"}, {**ENGLISH, "min": "native"}]},
    ),
    hard(
        "place",
        {
            "all": [
                {"kind": "residence", "not_in": ["KP", "IR", "SY"]},
                {"kind": "work_authorisation", "where": "residence"},
            ]
        },
    ),
    hard(
        "papers",
        {"all": [NDA, {"kind": "agreement", "type": "ip", "party": "lectern", "version_min": 1}]},
    ),
    hard(
        "conflict",
        {
            "kind": "no_conflict",
            "with": ["client", "tag:ai-lab", "org:harbour-hospital"],
            "within_days": 365,
        },
    ),
    hard("content", {"kind": "opt_in", "content": ["self_harm"]}),
    hard("identity", {"kind": "identity", "within_days": 365}),
    soft("years", {"kind": "experience", "field": "psychiatry", "years_min": 5}, minutes=240),
    soft(
        "record",
        {
            "kind": "standing",
            "speciality": "medicine.psychiatry",
            "task_type": "hallucination",
            "lower_bound_min": 0.8,
            "n_min": 20,
        },
        minutes=480,
    ),
    name="Psychiatry, attempter, level 2",
)

MATHS = document(
    hard("field", {"kind": "qualification", "speciality": "stem.mathematics", "level_min": 1}),
    hard(
        "depth",
        {
            "any": [
                {
                    "kind": "credential",
                    "type": "degree",
                    "degrees": ["PhD"],
                    "field": "mathematics",
                    "status": ["awarded", "in_progress"],
                    "verified": "document",
                },
                {
                    "kind": "credential",
                    "type": "award",
                    "name_in": ["IMO", "EGMO", "Putnam"],
                    "rank_in": ["gold", "silver", "bronze", "top-200"],
                    "verified": "document",
                },
            ]
        },
    ),
    hard("papers", {**NDA, "version_min": 1}),
    soft(
        "published",
        {
            "kind": "credential",
            "type": "publication",
            "field": "mathematics",
            "count_min": 3,
            "verified": "document",
        },
        minutes=120,
    ),
    name="Maths, PhD or olympiad",
)

HEBREW = document(
    hard("language", {"kind": "language", "tag": "he", "min": "native"}),
    hard("english", ENGLISH),
    hard("residence", {"kind": "residence", "in": ["IL", "US-*"], "since_days": 180}),
    hard("content", {"kind": "opt_in", "content": ["hate", "violence"]}),
    name="Hebrew evaluator, IL or US",
)

VISUAL = document(
    hard(
        "field",
        {"kind": "qualification", "speciality": "visual.image-understanding", "level_min": 1},
    ),
    hard(
        "eye",
        {
            "any": [
                {
                    "kind": "credential",
                    "type": "portfolio",
                    "field": "visual-arts",
                    "items_min": 5,
                    "verified": "two_people",
                },
                {"kind": "experience", "field": "image-analysis", "years_min": 2},
            ]
        },
    ),
    hard("english", ENGLISH),
    name="Visual tutor",
)
