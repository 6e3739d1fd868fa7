"""Each fix that a bundled rule has repairs the rule's examples, formatted as Terraform does."""

from __future__ import annotations

import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest

from fglint.configuration.loader import load
from fglint.finding import RootReport, Verdict
from fglint.fix import Fixing, Texts, fix
from fglint.model.deployment import Deployment
from fglint.policy import examples
from fglint.policy.bundle import rules_directory
from fglint.policy.check import judge
from fglint.policy.loader import load_rules, read_examples
from fglint.policy.rule import Example, Rule
from fglint.source import Files, SourceFile
from fglint.syntax import parse
from fglint.syntax.alignment import misaligned
from fglint.syntax.nodes import Block

RULES = load_rules([rules_directory()]).rules
FAILING = [
    (rule, example)
    for rule in RULES.values()
    if rule.fix_safeties
    for example in read_examples(rule, Files())
    if example.verdict is Verdict.FAIL
]
SNIPPED = [
    (rule, example)
    for rule in RULES.values()
    if any(
        "create" in step.operations or fix.safety == "manual"
        for each in rule.asserts
        for fix in each.fixes
        for step in fix.steps
    )
    for example in read_examples(rule, Files())
    if example.verdict is Verdict.FAIL
]
TERRAFORM = shutil.which("terraform")


def write(rule: Rule, example: Example, directory: Path) -> None:
    """Writes an example as the files of a root module, as `examples.deploy` understands it."""
    stack = examples._stack(rule, example, Files())
    own = [each for each in example.block.body.blocks if each.type not in examples._OWN_BLOCKS]
    known = {examples._address(each) for each in stack.blocks}
    over = [each for each in own if examples._address(each) in known and each.type != "locals"]
    groups = {"a.tf": list(stack.blocks), "b.tf": [b for b in own if b not in over]}
    for name, blocks in {**groups, "c_override.tf": over}.items():
        if blocks:
            text = "\n\n".join(map(dedented, blocks)) + "\n"
            (directory / name).write_text(text, encoding="utf-8")


def dedented(block: Block) -> str:
    """The text of a block, at the left margin."""
    source = block.body.source
    begin = source.text.rfind("\n", 0, block.start) + 1
    return textwrap.dedent(source.text[begin : block.end])


def formatted(directory: Path, *flags: str) -> bool:
    """Whether `terraform fmt` succeeds."""
    assert TERRAFORM is not None
    command = [TERRAFORM, "fmt", *flags, str(directory)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def fixed(rule: Rule, example: Example, directory: Path) -> Fixing:
    """The example with the rule's fixes, unsafe ones, too."""

    def check(texts: Texts) -> list[RootReport]:
        files = Files(directory, overlay={directory / path: text for path, text in texts.items()})
        configuration = load(directory, files)
        outcome = judge(Deployment(configuration), [rule], {rule.name: example.options})
        found = (*configuration.diagnostics, *outcome.diagnostics)
        return [RootReport(".", (), outcome.counts, outcome.findings, found, 0, 0, 0)]

    return fix(check({}), check, unsafe=True)


@pytest.mark.parametrize(
    ("rule", "example"), FAILING, ids=[f"{r.name}: {e.title}" for r, e in FAILING]
)
def test_what_is_fixed_passes(rule: Rule, example: Example, tmp_path: Path) -> None:
    write(rule, example, tmp_path)
    if TERRAFORM is not None:
        assert formatted(tmp_path)
    done = fixed(rule, example, tmp_path)
    left = [f for f in done.reports[0].findings if f.verdict is Verdict.FAIL]
    refused = {(each.finding.message) for each in done.refused}
    automatic = [f for f in left if f.fix is not None and f.fix.safety != "manual"]
    assert [] == [f.message for f in automatic if f.message not in refused]
    for path, text in done.texts.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    if TERRAFORM is not None:
        assert formatted(tmp_path, "-check")
    assert () == fixed(rule, example, tmp_path).fixed


@pytest.mark.parametrize(
    ("rule", "example"), SNIPPED, ids=[f"{r.name}: {e.title}" for r, e in SNIPPED]
)
def test_what_is_to_be_added_is_terraform_and_names_what_is_there(
    rule: Rule, example: Example, tmp_path: Path
) -> None:
    write(rule, example, tmp_path)
    configuration = load(tmp_path, Files(tmp_path))
    outcome = judge(Deployment(configuration), [rule], {rule.name: example.options})
    addresses = {each.address for each in configuration.instances}
    for snippet in {each.snippet for each in outcome.findings} - {""}:
        assert () == parse(SourceFile("snippet.tf", f"{snippet}\n")).diagnostics
        assert "[]" == str(misaligned(snippet, range(1, snippet.count("\n") + 2)))
        named = set(re.findall(r"(?<![\w\".])(?:data\.)?aws_\w+\.\w+", snippet))
        assert set() == {each for each in named if each not in addresses}
        if TERRAFORM is not None:
            done = subprocess.run(
                [TERRAFORM, "fmt", "-"], input=f"{snippet}\n", capture_output=True, text=True
            )
            assert f"{snippet}\n" == done.stdout


def test_each_rule_with_a_fix_has_an_example_that_it_repairs(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    repaired: set[str] = set()
    for rule, example in FAILING:
        if rule.name not in repaired:
            directory = tmp_path_factory.mktemp("example")
            write(rule, example, directory)
            if fixed(rule, example, directory).fixed:
                repaired.add(rule.name)
    assert set() == {rule.name for rule, _ in FAILING} - repaired
