"""The four clients and their projects: what they ask for, of whom, and within which budget."""

from dataclasses import dataclass, field
from typing import Any

from config.demonstration.pieces import Json

CURRENCY = "USD"
OFFER_TTL_SECONDS = 20
LEASE_SECONDS = 60
HOLD_SECONDS = 30 * 60
PAID_CAP_SECONDS = 15 * 60
TARGET_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Organisation:
    slug: str
    name: str
    domain: str
    contact: str  # the member who hands work in

    @property
    def email(self) -> str:
        return f"{self.contact.lower().replace(' ', '.')}@example.org"


@dataclass(frozen=True, kw_only=True)
class ProjectPlan:
    slug: str
    client: str
    name: str
    domain: str
    speciality: str
    task_type: str
    guide: str
    priority: int = 50
    overlap: int = 1
    review_share_percent: int = 100
    level_min: int = 1
    credential: Json = field(default_factory=dict)
    budget_minor: int = 5_000_000

    def requirements(self) -> dict[str, Any]:
        """Qualification, credential, language, residence and papers; nothing that relaxes."""
        rules = [
            self._rule("field", self._qualification()),
            self._rule("proof", self.credential),
            self._rule("language", {"kind": "language", "tag": "en", "min": "C1"}),
            self._rule("place", {"kind": "residence", "not_in": ["KP", "IR", "SY"]}),
            self._rule("papers", {"all": [NDA, IP]}),
        ]
        return {"schema": 1, "name": self.name, "rules": [rule for rule in rules if rule["test"]]}

    def _qualification(self) -> Json:
        return {
            "kind": "qualification",
            "speciality": self.speciality,
            "level_min": self.level_min,
            "valid_for_days": 1,
        }

    @staticmethod
    def _rule(rule_id: str, test: Json) -> Json:
        return {"id": rule_id, "mode": "hard", "test": test}


NDA = {"kind": "agreement", "type": "nda", "party": "client", "version_min": 1}
IP = {"kind": "agreement", "type": "ip", "party": "lectern", "version_min": 1}
DEGREE = {
    "kind": "credential",
    "type": "degree",
    "degrees": ["PhD", "MSc"],
    "field": "mathematics",
    "status": ["awarded"],
    "verified": "document",
}
LICENCE = {
    "kind": "credential",
    "type": "licence",
    "profession": "physician",
    "status": ["active"],
    "verified": "document",
    "valid_for_days": 14,
}
CERTIFICATION = {
    "kind": "credential",
    "type": "certification",
    "name_in": ["CFA", "CPA", "ACCA"],
    "verified": "document",
}
PORTFOLIO = {
    "kind": "credential",
    "type": "portfolio",
    "field": "visual-arts",
    "items_min": 5,
    "verified": "document",
}

SETS = {
    "stem.mathematics": "Mathematicians with a degree",
    "medicine": "Physicians with a licence",
    "finance.accounting": "Accountants with a title",
    "visual.image-understanding": "Picture people with a portfolio",
}
"""What the requirement set of a speciality's projects is called."""

ORGANISATIONS = (
    Organisation(slug="fermat", name="Fermat Works", domain="stem", contact="Gita Bose"),
    Organisation(
        slug="saltmarsh", name="Saltmarsh Health", domain="medicine", contact="Hanna Vogel"
    ),
    Organisation(slug="ledgerline", name="Ledgerline", domain="finance", contact="Ivan Horak"),
    Organisation(slug="prismatic", name="Prismatic", domain="visual", contact="Julia Marsh"),
)

PROJECTS = (
    ProjectPlan(
        slug="solutions",
        client="fermat",
        name="Worked solutions, side by side",
        domain="stem",
        speciality="stem.mathematics",
        task_type="preference",
        credential=DEGREE,
        guide="""# Worked solutions, side by side

Two solutions of one problem. Work the problem yourself first, then rank.

1. **A right result beats a wrong one**, however well the wrong one is written.
2. Of two right ones, prefer the one whose steps a pupil can follow.
3. Say in your reason which step decides it.
""",
    ),
    ProjectPlan(
        slug="slips",
        client="fermat",
        name="Find the slip",
        domain="stem",
        speciality="stem.mathematics",
        task_type="critique",
        credential=DEGREE,
        guide="""# Find the slip

Mark the **first** place where the argument goes wrong, say why, and write what should stand there.
A step that only carries an earlier mistake on is marked as *follows*. Then write the whole answer
as you would have it.
""",
    ),
    ProjectPlan(
        slug="abstracts",
        client="saltmarsh",
        name="Answers against their source",
        domain="medicine",
        speciality="medicine",
        task_type="hallucination",
        credential=LICENCE,
        priority=70,
        guide="""# Answers against their source

Read the source whole, then the answer. Mark each passage that the source does not carry.

- **contradicts**: the source says the opposite
- **wrong number**: a figure that differs
- **unsupported**: may be true, and is not in the source
- **false citation**: refers to something that does not exist
- **omission**: leaves out what a reader must know
- **imprecise**: blurs what the source states exactly

Harm is what could follow for a patient if somebody acted on it.
""",
    ),
    ProjectPlan(
        slug="cases",
        client="saltmarsh",
        name="Cases that a fluent answer fails",
        domain="medicine",
        speciality="medicine",
        task_type="scenario",
        credential=LICENCE,
        level_min=1,
        guide="""# Cases that a fluent answer fails

Write a short, realistic exchange in which a confident, well-written answer is wrong in a way that
matters. No real person, no identifying detail. Add the answer a careful clinician would give and
a rubric that tells the two apart.
""",
    ),
    ProjectPlan(
        slug="accounts",
        client="ledgerline",
        name="Answers about accounts",
        domain="finance",
        speciality="finance.accounting",
        task_type="rubric",
        credential=CERTIFICATION,
        guide="""# Answers about accounts

Grade each criterion on its own, with the passage that decides it. A figure counts as right when
its sign, scale and unit are right. Tell us when a criterion is vague.
""",
    ),
    ProjectPlan(
        slug="pictures",
        client="prismatic",
        name="Is it in the picture?",
        domain="visual",
        speciality="visual.image-understanding",
        task_type="image",
        credential=PORTFOLIO,
        guide="""# Is it in the picture?

Judge each claim by what can be **seen**. Draw a box round what proves a true claim, tight to the
pixels. Where nothing can be seen either way, say *cannot tell*.
""",
    ),
    ProjectPlan(
        slug="clips",
        client="prismatic",
        name="What happens, and when",
        domain="visual",
        speciality="visual.image-understanding",
        task_type="video",
        credential=PORTFOLIO,
        guide="""# What happens, and when

Cut the clip into segments: a segment starts at the first frame in which the action can be seen.
Link cause and effect only where you see both.
""",
    ),
)
