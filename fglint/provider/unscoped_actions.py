"""Actions that know no resources: a policy can allow them on `*` alone.

`data/unscoped_actions.txt` is derived by tools/derive_actions.py. After a header of comments, each
of its lines is the prefix of a service and its actions without resource types; `Verb*` stands for
all actions of a verb.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

# Actions that do know resources, but only read or list, or write traces: on one resource alone they
# are of no use to most who need them.
_READERS = {"ec2": ("describe",), "ecs": ("describe", "list"), "xray": ("put", "getsampling"),
            "cloudwatch": ("list", "getmetricdata", "getmetricstatistics")}  # fmt: skip


def knows_no_resources(action: str) -> bool:
    """Whether an action, as a policy writes it, cannot be limited to resources.

    Of one with wildcards, all that it stands for. Of services that are not in the table, False.
    """
    service, _, name = action.lower().partition(":")
    start = name.partition("*")[0].partition("?")[0]
    if start.startswith(_READERS.get(service, ())):
        return True
    for pattern in _table().get(service, ()):
        if pattern == name or (pattern[-1] == "*" and start.startswith(pattern[:-1])):
            return True
    return False


@cache
def _table() -> dict[str, tuple[str, ...]]:
    text = resources.files("fglint.provider").joinpath("data/unscoped_actions.txt").read_text()
    lines = (line.split() for line in text.lower().splitlines() if not line.startswith("#"))
    return {service: tuple(patterns) for service, *patterns in lines}
