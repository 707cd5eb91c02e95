"""Tasks of Fermat Works: solutions to compare, and arguments with a slip."""

from config.demonstration.pieces import Piece
from config.demonstration.story.writing import critique, preference


def pieces() -> list[Piece]:
    return [*_comparisons(), *_slips()]


_COMPARISONS = (
    (
        "A shop takes 20 % off a coat of 150 and then 10 % off the new price. What is paid?",
        "After the first cut: 150 × 0.8 = 120. After the second: 120 × 0.9 = 108. Answer: 108",
        "20 % and 10 % are 30 % together. 150 × 0.7 = 105. Answer: 105",
        "The second cut is taken from the lower price, so the two do not add up.",
    ),
    (
        "How many diagonals has a convex octagon?",
        "Each corner joins 5 others by a diagonal: 8 × 5 / 2 = 20. Answer: 20",
        "Each corner joins 5 others by a diagonal: 8 × 5 = 40. Answer: 40",
        "Each diagonal has two ends, and the other answer counts it twice.",
    ),
    (
        "Two dice are thrown. What is the chance that the sum is 7, given that one shows a 2?",
        "11 throws show a 2. Of these (2,5) and (5,2) give 7. Answer: 2/11",
        "The other die must show a 5, and that has a chance of 1/6. Answer: 1/6",
        "The condition is that at least one die shows a 2: eleven throws, not six.",
    ),
    (
        "Solve x² = 5x over the real numbers.",
        "x² − 5x = 0, so x(x − 5) = 0. Answer: x = 0 or x = 5",
        "Divide both sides by x: x = 5. Answer: x = 5",
        "Dividing by x loses the solution zero.",
    ),
    (
        "A car goes 60 km at 30 km/h and 60 km at 60 km/h. What is its average speed?",
        "2 h and 1 h make 3 h for 120 km. Answer: 40 km/h",
        "The mean of 30 and 60 is 45. Answer: 45 km/h",
        "Equal distances take unequal times, so the speeds may not be averaged.",
    ),
    (
        "What is the remainder of 7 to the power 100, divided by 5?",
        "7 is 2 mod 5, and 2⁴ is 1 mod 5. 100 is a multiple of 4. Answer: 1",
        "7 is 2 mod 5, and 2 × 100 = 200 is 0 mod 5. Answer: 0",
        "The other answer multiplies where a power is asked for.",
    ),
    (
        "Is 0.999… (repeating) less than 1?",
        "No. A third is 0.333…, three of them are 0.999… and also 1. Answer: they are equal",
        "Yes, it comes ever closer to 1 and never reaches it. Answer: it is less",
        "A repeating decimal is a number, not a process that is under way.",
    ),
    (
        "A square's side grows by 10 %. By how much does its area grow?",
        "1.1² = 1.21. Answer: 21 %",
        "Two sides grow by 10 % each. Answer: 20 %",
        "The small corner square of one per cent is left out in the other answer.",
    ),
)


def _comparisons() -> list[Piece]:
    return [
        preference(
            name=f"fermat-pair-{n}",
            question=question,
            good=good,
            bad=bad,
            why=why,
            first="good" if n % 2 else "bad",
        )
        for n, (question, good, bad, why) in enumerate(_COMPARISONS, start=1)
    ]


def _slips() -> list[Piece]:
    rows = (
        (
            "A train covers 180 km in 2 h 15 min. Average speed?",
            ("2 h 15 min = 2.15 h.", "Speed = distance / time.", "180 / 2.15 = 83.7 km/h."),
            (1, "2.15 h", "A quarter of an hour is 0.25 h, not 0.15 h.", "2.25 h"),
        ),
        (
            "Differentiate sin(x²).",
            ("Put u = x².", "The derivative of sin u is cos u.", "So the answer is cos(x²)."),
            (3, "cos(x²)", "The inner derivative 2x is missing.", "2x·cos(x²)"),
        ),
        (
            "Is the sum of two odd numbers even?",
            ("Take odd numbers 2k + 1 and 2k + 1.", "Their sum is 4k + 2.", "So yes, it is even."),
            (1, "2k + 1 and 2k + 1", "Two odd numbers need two letters.", "2k + 1 and 2m + 1"),
        ),
        (
            "How many ways are there to seat 5 people round a table?",
            (
                "In a row there are 5! = 120 ways.",
                "A turn of the table changes nothing.",
                "So 120.",
            ),
            (3, "120", "Five turns of one seating count once: 120 / 5.", "24"),
        ),
        (
            "Find the mean of 2, 4 and 9.",
            ("The sum is 2 + 4 + 9 = 14.", "There are 3 numbers.", "The mean is about 4.7."),
            (1, "14", "2 + 4 + 9 is 15.", "15"),
        ),
        (
            "Solve |x − 2| = 3.",
            ("Either x − 2 = 3 or x − 2 = −3.", "So x = 5 or x = 1.", "Both fit."),
            (2, "x = 1", "−3 + 2 is −1.", "x = −1"),
        ),
    )
    return [
        critique(name=f"fermat-slip-{n}", question=question, steps=steps, slip=slip)
        for n, (question, steps, slip) in enumerate(rows, start=1)
    ]
