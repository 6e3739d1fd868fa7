"""The volumes of a task definition, and what makes them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType
from fglint.evaluation.values import NULL, Unknown, Value, plain
from fglint.model import reach
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.logic import Tri, all_of, any_of, negated, outside, same, unknown
from fglint.model.reading import Node, known_text, root
from fglint.model.zones import differ
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.network import Subnet
    from fglint.model.service import Service
    from fglint.model.task import Task

_NFS = 2049


class Volume(Entity):
    """A volume of a task definition."""

    kind = "volume"

    def __init__(self, task: Task, node: Node) -> None:
        super().__init__(task.address, task.header, maybe=task.maybe)
        self.part_of = task
        self.task = task
        self.node = node

    def __str__(self) -> str:
        return known_text(self.node.get("name").value) or "a volume"

    def place(self) -> Range | None:
        """Its block."""
        return self.node.place()

    @property
    def name_value(self) -> Value:
        """Its name."""
        return self.node.get("name").text()

    @attribute(STRING)
    def name_(self) -> Attribute:
        """Its name."""
        return self.node.get("name").attribute(STRING)

    @attribute(STRING, nullable=True)
    def host_path(self) -> Attribute:
        """The directory of the host that it is; null for an empty volume of the task's own."""
        node = self.node.get("host_path")
        return Attribute(NULL if known_text(node.value) == "" else node.text(), node.place)

    @attribute(STRING)
    def type(self) -> Attribute:
        """`bind`, `efs`, `docker`, `fsx`, or `at-launch` for a volume that a service configures."""
        for name, type_ in (
            ("efs_volume_configuration", "efs"),
            ("docker_volume_configuration", "docker"),
            ("fsx_windows_file_server_volume_configuration", "fsx"),
        ):
            found = self.node.get(name)
            if found.elements().certain:
                return Attribute(type_, found.place)
            if isinstance(plain(found.value), Unknown):
                return Attribute(Unknown(STRING, unknown(found.value).origins), found.place)
        launch = self.node.get("configure_at_launch").flag()
        if isinstance(launch, Unknown):
            return Attribute(Unknown(STRING, launch.origins), self.place)
        return Attribute("at-launch" if launch else "bind", self.place)

    @attribute(BOOL)
    def configured(self) -> Attribute:
        """Whether each service that runs the task configures a volume of that name."""
        users = [service for service in self.task.users if service.form == "service"]
        if not users:
            because = f"nothing here runs {self.task} as a service"
            return Attribute(outside(self.address, because), self.place)
        return Attribute(all_of(map(self._by, users)), self.place)

    def _by(self, service: Service) -> Tri:
        found = service.whole.get("volume_configuration").elements()
        names = [same(block.get("name").text(), self.name_value) for block in found]
        return any_of(names if found.rest is None else [*names, unknown(found.rest)])

    @attribute(EntityType("efs"), nullable=True)
    def efs(self) -> Attribute:
        """Its file system; null where it is no EFS volume."""
        node = self.node.block("efs_volume_configuration")
        bare = plain(node.value)
        if is_null(bare):
            return Attribute(NULL, self.place)
        return Attribute(FileSystem(self, node), node.place)

    @attribute(BOOL)
    def used(self) -> Attribute:
        """Whether a container mounts it."""
        answers: list[Tri] = []
        for container in self.task.container_list:
            found = container.node.get("mountPoints").elements()
            answers.extend(same(m.get("sourceVolume").text(), self.name_value) for m in found)
            if found.rest is not None:
                answers.append(unknown(found.rest))
        if self.task.unread is not None:
            answers.append(self.task.unread)
        return Attribute(any_of(answers), self.place)


