"""`./lectern up`: everything, in the foreground, until Ctrl-C."""

import contextlib
import os
import socket
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Mapping

from config.launch.console import Console
from config.launch.engines import Engine, EngineFailed, Postgres
from config.launch.instance import Instance
from config.launch.places import state_folder
from config.launch.program import STOP_ORDER, Program
from config.launch.supervisor import Supervisor

FIRST_PAGE_SECONDS = 60.0
ASK_SECONDS = 2.0


class CannotStart(Exception):
    """The instance did not come up; the message says why."""


def up(*, port: int, demo: bool, fresh: bool, browser: bool = True) -> int:
    """Start an instance and stay with it; 0 when it was asked to stop, AlreadyRunning if one is."""
    instance = Instance(state_folder())
    with instance.held(what="./lectern up", port=port):
        if fresh:
            instance.clear()
        shown = browser and has_screen(
            terminal=sys.stdout.isatty(), platform=sys.platform, env=os.environ
        )
        return Up(instance=instance, port=port, demo=demo, shown=shown).main()


class Up:
    """One run of an instance."""

    def __init__(self, *, instance: Instance, port: int, demo: bool, shown: bool = False) -> None:
        self.instance = instance
        self.port = port
        self.demo = demo
        self.shown = shown
        self.console = Console()
        self.supervisor = Supervisor(run=instance.run, console=self.console)
        self.began = time.monotonic()
        self.address = f"http://localhost:{port}/"

    def main(self) -> int:
        self.supervisor.stop_on_signals()
        try:
            self._start()
            self.supervisor.stay()
        except (CannotStart, EngineFailed) as error:
            if not self.supervisor.stopping.is_set():
                self._say(f"cannot start: {error}")
                return 1
        finally:
            self._stop()
        return 0

    def _start(self) -> None:
        _check_port(self.port)
        engines = self.instance.embedded()
        self.supervisor.clear_leftovers(
            state=self.instance.state, but=[engine.name for engine in engines]
        )
        for engine in engines:
            self._start_engine(engine)
        env = self.instance.environment(engines, port=self.port)
        program = Program(env=env, state=self.instance.state, console=self.console)
        if self.supervisor.run_once(program.prepare()) != 0:
            raise CannotStart("the database could not be made ready, see above")
        self._say_since("database ready")
        self.supervisor.start(program.web(port=self.port))
        self._wait_for_first_page()
        for child in program.background():
            self.supervisor.start(child)
        self._greet()
        if self.demo:
            self._load_demonstration(program)
        if self.shown and not self.supervisor.stopping.is_set():
            webbrowser.open(self.address)

    def _start_engine(self, engine: Engine) -> None:
        self.supervisor.start(engine)
        where = ""
        if isinstance(engine, Postgres):
            where = f", as {engine.owner.name}" if engine.owner else ""
            if not engine.home.is_relative_to(self.instance.state):
                where += f" in {engine.home}, because that account cannot reach the checkout"
        self._say_since(f"{engine.name} ready{where}")

    def _wait_for_first_page(self) -> None:
        deadline = time.monotonic() + FIRST_PAGE_SECONDS
        while not answers(f"{self.address}healthz"):
            self.supervisor.look()
            if self.supervisor.stopping.wait(0.05):
                raise CannotStart("it was asked to stop")
            if time.monotonic() > deadline:
                raise CannotStart(f"the web did not answer within {FIRST_PAGE_SECONDS:.0f} s")
        self._say_since("first page")

    def _load_demonstration(self, program: Program) -> None:
        """The web answers already: a slow load keeps nobody waiting; a failed one ends nothing."""
        self._say("loading the demonstration (skipped when it is there already)")
        loaded = self.supervisor.run_once(program.manage("demo", "demo_load"))
        if self.supervisor.stopping.is_set():
            return
        if loaded != 0:
            self._say("the demonstration could not be loaded, see above; the rest goes on")
            return
        self.supervisor.run_once(program.manage("sign-in", "demo_sign_ins"))

    def _greet(self) -> None:
        self._say_since("everything started")
        for what, path in (("", ""), ("API", "api/v1/docs/"), ("health", "healthz")):
            self._say(f"  {what:<7} {self.address}{path}")
        self._say("  Ctrl-C stops everything")

    def _stop(self) -> None:
        self._say("stopping")
        self.supervisor.stop(STOP_ORDER)
        self._say("stopped")

    def _say(self, text: str) -> None:
        self.console.say("up", text)

    def _say_since(self, text: str) -> None:
        self._say(f"{text} ({time.monotonic() - self.began:.1f} s)")


def has_screen(*, terminal: bool, platform: str, env: Mapping[str, str]) -> bool:
    """Whether a person sits before it: a browser may be opened for her.

    Without a display, Python would start a browser of text in the terminal that shows the log.
    """
    if not terminal or "CI" in env or "SSH_CONNECTION" in env:
        return False
    return platform in ("darwin", "win32") or "DISPLAY" in env or "WAYLAND_DISPLAY" in env


def answers(url: str) -> bool:
    """Whether `url` gives a page now."""
    try:
        with urllib.request.urlopen(url, timeout=ASK_SECONDS) as page:  # noqa: S310 - our own
            return bool(page.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _check_port(port: int) -> None:
    host = os.environ.get("LECTERN_BIND", "127.0.0.1")
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"port {port} is taken ({error.strerror}); choose another one with --port"
            ) from error
