"""A deployment on Fargate around a block of another tool's test, which stands there alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from coverage import Check
from peer_cases import Declared

# What a case's block is put into. Names begin with "fglint_", which no test of others uses.
SERVICE = Template((Path(__file__).parent / "peer_service.tftpl").read_text(encoding="utf-8"))
PROVIDER = """\
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111111111111"]
}
"""
PARTS = {
    "vpc": "aws_vpc.fglint_main.id",
    "subnet": "aws_subnet.fglint_a.id",
    "balancer_group": "aws_security_group.fglint_balancer.id",
    "task_group": "aws_security_group.fglint_task.id",
    "role": "aws_iam_role.fglint_task",
    "load_balancer": "aws_lb.fglint_main.arn",
    "balancer_type": "application",
    "listener_protocol": "HTTPS",
    "backend_protocol": "HTTP",
    "certificate": "aws_acm_certificate.fglint_main.arn",
    "target_group": "aws_lb_target_group.fglint_main.arn",
    "cluster": "aws_ecs_cluster.fglint_main.id",
    "exec": "false",
    "file_system": "aws_efs_file_system.fglint_main.id",
    "log_group": "aws_cloudwatch_log_group.fglint_main.name",
    "secret": "aws_secretsmanager_secret.fglint_main.arn",
    "repository": "aws_ecr_repository.fglint_main",
    "task_definition": "aws_ecs_task_definition.fglint_main.arn",
}
# A block of these types takes the place of a part of the service.
PLACES = {
    "aws_vpc": ("vpc", ".id"),
    "aws_default_vpc": ("vpc", ".id"),
    "aws_subnet": ("subnet", ".id"),
    "aws_iam_role": ("role", ""),
    "aws_lb": ("load_balancer", ".arn"),
    "aws_alb": ("load_balancer", ".arn"),
    "aws_lb_target_group": ("target_group", ".arn"),
    "aws_alb_target_group": ("target_group", ".arn"),
    "aws_acm_certificate": ("certificate", ".arn"),
    "aws_ecs_cluster": ("cluster", ".id"),
    "aws_efs_file_system": ("file_system", ".id"),
    "aws_cloudwatch_log_group": ("log_group", ".name"),
    "aws_secretsmanager_secret": ("secret", ".arn"),
    "aws_ssm_parameter": ("secret", ".arn"),
    "aws_ecr_repository": ("repository", ""),
    "aws_ecs_task_definition": ("task_definition", ".arn"),
}
ROLE = "aws_iam_role.fglint_task"
REPOSITORY = "aws_ecr_repository.fglint_main"
SERVICE_ADDRESS = "aws_ecs_service.fglint_main"
# Arguments of a block that make it part of the service.
ARGUMENTS = {
    "aws_ecs_task_definition": 'requires_compatibilities = ["FARGATE"]',
    "aws_iam_role_policy": f"role = {ROLE}.id",
    "aws_iam_role_policy_attachment": f"role = {ROLE}.name",
    "aws_iam_policy_attachment": f"roles = [{ROLE}.name]",
    "aws_ecr_repository_policy": f"repository = {REPOSITORY}.name",
    "aws_secretsmanager_secret_rotation": "secret_id = aws_secretsmanager_secret.fglint_main.id",
}
# Blocks that make a block of these types part of the service; $target is its reference.
LINKS = {
    "aws_iam_policy": (
        'resource "aws_iam_role_policy_attachment" "fglint_main" {\n'
        f"  role       = {ROLE}.name\n  policy_arn = $target.arn\n}}\n"
    ),
    "aws_iam_policy_document": (
        f'resource "aws_iam_role_policy" "fglint_main" {{\n  role   = {ROLE}.id\n'
        "  policy = $target.json\n}\n"
    ),
    "aws_route_table": (
        'resource "aws_route_table_association" "fglint_main" {\n'
        "  subnet_id      = aws_subnet.fglint_a.id\n  route_table_id = $target.id\n}\n"
    ),
}
REPOSITORY_POLICY = (
    f'resource "aws_ecr_repository_policy" "fglint_main" {{\n  repository = {REPOSITORY}.name\n'
    "  policy     = $target.json\n}\n"
)
# Which of the service's own entities show what a block of these types does.
SHOWN = {
    "aws_vpc": (SERVICE_ADDRESS,),
    "aws_default_security_group": (SERVICE_ADDRESS,),
    "aws_route_table": (SERVICE_ADDRESS,),
    "aws_ecs_cluster": (SERVICE_ADDRESS,),
    "aws_iam_policy": (ROLE,),
    "aws_iam_policy_document": (ROLE, "aws_iam_role_policy.fglint_main", REPOSITORY),
    "aws_iam_role_policy": (ROLE,),
    "aws_iam_role_policy_attachment": (ROLE,),
    "aws_iam_policy_attachment": (ROLE,),
    "aws_ecr_repository_policy": (REPOSITORY,),
    "aws_efs_file_system": ("aws_ecs_task_definition.fglint_main",),
    "aws_secretsmanager_secret_rotation": ("aws_secretsmanager_secret.fglint_main",),
}
LISTENERS = ("aws_lb_listener", "aws_alb_listener")
GROUP_RULES = (
    "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
)
# A part of the service by what the name of a public module says that it makes.
MODULES = {
    "security-group": ("balancer_group", "security_group_id"),
    "/vpc/": ("vpc", "vpc_id"),
    "/alb/": ("load_balancer", "arn"),
    "cloudwatch": ("log_group", "cloudwatch_log_group_name"),
    "/efs/": ("file_system", "id"),
}
# What a rule of a group needs, where an example leaves it out.
TRAFFIC = {"from_port": "0", "to_port": "0", "protocol": '"-1"'}
# Rules about blocks by themselves, which no service needs to use.
ALONE = frozenset({"unused-resource", "unpinned-module"})


@dataclass(frozen=True)
class Placed:
    """Files to add to a case's, and the prefixes of addresses that show its verdict."""

    files: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()


