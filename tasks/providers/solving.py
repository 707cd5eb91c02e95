"""The exact solver behind `rules.assigning`: HiGHS, where it is installed.

The classes make a network, and a linear program on a network has a whole optimum at a corner, so
the simplex method's answer is in whole units. Without the library the best-first matcher of the
rules does the same work; `requirements-solver.txt` brings it.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import accumulate
from typing import Any

from tasks.rules.assigning import MATCHED_MINUTES, Flow, Folded, assign

ITERATIONS_MAX = 15_000
"""Some five seconds; a program that takes more is given up, and matched best first. Counted, not
timed, so that the same world is matched the same way on a busy day."""

WHOLE = 1e-6

STEPS_MAX = 500
"""Of the interior point; some forty find the optimum of a hundred thousand rows."""

INEXACT = 1e-6
"""The part by which the interior point's gain may miss the greatest."""

EXACT = "highs"
BEST_FIRST = "best_first"

EXACT_FROM_PAIRS = 500
"""Below this many pairs of classes the exchanges of `assign` end at the optimum themselves."""


def solve(folded: Folded) -> tuple[str, Flow]:
    """The flow of the best solver that is here, and the solver's name."""
    if len(folded.worth) >= EXACT_FROM_PAIRS and find_spec("highspy") and find_spec("numpy"):
        return EXACT, exact(folded)
    return BEST_FIRST, assign(folded)


def exact(folded: Folded, *, iterations_max: int = ITERATIONS_MAX) -> Flow:
    """The flow of the greatest total; the same flow each time for the same classes.

    Falls back to `assign` when the solver gives up or answers in anything but whole units.
    """
    if not folded.worth:
        return {}
    pairs = sorted(folded.worth)
    columns = _columns(folded, pairs)
    rows = len(folded.work) + len(folded.crews)
    values = _solved(columns, rows=rows, iterations_max=iterations_max)
    if values is None:
        return assign(folded)
    first = len(columns) - len(pairs)
    flow = {}
    for pair, value in zip(pairs, values[first:], strict=True):
        units = round(value)
        if abs(value - units) > WHOLE:
            return assign(folded)
        if units:
            flow[pair] = units
    return flow


Column = tuple[int, float, tuple[tuple[int, float], ...]]
"""Gain of a unit, the most units, and where the units enter (1) and leave (−1)."""


def _columns(folded: Folded, pairs: list[tuple[int, int]]) -> list[Column]:
    """Units enter a work by its bands, pass to crews by the pairs, leave by the crews' bands."""
    crews_from = len(folded.work)
    columns: list[Column] = []
    for w, bands in enumerate(folded.work):
        columns += [(gain + MATCHED_MINUTES, units, ((w, 1.0),)) for gain, units in bands]
    for crew, bands in enumerate(folded.crews):
        columns += [(gain, units, ((crews_from + crew, -1.0),)) for gain, units in bands]
    for w, crew in pairs:
        entries = ((w, -1.0), (crews_from + crew, 1.0))
        columns.append((folded.worth[w, crew], float("inf"), entries))
    return columns


def _library(name: str) -> Any:
    """Imported when it is needed: many processes never solve anything."""
    return import_module(name)


def greatest(columns: Sequence[Column], *, rows: int) -> float | None:
    """The greatest gain of columns whose units may be parts and add up to 0 in each row, no less
    than it is; None where the solver is not here or gives up.
    """
    if not find_spec("highspy") or not find_spec("numpy"):
        return None
    if not columns:
        return 0.0
    options = {"solver": "ipm", "run_crossover": "off", "ipm_iteration_limit": STEPS_MAX}
    highs = _run(columns, rows=rows, options=options)
    if highs is None:
        return None
    gain = -float(highs.getInfo().objective_function_value)
    return gain + INEXACT * max(1.0, abs(gain))


def _solved(columns: list[Column], *, rows: int, iterations_max: int) -> list[float] | None:
    options = {"solver": "simplex", "presolve": "off", "simplex_iteration_limit": iterations_max}
    highs = _run(columns, rows=rows, options=options)
    return None if highs is None else list(highs.getSolution().col_value)


def _run(columns: Sequence[Column], *, rows: int, options: Mapping[str, Any]) -> Any:
    """The solver at the optimum, or None."""
    highspy, numpy = _library("highspy"), _library("numpy")
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(columns), rows
    program.col_cost_ = numpy.array([float(-gain) for gain, _, _ in columns])
    program.col_lower_ = numpy.zeros(len(columns))
    program.col_upper_ = numpy.array([units for _, units, _ in columns], dtype=float)
    program.row_lower_ = program.row_upper_ = numpy.zeros(rows)
    matrix = program.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_ = numpy.array([0, *accumulate(len(entries) for _, _, entries in columns)])
    matrix.index_ = numpy.array([row for _, _, entries in columns for row, _ in entries])
    matrix.value_ = numpy.array([value for _, _, entries in columns for _, value in entries])
    highs = highspy.Highs()
    highs.silent()
    for name, value in {"threads": 1, **options}.items():
        highs.setOptionValue(name, value)
    highs.passModel(program)
    highs.run()
    return highs if highs.getModelStatus() == highspy.HighsModelStatus.kOptimal else None
