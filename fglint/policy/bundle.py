"""Where the bundled rules lie: in the wheel as fglint/_rules, in a checkout beside the package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def installed_rules() -> Path:
    """The directory of the rules in an installed package; there is none in a checkout."""
    return _PACKAGE / "_rules"


def rules_directory() -> Path:
    """The directory of the bundled rules."""
    installed = installed_rules()
    return installed if installed.is_dir() else _PACKAGE.parent / "rules"
