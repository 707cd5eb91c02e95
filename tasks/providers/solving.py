"""The exact solver behind `rules.assigning`: HiGHS, where it is installed.

The classes make a network, and a linear program on a network has a whole optimum at a corner, so
the simplex method's answer is in whole units. Without the library the best-first matcher of the
rules does the same work; `requirements-solver.txt` brings it.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import accumulate
from typing import Any, NamedTuple

from tasks.rules.assigning import MATCHED_MINUTES, Flow, Folded, assign

ITERATIONS_MAX = 15_000
"""Some five seconds; a program that takes more is given up, and matched best first. Counted, not
timed, so that the same world is matched the same way on a busy day."""

DEVEX, CHOOSE = 1, -1
DEVEX_PAIRS_MAX = 10_000
"""How the dual simplex weighs its edges. Up to this many pairs Devex ends sooner, by a fifth to a
third; with more, the steepest edge, HiGHS' own choice, takes so many steps less that it does."""

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


def exact(
    folded: Folded,
    *,
    iterations_max: int = ITERATIONS_MAX,
    devex_pairs_max: int = DEVEX_PAIRS_MAX,
) -> Flow:
    """The flow of the greatest total; the same flow each time for the same classes.

    Falls back to `assign` when the solver gives up or answers in anything but whole units.
    """
    if not folded.worth:
        return {}
    pairs = sorted(folded.worth)
    rows = len(folded.work) + len(folded.crews)
    weighing = DEVEX if len(pairs) <= devex_pairs_max else CHOOSE
    values = _solved(
        _network(folded, pairs), rows=rows, weighing=weighing, iterations_max=iterations_max
    )
    if values is None:
        return assign(folded)
    flow = {}
    for pair, value in zip(pairs, values[-len(pairs) :], strict=True):
        units = round(value)
        if abs(value - units) > WHOLE:
            return assign(folded)
        if units:
            flow[pair] = units
    return flow


class _Program(NamedTuple):
    """Columns as arrays of what they have: the gain of a unit, the most units, and, from each
    start to the next, the rows where units enter (1) and leave (−1).
    """

    gains: Any
    most: Any
    starts: Any
    rows: Any
    entries: Any


def _network(folded: Folded, pairs: list[tuple[int, int]]) -> _Program:
    """Units enter a work by its bands, leave by the crews' bands, and pass between by the pairs."""
    numpy, crews_from = _library("numpy"), len(folded.work)
    enter = [(w, *band) for w, bands in enumerate(folded.work) for band in bands]
    leave = [(crew, *band) for crew, bands in enumerate(folded.crews, crews_from) for band in bands]
    at, gains, units = numpy.array(enter + leave, dtype=int).reshape(-1, 3).T
    gains[: len(enter)] += MATCHED_MINUTES
    passing = numpy.array(pairs) + numpy.array((0, crews_from))
    ends, past = len(at), len(at) + passing.size
    return _Program(
        gains=numpy.concatenate((gains, [folded.worth[pair] for pair in pairs])),
        most=numpy.concatenate((units, numpy.full(len(pairs), numpy.inf))),
        starts=numpy.concatenate((numpy.arange(ends), numpy.arange(ends, past + 1, 2))),
        rows=numpy.concatenate((at, passing.ravel())),
        entries=numpy.concatenate(
            (numpy.repeat((1, -1), (len(enter), len(leave))), numpy.tile((-1, 1), len(pairs)))
        ),
    )


Column = tuple[int, float, tuple[tuple[int, float], ...]]
"""Gain of a unit, the most units, and where the units enter (1) and leave (−1)."""


def _program(columns: Sequence[Column]) -> _Program:
    return _Program(
        gains=[gain for gain, _, _ in columns],
        most=[units for _, units, _ in columns],
        starts=[0, *accumulate(len(entries) for _, _, entries in columns)],
        rows=[row for _, _, entries in columns for row, _ in entries],
        entries=[value for _, _, entries in columns for _, value in entries],
    )


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
    highs = _run(_program(columns), rows=rows, options=options)
    if highs is None:
        return None
    gain = -float(highs.getInfo().objective_function_value)
    return gain + INEXACT * max(1.0, abs(gain))


def _solved(
    program: _Program, *, rows: int, weighing: int, iterations_max: int
) -> list[float] | None:
    options = {
        "solver": "simplex",
        "presolve": "off",
        "simplex_dual_edge_weight_strategy": weighing,
        "simplex_iteration_limit": iterations_max,
    }
    highs = _run(program, rows=rows, options=options)
    return None if highs is None else list(highs.getSolution().col_value)


def _run(program: _Program, *, rows: int, options: Mapping[str, Any]) -> Any:
    """The solver at the optimum, or None."""
    highspy, numpy = _library("highspy"), _library("numpy")
    columns, model = len(program.gains), highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = -numpy.array(program.gains, dtype=float)
    model.col_lower_ = numpy.zeros(columns)
    model.col_upper_ = numpy.array(program.most, dtype=float)
    model.row_lower_ = model.row_upper_ = numpy.zeros(rows)
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_ = numpy.array(program.starts, dtype=numpy.int32)
    matrix.index_ = numpy.array(program.rows, dtype=numpy.int32)
    matrix.value_ = numpy.array(program.entries, dtype=float)
    highs = highspy.Highs()
    highs.silent()
    for name, value in {"threads": 1, **options}.items():
        highs.setOptionValue(name, value)
    highs.passModel(model)
    highs.run()
    return highs if highs.getModelStatus() == highspy.HighsModelStatus.kOptimal else None
