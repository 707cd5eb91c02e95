"""CPU seconds of the web server and of PostgreSQL, from /proc. Linux only."""

import os
from dataclasses import dataclass
from pathlib import Path

HERTZ = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """One process: its own CPU seconds, and those of children that have ended."""

    pid: int
    parent: int
    own: float
    reaped: float


@dataclass(frozen=True)
class Spent:
    """CPU seconds between two looks. `database` is the backends that served the connections;
    `housekeeping` the rest of PostgreSQL (WAL writer, checkpointer, autovacuum).
    """

    web: float
    database: float
    housekeeping: float


class Meter:
    """Looks at a web server's process tree and at the PostgreSQL that has a backend `backend`."""

    def __init__(self, *, web: int | None, backend: int, database: str) -> None:
        self.web = web
        self.postmaster = _processes()[backend].parent
        self.database = database
        self._web = 0.0
        self._backends: dict[int, float] = {}
        self._server = 0.0

    def start(self) -> None:
        self._web, self._backends, self._server = self._look()

    def stop(self) -> Spent:
        web, backends, server = self._look()
        database = sum(own - self._backends.get(pid, 0.0) for pid, own in backends.items())
        return Spent(
            web=web - self._web,
            database=database,
            housekeeping=max(0.0, server - self._server - database),
        )

    def _look(self) -> tuple[float, dict[int, float], float]:
        found = _processes()
        web = tree(self.web, found) if self.web else 0.0
        backends = {
            each.pid: each.own
            for each in found.values()
            if each.parent == self.postmaster and f" {self.database} " in _title(each.pid)
        }
        return web, backends, tree(self.postmaster, found)


def tree(root: int, found: dict[int, Process]) -> float:
    """CPU seconds of a process and all below it, children that have ended included."""
    total, waiting = 0.0, [root]
    children: dict[int, list[int]] = {}
    for each in found.values():
        children.setdefault(each.parent, []).append(each.pid)
    while waiting:
        pid = waiting.pop()
        if pid in found:
            total += found[pid].own + found[pid].reaped
            waiting += children.get(pid, [])
    return total


def _processes() -> dict[int, Process]:
    return {each.pid: each for each in map(_process, Path("/proc").iterdir()) if each}


def _process(folder: Path) -> Process | None:
    if not folder.name.isdigit():
        return None
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    user, system, user_reaped, system_reaped = (int(field) / HERTZ for field in fields[11:15])
    return Process(
        pid=int(folder.name),
        parent=int(fields[1]),
        own=user + system,
        reaped=user_reaped + system_reaped,
    )


def _title(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
