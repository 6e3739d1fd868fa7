"""Work that recurses as deeply as its input: it runs in a thread with a large stack."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

STACK = 512 * 1024 * 1024  # bytes; pages that are not touched cost nothing
DEPTH = 100_000  # calls of Python functions


def call(work: Callable[[], T]) -> T:
    """What the work returns or raises; an interrupt does not wait for it."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # raised again where the caller waits
            errors.append(error)

    gc.set_threshold(1_000_000, 20, 20)  # most of what the work makes lives until its end
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(DEPTH)
    before = threading.stack_size(STACK)
    thread = threading.Thread(target=run, name="fglint", daemon=True)
    thread.start()
    threading.stack_size(before)
    thread.join()
    sys.setrecursionlimit(limit)
    if errors:
        raise errors[0]
    return results[0]