class FileSystem(Entity):
    """The Elastic File System behind a volume, and how it is mounted."""

    kind = "efs"

    def __init__(self, volume: Volume, node: Node) -> None:
        super().__init__(volume.address, volume.header, maybe=volume.maybe)
        self.part_of = volume
        self.task = volume.task
        self.node = node

    def __str__(self) -> str:
        link = self.task.deployment.links.find(self.node.get("file_system_id").value, "efs")
        return link.instance.address if link.instance is not None else "a file system"

    def place(self) -> Range | None:
        """Its block."""
        return self.node.place()

    @attribute(BOOL)
    def transit_encryption(self) -> Attribute:
        """Whether its traffic is encrypted; false by default."""
        return self._enabled(self.node.get("transit_encryption"))

    @attribute(BOOL)
    def iam(self) -> Attribute:
        """Whether it is mounted as the task role; false by default."""
        return self._enabled(self.node.block("authorization_config").get("iam"))

    def _enabled(self, node: Node) -> Attribute:
        return Attribute(same(node.text("DISABLED"), "ENABLED"), node.place)

    @attribute(STRING, nullable=True)
    def access_point(self) -> Attribute:
        """The access point by which it is mounted; null for none."""
        return self.node.block("authorization_config").get("access_point_id").attribute(STRING)

    @attribute(BOOL)
    def encrypted(self) -> Attribute:
        """Whether the file system encrypts what it stores; false by default."""
        link = self.task.deployment.links.find(self.node.get("file_system_id").value, "efs")
        if link.managed is not None:
            found = root(link.managed).get("encrypted")
            return Attribute(found.flag(), found.place)
        return Attribute(self._elsewhere or False, self.place)

    @attribute(STRING)
    def root_directory(self) -> Attribute:
        """The directory that is mounted; `/` by default, and where it is empty."""
        node = self.node.get("root_directory")
        text = node.text("/")
        return Attribute("/" if plain(text) == "" else text, node.place)

    # ---- mount targets ------------------------------------------------------------------------

    @cached_property
    def _targets(self) -> list[tuple[Instance, Tri]]:
        """Its mount targets, each with whether it is its own."""
        links = self.task.deployment.links
        own = links.find(self.node.get("file_system_id").value, "efs")
        found: list[tuple[Instance, Tri]] = []
        for instance in links.of("aws_efs_mount_target"):
            mine = links.matches(root(instance).get("file_system_id").value, "efs", own)
            if mine is not False:
                found.append((instance, mine))
        return found

    @cached_property
    def _elsewhere(self) -> Unknown | None:
        """Why it may have other mount targets."""
        value = self.node.get("file_system_id").value
        link = self.task.deployment.links.find(value, "efs")
        if link.managed is not None:
            return None
        if link.unknown is not None:
            return unknown(link.value)
        name = known_text(value) or (link.instance.address if link.instance else "it")
        return outside(name, f"the mount targets of {name} are not in the configuration")

    @attribute(BOOL)
    def has_mount_target(self) -> Attribute:
        """Whether there is a mount target of it."""
        answers: list[Tri] = [
            unknown(*instance.doubts) if instance.maybe else mine
            for instance, mine in self._targets
        ]
        if self._elsewhere is not None:
            answers.append(self._elsewhere)
        return Attribute(any_of(answers), self.place)

    @attribute(BOOL)
    def in_all_zones(self) -> Attribute:
        """Whether each zone of the services that run the task has a mount target of it."""
        return Attribute(all_of(map(self._covers, self._subnets)), self.place)

    @property
    def _subnets(self) -> list[Subnet]:
        return [subnet for service in self.task.users for subnet in service.subnet_list]

    def _covers(self, subnet: Subnet) -> Tri:
        answers: list[Tri] = []
        for instance, mine in self._targets:
            node = root(instance).get("subnet_id")
            link = self.task.deployment.links.find(node.value, "subnet")
            other = self.task.deployment.subnet(link)
            if other is subnet:
                answers.append(mine)
                continue
            apart = differ(other.zone, subnet.zone)
            near: Tri = unknown(other.zone_or_cause, subnet.zone_or_cause)
            answers.append(all_of([mine, near if apart is None else not apart]))
        if self._elsewhere is not None:
            answers.append(self._elsewhere)
        return any_of(answers)

    @attribute(BOOL)
    def reachable(self) -> Attribute:
        """Whether the security groups of its mount targets let the tasks in on port 2049."""
        answers: list[Tri] = []
        for service in self.task.users:
            for instance, mine in self._targets:
                node = root(instance)
                groups, doubts = self.task.deployment.groups_of(node.get("security_groups"))
                if not groups and not doubts:
                    because = f"the security groups of {instance.address} are the VPC's own"
                    answers.append(any_of([negated(mine), outside(instance.address, because)]))
                    continue
                target = reach.Side(tuple(groups), (), tuple(doubts))
                let_in = reach.enter(service.side, target, "tcp", _NFS)
                answers.append(any_of([negated(mine), let_in]))
        return Attribute(all_of(answers), self.place)


class LaunchVolume(Entity):
    """A volume that a service gives its tasks when it starts them."""

    kind = "launch_volume"

    def __init__(self, task: Task, node: Node) -> None:
        instance = node.instance
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.task = task
        self.node = node

    def __str__(self) -> str:
        return known_text(self.node.get("name").value) or "a volume"

    def place(self) -> Range | None:
        """Its block."""
        return self.node.place()

    @property
    def _disk(self) -> Node:
        return self.node.block("managed_ebs_volume")

    @attribute(STRING)
    def name_(self) -> Attribute:
        """The name of the volume of the task that it configures."""
        return self.node.get("name").attribute(STRING)

    @attribute(NUMBER, nullable=True)
    def size(self) -> Attribute:
        """Its size in GiB; null where the snapshot's counts."""
        return self._disk.get("size_in_gb").attribute(NUMBER)

    @attribute(STRING, nullable=True)
    def snapshot(self) -> Attribute:
        """The snapshot that it is made from; null for none."""
        return self._disk.get("snapshot_id").attribute(STRING)

    @attribute(STRING, nullable=True)
    def role_arn(self) -> Attribute:
        """The infrastructure role with which ECS makes it."""
        return self._disk.get("role_arn").attribute(STRING)

    @attribute(BOOL)
    def expected(self) -> Attribute:
        """Whether the task has a volume of that name that is configured at launch."""
        found = self.task.node.get("volume").elements()
        answers = [
            all_of(
                [
                    same(block.get("name").text(), self.node.get("name").text()),
                    block.get("configure_at_launch").flag(),
                ]
            )
            for block in found
        ]
        if found.rest is not None:
            answers.append(unknown(found.rest))
        return Attribute(any_of(answers), self.place)
