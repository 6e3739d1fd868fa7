"""Flags that several commands have, and what they make of the settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from fglint.misuse import Misuse
from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.configuration.session import LoadOptions
    from fglint.plans import Plans
    from fglint.settings import Settings

Decorated = TypeVar("Decorated", bound=Callable[..., Any])  # Any: click gives them all arguments
SEVERITIES = ("critical", "high", "medium", "low", "info")


class _PathType(click.Path):
    """A path; an empty one, which an unset variable of a script gives, is none."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:  # Any: as click has it
        if value == "":
            self.fail('the path is empty; "." is this directory', param, ctx)
        return super().convert(value, param, ctx)


PATH = _PathType(path_type=Path)


def load_options(ctx: click.Context) -> LoadOptions:
    """How root modules are loaded; Misuse when a variables file does not exist."""
    from fglint.configuration.session import LoadOptions

    given = ctx.params
    variables = _variables(ctx)
    for kind, text in variables:
        if kind == "file":
            _exists("--var-file", Path(text))
        if kind == "var" and "=" not in text:
            raise Misuse(f'--var "{text}" is not of the form NAME=VALUE')
    return LoadOptions(
        variables=variables,
        environment=os.environ if given["env_vars"] else None,
        workspace=given["workspace"],
        parser=given["parser"],
        cross_check=given["cross_check"],
    )


@dataclass(frozen=True, slots=True)
class RuleFlags:
    """Which rules run and which findings count. None is a flag that is not given."""

    config: Path | None = None
    isolated: bool = False
    profile: Literal["production", "development", "strict"] | None = None
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rules: tuple[Path, ...] = ()
    fail_on: str | None = None
    unknown: Literal["summary", "report", "fail"] | None = None
    exclude: tuple[str, ...] = ()
    baseline: Path | None = None
    no_baseline: bool = False
    no_inline_ignores: bool = False
    require_reason: bool = False
    env_vars: bool | None = None

    @classmethod
    def of(cls, ctx: click.Context) -> RuleFlags:
        """The flags of a command."""
        return cls(**{name: ctx.params[name] for name in cls.__slots__ if name in ctx.params})

    def plans(self, load: LoadOptions) -> Plans:
        """How roots are checked; Misuse when the settings file that is named does not exist."""
        from fglint.plans import Plans

        if self.config is not None:
            _exists("--config", self.config)
        return Plans(load, self.override, self.config, self.isolated)

    def override(self, settings: Settings) -> Settings:
        """The settings with the flags on top, which say so in `places`."""
        from fglint.finding import Severity

        changes: dict[str, object] = {}
        if self.profile is not None:
            changes["profile"] = self.profile
        if self.select:
            kept = tuple(name for name in settings.ignore if name not in self.select)
            changes |= {"select": self.select, "extend_select": (), "ignore": kept}
        if self.extend_select:
            changes["extend_select"] = (*settings.extend_select, *self.extend_select)
        if self.ignore:
            changes["ignore"] = (*settings.ignore, *self.ignore)
        if self.rules:
            changes["rule_directories"] = (*settings.rule_directories, *self.rules)
        if self.fail_on is not None:
            never = self.fail_on == "never"
            changes["fail_on"] = None if never else Severity(self.fail_on)
        if self.unknown is not None:
            changes["unknown"] = self.unknown
        if self.exclude:
            changes["exclude"] = (*settings.exclude, *self.exclude)
        if self.baseline is not None or self.no_baseline:
            changes["baseline"] = None if self.no_baseline else self.baseline
        if self.no_inline_ignores:
            changes["inline_ignores"] = False
        if self.require_reason:
            changes["require_reason"] = True
        if self.env_vars is not None:
            changes["environment_variables"] = self.env_vars
        places = {_KEYS.get(name, name.replace("_", "-")): _flag(name) for name in changes}
        # Any: the fields have different types, each is set above to its own
        given: dict[str, Any] = {**changes, "places": {**settings.places, **places}}
        return replace(settings, **given)


def _exists(flag: str, path: Path) -> None:
    """Misuse when a flag does not name a file."""
    if path.is_dir():
        raise Misuse(f"{flag} {path} is a directory, not a file")
    if not path.exists():
        raise Misuse(f"{flag} {path} does not exist")


_KEYS = {"environment_variables": "environment-variables"}
_FLAGS = {"rule_directories": "--rules", "environment_variables": "--env-vars"}


def _flag(name: str) -> str:
    if name == "inline_ignores":
        return "--no-inline-ignores"
    return _FLAGS.get(name, f"--{name.replace('_', '-')}")


