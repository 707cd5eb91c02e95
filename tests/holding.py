"""What somebody else's transaction holds, for as long as a test wants."""

import contextlib
import threading
from collections.abc import Callable, Iterator

from django.db import connections, transaction


@contextlib.contextmanager
def held(act: Callable[[], object]) -> Iterator[None]:
    """While the block runs, another connection keeps the transaction open in which it did `act`."""
    done, over = threading.Event(), threading.Event()
    raised: list[BaseException] = []

    def hold() -> None:
        try:
            with transaction.atomic():
                act()
                done.set()
                over.wait()
        except BaseException as problem:
            raised.append(problem)
        finally:
            done.set()
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    done.wait()
    try:
        yield
    finally:
        over.set()
        thread.join()
    assert raised == []
