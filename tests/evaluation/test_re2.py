"""Regular expressions: the two engines agree, and neither takes for ever."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fglint.evaluation.functions import re2
from fglint.evaluation.functions.re2_classes import PatternError

ATOMS = st.sampled_from(
    ["a", "b", "K", "é", "ß", "1", "-", "_", ".", r"\.", r"\d", r"\w", "[a-c]", "[^b]", "[A-Z0-9]"]
)
# regex itself errs where a negated class is one of several alternatives.
ALTERNATIVES = ATOMS.filter(lambda atom: atom not in (".", "[^b]"))
PIECES = st.tuples(
    st.one_of(
        ATOMS, st.lists(ALTERNATIVES, min_size=1, max_size=3).map(lambda xs: f"({'|'.join(xs)})")
    ),
    st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{1,3}", "*?"]),
).map("".join)
PATTERNS = st.tuples(
    st.sampled_from(["", "(?i)"]),
    st.sampled_from(["", "^"]),
    st.lists(PIECES, max_size=5).map("".join),
    st.sampled_from(["", "$"]),
).map("".join)
TEXTS = st.text(alphabet="abcAK\u212aéß\u017f1-_. \n", max_size=12)


@settings(max_examples=600, deadline=None)
@given(PATTERNS, TEXTS, st.integers(0, 4))
def test_both_engines_find_the_same(pattern: str, text: str, start: int) -> None:
    compiled = re2.compile(pattern)
    slow = re2.Pattern(compiled.names, compiled.translated, False)
    fast = re2.Pattern(compiled.names, compiled.translated, True)
    one, other = slow.search(text, start), fast.search(text, start)
    assert (one and (one.span(), one.groups())) == (other and (other.span(), other.groups()))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^[a-z][a-z0-9-]{1,20}$", True),
        ("(?i)^ecr:(Batch(Get|Put)|List.*)$", True),
        ("^a.*b.*c$", True),
        ("a.*b", True),
        ("a.*b.*c", False),
        ("^(a+)+$", False),
        ("^(a|b)*$", False),
        ("^.*.*.*$", False),
        ("^a?b?c?d?e?f?g?$", False),
        ("(?i)a.*b", True),
        (r"^\p{L}$", False),
        ("^[[:alpha:]]$", True),
    ],
)
def test_simple_patterns_are_those_that_cannot_take_long(pattern: str, expected: bool) -> None:
    assert expected is re2.compile(pattern).is_simple


@settings(max_examples=60, deadline=None)
@given(PATTERNS)
def test_simple_patterns_are_quick_over_short_texts(pattern: str) -> None:
    compiled = re2.compile(pattern)
    started = time.process_time()
    if compiled.is_simple:
        for text in ("a" * re2.SHORT, "ab1-" * (re2.SHORT // 4), "." * re2.SHORT):
            compiled.search(text)
    assert time.process_time() - started < 1.0


def test_what_takes_too_long_ends() -> None:
    with pytest.raises(TimeoutError):
        re2.compile("^(a|aa)+$").search("a" * 200 + "b")


def test_pattern_that_re2_refuses_is_refused() -> None:
    for pattern in ("a**", "(?=a)", r"\1", "[z-a]", "(", "a{1001}"):
        with pytest.raises(PatternError):
            re2.compile(pattern)
