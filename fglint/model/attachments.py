"""Which policies a role has, in every form in which Terraform attaches one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import STRING
from fglint.evaluation.values import NULL, Parts, Presence, Unknown, Value, plain
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.logic import Tri, all_of, any_of, negated, outside, unknown
from fglint.model.patterns import same
from fglint.model.policy import Document, read_document
from fglint.model.reading import Element, Node, known_text, root
from fglint.model.statement import Statement, Statements
from fglint.provider.managed_policies import by_name, managed_policy
from fglint.records import dataclass
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.role import Role


@dataclass(frozen=True, slots=True, eq=False)
class Attachment:
    """A policy of a role: `node` is its document, or the ARN that names it.

    `present` tells whether it is there; `mechanism` is the type, or the argument of the role,
    that attaches it, `holder` the resource that does.
    """

    present: Tri
    node: Node
    is_document: bool
    mechanism: str
    holder: Instance
    mine: Tri = True


class RolePolicy(Entity):
    """One policy of a role, and what attaches it."""

    kind = "attachment"

    def __init__(self, role: Role, attachment: Attachment) -> None:
        holder = attachment.holder
        super().__init__(holder.address, holder.header, maybe=attachment.present is not True)
        self.part_of = role
        self.role = role
        self.attachment = attachment

    def place(self) -> Range | None:
        """Where it is named or written."""
        return self.attachment.node.place()

    @attribute(STRING)
    def mechanism(self) -> Attribute:
        """The type of the resource that attaches it, or the argument of the role that does."""
        return Attribute(self.attachment.mechanism, self.place)

    @attribute(STRING, nullable=True)
    def managed_name(self) -> Attribute:
        """The name of AWS's own policy that it is; null for all others."""
        if self.attachment.is_document:
            return Attribute(NULL, self.place)
        return Attribute(_managed_name(self.role.deployment, self.attachment.node), self.place)


def _managed_name(deployment: Deployment, node: Node) -> Value:
    """The name, with its path, of AWS's own policy that an ARN names."""
    instance = deployment.links.find(node.value, "managed_policy").instance
    if instance is not None and instance.mode == "managed":
        return NULL
    if instance is not None:
        data = root(instance)
        arn = known_text(data.get("arn").value) or ""
        name = known_text(data.get("name").value)
        return arn.rpartition(":policy/")[2] or name or Unknown(STRING, unknown(node.value).origins)
    arn = _end_of_arn(node.value)
    if ":aws:policy/" in arn:
        return arn.rpartition(":policy/")[2]
    bare = plain(node.value)
    return NULL if arn else Unknown(STRING, unknown(bare).origins)


def attachments(role: Role) -> Iterator[Attachment]:
    """All policies of a role, those that may not be there, too."""
    yield from _of_role(role)
    yield from _inline(role)
    yield from _managed(role)


def _of_role(role: Role) -> Iterator[Attachment]:
    """The deprecated arguments of the role itself."""
    if role.node is None or role.instance is None:
        return
    for item in role.node.blocks("inline_policy").items:
        node = item.node.get("policy")
        if not is_null(node.value):
            yield Attachment(_there(item, role), node, True, "inline_policy", role.instance)
    for item in role.node.get("managed_policy_arns").elements().items:
        yield Attachment(_there(item, role), item.node, False, "managed_policy_arns", role.instance)


def _there(item: Element, role: Role) -> Tri:
    if item.presence is Presence.ONE:
        return True
    return outside(role.address, f"which policies {role.address} names is not wholly known")


def _inline(role: Role) -> Iterator[Attachment]:
    for each in inline_policies(role):
        present = all_of([each.mine, each.present])
        if present is not False:
            yield replace(each, present=present)


def inline_policies(role: Role) -> Iterator[Attachment]:
    """The policies written into a role apart, also those that an exclusive list leaves out.

    Of these `present` is about that list alone.
    """
    for instance in role.deployment.links.of("aws_iam_role_policy"):
        node = root(instance)
        mine = all_of([is_same_role(role, node.get("role").value), _exists(role, instance)])
        if mine is not False:
            name = instance.get("name")
            kept = True if name is None else _kept(role, name)
            yield Attachment(kept, node.get("policy"), True, instance.type, instance, mine)


