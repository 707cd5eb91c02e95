"""An eighth type is one more folder; a folder that is not in order stops the import."""

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tasks.types
from tasks.types import BrokenTaskType
from tasks.types.declaring import discover

TYPES = Path(tasks.types.__file__).parent


@pytest.fixture
def eighth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with one task type of its own, a copy of ours under another name."""
    package = tmp_path / "eighth_types"
    package.mkdir()
    (package / "__init__.py").touch()
    folder = package / "opinion"
    shutil.copytree(TYPES / "preference", folder)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield folder
    for name in [name for name in sys.modules if name.startswith("eighth_types")]:
        del sys.modules[name]


def found(folder: Path) -> Any:
    return discover("eighth_types", folder.parent)


def rewrite(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_an_eighth_type_is_one_folder(eighth: Path):
    [kind] = found(eighth)
    assert kind.slug == "opinion"
    assert kind.check_answer(input=kind.sample_input, answer=kind.sample_answer) == ()


def test_a_folder_without_code_is_not_a_type(eighth: Path):
    (eighth.parent / "notes").mkdir()
    assert len(found(eighth)) == 1


@pytest.mark.parametrize("name", ["input.schema.json", "answer.schema.json"])
def test_a_broken_schema_is_refused(eighth: Path, name: str):
    rewrite(eighth / name, type="objekt")
    with pytest.raises(BrokenTaskType, match=name.replace(".", r"\.")):
        found(eighth)


def test_a_pointer_to_nothing_is_refused(eighth: Path):
    rewrite(eighth / "input.schema.json", properties={"ask": {"$ref": "#/$defs/asking"}})
    with pytest.raises(BrokenTaskType, match=r"nobody defines #/\$defs/asking"):
        found(eighth)


@pytest.mark.parametrize(
    "name", ["input.schema.json", "answer.schema.json", "sample.json", "guide.md"]
)
def test_a_missing_file_is_refused(eighth: Path, name: str):
    (eighth / name).unlink()
    with pytest.raises(BrokenTaskType, match=name.replace(".", r"\.")):
        found(eighth)


def test_a_file_that_is_not_json_is_refused(eighth: Path):
    (eighth / "sample.json").write_text("[{")
    with pytest.raises(BrokenTaskType, match=r"sample\.json"):
        found(eighth)


def test_a_sample_that_breaks_the_rules_is_refused(eighth: Path):
    samples = json.loads((eighth / "sample.json").read_text())
    samples[0]["answer"]["flags"][0]["quote"] = "something else"
    (eighth / "sample.json").write_text(json.dumps(samples))
    with pytest.raises(BrokenTaskType, match="quote_differs"):
        found(eighth)


def test_a_type_without_a_sample_is_refused(eighth: Path):
    (eighth / "sample.json").write_text("[]")
    with pytest.raises(BrokenTaskType, match="no sample"):
        found(eighth)


def test_a_folder_that_declares_nothing_is_refused(eighth: Path):
    (eighth / "__init__.py").write_text('"""Nothing yet."""\n')
    with pytest.raises(BrokenTaskType, match="DECLARATION"):
        found(eighth)


def test_a_sample_whose_picture_is_missing_is_refused(eighth: Path):
    shutil.rmtree(eighth)
    shutil.copytree(TYPES / "image", eighth)
    (eighth / "sample.png").unlink()
    with pytest.raises(BrokenTaskType, match="no file holds the sample's medium m1"):
        found(eighth)


def test_the_import_itself_fails_on_a_broken_folder(tmp_path: Path):
    shutil.copytree(TYPES, tmp_path / "tasks" / "types")
    (tmp_path / "tasks" / "__init__.py").touch()
    rewrite(tmp_path / "tasks" / "types" / "video" / "answer.schema.json", required="all")
    ran = subprocess.run(
        [sys.executable, "-c", "import tasks.types"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 1
    assert "BrokenTaskType: video/answer.schema.json" in ran.stderr


def test_types_know_no_framework_and_no_clock():
    ran = subprocess.run(
        [sys.executable, "-c", "import sys, tasks.types; print(*sys.modules)"],
        cwd=TYPES.parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert not loaded & {"django", "rest_framework", "celery", "PIL"}
    assert not any("datetime" in file.read_text() for file in TYPES.rglob("*.py"))