def names(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """The names of all occurrences of a flag, each a list with commas or spaces."""
    return tuple(name for text in given for name in text.replace(",", " ").split())


def rule_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The names of bundled rules and their folders that complete the last one of a list."""
    from fglint.policy.bundle import rules_directory

    before, comma, last = incomplete.rpartition(",")
    files = [file for file in rules_directory().glob("*/*.hcl") if file.suffix == ".hcl"]
    known = {name for file in files for name in (file.stem, file.parent.name)}
    return [f"{before}{comma}{name}" for name in sorted(known) if name.startswith(last)]


class VariablesCommand(click.Command):
    """A command whose --var and --var-file keep the order in which they stand.

    Terraform's spelling with one dash is understood, too.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parses the arguments and remembers the order of the variables' flags."""
        args = [f"-{arg}" if arg.startswith("-var") else arg for arg in args]
        ctx.meta["fglint.variables"] = list(_kinds(args))
        return super().parse_args(ctx, args)


def _kinds(args: list[str]) -> Iterator[Literal["var", "file"]]:
    for arg in args:
        if arg == "--":
            return
        name = arg.partition("=")[0]
        if name == "--var":
            yield "var"
        elif name == "--var-file":
            yield "file"


def _variables(ctx: click.Context) -> tuple[tuple[Literal["var", "file"], str], ...]:
    """The values for variables in the order of the command line."""
    given = {"var": iter(ctx.params["var"]), "file": iter(ctx.params["var_file"])}
    kinds: list[Literal["var", "file"]] = ctx.meta["fglint.variables"]
    return tuple((kind, next(given[kind])) for kind in kinds)


color_flag = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour the text; auto follows NO_COLOR, FORCE_COLOR, CLICOLOR and the terminal.",
)


def load_flags(command: Decorated) -> Decorated:
    """Adds the flags of how root modules are loaded."""
    for option in reversed(_LOAD_FLAGS):
        command = option(command)
    return command


def rule_flags(command: Decorated) -> Decorated:
    """Adds the flags of settings, rules and what counts."""
    for option in reversed(_RULE_FLAGS):
        command = option(command)
    return command


_LOAD_FLAGS = (
    click.option("--var", multiple=True, metavar="NAME=VALUE", help="A value for a variable."),
    click.option("--var-file", multiple=True, metavar="FILE", help="A file of values."),
    click.option("--env-vars", is_flag=True, default=None, help="Read TF_VAR_NAME, too."),
    click.option("--workspace", default="default", metavar="NAME", help="terraform.workspace."),
    click.option(
        "--parser", type=click.Choice(["native", "python-hcl2"]), default="native",
        help="The front end that reads native syntax.",
    ),
    click.option("--cross-check", is_flag=True, help="Parse with both and report differences."),
)  # fmt: skip

_RULE_FLAGS = (
    click.option("--config", type=PATH, metavar="FILE", help="The settings file to use."),
    click.option("--isolated", is_flag=True, help="Use no settings file."),
    click.option(
        "--profile", type=click.Choice(["production", "development", "strict"]),
        help="The rules and options to start from. [default: production]",
    ),
    click.option(
        "--select", callback=names, multiple=True, metavar="RULES", shell_complete=rule_names,
        help="Run these rules and folders only; all, core and extended are sets of rules.",
    ),
    click.option(
        "--extend-select", callback=names, multiple=True, metavar="RULES",
        shell_complete=rule_names, help="Run these, too.",
    ),
    click.option(
        "--ignore", callback=names, multiple=True, metavar="RULES", shell_complete=rule_names,
        help="Do not run these.",
    ),
    click.option(
        "--rules", type=PATH, multiple=True, metavar="DIR", help="A directory with own rules."
    ),
    click.option(
        "--fail-on", type=click.Choice([*SEVERITIES, "never"]),
        help="The least severity that gives status 1. [default: medium]",
    ),
    click.option(
        "--unknown", type=click.Choice(["summary", "report", "fail"]),
        help="What becomes of verdicts that cannot be decided. [default: summary]",
    ),
    click.option("--exclude", multiple=True, metavar="GLOB", help="Search for no roots there."),
    click.option("--baseline", type=PATH, metavar="FILE", help="Known findings, not counted."),
    click.option("--no-baseline", is_flag=True, help="Use no baseline."),
    click.option("--no-inline-ignores", is_flag=True, help="Ignore comments do not count."),
    click.option("--require-reason", is_flag=True, help="Ignores without a reason do not count."),
)  # fmt: skip
