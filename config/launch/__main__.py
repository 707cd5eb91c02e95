"""`python -m config.launch COMMAND`: what `./lectern` becomes inside the virtual environment."""

import sys
from argparse import Namespace

from config.launch import command_line
from config.launch.check import check
from config.launch.commands import CannotRun, bench, demo, manage, pictures, test
from config.launch.engines import EngineFailed
from config.launch.instance import AlreadyRunning
from config.launch.places import CannotPlaceState
from config.launch.up import up

STOPPED_BY_CTRL_C = 130


def run(asked: Namespace) -> int:
    match asked.command:
        case "up":
            return up(
                port=asked.port,
                demo=not asked.no_demo,
                fresh=asked.fresh,
                browser=not asked.no_browser,
            )
        case "test":
            return test(asked.arguments)
        case "demo":
            return demo(data=asked.data, share=asked.share)
        case "check":
            return check(full=asked.full, only=asked.only)
        case "pictures":
            return pictures(asked.arguments)
        case "bench":
            return bench(asked.arguments)
        case _:
            return manage(asked.arguments)


def main() -> int:
    """The exit code; what a person can act on is one message, not a traceback."""
    try:
        return run(command_line.parse(sys.argv[1:]))
    except (AlreadyRunning, CannotRun, CannotPlaceState, EngineFailed) as error:
        print(f"lectern: {error}", file=sys.stderr)
    except PermissionError as error:
        print(
            f"lectern: {error.filename} cannot be written by this account. "
            "Set LECTERN_STATE to a folder of your own.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        return STOPPED_BY_CTRL_C
    return 1


if __name__ == "__main__":
    sys.exit(main())
