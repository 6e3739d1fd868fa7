"""Literal texts as symbols: what IAM fills in, and the partition that it knows.

Source: IAM User Guide, "IAM policy elements: Variables and tags".
"""

from __future__ import annotations

import re

from fglint.evaluation.origins import Origin
from fglint.model.patterns import Hole, Own, Symbol, Text
from fglint.provider.partitions import PARTITIONS

PARTITION = Own("partition", because="the partition is known only to AWS")
_ARN = re.compile(rf"arn:(?:{'|'.join(PARTITIONS)}):")
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def literal(text: str) -> Text:
    """The symbols of literal text.

    IAM refuses a policy with ARNs of another partition, so that each partition named is the own.
    """
    found = _ARN.match(text)
    if found is None:
        return _variables(text)
    return (*"arn:aws", PARTITION, ":", *_variables(text[found.end() :]))


def _variables(text: str) -> Text:
    """IAM's own variables (`${aws:username}`) stand for text that is not known here."""
    if "${" not in text:
        return tuple(text)
    symbols: list[Symbol] = []
    at = 0
    for match in _VARIABLE.finditer(text):
        symbols.extend(text[at : match.start()])
        origin = Origin("data", f"${{{match[1]}}}", because=f"IAM fills in ${{{match[1]}}}")
        symbols.append(Hole((origin,)))
        at = match.end()
    return (*symbols, *text[at:])


def renormalised(text: Text) -> Text:
    """The text with a literal partition read as the own one, where its parts are joined."""
    head = "".join(s if isinstance(s, str) else "\0" for s in text[:16])
    found = _ARN.match(head)
    if found is None or PARTITION in text[: found.end()]:
        return text
    return (*"arn:aws", PARTITION, ":", *text[found.end() :])