def place(target: Declared, blocks: Iterable[Declared], check: Check) -> Placed:
    """The service with a block as part of it, of which a check says something.

    `blocks` are all that the case declares.
    """
    rules = frozenset(rule.name for rule in check.rules)
    if rules <= ALONE:
        return Placed(shown=("" if target.type == "module" else target.address,))
    return _Placing(target, tuple(blocks), rules, check.on == "tasks").placed()


@dataclass
class _Placing:
    target: Declared
    blocks: tuple[Declared, ...]
    rules: frozenset[str]
    on_tasks: bool
    parts: dict[str, str] = field(default_factory=lambda: dict(PARTS))
    added: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)

    def placed(self) -> Placed:
        """The service around the block."""
        kind = self.target.type
        shown = [self.target.address, *SHOWN.get(kind, ())]
        if kind in PLACES:
            part, attribute = PLACES[kind]
            self.parts[part] = f"{self.reference}{attribute}"
        if kind in ARGUMENTS:
            self.arguments.append(ARGUMENTS[kind])
        if kind in LINKS:
            self.added.append(Template(LINKS[kind]).substitute(target=self.reference))
        shown += self._particular()
        files = {"fglint.tf": SERVICE.substitute(self.parts) + "".join(self.added)}
        if self.arguments:
            label = self.target.address.split(".")[-1]
            head = "module" if kind == "module" else f'resource "{kind}"'
            body = "\n".join(self.arguments)
            files["fglint_override.tf"] = f'{head} "{label}" {{\n{body}\n}}\n'
        return Placed(files, tuple(shown))

    @property
    def reference(self) -> str:
        """The block, the first instance where it has a count."""
        counted = re.search(r"^\s*count\s*=", self.target.text, re.MULTILINE)
        return self.target.address + ("[0]" if counted else "")

    def _declares(self, address: str) -> bool:
        return any(block.address == address for block in self.blocks)

    def _particular(self) -> Iterator[str]:
        """What blocks of single types need; gives further addresses that show the verdict."""
        match self.target.type:
            case "aws_lb" | "aws_alb":
                self._balance(self.target.written("load_balancer_type") or "application")
                for block in self.blocks:
                    if block.type in LISTENERS and self.target.address in block.text:
                        yield block.address
            case kind if kind in LISTENERS:
                self._listen()
            case "aws_security_group":
                self._guard(f"{self.reference}.id")
                self._complete_rules()
                yield "aws_lb.fglint_main"
            case kind if kind in GROUP_RULES:
                yield from self._guard_by_rule()
            case "module":
                yield from self._call()
            case "aws_default_security_group":
                self._in_vpc_of(self.target)
            case "aws_route_table" | "aws_route":
                yield from self._route()
            case "aws_ecs_cluster":
                self.parts["exec"] = "true"
            case "aws_ecs_service":
                self._serve()
            case "aws_iam_policy_document" if "public-ecr-repository" in self.rules:
                self.added = [Template(REPOSITORY_POLICY).substitute(target=self.reference)]

    def _balance(self, type_: str) -> None:
        self.parts["balancer_type"] = type_
        if type_ == "network":
            self.parts |= {"listener_protocol": "TLS", "backend_protocol": "TCP"}

    def _listen(self) -> None:
        """A listener serves the service, by the target group that it names or one given to it."""
        text = self.target.text
        if self.target.written("protocol") in ("TCP", "UDP", "TCP_UDP", "TLS"):
            self._balance("network")
        balancer = self.target.named("load_balancer_arn")
        if self._declares(balancer):
            self.parts["load_balancer"] = f"{balancer}.arn"
        else:
            self.arguments.append("load_balancer_arn = aws_lb.fglint_main.arn")
        if self.target.written("protocol") in ("HTTPS", "TLS") and "certificate_arn" not in text:
            self.arguments.append(f"certificate_arn = {self.parts['certificate']}")
        group = self.target.named("target_group_arn")
        if self._declares(group):
            self.parts["target_group"] = f"{group}.arn"
        elif not re.search(r"redirect|fixed-response", text):
            action = f'type = "forward"\ntarget_group_arn = {self.parts["target_group"]}'
            self.arguments.append(f"default_action {{\n{action}\n}}")

    def _guard(self, group: str) -> None:
        self.parts["task_group" if self.on_tasks else "balancer_group"] = group

    def _guard_by_rule(self) -> Iterator[str]:
        group = self.target.named("security_group_id")
        if not self._declares(group):
            group = f"aws_security_group.fglint_{'task' if self.on_tasks else 'balancer'}"
            self.arguments.append(f"security_group_id = {group}.id")
        if self.target.type == "aws_security_group_rule":
            text = self.target.text
            if not re.search(r"cidr_blocks|source_security|self|prefix_list", text):
                self.arguments.append('cidr_blocks = ["10.0.0.0/8"]')
            self.arguments += [f"{k} = {v}" for k, v in TRAFFIC.items() if k not in text]
        self._guard(f"{group}.id")
        yield from (group, "aws_lb.fglint_main")

    def _complete_rules(self) -> None:
        """Terraform takes no rule of a group without ports and protocol."""
        found = re.findall(r"\b(ingress|egress)\s*\{([^{}]*)\}", self.target.text)
        if any(name not in body for _, body in found for name in TRAFFIC):
            for direction, body in found:
                lines = [f"{k} = {v}" for k, v in TRAFFIC.items() if k not in body]
                self.arguments.append("\n".join([f"{direction} {{", body, *lines, "}"]))

    def _call(self) -> Iterator[str]:
        """What a public module makes becomes a part of the service."""
        source = f"/{self.target.written('source')}/"
        for name, (part, output) in MODULES.items():
            if name in source:
                self.parts[part] = f"{self.target.address}.{output}"
        if "/vpc/" in source:
            self.parts["subnet"] = f"{self.target.address}.private_subnets[0]"
        if "security-group" in source:
            if not re.search(r"ingress_(?:rules|with)", self.target.text):
                self.arguments.append('ingress_rules = ["all-all"]')
            yield "aws_lb.fglint_main"

    def _in_vpc_of(self, block: Declared) -> None:
        vpc = block.named("vpc_id")
        if self._declares(vpc):
            self.parts["vpc"] = f"{vpc}.id"
        else:
            self.arguments.append(f"vpc_id = {self.parts['vpc']}")

    def _route(self) -> Iterator[str]:
        """A route table is that of the tasks' subnet."""
        table = self.target.address
        if self.target.type == "aws_route":
            table = self.target.named("route_table_id")
            self.added.append(Template(LINKS["aws_route_table"]).substitute(target=table))
        for block in self.blocks:
            if block.address == table and self._declares(block.named("vpc_id")):
                self.parts["vpc"] = f"{block.named('vpc_id')}.id"
        yield SERVICE_ADDRESS

    def _serve(self) -> None:
        self.arguments.append('launch_type = "FARGATE"')
        if not self._declares(self.target.named("task_definition")):
            self.arguments.append(f"task_definition = {self.parts['task_definition']}")
        if "network_configuration" not in self.target.text:
            self.arguments.append(
                f"network_configuration {{\nsubnets = [{self.parts['subnet']}]\n"
                f"security_groups = [{self.parts['task_group']}]\n}}"
            )
