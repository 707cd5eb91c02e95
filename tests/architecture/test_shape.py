"""The shape of the code: what import-linter cannot see."""

import ast
import functools
import pathlib

from django.apps import apps

ROOT = pathlib.Path(__file__).resolve().parents[2]
OURS = ("workforce", "tutors", "tasks", "payments")
ALL = (*OURS, "config")
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
CLOCKS = {"now", "today", "utcnow", "localtime", "localdate"}
TIMELESS = {"rules", "types", "operations", "models", "queries", "events", "access", "providers"}


@functools.cache
def sources() -> tuple[tuple[pathlib.Path, ast.Module], ...]:
    """Every module but the migrations, parsed once for all tests."""
    return tuple(
        (path.relative_to(ROOT), ast.parse(path.read_text()))
        for package in ALL
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    )


def room(path: pathlib.Path) -> str:
    return path.parts[1].removesuffix(".py")


@functools.cache
def calls() -> tuple[tuple[pathlib.Path, ast.Call, str], ...]:
    return tuple(
        (path, node, getattr(node.func, "attr", None) or getattr(node.func, "id", ""))
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    )


def test_no_module_is_called_tasks():
    assert [str(p) for p, _ in sources() if p.name == "tasks.py"] == []


def test_no_reverse_accessor_crosses_a_package():
    climbing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model is not None
        and field.related_model._meta.app_label in OURS
        and field.related_model._meta.app_label != model._meta.app_label
        and not field.remote_field.hidden
    ]
    assert climbing == []


def test_nothing_is_fetched_by_name_past_the_floors():
    assert [f"{p}:{n.lineno}" for p, n, name in calls() if name == "get_model"] == []


def test_no_file_is_long():
    sizes = [(str(p), (ROOT / p).read_text().count("\n")) for p, _ in sources()]
    assert [s for s in sizes if s[1] > FILE_LINES_MAX] == []


def test_every_function_fits_a_screen():
    functions = (
        (str(path), node.name, node.end_lineno - node.lineno + 1)
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert [f for f in functions if f[2] > FUNCTION_LINES_MAX] == []


def test_only_the_edges_read_the_clock():
    readers = [
        f"{path}:{node.lineno}"
        for path, node, name in calls()
        if room(path) in TIMELESS and path.parts[0] in OURS and name in CLOCKS
    ]
    assert readers == []


def test_the_clock_is_read_in_one_place():
    readers = {
        str(path)
        for path, node, name in calls()
        if path.parts[0] in OURS
        and isinstance(node.func, ast.Attribute)
        and name in CLOCKS
        and ast.unparse(node.func.value) in {"datetime", "timezone", "date", "datetime.datetime"}
    }
    assert readers == {"workforce/doors/__init__.py"}


def test_nothing_is_published_but_by_the_relay():
    publishing = {"delay", "apply_async", "send_task"}
    found = [
        f"{p}:{n.lineno}" for p, n, name in calls() if name in publishing and p.parts[0] in OURS
    ]
    assert [f.partition(":")[0] for f in found] == ["workforce/jobs.py"]


def test_every_event_kind_has_its_reactions():
    from config.reactions import forgotten

    assert forgotten() == ""


def test_events_are_frozen_and_named_after_their_package():
    from config.reactions import kinds

    found = list(kinds())
    assert len(found) == len(set(found))
    assert {k.split(".")[0] for k in found} <= set(OURS)
