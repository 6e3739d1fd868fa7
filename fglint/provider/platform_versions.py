"""The platform versions of Fargate, and which of them still start tasks.

Source: Amazon ECS Developer Guide, "Fargate platform versions" and "AWS Fargate Linux
platform version deprecation"; read 2026-11. New services cannot use 1.3.0 since 2026-03-16
(in China since 2026-06-15).
"""

from __future__ import annotations

LATEST = "LATEST"
SUPPORTED = {"linux": ("1.4.0",), "windows": ("1.0.0",)}
RETIRED = {"linux": ("1.0.0", "1.1.0", "1.2.0", "1.3.0"), "windows": ()}


def state_of(version: str, system: str) -> str | None:
    """`latest`, `supported`, `retired` or `foreign`; None for a version that is not known.

    `system` is "linux" or "windows"; a foreign version is that of the other one.
    """
    if version == LATEST:
        return "latest"
    if version in SUPPORTED[system]:
        return "supported"
    if version in RETIRED[system]:
        return "retired"
    others = [each for other, each in SUPPORTED.items() if other != system]
    return "foreign" if any(version in each for each in others) else None
