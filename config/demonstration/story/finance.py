"""Tasks of Ledgerline: answers about invented accounts, and rubrics to write."""

from config.demonstration.pieces import Piece
from config.demonstration.story.writing import Graded, rubric, rubric_to_write


def pieces() -> list[Piece]:
    return [*_graded(), *_to_write()]


def _row(text: str, points: int, grade: str, words: str) -> Graded:
    scale = "none_part_full" if grade in ("none", "part", "full") else "yes_no"
    return (text, points, scale, grade, words)


_GRADED: tuple[tuple[str, list[str], str, tuple[Graded, ...]], ...] = (
    (
        "Is the borrower inside its leverage covenant?",
        ["Net debt / EBITDA not above 4.0x, tested quarterly.", "Net debt 420. EBITDA 100."],
        "Leverage is 4.2x against a covenant of 4.0x: a breach. The lender will waive it.",
        (
            _row("Computes 4.2x and calls it a breach", 5, "yes", "4.2x against a covenant"),
            _row("Says what follows from a breach", 3, "part", "waive"),
            _row("States what the papers do not hold", -4, "yes", "The lender will waive it."),
        ),
    ),
    (
        "What is the gross margin?",
        ["Revenue 800, cost of sales 520.", "Other income 15."],
        "Gross profit is 280 on revenue of 800, a gross margin of 35 %.",
        (
            _row("Gives 35 %", 5, "yes", "35 %"),
            _row("Shows the subtraction", 3, "part", "Gross profit is 280"),
            _row("Counts other income as sales", -3, "no", ""),
        ),
    ),
    (
        "How long does stock lie before it is sold?",
        ["Inventory 90, cost of sales 365 for the year."],
        "Inventory turns 4.1 times a year, so stock lies for 30 days.",
        (
            _row("Gives 90 days", 5, "no", "30 days"),
            _row("Names the turnover", 2, "full", "4.1 times a year"),
        ),
    ),
    (
        "Is the lease on the balance sheet?",
        ["Lease of a warehouse, ten years, signed in March.", "No exemption was taken."],
        "Yes: a lease of ten years brings a right-of-use asset and a liability.",
        (
            _row("Says yes", 5, "yes", "Yes"),
            _row("Names asset and liability", 3, "full", "right-of-use asset and a liability"),
            _row("Invents an amount", -4, "no", ""),
        ),
    ),
    (
        "What is the effective tax rate?",
        ["Profit before tax 250.", "Tax charge 60, of which 10 for earlier years."],
        "Tax of 60 on a profit of 250 is 24 %.",
        (
            _row("Gives 24 %", 4, "yes", "24 %"),
            _row("Mentions the part for earlier years", 3, "none", ""),
        ),
    ),
    (
        "Did working capital release or absorb cash?",
        ["Receivables rose by 12, payables by 20, stock by 3."],
        "It absorbed 5: more went into receivables and stock than came from payables.",
        (
            _row("Says that cash was released, 5", 5, "no", "It absorbed 5"),
            _row("Takes all three parts", 2, "full", "receivables and stock"),
        ),
    ),
    (
        "What does the auditor's emphasis refer to?",
        ["Emphasis of matter: note 4 on the claim by a former supplier.", "No qualification."],
        "The emphasis refers to note 4, a supplier's claim. The opinion is qualified.",
        (
            _row("Names the claim in note 4", 4, "yes", "note 4"),
            _row("Calls the opinion qualified", -5, "yes", "The opinion is qualified."),
        ),
    ),
    (
        "What is free cash flow?",
        ["Operating cash flow 140.", "Capital expenditure 60. Dividends 25."],
        "140 − 60 = 80.",
        (
            _row("Gives 80", 5, "yes", "80"),
            _row("Takes off dividends", -3, "no", ""),
            _row("Shows the sum", 2, "full", "140 − 60"),
        ),
    ),
)


def _graded() -> list[Piece]:
    return [
        rubric(
            name=f"ledgerline-answer-{n}",
            question=question,
            lines=lines,
            answer=answer,
            criteria=criteria,
        )
        for n, (question, lines, answer, criteria) in enumerate(_GRADED, start=1)
    ]


def _to_write() -> list[Piece]:
    rows = (
        (
            "Is the borrower inside its leverage covenant of 4.0x? Net debt 420, EBITDA 100.",
            "Leverage is 4.2x against 4.0x, so the covenant is breached.",
        ),
        (
            "A client prepaid 120 for a year on 1 October. What is revenue by 31 December?",
            "Three of twelve months are earned: revenue 30, and 90 remains a liability.",
        ),
    )
    return [
        rubric_to_write(name=f"ledgerline-rubric-{n}", question=question, reference=reference)
        for n, (question, reference) in enumerate(rows, start=1)
    ]
