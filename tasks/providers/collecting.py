"""Python's garbage collector, held back while one act makes many objects that live to its end."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def not_collecting() -> Iterator[None]:
    """No collection while the block runs: it would look at everything again and again, and find
    nothing to free. Memory is still given back as soon as nothing names it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
