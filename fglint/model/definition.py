"""What the definition of a container says, member by member, as rules read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    EntityType,
    ListType,
    MapType,
    Type,
)
from fglint.evaluation.values import (
    NULL,
    ListValue,
    MapValue,
    ObjectValue,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model.command_settings import (
    logs_verbosely,
    prints_environment,
    settings_in,
)
from fglint.model.container_parts import (
    Dependency,
    Entry,
    EnvironmentFile,
    Firelens,
    HealthCheck,
    Mount,
    Parameter,
    Part,
    Port,
    parts_of,
)
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.listing import listing
from fglint.model.lists import concatenated, count_of, texts_of
from fglint.model.logic import Tri, any_of, unknown
from fglint.model.reading import Node

# The members whose own members are parameters, too.
_NESTED = ("linuxParameters",)


class Definition(Entity):
    """The definition of a container: its members, with their defaults."""

    node: Node

    def _written(self, key: str, type_: Type, default: Value = NULL) -> Attribute:
        """A member; the container's own place where it is not written."""
        node = self.node.get(key)
        found = node.attribute(type_, default)
        return Attribute(found.value, self.place, True) if is_null(node.value) else found

    @attribute(BOOL)
    def essential(self) -> Attribute:
        """Whether the task ends with it; true by default."""
        return self._written("essential", BOOL, True)

    # ---- sizes --------------------------------------------------------------------------------

    @attribute(NUMBER, nullable=True)
    def cpu(self) -> Attribute:
        """The CPU units that it reserves; null for none, which 0 means, too."""
        found = self._written("cpu", NUMBER)
        return Attribute(NULL if plain(found.value) == 0 else found.value, found.place)

    @attribute(NUMBER, nullable=True)
    def memory(self) -> Attribute:
        """The memory in MiB at which it is stopped; null for no limit of its own."""
        return self._written("memory", NUMBER)

    @attribute(NUMBER, nullable=True)
    def memory_reservation(self) -> Attribute:
        """The memory in MiB that it reserves; null where none is reserved beside the limit."""
        return self._written("memoryReservation", NUMBER)

    @attribute(ListType(EntityType("port")))
    def port_mappings(self) -> Attribute:
        """Its port mappings."""
        return self._parts("portMappings", Port)

    # ---- parts --------------------------------------------------------------------------------

    def _parts(self, key: str, make: type[Part]) -> Attribute:
        node = self.node.get(key)
        value = parts_of(node.elements(), lambda each: make(self, each))
        return Attribute(value, self.place if is_null(node.value) else node.place)

    @attribute(ListType(EntityType("mount")))
    def mounts(self) -> Attribute:
        """Its mount points."""
        return self._parts("mountPoints", Mount)

    @attribute(ListType(STRING))
    def volumes_from(self) -> Attribute:
        """The names of the containers whose volumes it mounts."""
        return self._names("volumesFrom", "sourceContainer")

    @attribute(ListType(EntityType("dependency")))
    def depends_on(self) -> Attribute:
        """The containers that it waits for."""
        return self._parts("dependsOn", Dependency)

    @attribute(ListType(EntityType("environment_file")))
    def environment_files(self) -> Attribute:
        """The files of variables that ECS reads for it from S3."""
        return self._parts("environmentFiles", EnvironmentFile)

    @attribute(EntityType("health_check"), nullable=True)
    def health_check(self) -> Attribute:
        """Its health check; null where it has none."""
        return self._part("healthCheck", HealthCheck)

    @attribute(EntityType("firelens"), nullable=True)
    def firelens(self) -> Attribute:
        """What makes it a log router; null where it is none."""
        return self._part("firelensConfiguration", Firelens)

    def _part(self, key: str, make: type[Part]) -> Attribute:
        node = self.node.get(key)
        bare = plain(node.value)
        if is_null(bare):
            return Attribute(NULL, self.place, True)
        if isinstance(bare, Unknown) and not bare.not_null and bare.content is None:
            return Attribute(Unknown(DYNAMIC, bare.origins), node.place)
        return Attribute(make(self, node), node.place)

    def _names(self, key: str, member: str) -> Attribute:
        node = self.node.get(key)
        elements = node.elements()
        value = parts_of(elements, lambda each: each.get(member).text())
        return Attribute(value, self.place if is_null(node.value) else node.place)

    @attribute(ListType(EntityType("entry")))
    def variables(self) -> Attribute:
        """Its variables: the entries of `environment`, then those of `secrets`."""
        environment, secrets = self.node.get("environment"), self.node.get("secrets")
        made: list[Entry] = []

        def entry(node: Node, source: str) -> Entry:
            made.append(Entry(self, node, source, tuple(made)))
            return made[-1]

        lists = [
            parts_of(environment.elements(), lambda each: entry(each, "environment")),
            parts_of(secrets.elements(), lambda each: entry(each, "secrets")),
        ]
        return Attribute(concatenated(lists), self.place)

    # ---- parameters ---------------------------------------------------------------------------

    @attribute(ListType(EntityType("parameter")))
    def parameters(self) -> Attribute:
        """Its parameters that are set to more than false, zero, null or nothing."""
        bare = plain(self.node.value)
        if isinstance(bare, Unknown) and not self.node.members():
            return Attribute(Unknown(origins=bare.origins, not_null=True), self.place)
        return Attribute(listing(list(self._parameters(self.node, ""))), self.place)

    def _parameters(self, node: Node, prefix: str) -> Iterator[tuple[Parameter, Tri]]:
        for key, member in node.members():
            name = key[:1].lower() + key[1:]
            if name in _NESTED and not prefix:
                yield from self._parameters(member, name + ".")
            else:
                yield Parameter(self, member, prefix + name), _is_set(member)

    @attribute(ListType(STRING))
    def added_capabilities(self) -> Attribute:
        """The capabilities of the kernel that it adds."""
        return self._capabilities("add")

    @attribute(ListType(STRING))
    def dropped_capabilities(self) -> Attribute:
        """The capabilities of the kernel that it drops."""
        return self._capabilities("drop")

    def _capabilities(self, key: str) -> Attribute:
        node = self.node.get("linuxParameters").get("capabilities").get(key)
        return self._texts(node)

    def _texts(self, node: Node) -> Attribute:
        value = texts_of(node)
        return Attribute(value, self.place if is_null(node.value) else node.place)

    @attribute(ListType(STRING))
    def ulimits(self) -> Attribute:
        """The names of the limits that it sets."""
        return self._names("ulimits", "name")

    @attribute(ListType(STRING))
    def resource_types(self) -> Attribute:
        """The types of the resources that it requires, such as GPU."""
        return self._names("resourceRequirements", "type")

    @attribute(ListType(STRING))
    def credential_specifications(self) -> Attribute:
        """Its credential specifications for Active Directory."""
        return self._texts(self.node.get("credentialSpecs"))

    @attribute(ListType(STRING))
    def command(self) -> Attribute:
        """Its command, in words."""
        return self._texts(self.node.get("command"))

    @attribute(ListType(STRING))
    def entry_point(self) -> Attribute:
        """Its entry point, in words."""
        return self._texts(self.node.get("entryPoint"))

    @attribute(BOOL)
    def prints_environment(self) -> Attribute:
        """Whether its command prints the environment (`printenv`) or traces itself (`set -x`)."""
        command, entry_point = self.node.get("command"), self.node.get("entryPoint")
        written = entry_point if is_null(command.value) else command
        place = self.place if is_null(written.value) else written.place
        return Attribute(prints_environment([entry_point, command]), place)

    @attribute(BOOL)
    def logs_verbosely(self) -> Attribute:
        """Whether its environment sets a log level of debug or trace."""
        node = self.node.get("environment")
        return Attribute(logs_verbosely(node), self.place if is_null(node.value) else node.place)

    @attribute(ListType(STRING))
    def command_settings(self) -> Attribute:
        """What its command and entry point set: `--flag` from a value of Terraform, `KEY=value`."""
        command, entry_point = self.node.get("command"), self.node.get("entryPoint")
        written = entry_point if is_null(command.value) else command
        place = self.place if is_null(written.value) else written.place
        return Attribute(settings_in([entry_point, command]), place)

    @attribute(STRING, nullable=True)
    def user(self) -> Attribute:
        """The user that its process runs as; null where the image decides."""
        return self._written("user", STRING)

    @attribute(BOOL)
    def privileged(self) -> Attribute:
        """Whether it asks for the host's privileges."""
        return self._written("privileged", BOOL, False)

    @attribute(BOOL)
    def readonly_root_filesystem(self) -> Attribute:
        """Whether its root file system cannot be written."""
        return self._written("readonlyRootFilesystem", BOOL, False)

    @attribute(BOOL)
    def interactive(self) -> Attribute:
        """Whether its standard input stays open."""
        return self._written("interactive", BOOL, False)

    @attribute(BOOL)
    def pseudo_terminal(self) -> Attribute:
        """Whether it has a terminal (pseudoTerminal)."""
        return self._written("pseudoTerminal", BOOL, False)

    @attribute(NUMBER, nullable=True)
    def start_timeout(self) -> Attribute:
        """Seconds after which those who wait for it give up; null where none are written."""
        return self._written("startTimeout", NUMBER)

    @attribute(NUMBER, nullable=True)
    def stop_timeout(self) -> Attribute:
        """Seconds between the request to stop and the end; null where none are written."""
        return self._written("stopTimeout", NUMBER)

    @attribute(NUMBER, nullable=True)
    def restart_period(self) -> Attribute:
        """Seconds that it must have run before it may be restarted; null where none are written."""
        node = self.node.get("restartPolicy").get("restartAttemptPeriod")
        return Attribute(node.number(), self.place if is_null(node.value) else node.place)

    # ---- logs ---------------------------------------------------------------------------------

    @attribute(NUMBER)
    def ignored_exit_codes(self) -> Attribute:
        """How many exit codes its restart policy ignores."""
        node = self.node.get("restartPolicy").get("ignoredExitCodes")
        return Attribute(count_of(node), self.place if is_null(node.value) else node.place)

    @attribute(STRING, nullable=True)
    def log_driver(self) -> Attribute:
        """Its log driver; null where it has no log configuration."""
        node = self.node.get("logConfiguration").get("logDriver")
        return Attribute(node.text(), self.place if is_null(node.value) else node.place)

    @attribute(MapType(STRING))
    def log_options(self) -> Attribute:
        """The options of its log driver."""
        node = self.node.get("logConfiguration").get("options")
        value = node.as_type(MapType(STRING), MapValue({}, STRING))
        outer = self.node.get("logConfiguration")
        return Attribute(value, outer.place if is_null(node.value) else node.place)

    @attribute(ListType(STRING))
    def unset_log_options(self) -> Attribute:
        """The options of its log driver that are written and known to say nothing."""
        return self._log_options(lambda value: is_null(value) or value == "")

    @attribute(ListType(STRING))
    def untyped_log_options(self) -> Attribute:
        """The options of its log driver that are numbers or true or false, where texts belong."""
        return self._log_options(lambda value: isinstance(value, (bool, int)))

    def _log_options(self, chosen: Callable[[Value], bool]) -> Attribute:
        options = self.node.get("logConfiguration").get("options")
        names = tuple(name for name, each in options.members() if chosen(plain(each.value)))
        return Attribute(
            TupleValue(names), self.place if not names else options.get(names[0]).place
        )

    @attribute(ListType(STRING))
    def secret_log_options(self) -> Attribute:
        """The names of the options of its log driver that are secrets."""
        node = self.node.get("logConfiguration").get("secretOptions")
        value = parts_of(node.elements(), lambda each: each.get("name").text())
        return Attribute(value, self.place if is_null(node.value) else node.place)


def _is_set(node: Node) -> Tri:
    """Whether a member says anything: false, zero, null and what is empty do not."""
    bare = plain(node.value)
    if is_null(bare) or (isinstance(bare, (bool, int, str)) and not bare):
        return False
    if isinstance(bare, (ObjectValue, MapValue)):
        return any_of(_is_set(member) for _, member in node.members())
    if isinstance(bare, Unknown):
        return _is_set_unknown(node, bare)
    return bool(node.elements().items) or not isinstance(bare, (TupleValue, ListValue, SetValue))


def _is_set_unknown(node: Node, value: Unknown) -> Tri:
    if node.elements().certain or value.prefix:
        return True
    if value.ref is not None and value.ref.kind == "computed":
        return True
    return unknown(value)
