"""Adds the index of the bundled rules to the wheel."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexHook(BuildHookInterface[Any]):
    """Writes fglint/_rules/index.pickle."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Reads all rules once; an editable install reads them from the checkout instead."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from fglint.policy import index
        from fglint.policy.loader import load_rules

        loaded = load_rules([root / "rules"])
        if loaded.diagnostics:
            raise SystemExit(f"{loaded.diagnostics[0].range}: {loaded.diagnostics[0].detail}")
        path = Path(tempfile.mkdtemp()) / index.NAME
        path.write_bytes(index.encode(root / "rules", list(loaded.rules.values())))
        build_data["force_include"][str(path)] = f"fglint/_rules/{index.NAME}"
