"""Which rules run: by default, by profile, by name, folder and group."""

from __future__ import annotations

from functools import cache

import pytest

from fglint.policy.bundle import rules_directory
from fglint.policy.loader import load_rules
from fglint.policy.rule import RuleSet
from fglint.profiles import PROFILES
from fglint.selection import Selection, choose
from fglint.settings import RuleSettings, Settings, SettingsError


@cache
def rules() -> RuleSet:
    return load_rules([rules_directory()])


def chosen(**given: object) -> Selection:
    return choose(rules(), Settings(**given))  # type: ignore[arg-type]  # fields by name


CORE = frozenset(rule.name for rule in rules().rules.values() if rule.default)
ALL = frozenset(rules().rules)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, CORE),
        ({"select": ("core",)}, CORE),
        ({"select": ("extended",)}, ALL - CORE),
        ({"extend_select": ("extended",)}, ALL),
        ({"select": ("all",)}, ALL),
        ({"profile": "strict"}, ALL),
        ({"profile": "strict", "ignore": ("extended",)}, CORE),
        ({"profile": "development"}, CORE - PROFILES["development"].ignore),
        ({"select": ("plaintext-secret",)}, {"plaintext-secret"}),
        ({"select": ("tls",), "ignore": ("outdated-tls-policy",)}, None),
    ],
)
def test_groups_and_profiles_choose_rules(
    given: dict[str, object], expected: frozenset[str] | None
) -> None:
    names = chosen(**given).names
    if expected is None:
        expected = frozenset(
            rule.name
            for rule in rules().rules.values()
            if rule.folder == "tls" and rule.name != "outdated-tls-policy"
        )
    assert expected == names


def test_selected_rule_runs_although_the_profile_leaves_it_out() -> None:
    assert "single-task" in chosen(profile="development", extend_select=("single-task",)).names


def test_profile_gives_options_that_rules_have() -> None:
    options = chosen(profile="development", select=("all",)).options
    assert "non-production" == options["shared-nat-gateway"]["environment"]
    assert "plaintext-secret" not in options


def test_own_option_outweighs_the_profile() -> None:
    own = {"shared-nat-gateway": RuleSettings(None, {"environment": "production"})}
    options = chosen(profile="development", rules=own).options
    assert "production" == options["shared-nat-gateway"]["environment"]


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_profile_names_rules_that_there_are(name: str) -> None:
    assert PROFILES[name].ignore <= ALL  # type: ignore[index]  # sorted() widens the name


def test_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match="no rule and no folder"):
        chosen(select=("extendid",))
