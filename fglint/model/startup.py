"""The start of a task: subnet, route, registry; role, image, logs, environment files, secrets."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model import image as images
from fglint.model.container import Container
from fglint.model.hop import Hop, answer, listed
from fglint.model.image import Image
from fglint.model.image_reference import host_of
from fglint.model.logic import Tri, unknown
from fglint.model.permissions import Need
from fglint.model.reading import Node, known_text
from fglint.model.role import TASKS
from fglint.model.secret import Secret
from fglint.model.service import Service
from fglint.model.subnet_use import SubnetUse
from fglint.model.task import Task
from fglint.source import Range

_MOST_TARGETS = 3  # of a default route; more are those of an unknown block
# What the sorts of needs are called as steps.
_STEPS = {"image": "image", "logs": "log_group", "group": "log_group", "file": "environment_file"}


def hops(service: Service) -> Iterator[Hop]:
    """The hops from a subnet to the start of all containers."""
    task = service.task
    if not service.managed:
        yield _network(service)
    for use in service.subnet_uses:
        yield _subnet(use)
        yield _route(use)
    yield from _unseen(service)
    if task is None:
        return
    yield from _registries(task)
    yield _role(task)
    yield from _needs(task)
    yield from _secrets(service, task)


# ---- network ----------------------------------------------------------------------------------


def _network(service: Service) -> Hop:
    groups = service.side.groups
    words: tuple[Value, ...] = ("no network_configuration",)
    if not is_null(service.launch.network.value):
        address = {True: ", with a public IP address", False: ", without a public IP address"}
        public = service.read("assign_public_ip").value
        shown = address[public] if isinstance(public, bool) else ""
        named: tuple[Value, ...] = groups or ("security groups that are not known",)
        if is_null(service.launch.security_groups.value):
            named = ("the security group of the VPC itself",)
        words = ("tasks with ", *listed(named), shown)
    node = service.launch.network
    place = service.header if is_null(node.value) else node.place()
    return Hop("network", words, service.address, place, (service,))


def _subnet(use: SubnetUse) -> Hop:
    subnet = use.of_subnet
    kind = {True: "public subnet ", False: "private subnet "}
    public = subnet.is_public
    words: tuple[Value, ...] = (kind[public] if isinstance(public, bool) else "subnet ", subnet)
    if not is_null(subnet.zone):
        words = (*words, " in ", subnet.zone)
    return Hop(
        "subnet",
        words,
        subnet.address or use.address,
        subnet.place() or use.place(),
        (use.of_service,),
        (use, subnet),
        fact=unknown(public) if isinstance(public, Unknown) else True,
        source=use.address,
    )


def _route(use: SubnetUse) -> Hop:
    subnet = use.of_subnet
    routes = [
        (route, target)
        for table in subnet.tables
        for route, _ in table.default_routes()
        for target in route.targets
    ]
    words: tuple[Value, ...] = ("no default route",)
    place = subnet.tables[0].place() if subnet.tables else subnet.place()
    address = subnet.tables[0].address if subnet.tables else subnet.address
    if routes:
        targets = [target.link.value for _, target in routes]
        shown = [use.deployment.links.find(value, "gateway").instance for value in targets]
        named = [
            value if instance is None else instance.address
            for value, instance in zip(targets, shown, strict=True)
        ]
        distinct = list(dict.fromkeys(named))
        if len(distinct) > _MOST_TARGETS:
            distinct = ["a target that is not known"]
        words = ("0.0.0.0/0 to ", *listed(distinct, " or "))
        place, address = routes[0][0].place(), routes[0][0].address
    elif subnet.external or subnet.doubts or not subnet.tables:
        words = ("routes that are not known",)
    endpoints = [
        endpoint for endpoint in use.deployment.vpc_endpoints if endpoint.in_vpc(subnet.vpc) is True
    ]
    through = use.through_endpoints is True and use.through_nat is not True
    if endpoints and (through or not routes):
        words = (*words, "; VPC endpoints ", *listed(endpoints))
    return Hop(
        "route",
        words,
        address or use.address,
        place or use.place(),
        (use,),
        (use,),
        fact=_leads_out(use),
        source=subnet.address,
    )


def _leads_out(use: SubnetUse) -> Tri | None:
    """Only a public subnet is left by the rule to others."""
    return None if use.of_subnet.is_public is True else use.through_nat


# ---- task -------------------------------------------------------------------------------------


def _unseen(service: Service) -> Iterator[Hop]:
    for cause in service.unseen_containers():
        words = ("containers of ", service.task or service, " that are not known")
        node = service.launch.task_definition
        if service.task is not None:
            node = service.task.node.get("container_definitions")
        place = service.header if is_null(node.value) else node.place()
        subject = service.task or service
        yield Hop("task", words, subject.address, place, (subject,), fact=cause)


def _registries(task: Task) -> Iterator[Hop]:
    """Each registry once, with the containers whose images come from it."""
    found: dict[object, list[Container]] = {}
    for container in task.container_list:
        if not is_null(container.image_value):
            found.setdefault(_registry(container), []).append(container)
    for containers in found.values():
        yield _registry_hop(task, containers)


def _registry(container: Container) -> object:
    repository = images.names_repository(container.links, container.image_value)
    host = host_of(container.image_value)
    known = plain(host)
    return repository or (known if isinstance(known, str) else id(container))


def _registry_hop(task: Task, containers: list[Container]) -> Hop:
    first = containers[0]
    value = first.image_value
    repository = images.names_repository(first.links, value)
    private = images.is_private_ecr(first.links, value)
    where: Value = repository.address if repository is not None else host_of(value)
    kind = {True: "private Amazon ECR, ", False: "registry "}
    words = (kind[private] if isinstance(private, bool) else "registry ", where)
    named = ", for container " if len(containers) == 1 else ", for containers "
    return Hop(
        "registry",
        (*words, named, *listed(containers)),
        task.address if repository is None else repository.address,
        first.node.get("image").place(),
        tuple(containers),
        fact=private if isinstance(private, Unknown) else True,
        source=task.address,
    )


# ---- execution role ---------------------------------------------------------------------------


def _role(task: Task) -> Hop:
    node = task.node.get("execution_role_arn")
    place = task.header if is_null(node.value) else node.place()
    if task.role is None:
        needed = task.needs_role
        words: tuple[Value, ...] = ("no execution role",)
        fact = None if needed is False else unknown(needed) if needed is not True else False
        return Hop("role", words, task.address, place, (task,), fact=fact)
    role = task.role
    return Hop(
        "role",
        ("execution role ", role),
        role.address or task.address,
        role.place() or place,
        (task, role),
        fact=role.trusts(TASKS),
        source=task.address,
    )


def _needs(task: Task) -> Iterator[Hop]:
    pulled: set[Container] = set()
    needs = sorted(task.need_list, key=lambda need: list(_STEPS).index(need.sort))
    for need in needs:
        pulled.update(need.containers if need.sort == "image" else ())
        if need.sort == "image":
            yield _need(task, need)
    for container in task.container_list:
        if container not in pulled and not is_null(container.image_value):
            yield _image(task, container)
    for need in needs:
        if need.sort != "image":
            yield _need(task, need)


def _need(task: Task, need: Need) -> Hop:
    container = need.containers[0]
    place: Range | None
    fact = need.needed if isinstance(need.needed, Unknown) else answer(need, "met")
    image = container.node.get("image")
    match need.sort:
        case "image":
            words: tuple[Value, ...] = (_shown(container, image), _for(need))
            address, place, subjects = task.address, image.place(), tuple(need.containers)
        case "logs" | "group":
            node = container.log_option("awslogs-group")
            link = task.deployment.links.find(node.value, "log_group")
            verb = "log group " if need.sort == "logs" else "created by ECS: log group "
            words = (verb, node.value, _for(need))
            address = link.instance.address if link.instance else task.address
            place, subjects = node.place(), tuple(need.containers)
        case _:
            words = (need.purpose_text, ": ", need.permissions[0].shown)
            address, place, subjects = task.address, container.place(), ()
    return Hop(
        _STEPS[need.sort],
        words,
        address,
        place,
        (task, *subjects),
        (need,),
        fact=fact,
        source=task.address,
    )


def _for(need: Need) -> str:
    names = [str(container) for container in need.containers]
    return f" of container {names[0]}" if len(names) == 1 else f" of {', '.join(names)}"


def _image(task: Task, container: Container) -> Hop:
    """An image that is pulled without the execution role's help, or with nobody's."""
    node = container.node.get("image")
    private = images.is_private_ecr(container.links, node.value)
    fact: Tri = private if isinstance(private, Unknown) else True
    if private is True and task.role is None:
        fact = False
    words = (_shown(container, node), f" of container {container}")
    return Hop("image", words, task.address, node.place(), (container,), fact=fact)


def _shown(container: Container, image: Node) -> Value:
    """The image as written; not where it is a URL, which may hold credentials."""
    is_url = "://" in (known_text(image.value) or "")
    return "a URL, which names no image" if is_url else Image(container.links, image)


# ---- secrets ----------------------------------------------------------------------------------


def _secrets(service: Service, task: Task) -> Iterator[Hop]:
    for subject in task.deployment.subjects("secret"):
        if isinstance(subject, Secret) and subject.owner in (task, service):
            yield from _secret(task, subject)


def _secret(task: Task, secret: Secret) -> Iterator[Hop]:
    value = secret.node.value if secret.instance is None else secret.instance.address
    text = known_text(value) or ""
    if secret.instance is None and text and not text.startswith(("arn:", "/")):
        value = "what is written there"  # a name, or by mistake the secret itself
    words: tuple[Value, ...] = (str(secret), " from ", value)
    key = secret.read("json_key").value
    if not is_null(key) and not isinstance(plain(key), Unknown):
        words = (*words, ", JSON key ", key)
    yield Hop(
        "secret",
        words,
        task.address if secret.instance is None else secret.instance.address,
        secret.place(),
        (secret,),
        fact=answer(secret, "readable"),
        source=task.address,
    )
    encrypted_with = plain(secret.read("kms_key").value)
    if is_null(encrypted_with) or (isinstance(encrypted_with, Unknown) and not encrypted_with.ref):
        return
    found = task.deployment.links.find(encrypted_with, "key").instance
    yield Hop(
        "key",
        (encrypted_with if found is None else found.address, " decrypts ", value),
        task.address if found is None else found.address,
        secret.place() if found is None else found.header,
        (secret,),
        fact=answer(secret, "decryptable"),
        source="" if secret.instance is None else secret.instance.address,
    )