def _kept(role: Role, name: Value) -> Tri:
    """Whether no exclusive list of the role's inline policies leaves this one out."""
    texts = role.deployment.texts
    own = texts.of(name)
    answers: list[Tri] = []
    for instance in exclusive_lists(role):
        elements = root(instance).get("policy_names").elements()
        listed: list[Tri] = [same(texts.of(item.node.value), own) for item in elements.items]
        if elements.rest is not None:
            listed.append(unknown(elements.rest))
        mine = all_of([_names(role, instance), _exists(role, instance)])
        answers.append(any_of([negated(mine), any_of(listed)]))
    return all_of(answers)


def exclusive_lists(role: Role) -> list[Instance]:
    """The exclusive lists of inline policies that may be the role's."""
    found = role.deployment.links.of("aws_iam_role_policies_exclusive")
    return [instance for instance in found if _names(role, instance) is not False]


def _names(role: Role, instance: Instance) -> Tri:
    return is_same_role(role, root(instance).get("role_name").value)


def _managed(role: Role) -> Iterator[Attachment]:
    links = role.deployment.links
    for instance in links.of("aws_iam_role_policy_attachment"):
        node = root(instance)
        mine = is_same_role(role, node.get("role").value)
        yield from _attached(role, instance, mine, [node.get("policy_arn")])
    for instance in links.of("aws_iam_policy_attachment"):
        node = root(instance)
        roles = node.get("roles").elements()
        answers = [is_same_role(role, item.node.value) for item in roles.items]
        if roles.rest is not None:
            answers.append(unknown(roles.rest))
        yield from _attached(role, instance, any_of(answers), [node.get("policy_arn")])
    for instance in links.of("aws_iam_role_policy_attachments_exclusive"):
        node = root(instance)
        mine = is_same_role(role, node.get("role_name").value)
        yield from _attached(role, instance, mine, list(node.get("policy_arns").elements()))


def _attached(role: Role, instance: Instance, mine: Tri, arns: list[Node]) -> Iterator[Attachment]:
    present = all_of([mine, _exists(role, instance)])
    if present is not False:
        for arn in arns:
            yield Attachment(present, arn, False, instance.type, instance)


def lists_policy(role: Role, arn: Node) -> Tri:
    """Whether the role names a managed policy itself, in managed_policy_arns."""
    if role.node is None:
        return False
    listed = role.node.get("managed_policy_arns").elements()
    answers = [
        all_of([_there(item, role), _is_one_policy(role.deployment, item.node, arn)])
        for item in listed.items
    ]
    if listed.rest is not None:
        answers.append(unknown(listed.rest))
    return any_of(answers)


def _is_one_policy(deployment: Deployment, one: Node, other: Node) -> Tri:
    """Whether two ARNs name one managed policy."""
    names = [_managed_name(deployment, node) for node in (one, other)]
    if any(isinstance(name, str) for name in names):
        doubts = [name for name in names if isinstance(name, Unknown)]
        return unknown(*doubts) if doubts else names[0] == names[1]
    link = deployment.links.find(other.value, "managed_policy")
    return deployment.links.matches(one.value, "managed_policy", link)


def _exists(role: Role, instance: Instance) -> Tri:
    if not instance.maybe or role.maybe:
        return True
    return outside(instance.address, f"whether {instance.address} exists is not known")


def is_same_role(role: Role, value: Value) -> Tri:
    """Whether a value names the role: by reference, by name or by ARN."""
    if is_null(value):
        return False
    link = role.deployment.links.find(value, "role")
    mine = role.link.instance
    if link.instance is not None and link.instance is mine:
        return True
    texts = role.deployment.texts
    if link.instance is not None and mine is not None:
        if link.instance.mode == mine.mode == "managed" and not (link.maybe or mine.maybe):
            return False
    elif link.instance is None and mine is None and role.link.unknown is None:
        # Both lie outside: a literal name and a literal ARN.
        one, other = known_text(role.link.value), known_text(value)
        if one is not None and other is not None:
            return one.rpartition("/")[2] == other.rpartition("/")[2]
    own = texts.of(role.link.value) if mine is None else texts.name(mine)
    given = texts.of(value) if link.instance is None else texts.name(link.instance)
    return same(given, own)


