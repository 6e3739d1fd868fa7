"""Selection: which rules run, how severe they are, with which options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from fractions import Fraction

from fglint.evaluation.convert import convert
from fglint.evaluation.equality import equal
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.values import ObjectValue, TupleValue, Value
from fglint.finding import RuleInfo
from fglint.policy.rule import Option, Rule, RuleSet
from fglint.profiles import PROFILES
from fglint.records import dataclass
from fglint.settings import Settings, SettingsError

ALL = "all"  # selects every rule
CORE = "core"  # those that are on by default
EXTENDED = "extended"  # the others
GROUPS = (ALL, CORE, EXTENDED)


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules that run, and the values that settings give to their options, by rule and name."""

    rules: tuple[Rule, ...]
    options: Mapping[str, Mapping[str, Value]]

    @property
    def names(self) -> frozenset[str]:
        """The names of the rules."""
        return frozenset(rule.name for rule in self.rules)


def choose(rules: RuleSet, settings: Settings) -> Selection:
    """What runs under these settings; SettingsError when they name what there is not.

    A rule's own name weighs more than its folder's: `select` of a rule outweighs `ignore` of its
    folder.
    """
    errors = list(_errors(rules, settings))
    if errors:
        raise SettingsError("\n".join(errors))
    chosen: list[Rule] = []
    options: dict[str, dict[str, Value]] = {}
    profile = PROFILES[settings.profile].options
    for rule in rules.rules.values():
        if not _runs(rule, settings):
            continue
        own = settings.rules.get(rule.name)
        if own is not None and own.severity is not None:
            rule = replace(rule, severity=own.severity)
        values: dict[str, Value] = {
            option.name: profile[option.name] for option in rule.options if option.name in profile
        }
        if own is not None and own.options:
            values.update(_options(rule, settings))
        if values:
            options[rule.name] = values
        chosen.append(rule)
    return Selection(tuple(sorted(chosen, key=lambda rule: rule.name)), options)


def describe(rule: Rule) -> RuleInfo:
    """What reports say about a rule."""
    severities = {each.severity for each in rule.asserts if each.severity is not None}
    return RuleInfo(
        name=rule.name,
        kind=rule.kind,
        folder=rule.folder,
        summary=rule.summary,
        severity=rule.severity,
        rationale=rule.rationale,
        remedy=rule.remedy,
        references=rule.references,
        same_as=rule.same_as,
        severities=tuple(sorted(severities - {rule.severity}, key=lambda each: each.rank)),
    )


def unknown_name(name: str, rules: RuleSet) -> str | None:
    """What is wrong with a name that stands for no rule and no folder; None when it does."""
    if name in rules.rules or name in rules.folders() or name in GROUPS:
        return None
    close = get_close_matches(name, [*rules.rules, *rules.folders()], 1)
    meant = f'; did you mean "{close[0]}"?' if close else "; `fglint rules` lists them"
    return f'there is no rule and no folder of rules named "{name}"{meant}'


def _runs(rule: Rule, settings: Settings) -> bool:
    if rule.name in settings.ignore:
        return False
    selected = (*settings.select, *settings.extend_select)
    if rule.name in selected:
        return True
    groups = {rule.folder, ALL, CORE if rule.default else EXTENDED}
    if groups.intersection(settings.ignore):
        return False
    if groups.intersection(selected):
        return True
    profile = PROFILES[settings.profile]
    if settings.select or rule.name in profile.ignore:
        return False
    return rule.default or profile.extended


# ---- what settings may say --------------------------------------------------------------------


def _errors(rules: RuleSet, settings: Settings) -> Iterator[str]:
    for key, flag, names in (
        ("select", "--select", settings.select),
        ("extend-select", "--extend-select", settings.extend_select),
        ("ignore", "--ignore", settings.ignore),
        ("non-ignorable", "", settings.non_ignorable),
    ):
        place = settings.places.get(key, flag)
        yield from _unknown(names, rules, place)
    for ignore in settings.ignored_findings:
        yield from _unknown(ignore.rules, rules, ignore.place)
    for name, own in settings.rules.items():
        place = settings.place("rules", name)
        rule = rules.rules.get(name)
        if rule is None:
            close = get_close_matches(name, rules.rules, 1)
            meant = f'; did you mean "{close[0]}"?' if close else ""
            yield f'{place}: there is no rule named "{name}"{meant}'
            continue
        known = [option.name for option in rule.options]
        for option in own.options:
            if option not in known:
                close = get_close_matches(option, [*known, "severity"], 1)
                listed = f"; its options are {', '.join(known)}" if known else "; it has none"
                meant = f'; did you mean "{close[0]}"?' if close else listed
                at = settings.place("rules", name, option)
                yield f'{at}: {name} has no option "{option}"{meant}'


def _unknown(names: Iterable[str], rules: RuleSet, place: str) -> Iterator[str]:
    for name in names:
        wrong = unknown_name(name, rules)
        if wrong is not None:
            yield f"{place}: {wrong}"


def _options(rule: Rule, settings: Settings) -> Iterator[tuple[str, Value]]:
    given = settings.rules[rule.name].options
    for option in rule.options:
        if option.name in given:
            place = settings.place("rules", rule.name, option.name)
            yield option.name, _value(option, given[option.name], place)


def _value(option: Option, given: object, place: str) -> Value:
    try:
        value = convert(_of_toml(given), option.type)
    except (EvaluationError, TypeError):
        raise SettingsError(f"{place}: {option.name} must be of type {option.type}") from None
    if option.values and not any(equal(value, each) is True for each in option.values):
        listed = ", ".join(
            f'"{each}"' if isinstance(each, str) else str(each) for each in option.values
        )
        raise SettingsError(f"{place}: {option.name} must be one of {listed}")
    return value


def _of_toml(value: object) -> Value:
    """A value of a settings file as a value of rules; TypeError for dates and times."""
    match value:
        case bool() | str() | int():
            return value
        case float():
            return Fraction(str(value))
        case list():
            return TupleValue(tuple(map(_of_toml, value)))
        case dict():
            return ObjectValue({str(key): _of_toml(item) for key, item in value.items()})
        case _:
            raise TypeError(type(value))
