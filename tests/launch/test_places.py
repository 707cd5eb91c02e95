import os
from pathlib import Path

import pytest

from config.launch.places import (
    CannotPlaceState,
    Owner,
    postgres_home,
    private_folder,
    reachable,
    socket_folder,
    state_folder,
)

NOBODY = Owner(uid=65534, gid=65534, name="nobody")


def test_state_lives_in_var_or_where_it_is_told(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert state_folder().name == "var"
    bare.setenv("LECTERN_STATE", str(tmp_path))
    assert state_folder() == tmp_path


def test_a_private_home_is_out_of_reach(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert not reachable(tmp_path / "var")
    assert postgres_home(state=tmp_path / "var", owner=None) == tmp_path / "var" / "postgres"


def test_root_in_a_private_home_keeps_postgres_in_a_system_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: Path
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr("config.launch.places.ROOTS_FALLBACKS", (tmp_path / "none", state))
    home = postgres_home(state=tmp_path / "var", owner=NOBODY)
    assert home.parent.parent == state
    assert home == postgres_home(state=tmp_path / "var", owner=NOBODY), "the same each time"
    assert home != postgres_home(state=tmp_path / "other", owner=NOBODY)


def test_no_reachable_folder_at_all_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr("config.launch.places.ROOTS_FALLBACKS", ())
    with pytest.raises(CannotPlaceState, match="Set LECTERN_STATE"):
        postgres_home(state=tmp_path / "var", owner=NOBODY)


def test_a_long_path_gets_a_short_socket_folder(state: Path) -> None:
    home = state / ("a-long-name-" * 9) / "postgres"
    folder = socket_folder(home, owner=None)
    try:
        assert len(str(folder / ".s.PGSQL.5432")) <= 100
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder == socket_folder(home, owner=None)
    finally:
        folder.rmdir()


def test_a_socket_folder_that_is_a_trap_is_refused(state: Path, tmp_path: Path) -> None:
    (state / "socket").symlink_to(tmp_path)
    with pytest.raises(CannotPlaceState, match="belongs to somebody else"):
        private_folder(state / "socket")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_account_is_refused(state: Path) -> None:
    (state / "socket").mkdir()
    os.chown(state / "socket", 12_345, 12_345)
    with pytest.raises(CannotPlaceState, match="belongs to somebody else"):
        private_folder(state / "socket")
