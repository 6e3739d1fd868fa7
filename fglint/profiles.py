"""Profiles: sets of rules and options for a kind of environment, on top of which settings count.

`production` is what runs without settings. In `development` one task in one zone is enough, and
what keeps a service up or watched is left out. `strict` runs the extended rules, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Literal

from fglint.records import dataclass

Name = Literal["production", "development", "strict"]


@dataclass(frozen=True, slots=True)
class Profile:
    """What runs beside or without the rules that are on by default, and values of options.

    `options` are given to every rule that has an option of that name.
    """

    extended: bool = False
    ignore: frozenset[str] = frozenset()
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


PROFILES: Mapping[Name, Profile] = MappingProxyType(
    {
        "production": Profile(),
        "development": Profile(
            ignore=frozenset(
                {
                    "load-balancer-missing-zone",
                    "missing-access-logs",
                    "missing-web-acl",
                    "single-availability-zone",
                    "single-task",
                }
            ),
            options=MappingProxyType({"environment": "non-production"}),
        ),
        "strict": Profile(extended=True),
    }
)
