"""Arguments of resources that take a secret: whether the code itself holds it."""

from __future__ import annotations

from functools import cached_property

from fglint.configuration.instance import Instance
from fglint.configuration.place import Place, module_of
from fglint.configuration.scopes import ModuleInstance, flag
from fglint.evaluation.inspection import is_null, unmark_deep
from fglint.evaluation.marks import SecretOrigin
from fglint.evaluation.references import references
from fglint.evaluation.types import BOOL, STRING
from fglint.evaluation.unions import union
from fglint.evaluation.values import NULL, mark
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.logic import unknown
from fglint.model.members import Member, members
from fglint.model.reading import known_text, root
from fglint.model.recognition import Context, Recognition, recognize
from fglint.provider.secrets import secret_name
from fglint.source import Range

# What keeps all sorts of values: of those from variables it is not known that they are secrets.
_STORES = frozenset({"aws_ssm_parameter", "aws_secretsmanager_secret_version"})
# By type, the arguments that take a secret. The provider's documentation marks them as sensitive.
_ARGUMENTS = {
    "aws_ssm_parameter": ("value", "value_wo", "insecure_value"),
    "aws_secretsmanager_secret_version": ("secret_string", "secret_string_wo"),
    "aws_db_instance": ("password", "password_wo"),
    "aws_rds_cluster": ("master_password", "master_password_wo"),
    "aws_docdb_cluster": ("master_password", "master_password_wo"),
    "aws_neptune_cluster": ("master_password",),
    "aws_redshift_cluster": ("master_password", "master_password_wo"),
    "aws_elasticache_replication_group": ("auth_token",),
    "aws_elasticache_user": ("passwords",),
}


class SecretArgument(Entity):
    """An argument that takes a secret, or a member of the JSON in it."""

    kind = "secret_argument"
    confidential = True

    def __init__(self, instance: Instance, argument: str, member: Member) -> None:
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.instance = instance
        self.argument = argument
        self.member = member

    def __str__(self) -> str:
        name = known_text(self.member.name)
        shown = f"{self.argument} of {self.address}"
        return shown if self.member.is_whole or name is None else f"{name} in {shown}"

    def place(self) -> Range | None:
        """Where it is written."""
        return self.member.place()

    @cached_property
    def recognitions(self) -> list[Recognition]:
        """What its value is."""
        bare, marks = unmark_deep(self.member.node.value)
        own = f"{self.address}."
        kept = {m for m in marks if not (isinstance(m, SecretOrigin) and m.source.startswith(own))}
        return recognize(mark(bare, frozenset(kept)), Context("password"))

    @attribute(STRING)
    def class_(self) -> Attribute:
        """What it is: "text", "placeholder", "reference" …, as the class of a text."""
        found = list(dict.fromkeys(each.class_ for each in self.recognitions))
        origins = unknown(self.member.node.value).origins
        return Attribute(union(list(found), origins, STRING), self.place)

    @attribute(BOOL)
    def literal(self) -> Attribute:
        """Whether its value stands in the code: it is made of no reference.

        Or it is a password, and that of a variable of the root module, by its default or a
        variables file; but not where the variable tells by its name, or says, that it carries a
        secret: that is judged with the variable.
        """
        trail = self.instance.trail(self.member.node.path)
        found = [] if trail is None else list(references(trail.node))
        if trail is None or not found:
            return Attribute(trail is not None, self.place)
        if self.instance.type in _STORES:
            return Attribute(False, self.place)
        is_alone = len(found) == 1 and found[0].kind == "var" and found[0].node is trail.node
        return Attribute(is_alone and _is_given_in_code(trail.place, found[0].names[0]), self.place)

    @attribute(STRING, nullable=True)
    def generated_by(self) -> Attribute:
        """The source that generates it, and keeps it in the state; null where none does."""
        sources = [each.source for each in self.recognitions if each.source is not None]
        found = [each.source for each in sources if each.reason in ("generated", "private key")]
        return Attribute(found[0] if found else NULL, self.place)

    @attribute(BOOL)
    def changed_by_hand(self) -> Attribute:
        """Whether Terraform leaves changes of it alone (ignore_changes)."""
        ignored = self.instance.lifecycle.ignore_changes
        return Attribute("*" in ignored or self.argument in ignored, self.place)

    @attribute(STRING, nullable=True)
    def value(self) -> Attribute:
        """The value itself, which no message shows."""
        return Attribute(self.member.node.value, self.place)


def _is_given_in_code(place: Place, name: str) -> bool:
    """Whether a file gives a variable its value, and no other rule looks at that variable."""
    module = module_of(place.scope)
    if not isinstance(module, ModuleInstance) or module.call is not None or secret_name(name):
        return False
    declaration = module.written.variables.get(name)
    if declaration is None or flag(declaration, "sensitive"):
        return False
    given = module.session.given.get(name)
    if given is not None:
        return given.raw is None
    return declaration.written.get("default") is not None


def secret_arguments(instance: Instance) -> list[SecretArgument]:
    """The arguments of a resource that take a secret, as far as they are written."""
    if instance.mode != "managed":
        return []
    found: list[SecretArgument] = []
    for argument in _ARGUMENTS.get(instance.type, ()):
        node = root(instance).get(argument)
        if is_null(node.value) or not _takes_secret(instance, argument):
            continue
        for member in members(NULL, node):
            name = known_text(member.name)
            if member.is_whole or name is None or secret_name(name):
                found.append(SecretArgument(instance, argument, member))
    return found


def _takes_secret(instance: Instance, argument: str) -> bool:
    """Whether a parameter is a secret, by its type or its name; other arguments always are."""
    if instance.type != "aws_ssm_parameter":
        return True
    node = root(instance)
    name = known_text(node.get("name").value) or ""
    is_secure = known_text(node.get("type").value) == "SecureString"
    return is_secure or argument == "value_wo" or secret_name(name.rpartition("/")[2])
