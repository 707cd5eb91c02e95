import functools
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.launch.check import STEP_MAKERS, Makers, Step, check, real_data
from config.launch.command_line import FULL_ONLY, STEPS


def step(name: str, script: str) -> Step:
    return Step(name, (sys.executable, "-c", script), {"LECTERN_TRIED": name})


@dataclass(frozen=True)
class Steps:
    """Short steps, each of which notes its name."""

    makers: Makers
    note: Path

    def taken(self) -> list[str]:
        return self.note.read_text().split()


def all_running(script: str, names: Iterable[str] = STEPS) -> Makers:
    return {name: functools.partial(step, name, script) for name in names}


@pytest.fixture
def steps(tmp_path: Path) -> Steps:
    note = tmp_path / "note"
    write = f"import os; open({str(note)!r}, 'a').write(os.environ['LECTERN_TRIED'] + ' ')"
    return Steps(all_running(write), note)


def test_every_step_can_be_made() -> None:
    assert [STEP_MAKERS[name]().name for name in STEPS] == list(STEPS)


def test_the_short_check_leaves_out_what_only_the_full_one_runs(steps: Steps) -> None:
    assert check(full=False, only=None, makers=steps.makers) == 0
    assert sorted(steps.taken()) == sorted(set(STEPS) - set(FULL_ONLY))


def test_the_full_check_runs_all_and_the_tests_last(steps: Steps) -> None:
    assert check(full=True, only=None, makers=steps.makers) == 0
    written = steps.taken()
    assert sorted(written) == sorted(STEPS)
    assert written[-1] == STEPS[-1] == "tests"


def test_those_that_wait_go_side_by_side_and_each_is_shown_in_one_piece(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    meeting = f"""
import os, pathlib, time
mine, other = os.environ["LECTERN_TRIED"], {{"demo": "schema", "schema": "demo"}}
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
    makers = all_running(meeting, ("demo", "schema"))
    assert check(full=False, only=("demo", "schema"), makers=makers) == 0
    said = capsys.readouterr().out
    for name in makers:
        assert f"first of {name}\nlast of {name}\n" in said


def test_with_real_data_the_demonstration_is_told_while_things_die(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LECTERN_DATA", str(tmp_path))
    assert STEP_MAKERS["demo"]().command[-2:] == ("-m", "demo")
    monkeypatch.setenv("LECTERN_DATA", str(tmp_path / "none"))
    assert STEP_MAKERS["demo"]().command[-2:] == ("config.launch", "demo")


def test_one_step_can_be_run_alone(steps: Steps) -> None:
    assert check(full=False, only=("types", "tests"), makers=steps.makers) == 0
    assert steps.taken() == ["types", "tests"]


def test_a_failed_step_fails_the_check_and_the_others_still_run(
    steps: Steps, capsys: pytest.CaptureFixture[str]
) -> None:
    makers = {**steps.makers, "lint": lambda: step("lint", "raise SystemExit(3)")}
    assert check(full=False, only=None, makers=makers) == 1
    assert "tests" in steps.taken()
    said = capsys.readouterr().out
    assert "FAILED (3)" in said
    assert said.splitlines()[-1].endswith("FAILED: lint")


def test_what_failed_beside_others_is_shown_again_before_the_summary(
    capsys: pytest.CaptureFixture[str],
) -> None:
    makers = {
        "demo": lambda: step(
            "demo", "import time; time.sleep(1); print('the demo ' + 'went well')"
        ),
        "schema": lambda: step("schema", "raise SystemExit('no schema ' + 'came')"),
    }
    assert check(full=False, only=("demo", "schema"), makers=makers) == 1
    said = capsys.readouterr().out
    assert said.count("no schema came") == 2
    assert said.count("the demo went well") == 1
    assert said.rindex("the demo went well") < said.rindex("no schema came")
    assert said.rindex("no schema came") < said.index("── summary")


def test_a_step_that_hangs_is_ended(capsys: pytest.CaptureFixture[str]) -> None:
    makers = all_running("import time; time.sleep(60)", ("tests",))
    assert check(full=False, only=("tests",), makers=makers, seconds_max=0.5) == 1
    assert "FAILED (124)" in capsys.readouterr().out


def test_real_data_is_where_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LECTERN_DATA", str(tmp_path))
    assert real_data() == tmp_path
    monkeypatch.setenv("LECTERN_DATA", str(tmp_path / "none"))
    assert real_data() is None
