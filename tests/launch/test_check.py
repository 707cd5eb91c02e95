import sys
from pathlib import Path

import pytest

from config.launch import check as checks
from config.launch.check import Step, check
from config.launch.command_line import FULL_ONLY, STEPS


def step(name: str, script: str) -> Step:
    return Step(name, (sys.executable, "-c", script), {"LECTERN_TRIED": name})


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Steps that write their names down in place of doing anything."""
    note = tmp_path / "note"
    write = f"import os; open({str(note)!r}, 'a').write(os.environ['LECTERN_TRIED'] + ' ')"
    makers = {name: (lambda name=name: step(name, write)) for name in STEPS}
    monkeypatch.setattr(checks, "STEP_MAKERS", makers)
    return note


def test_every_step_can_be_made() -> None:
    assert [checks.STEP_MAKERS[name]().name for name in STEPS] == list(STEPS)


def test_the_short_check_leaves_out_what_only_the_full_one_runs(steps: Path) -> None:
    assert check(full=False, only=None) == 0
    assert steps.read_text().split() == [name for name in STEPS if name not in FULL_ONLY]


def test_the_full_check_runs_all_and_the_tests_last(
    steps: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "real_data", lambda: None)
    assert check(full=True, only=None) == 0
    written = steps.read_text().split()
    assert sorted(written) == sorted(STEPS)
    assert written[-1] == STEPS[-1] == "tests"


def test_those_that_wait_go_side_by_side_and_each_is_shown_in_one_piece(
    steps: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    meeting = f"""
import os, pathlib, time
mine, other = os.environ["LECTERN_TRIED"], {{"browser": "schema", "schema": "browser"}}
print("first of " + mine, flush=True)
(pathlib.Path({str(tmp_path)!r}) / mine).touch()
for _ in range(200):
    if (pathlib.Path({str(tmp_path)!r}) / other[mine]).exists():
        break
    time.sleep(0.05)
else:
    raise SystemExit("alone")
print("last of " + mine, flush=True)
"""
    makers = {name: (lambda name=name: step(name, meeting)) for name in ("schema", "browser")}
    monkeypatch.setattr(checks, "STEP_MAKERS", makers)
    assert check(full=False, only=("schema", "browser")) == 0
    said = capsys.readouterr().out
    for name in makers:
        assert f"first of {name}\nlast of {name}\n" in said


def test_with_real_data_the_demonstration_is_told_by_the_faults_alone(
    steps: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(checks, "real_data", lambda: tmp_path)
    assert check(full=True, only=None) == 0
    assert sorted(steps.read_text().split()) == sorted(set(STEPS) - {"demo"})


def test_one_step_can_be_run_alone(steps: Path) -> None:
    assert check(full=False, only=("types", "schema")) == 0
    assert steps.read_text().split() == ["types", "schema"]


def test_a_failed_step_fails_the_check_and_the_others_still_run(
    steps: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    makers = {**checks.STEP_MAKERS, "lint": lambda: step("lint", "raise SystemExit(3)")}
    monkeypatch.setattr(checks, "STEP_MAKERS", makers)
    assert check(full=False, only=None) == 1
    assert "tests" in steps.read_text().split()
    said = capsys.readouterr().out
    assert "FAILED (3)" in said
    assert said.splitlines()[-1].endswith("FAILED: lint")


def test_a_step_that_hangs_is_ended(steps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "STEP_SECONDS_MAX", 0.5)
    monkeypatch.setattr(
        checks, "STEP_MAKERS", {"tests": lambda: step("tests", "import time; time.sleep(60)")}
    )
    assert check(full=False, only=("tests",)) == 1


def test_real_data_is_where_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LECTERN_DATA", str(tmp_path))
    assert checks.real_data() == tmp_path
    monkeypatch.setenv("LECTERN_DATA", str(tmp_path / "none"))
    assert checks.real_data() is None
