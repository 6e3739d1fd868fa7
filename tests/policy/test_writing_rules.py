"""The page about writing rules: its rule works as the page says."""

from __future__ import annotations

import re
from pathlib import Path

from fglint.policy.examples import run
from fglint.policy.loader import load_rules
from fglint.policy.schema import check_rule

PAGE = Path(__file__).parents[2] / "docs" / "writing-rules.md"


def test_rule_of_the_page_gives_its_examples_their_verdicts(tmp_path: Path) -> None:
    (text,) = re.findall(r"```hcl\n(rule .*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "unlabelled-task.hcl").write_text(text)
    loaded = load_rules([tmp_path])
    assert loaded.diagnostics == ()
    (rule,) = loaded.rules.values()
    assert check_rule(rule) == []
    results = list(run(rule))
    assert len(results) == 3
    assert [] == [problem for result in results for problem in result.problems]
