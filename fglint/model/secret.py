"""References to secrets: what ECS reads for a container before it starts, and as which role."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.unions import union
from fglint.evaluation.values import NULL, Presence, TupleValue, Union, Unknown, Value, plain
from fglint.model.container import Container
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.execution import definition_of, execution_role, unseen_definition
from fglint.model.logic import Tri, agreed, any_of, same, unknown
from fglint.model.patterns import same as same_text
from fglint.model.reading import Node, known_text
from fglint.model.secret_access import Access
from fglint.model.secret_reference import NAME, PARAMETER, SECRET, Reference, references
from fglint.model.secret_store import absent_resource, lacks_key
from fglint.model.task import Task
from fglint.provider.platform_versions import RETIRED
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.role import Role
    from fglint.model.service import Service

_SERVICES = {SECRET: "secretsmanager", PARAMETER: "ssm", NAME: "ssm"}
_ACTIONS = {"secretsmanager": "secretsmanager:GetSecretValue", "ssm": "ssm:GetParameters"}


class Secret(Entity):
    """One reference to a secret: of a container, its log driver, its registry, Service Connect.

    `entry` is what is written for it, `node` its `valueFrom`; `owner` the task definition, or the
    service where that has the reference.
    """

    kind = "secret"

    def __init__(
        self,
        owner: Task | Service,
        container: Container | None,
        entry: Node,
        key: str,
        what: str,
        maybe: bool,
    ) -> None:
        super().__init__(owner.address, owner.header, maybe=maybe)
        self.owner = owner
        self.of_container = container
        self.entry = entry
        self.node = entry.get(key)
        self.what = what
        name = known_text(entry.get("name").value) or ""
        shown = f"{what} {name}".rstrip()
        self.subject = f"container {container}, {shown}" if container is not None else shown
        self.part_of = container or owner

    def __str__(self) -> str:
        name = known_text(self.entry.get("name").value)
        shown = name if name and self.what == "secret" else f"{self.what} {name or ''}".rstrip()
        return shown if self.of_container is None else f"{shown} of container {self.of_container}"

    def place(self) -> Range:
        """Its `valueFrom`; the whole entry where it has none."""
        return self.entry.place() if is_null(self.node.value) else self.node.place()

    @property
    def deployment(self) -> Deployment:
        """The deployment."""
        return self.owner.deployment

    # ---- what is written ----------------------------------------------------------------------

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """The variable that the secret becomes, or the log driver's option; null for a registry."""
        return Attribute(self.entry.get("name").text(), self.place)

    @attribute(BOOL)
    def variable(self) -> Attribute:
        """Whether it becomes an environment variable of its container."""
        return Attribute(self.what == "secret", self.place)

    @attribute(STRING, nullable=True)
    def value_from(self) -> Attribute:
        """What it names, as written; null where it names nothing."""
        return Attribute(self.node.text(), self.place)

    @attribute(BOOL)
    def given(self) -> Attribute:
        """Whether it names anything: an attribute of a resource, or a required variable, does."""
        return Attribute(_is_given(self.node.value), self.place)

    @attribute(EntityType("container"), nullable=True)
    def container(self) -> Attribute:
        """The container that takes it; null for Service Connect."""
        return Attribute(self.of_container or NULL, self.place)

    # ---- what it says -------------------------------------------------------------------------

    @cached_property
    def read_as(self) -> list[Reference]:
        """What it says; several where it is one of several values, none where it is null."""
        if is_null(self.node.value):
            return []
        trail = self.node.instance.trail(self.node.path)
        return references(self.deployment.links, self.node.value, trail)

    def _value(self, values: list[Value | None]) -> Value:
        """One of several values as one value; None stands for one that is not known."""
        origins = unknown(self.node.value, *self._doubts).origins
        known = [value for value in values if value is not None]
        distinct = list({repr(value): value for value in known}.values())
        if len(known) < len(values) or not known:
            return Unknown(STRING, origins) if values else NULL
        return union(distinct, origins, STRING)

    @property
    def _doubts(self) -> list[Origin]:
        return [origin for each in self.read_as for origin in each.doubts]

    @attribute(STRING, nullable=True)
    def form(self) -> Attribute:
        """What `valueFrom` is; null where there is none.

        "secret ARN", "parameter ARN" and "parameter name" are what ECS reads. Others are "secret
        name", "secret value", "version of a secret" and "other".
        """
        return Attribute(self._value([each.form or None for each in self.read_as]), self.place)

    @attribute(STRING, nullable=True)
    def malformed(self) -> Attribute:
        """Why ECS cannot read an ARN or a name of the right form, in words; null where it can."""
        found: list[Value | None] = []
        for each in self.read_as:
            if not each.is_reference and each.form:
                found.append(NULL)
            elif each.doubts or not each.form:
                found.append(None)
            else:
                found.append(each.malformed or NULL)
        return Attribute(self._value(found) if found else NULL, self.place)

    @attribute(STRING, nullable=True)
    def json_key(self) -> Attribute:
        """The key of a JSON secret that is asked for; null for a whole secret, or a parameter."""
        found = [None if r.doubts or not r.form else r.key or NULL for r in self.read_as]
        return Attribute(self._value(found) if found else NULL, self.place)  # type: ignore[arg-type]

    @attribute(STRING, nullable=True)
    def service(self) -> Attribute:
        """`secretsmanager` or `ssm`: who keeps the secret; null where it names neither."""
        found = [_SERVICES.get(r.form, NULL) if r.form else None for r in self.read_as]
        return Attribute(self._value(found) if found else NULL, self.place)  # type: ignore[arg-type]

    # ---- whether it is there ------------------------------------------------------------------

    @cached_property
    def instance(self) -> Instance | None:
        """The resource or data source that it names; None where it names none for certain."""
        found = {id(r.instance): r.instance for r in self.read_as}
        return next(iter(found.values())) if len(found) == 1 else None

    @attribute(STRING, nullable=True)
    def not_created(self) -> Attribute:
        """The address of the resource that it names by name and that is not created; else null."""
        text = known_text(self.node.value)
        address = None if text is None or self.instance else absent_resource(self.deployment, text)
        return Attribute(address or NULL, self.place)

    @attribute(BOOL)
    def lacks_key(self) -> Attribute:
        """Whether the secret's value, where it is written in the configuration, lacks the key."""
        found = [r for r in self.read_as if r.form]
        if len(found) < len(self.read_as):
            return Attribute(False, self.place)
        answers = [lacks_key(self.deployment, r.instance, r.key) for r in found]
        return Attribute(agreed(answers, self.node.value) if answers else False, self.place)

    @attribute(BOOL)
    def in_other_region(self) -> Attribute:
        """Whether it names a parameter of another region by name: names are read at home."""
        return Attribute(agreed([*map(self._is_elsewhere, self.read_as)] or [False]), self.place)

    def _is_elsewhere(self, reference: Reference) -> Tri:
        instance = reference.instance
        if reference.form != NAME or instance is None:
            return False
        texts = self.deployment.texts
        here = same_text(texts.region(instance), texts.region(self.owner.instance))
        return here if isinstance(here, Unknown) else not here

    @attribute(BOOL)
    def repeats_variable(self) -> Attribute:
        """Whether the container's environment has a variable of the same name."""
        return Attribute(self._repeats(), self.place)

    def _repeats(self) -> Tri:
        if self.of_container is None or self.what != "secret":
            return False
        name = self.entry.get("name").text()
        found = self.of_container.node.get("environment").elements()
        answers: list[Tri] = []
        for item in found.items:
            answer = same(item.node.get("name").text(), name)
            if item.presence is not Presence.ONE and answer is True:
                answer = unknown(self.of_container.node.get("environment").value)
            answers.append(answer)
        if found.rest is not None and not found.items:
            answers.append(unknown(found.rest))
        return any_of(answers)

    # ---- what is unusual ----------------------------------------------------------------------

    @attribute(BOOL)
    def lacks_suffix(self) -> Attribute:
        """Whether it is a literal ARN of a secret without the six characters that AWS adds."""
        text = known_text(self.node.value) or ""
        fields = text.split(":")
        known = len(fields) > 6 and fields[2] == "secretsmanager"
        return Attribute(known and not _has_suffix(fields[6]), self.place)

    @attribute(BOOL)
    def string_list(self) -> Attribute:
        """Whether it names a parameter of the configuration whose type is StringList."""
        instance = self.instance
        if instance is None or instance.type != "aws_ssm_parameter" or instance.mode == "data":
            return Attribute(False, self.place)
        return Attribute(same(instance.get("type") or NULL, "StringList"), self.place)

    @attribute(BOOL)
    def on_old_platform(self) -> Attribute:
        """Whether a service runs it on a platform version before 1.4.0, which reads no keys."""
        services = [s for s in self.deployment.services if s is self.owner or s.task is self.owner]
        versions = [known_text(s.whole.get("platform_version").value) for s in services]
        return Attribute(any(v in RETIRED["linux"] for v in versions), self.place)

    # ---- who reads it -------------------------------------------------------------------------

    @cached_property
    def role(self) -> Role | None:
        """The execution role as which ECS reads it; None where none is named."""
        return execution_role(self.owner)

    @attribute(EntityType("role"), nullable=True)
    def execution_role(self) -> Attribute:
        """The execution role as which ECS reads it; null where none is named."""
        return Attribute(self.role or NULL, self.place)

    @attribute(BOOL)
    def names_execution_role(self) -> Attribute:
        """Whether its task definition names an execution role, whichever that is."""
        owner = definition_of(self.owner)
        if owner is None:
            return Attribute(unseen_definition(self.owner), self.place)
        named = owner.has_role if isinstance(owner, Task) else self.role is not None
        return Attribute(named, self.place)

    @attribute(STRING, nullable=True)
    def read_action(self) -> Attribute:
        """The action that the execution role needs; null where it names no secret."""
        found = [
            _ACTIONS.get(_SERVICES.get(r.form, ""), NULL) if r.form else None for r in self.read_as
        ]
        return Attribute(self._value(found) if found else NULL, self.place)  # type: ignore[arg-type]

    @cached_property
    def accesses(self) -> list[Access]:
        """What the execution role needs for it, for each value that it may be."""
        return [Access(self.deployment, self.owner.instance, each) for each in self.read_as]

    @attribute(STRING, nullable=True)
    def arn(self) -> Attribute:
        """The ARN of the secret or parameter, without a JSON key; null where it names none."""
        return Attribute(self._value([each.arn for each in self.accesses]), self.place)

    @attribute(STRING, nullable=True)
    def kms_key(self) -> Attribute:
        """The customer's key that it is encrypted with; null where AWS's own key is."""
        found = [each.key for each in self.accesses]
        return Attribute(self._value(found) if found else NULL, self.place)

    @attribute(BOOL)
    def readable(self) -> Attribute:
        """Whether the execution role may read it; unknown where a policy cannot be read."""
        return Attribute(self._may(lambda access, role: access.may_read(role)), self.place)

    @attribute(BOOL)
    def decryptable(self) -> Attribute:
        """Whether the execution role may decrypt it; true where no customer's key encrypts it."""
        return Attribute(self._may(lambda access, role: access.may_decrypt(role)), self.place)

    @attribute(BOOL)
    def task_role_reads_it(self) -> Attribute:
        """Whether the task role may read it, which ECS does not use for that."""
        role = self.owner.task_role_entity if isinstance(self.owner, Task) else None
        if role is None:
            return Attribute(False, self.place)
        answers = [each.may_read(role) for each in self.accesses]
        return Attribute(bool(answers) and all(a is True for a in answers), self.place)

    def _may(self, ask: Callable[[Access, Role], Tri]) -> Tri:
        role = self.role
        if role is None:
            return True
        answers = [ask(each, role) for each in self.accesses]
        return agreed(answers, self.node.value) if answers else True

    @attribute(STRING, nullable=True)
    def granted_arn(self) -> Attribute:
        """The Resource of a statement that lets a role read it; null where it names none."""
        found = [each.granted for each in self.accesses]
        return Attribute(found[0] if len(found) == 1 else NULL, self.place)

    @attribute(STRING, nullable=True)
    def granted_key(self) -> Attribute:
        """The Resource of a statement that lets a role decrypt it; null where none has to."""
        found = [each.granted_key for each in self.accesses]
        return Attribute(found[0] if len(found) == 1 else NULL, self.place)

    @attribute(ListType(EntityType("resource")))
    def services(self) -> Attribute:
        """The services in the module of the execution role that run its task."""
        from fglint.model.any_resource import AnyResource  # which reads what is unused

        owner = self.owner
        users = owner.users if isinstance(owner, Task) else []
        role = None if self.role is None else self.role.instance
        found = [
            AnyResource(self.deployment, one.instance)
            for one in users
            if one.is_service and role is not None and one.instance.module == role.module
        ]
        return Attribute(TupleValue(tuple(found)), self.place)

    @attribute(EntityType("resource"), nullable=True)
    def stored(self) -> Attribute:
        """The resource or data source that it names; null where that lies outside."""
        from fglint.model.any_resource import AnyResource

        found = self.instance
        value = NULL if found is None else AnyResource(self.deployment, found)
        return Attribute(value, self.place)

    @attribute(STRING)
    def colons_left_out(self) -> Attribute:
        """The colons that a secret's ARN with a JSON key lacks at its end; else empty."""
        malformed = self.read_as[0].malformed if len(self.read_as) == 1 else ""
        count = {"1 colon follows": 2, "2 colons follow": 1}
        lacking = next((n for text, n in count.items() if malformed.startswith(text)), 0)
        return Attribute(":" * lacking, self.place)

    @attribute(STRING)
    def read_statement(self) -> Attribute:
        """The statement that lets a role read it, as a member of jsonencode's argument."""
        found = [each.read_statement for each in self.accesses]
        return Attribute(found[0] if found else "", self.place)

    @attribute(STRING)
    def decrypt_statement(self) -> Attribute:
        """The statement that lets a role decrypt it, as a member of jsonencode's argument."""
        found = [each.decrypt_statement for each in self.accesses]
        return Attribute(found[0] if found else "", self.place)


def _is_given(value: Value) -> Tri:
    bare = plain(value)
    if not isinstance(bare, Unknown):
        return not is_null(bare) and bare != ""
    if isinstance(bare.content, Union):
        return agreed([_is_given(leaf) for leaf in bare.content.leaves], bare)
    ref = bare.ref
    is_set = ref is not None and (ref.kind in ("computed", "data") or not ref.path)
    return True if bare.not_null or bare.prefix or is_set else unknown(bare)


def _has_suffix(name: str) -> bool:
    return len(name) > 7 and name[-7] == "-" and name[-6:].isalnum()
