"""What the person in front of the terminal reads: one line each, with the name of who speaks."""

import sys
import threading
from collections.abc import Iterable
from typing import IO

NAME_WIDTH = 8
COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95)
LINE_BYTES_MAX = 16_384


class Console:
    """Prints aligned, prefixed lines; coloured names on a terminal. Safe to share by threads."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self.stream = stream or sys.stdout
        self.coloured = self.stream.isatty()
        self._colours: dict[str, int] = {}
        self._lock = threading.Lock()

    def say(self, name: str, text: str) -> None:
        prefix = f"{name:<{NAME_WIDTH}}|"
        with self._lock:
            if self.coloured:
                colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
                prefix = f"\033[{colour}m{prefix}\033[0m"
            for line in text.splitlines() or [""]:
                self.stream.write(f"{prefix} {line}\n")
            self.stream.flush()

    def follow(self, name: str, output: IO[bytes]) -> threading.Thread:
        """Say what a process writes, until it closes its output; very long lines are cut up."""
        thread = threading.Thread(target=self._pump, args=(name, output), daemon=True)
        thread.start()
        return thread

    def _pump(self, name: str, output: IO[bytes]) -> None:
        with output:
            lines: Iterable[bytes] = iter(lambda: output.readline(LINE_BYTES_MAX), b"")
            for line in lines:
                if text := line.decode(errors="replace").rstrip():
                    self.say(name, text)