def policies(role: Role, *, aws: bool = True) -> tuple[Statements, list[Unknown]]:
    """The statements of all policies of a role, and why there may be others.

    Where `aws` is false, those that AWS wrote are left out.
    """
    statements: Statements = []
    doubts: list[Unknown] = role.deployment.additions(role)
    if role.node is None:
        doubts.append(role.unseen())
    for attachment in attachments(role):
        if not aws and _is_of_aws(role.deployment, attachment):
            continue
        if attachment.is_document:
            document = _written(role.deployment, attachment.node)
        else:
            document = named_policy(role.deployment, attachment.node)
        statements.extend((attachment.present, each) for each in document.statements)
        doubts.extend(document.doubts)
    if role.node is not None:
        rest = role.node.get("managed_policy_arns").elements().rest
        if rest is not None:
            doubts.append(unknown(rest))
    return statements, doubts


def _is_of_aws(deployment: Deployment, attachment: Attachment) -> bool:
    """Whether a policy is known to be one of AWS's own."""
    node = attachment.node
    if attachment.is_document:
        return copied_policy(deployment, node) is not None
    name = _managed_name(deployment, node)
    instance = deployment.links.find(node.value, "managed_policy").instance
    if instance is None or not isinstance(name, str):
        return isinstance(name, str)
    arn = known_text(root(instance).get("arn").value) or ""
    return ":aws:policy/" in arn or by_name(name.rpartition("/")[2]) is not None


def copied_policy(deployment: Deployment, node: Node) -> Instance | None:
    """The data source of a managed policy whose document is written into the role."""
    bare = plain(node.value)
    if not isinstance(bare, Unknown) or bare.ref is None or bare.ref.path != ".policy":
        return None
    found = deployment.links.at(bare.ref.address)
    is_data = found is not None and found.mode == "data" and found.type == "aws_iam_policy"
    return found if is_data else None


def _written(deployment: Deployment, node: Node) -> Document:
    """A document that is written into the role; it may be that of a policy of AWS's own."""
    copied = copied_policy(deployment, node)
    if copied is None:
        return read_document(deployment.texts, node)
    arn = Unknown.of(Origin("data", copied.address, ".arn"))
    return named_policy(deployment, Node(node.instance, arn, node.path))


def named_policy(deployment: Deployment, node: Node) -> Document:
    """The document of the managed policy that an ARN names."""
    texts = deployment.texts
    link = deployment.links.find(node.value, "managed_policy")
    instance = link.instance
    if instance is not None and instance.mode == "managed":
        return read_document(texts, root(instance).get("policy"))
    if instance is not None:
        data = root(instance)
        document = data.get("policy")
        if not is_null(document.value) and not isinstance(plain(document.value), Unknown):
            return read_document(texts, document)
        name, arn = known_text(data.get("name").value), known_text(data.get("arn").value)
        found = managed_policy(arn) if arn else by_name(name or "")
        where = name or arn or instance.address
    else:
        arn = _end_of_arn(node.value)
        found = managed_policy(arn)
        where = arn.rpartition(":policy/")[2] or "a managed policy"
    if found is not None:
        granted = tuple(Statement(texts, where, None, own=grant) for grant in found)
        return Document(granted, (), node)
    return Document((), (_not_here(node, instance),), node)


def _not_here(node: Node, instance: Instance | None) -> Unknown:
    bare = plain(node.value)
    if instance is None and isinstance(bare, Unknown):
        return unknown(bare)
    name = instance.address if instance is not None else known_text(bare) or "a managed policy"
    return outside(name, f"what {name} allows is not in the configuration")


def _end_of_arn(value: Value) -> str:
    """The known end of an ARN: what follows its last unknown part."""
    bare = plain(value)
    if isinstance(bare, str):
        return bare
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        last = plain(bare.content.parts[-1])
        return last if isinstance(last, str) else ""
    return ""
