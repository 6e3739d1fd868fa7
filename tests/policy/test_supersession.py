"""Which findings are hidden because another rule's finding says the same."""

from __future__ import annotations

from fglint.finding import Finding, Related, Severity, Verdict
from fglint.policy.supersession import Found, not_superseded
from fglint.source import SourceFile

SOURCE = SourceFile("main.tf", "a\nb\nc\nd\n")
HERE, THERE = SOURCE.range(0, 1), SOURCE.range(2, 3)
SUPERSEDES = {"greater": ("lesser",)}


def finding(
    rule: str, address: str = "a.b", related: str = "", verdict: Verdict = Verdict.FAIL
) -> Finding:
    others = (Related("it is here", THERE, related),) if related else ()
    return Finding(rule, verdict, Severity.HIGH, "wrong", "", address, "", HERE, related=others)


def shown(*found: Found) -> list[str]:
    return [each.rule for each in not_superseded(found, SUPERSEDES)]


def test_at_one_address_the_lesser_is_hidden() -> None:
    assert shown(Found(finding("lesser")), Found(finding("greater"))) == ["greater"]


def test_at_a_related_address_the_lesser_is_hidden() -> None:
    greater = finding("greater", "c.d", related="a.b")
    assert shown(Found(greater), Found(finding("lesser"))) == ["greater"]


def test_at_an_address_that_decided_the_lesser_is_hidden() -> None:
    greater = Found(finding("greater", "c.d"), read=frozenset({"a.b"}))
    assert shown(greater, Found(finding("lesser"))) == ["greater"]


def test_at_another_address_both_are_shown() -> None:
    found = Found(finding("greater", "c.d")), Found(finding("lesser"))
    assert shown(*found) == ["greater", "lesser"]


def test_about_one_part_the_lesser_is_hidden() -> None:
    found = Found(finding("greater"), HERE), Found(finding("lesser"), HERE)
    assert shown(*found) == ["greater"]


def test_about_another_part_both_are_shown() -> None:
    found = Found(finding("greater"), HERE), Found(finding("lesser"), THERE)
    assert shown(*found) == ["greater", "lesser"]


def test_about_a_part_that_is_written_nowhere_the_lesser_is_hidden() -> None:
    found = Found(finding("greater"), HERE), Found(finding("lesser"), None)
    assert shown(*found) == ["greater"]


def test_about_the_whole_hides_nothing_about_a_part() -> None:
    found = Found(finding("greater"), None), Found(finding("lesser"), HERE)
    assert shown(*found) == ["greater", "lesser"]


def test_unknown_hides_nothing() -> None:
    found = Found(finding("greater", verdict=Verdict.UNKNOWN)), Found(finding("lesser"))
    assert shown(*found) == ["greater", "lesser"]
