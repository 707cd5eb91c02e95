"""schemathesis' hook: where a place is asked wrongly in many alike ways, some of them in turn.

Its coverage phase sends a value of each wrong type to every place of a body and a query, and each
undeclared method to every path: four thousand of nine thousand cases. A field refuses all wrong
types in one line, and the router all methods. So each place is asked with the first of them and
with one of the others, the next place with the next: every place is asked, and every wrong type
and method is sent, to hundreds of places.
"""

from collections import defaultdict
from itertools import count
from typing import Any

import schemathesis
from schemathesis.generation.meta import CoveragePhaseData, CoverageScenario

ALIKE = {CoverageScenario.INCORRECT_TYPE: 5, CoverageScenario.UNSPECIFIED_HTTP_METHOD: 7}
"""How many such cases a place or a path has, at most."""

_places = defaultdict[tuple[str, ...], int](count().__next__)
_cases = defaultdict[tuple[str, ...], "count[int]"](count)


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    data = case.meta.phase.data if case.meta else None
    if not isinstance(data, CoveragePhaseData) or data.scenario not in ALIKE:
        return True
    value = f"{data.parameter}, {data.description}" if data.location or data.parameter else ""
    place = (case.operation.label, data.scenario, value)
    others = ALIKE[data.scenario] - 1
    number = next(_cases[place])
    return number == 0 or number % others == _places[place] % others
