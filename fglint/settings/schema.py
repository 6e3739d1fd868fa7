"""The settings file as pydantic sees it: strict types, hyphens in names, nothing unknown."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

SeverityName = Literal["critical", "high", "medium", "low", "info"]


def hyphens(name: str) -> str:
    """A field's name as the file writes it."""
    return name.replace("_", "-")


class Table(BaseModel):
    """A table of the settings file."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=hyphens)


class IgnoreTable(Table):
    """Findings that do not count."""

    rules: list[str] = Field([], description="Names of rules, or of folders of rules.")
    address: str = Field("", description="An address, a module's, or a pattern with *.")
    paths: list[str] = Field([], description="Patterns of files, relative to this file.")
    reason: str | None = Field(None, description="Why; reports with suppressed findings show it.")
    until: datetime.date | None = Field(
        None, strict=False, description="The last day that this counts, YYYY-MM-DD."
    )

    @model_validator(mode="after")
    def _names_something(self) -> IgnoreTable:
        if not (self.rules or self.address or self.paths):
            raise ValueError("must name rules, an address or paths")
        return self


class RuleTable(Table):
    """The settings of one rule. Other keys are the rule's options."""

    model_config = ConfigDict(extra="allow", strict=True, alias_generator=hyphens)

    severity: SeverityName | None = Field(None, description="The severity of the rule's findings.")


def _kind(value: object) -> str:
    return "name" if isinstance(value, str) else "table"


IgnoreItem = Annotated[
    Annotated[str, Tag("name")] | Annotated[IgnoreTable, Tag("table")], Discriminator(_kind)
]


class FileTable(Table):
    """Settings of fglint: fglint.toml, .fglint.toml, or [tool.fglint] in pyproject.toml."""

    select: list[str] = Field(
        [],
        description="Rules and folders of rules to run; empty for those that are on by default.",
    )
    extend_select: list[str] = Field(
        [], description="Rules and folders of rules to run beside those that are selected."
    )
    ignore: list[IgnoreItem] = Field(
        [],
        description="Rules and folders of rules that do not run; a table ([[ignore]]) names "
        "findings that do not count.",
    )
    rule_directories: list[str] = Field(
        [], description="Directories with rules of your own, relative to this file."
    )
    rules: dict[str, RuleTable] = Field({}, description="Severity and options of single rules.")
    fail_on: Literal["critical", "high", "medium", "low", "info", "never"] = Field(
        "medium", description="The least severity that makes a check fail."
    )
    unknown: Literal["summary", "report", "fail"] = Field(
        "summary", description="What becomes of verdicts that cannot be decided."
    )
    exclude: list[str] = Field(
        [], description="Patterns of directories that the search for root modules leaves out."
    )
    baseline: str | None = Field(
        None, description="The file with findings that are known and do not count."
    )
    var_files: list[str] = Field(
        [], description="Files of variables that Terraform does not read by itself."
    )
    environment_variables: bool = Field(
        False, description="Whether TF_VAR_NAME of the environment gives values to variables."
    )
    inline_ignores: bool = Field(
        True, description="Whether comments `# fglint: ignore[RULE]` count."
    )
    require_reason: bool = Field(
        False, description="Whether an ignore without a reason does not count."
    )
    non_ignorable: list[str] = Field(
        [], description="Rules and folders of rules whose findings no comment hides."
    )


def json_schema() -> dict[str, Any]:
    """The JSON schema of the settings file. Any: JSON Schema is whatever pydantic makes it."""
    schema = FileTable.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
