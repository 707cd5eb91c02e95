"""The OpenAPI document, made once in each process, whoever asks first and how many at once."""

import threading
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request

# Extensions are loaded into class attributes on first use: two threads that make their first
# document side by side see them half loaded, and one fails.
_lock = threading.Lock()
_made: list[dict[str, Any]] = []


class Generator(SchemaGenerator):
    """Answers the public document from memory; it says the same to everybody."""

    def get_schema(self, request: Request | None = None, public: bool = False) -> dict[str, Any]:
        """Read it, do not change it: it is everybody's. Some tenths of a second the first time."""
        with _lock:
            if public and _made:
                return _made[0]
            document: dict[str, Any] = super().get_schema(request, public)  # type: ignore[no-untyped-call]
            if public:
                _made.append(document)
            return document
