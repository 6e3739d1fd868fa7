"""Input variables that hold what a secret is called, and not the secret: told by their use.

A variable named `database_secret` may hold a password, or the name under which one is stored. A
value that stands where names and ARNs of secrets stand is a name, whatever the variable is called.
So is what an argument takes that only sounds like a secret: the token by which a request is known
again, the ARN of a key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fglint.syntax.nodes import (
    Attribute,
    GetAttr,
    Literal,
    Node,
    ObjectItem,
    Template,
    Variable,
    children,
)

if TYPE_CHECKING:
    from fglint.configuration.module import Declaration, Module
    from fglint.configuration.session import Session

# By type: the arguments that say which secret, parameter, key or role is meant, and those that take
# a token of a request. Source: the documentation of hashicorp/aws 6; read 2026-11.
_NAMING: dict[str, frozenset[str]] = {
    "aws_secretsmanager_secret": frozenset({"name", "name_prefix", "arn"}),
    "aws_secretsmanager_secret_version": frozenset({"secret_id"}),
    "aws_secretsmanager_secret_versions": frozenset({"secret_id"}),
    "aws_secretsmanager_secret_rotation": frozenset({"secret_id"}),
    "aws_secretsmanager_secret_policy": frozenset({"secret_arn"}),
    "aws_ssm_parameter": frozenset({"name"}),
    "aws_ssm_parameters_by_path": frozenset({"path"}),
    "aws_api_gateway_authorizer": frozenset({"authorizer_credentials"}),
    "aws_api_gateway_integration": frozenset({"credentials"}),
    "aws_codeartifact_domain": frozenset({"encryption_key"}),
    "aws_codebuild_project": frozenset({"encryption_key"}),
    "aws_dsql_cluster": frozenset({"kms_encryption_key"}),
    "aws_ecs_task_execution": frozenset({"client_token"}),
    "aws_efs_file_system": frozenset({"creation_token"}),
    "aws_ssoadmin_application": frozenset({"client_token"}),
    "aws_workspaces_workspace": frozenset({"volume_encryption_key"}),
}
_REFERENCES = frozenset(
    {"valueFrom", "value_from", "credentialsParameter", "credentials_parameter"}
)
# What stands before a hole in a text: the beginning of an ARN, or of a reference in JSON.
_BEFORE = re.compile(r"""(?:\barn:[^"'\s]*|"valueFrom"\s*:\s*"[^"]*)$""")


def designated(session: Session, module: Module) -> frozenset[str]:
    """The input variables of a module whose values say which secret is meant."""
    known = session.designated.get(module)
    if known is None:
        session.designated[module] = frozenset()  # a module that calls itself ends here
        known = session.designated[module] = frozenset(_designated(session, module))
    return known


def _designated(session: Session, module: Module) -> Iterator[str]:
    for (_, type_, _), declaration in module.resources.items():
        yield from _in_declaration(declaration, _NAMING.get(type_, frozenset()))
    for declaration in module.calls.values():
        yield from _in_declaration(declaration, _of_called(session, module, declaration))
    for placed in module.locals.values():
        yield from _names(placed.node, False)


def _of_called(session: Session, module: Module, call: Declaration) -> frozenset[str]:
    """The arguments of a call that are names in the module that it calls, where that is here."""
    placed = call.written.get("source")
    source = placed.node.value if placed and isinstance(placed.node, Literal) else None
    if not isinstance(source, str) or not source.startswith(("./", "../")):
        return frozenset()
    directory = Path(os.path.normpath(module.directory / source))
    if not session.files.is_directory(directory):
        return frozenset()
    label = os.path.normpath(os.path.join(module.label, source))
    return designated(session, session.module(directory, label.replace(os.sep, "/")))


def _in_declaration(declaration: Declaration, naming: frozenset[str]) -> Iterator[str]:
    for body in declaration.written.bodies:
        for name, attribute in body.attributes.items():
            yield from _names(attribute, name in naming)
        for block in body.blocks:
            yield from _names(block, False)


def _names(node: Node, naming: bool) -> Iterator[str]:
    """The variables that stand where a name does; `naming` tells that the node stands there."""
    match node:
        case GetAttr(object=Variable(name="var"), name=name):
            if naming:
                yield name
            return
        case Attribute(name=name) | ObjectItem(key=Literal(value=str() as name)):
            naming = naming or name in _REFERENCES
        case Template(parts=parts):
            before: Node | None = None
            for part in parts:
                is_name = isinstance(before, Literal) and _BEFORE.search(str(before.value))
                yield from _names(part, naming or bool(is_name))
                before = part
            return
    for child in children(node):
        yield from _names(child, naming)
