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


class FactTable(Table):
    """What Terraform here cannot see of something that lies outside the configuration."""

    of: str = Field(
        description="What it is about, named as reports name it: a reference, an ARN, an id, an "
        "address, or a pattern with *.",
        min_length=1,
    )
    reason: str = Field(
        description="Where the knowledge comes from; reports show it.", min_length=1
    )

    @model_validator(mode="after")
    def _states_something(self) -> FactTable:
        if not self.states:
            known = [hyphens(name) for name in type(self).model_fields if name not in _ABOUT]
            raise ValueError(f"states nothing; set one of {', '.join(known)}")
        return self

    @property
    def states(self) -> dict[str, object]:
        """What is set, by the names of the file."""
        given = self.model_dump(exclude=_ABOUT, exclude_none=True, by_alias=True)
        return {name: value for name, value in given.items() if value is not None}


_ABOUT = {"of", "reason"}


class SubnetFact(FactTable):
    """Facts about subnets; one entry may stand for a whole list of them."""

    public: bool | None = Field(
        None, description="Whether a route leads from it to an internet gateway."
    )
    egress: Literal["nat", "central", "none"] | None = Field(
        None,
        description="How tasks in it reach the internet: by a working NAT gateway, by central "
        "egress (transit gateway, firewall), or not at all.",
    )
    zones: int | None = Field(
        None, description="How many Availability Zones the subnets of a list lie in.", ge=1
    )


class VpcFact(FactTable):
    """Facts about VPCs."""

    default: bool | None = Field(None, description="Whether it is the account's default VPC.")
    endpoints: list[str] | None = Field(
        None, description='All its VPC endpoints that work, such as "ecr.api", "s3", "logs".'
    )


class PermissionTable(Table):
    """Actions that a role may do on resources."""

    actions: list[str] = Field(description="Actions, with * as wildcard.", min_length=1)
    resources: list[str] = Field(["*"], description="ARNs, with * as wildcard.", min_length=1)


class RoleFact(FactTable):
    """Facts about IAM roles."""

    trusts: list[str] | None = Field(
        None, description='All AWS services that may assume it, such as "ecs-tasks.amazonaws.com".'
    )
    allows: list[PermissionTable] | None = Field(
        None, description="Permissions that it has, among others."
    )


class CertificateFact(FactTable):
    """Facts about certificates."""

    issued: Literal[True] | None = Field(None, description="That it exists and is issued.")
    domains: list[str] | None = Field(None, description="All names that it is for.", min_length=1)


class ListenerFact(FactTable):
    """Facts about listeners."""

    protocol: Literal["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"] | None = Field(
        None, description="Its protocol; HTTPS and TLS have a certificate."
    )


class TargetGroupFact(FactTable):
    """Facts about target groups."""

    listener: Literal["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"] | None = Field(
        None, description="The protocol of the listener that forwards to it."
    )


class SecurityGroupFact(FactTable):
    """Facts about security groups: the TCP ports on which traffic of this configuration passes."""

    ingress: list[int] | None = Field(None, description="Ports on which it lets traffic in.")
    egress: list[int] | None = Field(None, description="Ports on which it lets traffic out.")


class SecretFact(FactTable):
    """Facts about secrets and parameters."""

    customer_key: Literal[False] | None = Field(
        None, description="That no customer's KMS key encrypts it."
    )


class ClusterFact(FactTable):
    """Facts about ECS clusters."""

    fargate: bool | None = Field(
        None, description="Whether its default capacity provider strategy is Fargate."
    )


class FactsTable(Table):
    """Facts by what they are about."""

    subnets: list[SubnetFact] = Field([], description="About subnets.")
    vpcs: list[VpcFact] = Field([], description="About VPCs.")
    roles: list[RoleFact] = Field([], description="About IAM roles.")
    certificates: list[CertificateFact] = Field([], description="About certificates.")
    listeners: list[ListenerFact] = Field([], description="About listeners.")
    target_groups: list[TargetGroupFact] = Field([], description="About target groups.")
    security_groups: list[SecurityGroupFact] = Field([], description="About security groups.")
    secrets: list[SecretFact] = Field([], description="About secrets and parameters.")
    clusters: list[ClusterFact] = Field([], description="About ECS clusters.")


def _kind(value: object) -> str:
    return "name" if isinstance(value, str) else "table"


IgnoreItem = Annotated[
    Annotated[str, Tag("name")] | Annotated[IgnoreTable, Tag("table")], Discriminator(_kind)
]


class FileTable(Table):
    """Settings of fglint: fglint.toml, .fglint.toml, or [tool.fglint] in pyproject.toml."""

    profile: Literal["production", "development", "strict"] = Field(
        "production", description="The set of rules and options that all else stands on."
    )
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
    stand_ins: list[str] = Field(
        [],
        description="Directories with stand-ins for modules that are not downloaded, relative to "
        "this file.",
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
    facts: FactsTable = Field(
        default_factory=lambda: FactsTable.model_validate({}),
        description="What Terraform here cannot see; each settles what would be unknown.",
    )


def json_schema() -> dict[str, Any]:
    """The JSON schema of the settings file. Any: JSON Schema is whatever pydantic makes it."""
    schema = FileTable.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
