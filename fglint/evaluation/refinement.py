"""Whether fglint knows more of an unknown value than Terraform does.

It does, unless a plan is to be reproduced to the letter: `as_terraform` is for comparing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class _State:
    __slots__ = ("refining",)

    def __init__(self) -> None:
        self.refining = True


STATE = _State()


@contextmanager
def as_terraform() -> Iterator[None]:
    """Until the end of the block, values know what Terraform's know and nothing else."""
    before, STATE.refining = STATE.refining, False
    try:
        yield
    finally:
        STATE.refining = before
