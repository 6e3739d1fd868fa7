"""The members of a container's definition and their types, and what of them Fargate takes.

Source: ContainerDefinition and KernelCapabilities in the API reference of Amazon ECS; Amazon ECS
Developer Guide, "Amazon ECS task definition differences for Fargate"; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping

from fglint.records import dataclass

TEXT, NUMBER, FLAG, TEXTS, NUMBERS, PAIRS = "text", "number", "flag", "texts", "numbers", "pairs"


@dataclass(frozen=True, slots=True)
class Members:
    """An object with these members; `many` of them in a list."""

    members: Mapping[str, str | Members]
    many: bool = False


def _list(**members: str | Members) -> Members:
    return Members(members, many=True)


def _object(**members: str | Members) -> Members:
    return Members(members)


_PAIR = Members({"name": TEXT, "valueFrom": TEXT}, many=True)

CONTAINER = _object(
    name=TEXT,
    image=TEXT,
    repositoryCredentials=_object(credentialsParameter=TEXT),
    cpu=NUMBER,
    memory=NUMBER,
    memoryReservation=NUMBER,
    links=TEXTS,
    portMappings=_list(
        containerPort=NUMBER,
        hostPort=NUMBER,
        protocol=TEXT,
        name=TEXT,
        appProtocol=TEXT,
        containerPortRange=TEXT,
    ),
    restartPolicy=_object(enabled=FLAG, ignoredExitCodes=NUMBERS, restartAttemptPeriod=NUMBER),
    essential=FLAG,
    entryPoint=TEXTS,
    command=TEXTS,
    environment=_list(name=TEXT, value=TEXT),
    environmentFiles=_list(value=TEXT, type=TEXT),
    mountPoints=_list(sourceVolume=TEXT, containerPath=TEXT, readOnly=FLAG),
    volumesFrom=_list(sourceContainer=TEXT, readOnly=FLAG),
    linuxParameters=_object(
        capabilities=_object(add=TEXTS, drop=TEXTS),
        devices=_list(hostPath=TEXT, containerPath=TEXT, permissions=TEXTS),
        initProcessEnabled=FLAG,
        sharedMemorySize=NUMBER,
        tmpfs=_list(containerPath=TEXT, size=NUMBER, mountOptions=TEXTS),
        maxSwap=NUMBER,
        swappiness=NUMBER,
    ),
    secrets=_PAIR,
    dependsOn=_list(containerName=TEXT, condition=TEXT),
    startTimeout=NUMBER,
    stopTimeout=NUMBER,
    versionConsistency=TEXT,
    hostname=TEXT,
    user=TEXT,
    workingDirectory=TEXT,
    disableNetworking=FLAG,
    privileged=FLAG,
    readonlyRootFilesystem=FLAG,
    dnsServers=TEXTS,
    dnsSearchDomains=TEXTS,
    extraHosts=_list(hostname=TEXT, ipAddress=TEXT),
    dockerSecurityOptions=TEXTS,
    interactive=FLAG,
    pseudoTerminal=FLAG,
    dockerLabels=PAIRS,
    ulimits=_list(name=TEXT, softLimit=NUMBER, hardLimit=NUMBER),
    logConfiguration=_object(logDriver=TEXT, options=PAIRS, secretOptions=_PAIR),
    healthCheck=_object(
        command=TEXTS, interval=NUMBER, timeout=NUMBER, retries=NUMBER, startPeriod=NUMBER
    ),
    systemControls=_list(namespace=TEXT, value=TEXT),
    resourceRequirements=_list(
        value=TEXT,
        type=TEXT,
        sharingStrategy=_object(nvidiaMps=_object(maxComputePercent=NUMBER, memory=NUMBER)),
    ),
    firelensConfiguration=_object(type=TEXT, options=PAIRS),
    credentialSpecs=TEXTS,
)
MAXIMUM_CONTAINERS = 10
