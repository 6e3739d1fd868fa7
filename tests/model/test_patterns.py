"""IAM's wildcards against texts of which parts are not known."""

from __future__ import annotations

import pytest

from fglint.evaluation.origins import Origin
from fglint.evaluation.values import Unknown
from fglint.model.literals import literal
from fglint.model.patterns import RANDOM, Atom, Hole, Own, Symbol, Variants, matches, same

ACCOUNT = Own("account", "aws")
REGION = Own("region", "aws")
SECRET = Atom(Origin("computed", "aws_secretsmanager_secret.db", ".arn"), "secret aws", False)
OTHER = Atom(Origin("computed", "aws_secretsmanager_secret.cache", ".arn"), "secret aws", False)
GROUP = Atom(Origin("computed", "aws_cloudwatch_log_group.a", ".arn"), "log_group aws")
GROUP_B = Atom(Origin("computed", "aws_cloudwatch_log_group.b", ".arn"), "log_group aws")
VARIABLE = Atom(Origin("variable", "var.name"))


def text(*parts: str | Symbol) -> Variants:
    symbols: list[Symbol] = []
    for part in parts:
        symbols.extend(literal(part) if isinstance(part, str) else (part,))
    return ((tuple(symbols),),)


def answer(pattern: Variants, target: Variants) -> bool | None:
    found = matches(pattern, target)
    return None if isinstance(found, Unknown) else found


@pytest.mark.parametrize(
    ("pattern", "target", "expected"),
    [
        ("*", "anything", True),
        ("s3:Get*", "s3:GetObject", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("s3:Get", "s3:GetObject", False),
        ("a*b*c", "aXbYbZc", True),
        ("a*b*c", "aXbYbZ", False),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/key", True),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket", False),
        ("arn:aws:s3:::Bucket", "arn:aws:s3:::bucket", False),
        ("[a]", "a", False),
    ],
)
def test_known_texts_match_as_iam_matches(pattern: str, target: str, expected: bool) -> None:
    assert expected is answer(text(pattern), text(target))


@pytest.mark.parametrize(
    ("pattern", "target", "expected"),
    [
        pytest.param(text(SECRET), text(SECRET), True, id="an identity is itself"),
        pytest.param(text(OTHER), text(SECRET), False, id="two secrets differ"),
        pytest.param(text(OTHER, "*"), text(SECRET), False, id="no secret begins like another"),
        pytest.param(text(SECRET, "*"), text(SECRET), True, id="a star may stand for nothing"),
        pytest.param(text(SECRET, "-??????"), text(SECRET), False, id="an ARN has its suffix"),
        pytest.param(text(GROUP), text(GROUP, ":log-stream:x"), False, id="a group is no stream"),
        pytest.param(text(GROUP, ":*"), text(GROUP, ":log-stream:x"), True, id="but :* is"),
        pytest.param(text(GROUP, ":*"), text(GROUP_B, ":log-stream:x"), False, id="of its group"),
        pytest.param(text(GROUP, "*"), text(GROUP_B), None, id="groups may begin alike"),
        pytest.param(text(GROUP), text(GROUP_B), False, id="two groups differ"),
        pytest.param(text("*"), text(VARIABLE), True, id="a star is anything"),
        pytest.param(text(VARIABLE), text("arn:aws:x"), None, id="a variable may be anything"),
        pytest.param(text("a", VARIABLE), text("b"), False, id="but not before its prefix"),
        pytest.param(text("a", VARIABLE, "/*"), text("a", VARIABLE, "/b"), True, id="same hole"),
        pytest.param(text("a-", Hole(), "-z"), text("a-b-z"), None, id="a hole may fit"),
        pytest.param(text("a-", Hole(), "-z"), text("a-b-y"), False, id="or not"),
        pytest.param(
            text("arn:aws:ssm:*:*:parameter/*"),
            text("arn:aws-us-gov:ssm:", REGION, ":", ACCOUNT, ":parameter/a"),
            True,
            id="the partition that a policy names is the own one",
        ),
        pytest.param(
            text("arn:aws:ssm:eu-west-1:*:parameter/*"),
            text("arn:aws:ssm:", REGION, ":", ACCOUNT, ":parameter/a"),
            None,
            id="an unknown region may be the one named",
        ),
        pytest.param(
            text("arn:aws:ssm:eu-west-1:*:parameter/b/*"),
            text("arn:aws:ssm:", REGION, ":", ACCOUNT, ":parameter/a"),
            False,
            id="but another name decides",
        ),
        pytest.param(
            text("arn:aws:iam::", ACCOUNT, ":role/x"),
            text("arn:aws:iam::123456789012:role/x"),
            None,
            id="an unknown account may be the one named",
        ),
        pytest.param(
            text("arn:aws:iam::x:role/x"),
            text("arn:aws:iam::", ACCOUNT, ":role/x"),
            False,
            id="an account has digits only",
        ),
        pytest.param(
            text("secret:db-??????"), text("secret:db-", *(RANDOM,) * 6), True, id="six characters"
        ),
        pytest.param(
            text("secret:db-?????"), text("secret:db-", *(RANDOM,) * 6), False, id="not five"
        ),
        pytest.param(
            text("secret:db-AbCdEf"), text("secret:db-", *(RANDOM,) * 6), None, id="six by chance"
        ),
        pytest.param(
            text("secret:${aws:username}"), text("secret:db"), None, id="IAM fills in variables"
        ),
    ],
)
def test_unknown_parts_decide_only_where_they_must(
    pattern: Variants, target: Variants, expected: bool | None
) -> None:
    assert expected is answer(pattern, target)


def test_one_of_several_patterns_decides_only_together() -> None:
    both = (*text("a*"), *text("ab*"))
    assert answer(both, text("abc")) is True
    assert answer(both, text("b")) is False
    assert answer(both, text("ac")) is None


def test_forms_of_one_text_settle_each_other() -> None:
    forms: Variants = (((SECRET,), tuple("arn:x:secret:db")),)
    assert answer(text("*:secret:db"), forms) is True
    assert answer(text("*:secret:cache"), forms) is False
    assert answer(text(SECRET), forms) is True


def test_an_unknown_answer_says_why() -> None:
    found = matches(text(VARIABLE), text("a"))
    assert isinstance(found, Unknown)
    assert [str(origin) for origin in found.origins] == ["var.name"]


def test_same_takes_nothing_as_a_wildcard() -> None:
    assert same(text("a*"), text("ab")) is False
    assert same(text("a*"), text("a*")) is True
    assert same(text(VARIABLE), text(VARIABLE)) is True
