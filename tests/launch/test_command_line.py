import subprocess
import sys

import pytest

from config.launch import command_line
from config.launch.places import ROOT


def test_the_first_call_needs_nothing_but_python() -> None:
    """`-S` and `-I` hide every installed package, as on a machine that has none."""
    script = "import runpy, sys; sys.argv = ['lectern', '--help']; runpy.run_path('lectern')"
    asked = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], cwd=ROOT, capture_output=True, text=True
    )
    assert asked.returncode == 0, asked.stderr
    assert "./lectern up" in asked.stdout


@pytest.mark.parametrize("command", ["up", "test", "demo", "check", "bench", "manage"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        command_line.parse([command, "--help"])
    assert left.value.code == 0
    assert f"usage: ./lectern {command}" in capsys.readouterr().out


def test_up_has_port_demo_and_fresh() -> None:
    asked = command_line.parse(["up", "--port", "8080", "--no-demo", "--fresh"])
    assert (asked.port, asked.no_demo, asked.fresh) == (8080, True, True)
    asked = command_line.parse(["up"])
    assert (asked.port, asked.no_demo, asked.fresh) == (8000, False, False)


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(SystemExit) as left:
        command_line.parse(["up", "--port", port])
    assert left.value.code == 2


def test_arguments_for_other_programs_arrive_as_they_were_typed() -> None:
    typed = ["-x", "tests/tasks", "-k", "claim or review", "--", "--help"]
    assert command_line.parse(["test", *typed]).arguments == typed
    seed = ["seed", "--scenario", "check", "--json"]
    assert command_line.parse(["manage", *seed]).arguments == seed


def test_check_takes_known_steps_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.parse(["check", "--only", "types,tests"]).only == ("types", "tests")
    with pytest.raises(SystemExit):
        command_line.parse(["check", "--only", "spelling"])
    assert "no step 'spelling'" in capsys.readouterr().err
