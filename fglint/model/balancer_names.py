"""What names load balancers and target groups may have.

Source: CreateLoadBalancer and CreateTargetGroup in the API reference of Elastic Load Balancing, and
the pages of aws_lb and aws_lb_target_group in the documentation of hashicorp/aws 6.
"""

from __future__ import annotations

import re

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.types import STRING
from fglint.evaluation.values import NULL, Parts, Unknown, Value, plain
from fglint.model.entity import Attribute
from fglint.model.reading import root

LONGEST = 32  # characters of a name
LONGEST_PREFIX = 6  # of a prefix, after which Terraform adds the rest
_FOREIGN = re.compile(r"[^A-Za-z0-9-]")
_HOLE = "\0"


def name_fault(instance: Instance) -> Attribute:
    """What is wrong with a name or prefix, in words; null for nothing, or where there is none."""
    node = root(instance)
    for argument in ("name", "name_prefix"):
        written = node.get(argument)
        if not is_null(written.value):
            return Attribute(_fault(written.value, argument, instance.type), written.place)
    return Attribute(NULL, node.place)


def _fault(value: Value, argument: str, type_: str) -> Value:
    """What is proved wrong by the known parts; unknown where others decide."""
    text = _known(value)
    longest = LONGEST if argument == "name" else LONGEST_PREFIX
    if len(text.replace(_HOLE, "")) > longest:
        part = "" if argument == "name" else "begins with a name_prefix that "
        return f"{part}is longer than {longest} characters"
    foreign = _FOREIGN.search(text.replace(_HOLE, ""))
    if foreign is not None:
        return f'has "{foreign[0]}" in it, and may have letters, digits and hyphens'
    if text.startswith("-"):
        return "begins with a hyphen"
    if text.endswith("-") and argument == "name":
        return "ends with a hyphen"
    if text.startswith("internal-") and type_ in ("aws_lb", "aws_alb"):
        return 'begins with "internal-", which AWS keeps for itself'
    return Unknown(STRING, origins_of(value)) if _HOLE in text else NULL


def _known(value: Value) -> str:
    bare = plain(value)
    if isinstance(bare, str):
        return str(bare)
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        return "".join(map(_known, bare.content.parts))
    return _HOLE
