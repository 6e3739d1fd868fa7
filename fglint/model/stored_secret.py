"""The secrets and parameters of the configuration that tasks take."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null, marks_deep
from fglint.evaluation.marks import SecretOrigin
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, TupleValue, Unknown, plain
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.logic import Tri, all_of, any_of, outside, same, unknown
from fglint.model.reading import Node, known_text, root
from fglint.model.recognition import names_secret
from fglint.model.secret import Secret
from fglint.model.secret_store import versions_of
from fglint.model.service import Service

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

PARAMETER = "aws_ssm_parameter"
SECRET = "aws_secretsmanager_secret"
_VALUES = ("value", "insecure_value", "secret_string", "secret_binary", "secret_string_wo")
_RATE = re.compile(r"rate\((\d+) days?\)")


class StoredSecret(Entity):
    """A parameter of Systems Manager or a secret of Secrets Manager, and who takes it."""

    kind = "stored_secret"

    def __init__(self, deployment: Deployment, instance: Instance, taken: list[Secret]) -> None:
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.deployment = deployment
        self.instance = instance
        self.node = root(instance)
        self.taken = taken

    @property
    def is_outside(self) -> bool:
        """Whether it is a data source, of which only the name is known."""
        return self.instance.mode == "data"

    def _unseen(self) -> Unknown:
        return outside(self.address, f"{self.address} is read from outside the configuration")

    @attribute(STRING)
    def store(self) -> Attribute:
        """`ssm` or `secretsmanager`."""
        is_parameter = self.instance.type == PARAMETER
        return Attribute("ssm" if is_parameter else "secretsmanager", self.place)

    @attribute(STRING, nullable=True)
    def type(self) -> Attribute:
        """A parameter's type: `SecureString`, `String` or `StringList`; null for a secret."""
        if self.instance.type != PARAMETER:
            return Attribute(NULL, self.place)
        node = self.node.get("type")
        value = self.instance.get("type") if self.is_outside else node.text()
        return Attribute(value or NULL, self.place if is_null(node.value) else node.place)

    @attribute(ListType(EntityType("secret")))
    def references(self) -> Attribute:
        """The references of tasks and services to it."""
        return Attribute(TupleValue(tuple(self.taken)), self.place)

    # ---- what it holds ------------------------------------------------------------------------

    @attribute(BOOL)
    def has_secret_name(self) -> Attribute:
        """Whether a variable that it becomes announces a secret: DB_PASSWORD does."""
        answers = [names_secret(each.entry.get("name").text()) for each in self.taken]
        return Attribute(any_of(answers), self.place)

    @cached_property
    def values(self) -> list[Node]:
        """What the configuration stores in it."""
        holders = [self.instance]
        if self.instance.type == SECRET:
            holders = [] if self.is_outside else versions_of(self.deployment, self.instance)
        found = [root(holder).get(name) for holder in holders for name in _VALUES]
        return [] if self.is_outside else [node for node in found if not is_null(node.value)]

    @attribute(BOOL)
    def holds_secret(self) -> Attribute:
        """Whether what the configuration stores in it comes from a source of secrets."""
        own = f"{self.address}."
        found = [
            each
            for node in self.values
            for each in marks_deep(node.value)
            if isinstance(each, SecretOrigin) and not each.source.startswith(own)
        ]
        return Attribute(bool(found), self.place)

    @attribute(BOOL)
    def written_in_configuration(self) -> Attribute:
        """Whether the configuration stores its value, and changes it when that changes."""
        kept = [node for node in self.values if not _is_ignored(node)]
        return Attribute(bool(kept), kept[0].place if kept else self.place)

    # ---- how it is kept -----------------------------------------------------------------------

    @attribute(STRING, nullable=True)
    def kms_key(self) -> Attribute:
        """The customer's key that encrypts it; null where AWS's own key does."""
        accesses = [access for each in self.taken for access in each.accesses]
        # A reference that is none says nothing of the key: the name of a secret, its value.
        found = [access.key for access in accesses if access.reference.is_reference]
        return Attribute((found[0] if found else NULL) or NULL, self.place)

    @cached_property
    def _rotation(self) -> tuple[Node | None, Unknown | None]:
        """The rotation of the secret, or why there may be one."""
        if self.is_outside:
            return None, self._unseen()
        links = self.deployment.links
        for instance in links.of("aws_secretsmanager_secret_rotation"):
            link = links.find(root(instance).get("secret_id").value, "secret")
            if link.instance is self.instance:
                return root(instance), None
            if link.unknown is not None:
                return None, unknown(link.unknown)
        return None, None

    @attribute(BOOL)
    def rotated(self) -> Attribute:
        """Whether Secrets Manager rotates it."""
        node, doubt = self._rotation
        return Attribute(node is not None if doubt is None else doubt, self.place)

    @attribute(NUMBER, nullable=True)
    def rotation_days(self) -> Attribute:
        """The days between two rotations; null without any, or where a schedule does not say."""
        node, doubt = self._rotation
        if node is None:
            unseen = NULL if doubt is None else Unknown(NUMBER, doubt.origins)
            return Attribute(unseen, self.place)
        rules = node.block("rotation_rules")
        days = rules.get("automatically_after_days")
        if not is_null(days.value):
            return Attribute(days.number(), days.place)
        schedule = rules.get("schedule_expression")
        bare = plain(schedule.value)
        if isinstance(bare, Unknown):
            return Attribute(Unknown(NUMBER, bare.origins), schedule.place)
        rate = _RATE.fullmatch(known_text(bare) or "")
        return Attribute(int(rate[1]) if rate is not None else NULL, schedule.place)

    # ---- who takes it -------------------------------------------------------------------------

    @cached_property
    def services(self) -> list[Service]:
        """The services whose tasks take it."""
        owners = {id(each.owner) for each in self.taken}
        found = [s for s in self.deployment.services if s.is_service or s.managed]
        return [s for s in found if id(s) in owners or (s.task and id(s.task) in owners)]

    @attribute(BOOL)
    def redeployed(self) -> Attribute:
        """Whether each service that takes it is deployed anew by an apply that changes it."""
        return Attribute(all_of(map(_is_redeployed, self.services)), self.place)


def _is_ignored(node: Node) -> bool:
    ignored = node.instance.lifecycle.ignore_changes
    return "*" in ignored or str(node.path[0]) in ignored


def _is_redeployed(service: Service) -> Tri:
    """Whether a service has triggers, or deploys anew with each apply."""
    triggers = service.whole.get("triggers")
    forced = same(service.whole.get("force_new_deployment").flag(), True)
    bare = plain(triggers.value)
    if isinstance(bare, Unknown):
        return any_of([forced, True if triggers.members() else unknown(bare)])
    return any_of([forced, bool(triggers.members())])


def stored_secrets(deployment: Deployment) -> list[StoredSecret]:
    """The secrets and parameters that tasks take, by address."""
    taken: dict[str, list[Secret]] = {}
    instances: dict[str, Instance] = {}
    for secret in deployment.subjects("secret"):
        assert isinstance(secret, Secret)
        instance = secret.instance
        if instance is not None and instance.type in (PARAMETER, SECRET):
            instances[instance.address] = instance
            taken.setdefault(instance.address, []).append(secret)
    return [
        StoredSecret(deployment, instances[address], taken[address])
        for address in sorted(instances)
    ]
