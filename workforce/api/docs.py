"""The API's documentation as a page of our own: no scripts, nothing from elsewhere."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workforce.doors.describing import Generator

METHODS = ("get", "post", "put", "patch", "delete")


def docs(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, body and answers, grouped by subject."""
    schema = Generator().get_schema(public=True)  # type: ignore[no-untyped-call]
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in sorted(schema["paths"].items()):
        for method in METHODS:
            if operation := item.get(method):
                groups.setdefault(operation["tags"][0], []).append(_entry(method, path, operation))
    shapes = {
        name: json.dumps(shape, indent=2, ensure_ascii=False)
        for name, shape in sorted(schema["components"]["schemas"].items())
    }
    context = {"groups": sorted(groups.items()), "shapes": shapes, "info": schema["info"]}
    return render(request, "workforce/docs.html", context)


def _entry(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    return {
        "method": method.upper(),
        "path": path,
        "id": operation["operationId"],
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": operation.get("parameters", []),
        "bodies": [(media, _shape(c.get("schema", {}))) for media, c in content.items()],
        "answers": [
            (status, answer.get("description", ""), _first_shape(answer))
            for status, answer in sorted(operation["responses"].items())
        ],
    }


def _first_shape(answer: dict[str, Any]) -> str:
    return next((_shape(c.get("schema", {})) for c in answer.get("content", {}).values()), "")


def _shape(schema: dict[str, Any]) -> str:
    reference: str = schema.get("$ref", "")
    return reference.rpartition("/")[2]
