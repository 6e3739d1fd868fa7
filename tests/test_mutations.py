"""One thing wrong in a reference stack: the rules that say so fail, and no others."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from mutations import MUTATIONS
from mutations.edits import Mutation

from fglint.configuration.loader import load
from fglint.configuration.session import LoadOptions
from fglint.finding import CRITERIA, Verdict
from fglint.model.deployment import Deployment
from fglint.policy.bundle import rules_directory
from fglint.policy.check import judge
from fglint.policy.loader import load_rules
from fglint.policy.rule import Rule
from fglint.policy.trace import traces
from fglint.source import Files

REFERENCE = Path(__file__).parent.parent / "reference"
CASES = [(stack, each) for each in MUTATIONS for stack in each.stacks]
# What a trace shows where it fails: the criteria, and the ways of secrets and packets.
SHOWN = frozenset(name for rules in CRITERIA.values() for name in rules) - {"plaintext-secret"}


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(load_rules((rules_directory(),)).rules.values())


@cache
def texts(stack: str) -> dict[str, str]:
    return {path.name: path.read_text() for path in (REFERENCE / stack).glob("*.tf")}


def failed(stack: str, mutation: Mutation | None) -> tuple[set[str], set[str], list[str]]:
    """The rules that fail, those that fail in the trace, and errors of the configuration."""
    files = dict(texts(stack))
    for edit in mutation.edits if mutation is not None else ():
        edit(files)
    directory = REFERENCE / stack
    overlay = {directory / name: text for name, text in files.items()}
    configuration = load(directory, Files(directory, overlay=overlay), LoadOptions())
    deployment = Deployment(configuration)
    core = [rule for rule in rules() if rule.default]
    outcome = judge(deployment, core, {})
    found = {each.rule for each in outcome.findings if each.verdict is Verdict.FAIL}
    traced = {
        finding.rule
        for trace in traces(deployment, core, {}).traces
        for hop in trace.hops
        for finding in hop.findings
        if finding.verdict is Verdict.FAIL
    }
    errors = [
        str(each.detail)
        for each in (*configuration.diagnostics, *outcome.diagnostics)
        if each.severity == "error"
    ]
    return found, traced, errors


@pytest.mark.parametrize(
    ("stack", "mutation"), CASES, ids=[f"{stack}: {each.name}" for stack, each in CASES]
)
def test_expected_rules_fail_and_no_others(stack: str, mutation: Mutation) -> None:
    found, traced, errors = failed(stack, mutation)
    assert [] == errors
    assert mutation.rules == found
    assert found & SHOWN == traced & SHOWN
    assert traced <= found


@pytest.mark.parametrize("stack", ["nat", "endpoints"])
def test_nothing_fails_without_a_mutation(stack: str) -> None:
    assert (set(), set(), []) == failed(stack, None)


def test_there_are_enough_mutations() -> None:
    assert len(CASES) >= 60
    assert len({each.name for each in MUTATIONS}) == len(MUTATIONS)
