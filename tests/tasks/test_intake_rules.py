"""Reading rows: what needs no normalising is known from its text."""

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.intake import json_rows
from tasks.types import normalise_item
from workforce.rules.tables import quoted

DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(min_value=-(10**18), max_value=10**18).map(float)
    | st.text(max_size=20)
    | st.sampled_from(["a\r\nb", "\r", "1.0", ", 5.0]", "2.15 h"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


def _same(left: object, right: object) -> bool:
    return json.dumps(left) == json.dumps(right)


@given(DOCUMENTS, st.sampled_from([None, 1]), st.booleans())
def test_a_tidy_row_is_normal_already(document, indent, ascii):
    text = json.dumps({"x": document}, ensure_ascii=ascii).encode("utf-8", "replace")
    for row in json_rows(io.BytesIO(text), offset=0, line=0, numbered=None):
        if row.tidy:
            assert _same(normalise_item(row.item), row.item)


@given(st.text(alphabet="=+-@\t\r\n a"))
def test_no_line_of_a_quoted_text_starts_a_formula(text):
    shown = quoted(text)
    assert shown == text or shown[0] == "'"
    if shown == text:
        for line in text.replace("\r", "\n").split("\n"):
            assert not line.lstrip().startswith(("=", "+", "-", "@"))
