"""Enumerations of AWS: which values fglint knows, and where it matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from data_comparison import Comparison, Maker, as_texts, listed
from service_models import Models

from fglint.policy.rule import RuleSet


@dataclass(frozen=True)
class Enumeration:
    """An enumeration of AWS and the values that some code or rule knows.

    Ours stands in a list of the rule `place` that holds `values`, or is `values` where the place is
    no rule: what was there when that code was written, so that a new value makes somebody look.
    """

    service: str
    shape: str
    place: str
    values: str
    known: Mapping[str, str] = field(default_factory=dict)
    partly: bool = False

    def __call__(self, models: Models, rules: RuleSet) -> Comparison:
        """The comparison."""
        ours = self.values.split()
        listing = self.place in rules.rules
        own = listed(rules, self.place, *ours) if listing else as_texts(ours)
        return Comparison(
            f"{self.shape} of {self.service}",
            self.place,
            own,
            frozenset(models.enumeration(self.service, self.shape)),
            self.known,
            self.partly,
            gain=Comparison.gain if listing else "see whether it matters there, then list it here",
        )


def _rows(service: str, *rows: tuple[str, str, str]) -> tuple[Enumeration, ...]:
    """Enumerations of one service: shape, place and values."""
    return tuple(Enumeration(service, *row, known=_KNOWN.get(row[0], {})) for row in rows)


_KNOWN: dict[str, dict[str, str]] = {
    "PropagateTags": {"NONE": "what the rule objects to"},
    "ScanFrequency": {"MANUAL": "scans nothing by itself"},
    "EncryptionType": {"AES256": "what the rule objects to"},
}
_ULIMITS = """
    core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack
    """
ENUMERATIONS: tuple[Maker, ...] = (
    *_rows(
        "ecs",
        ("Compatibility", "missing-fargate-compatibility", "EC2 FARGATE EXTERNAL"),
        ("ContainerCondition", "unsatisfiable-container-dependency", "START HEALTHY"),
        ("TransportProtocol", "conflicting-port-mapping", "tcp"),
        ("ApplicationProtocol", "conflicting-port-mapping", "grpc"),
        ("FirelensConfigurationType", "unwired-firelens", "fluentbit"),
        ("ResourceType", "unsupported-container-parameter", "GPU"),
        ("CPUArchitecture", "invalid-runtime-platform", "X86_64"),
        ("PropagateTags", "untagged-tasks", "SERVICE"),
        ("LaunchType", "fglint/model/launch.py", "EC2 FARGATE EXTERNAL MANAGED_INSTANCES"),
        ("NetworkMode", "rules/task/network-mode-not-awsvpc.hcl", "bridge host awsvpc none"),
        ("PidMode", "rules/task/unsupported-task-parameter.hcl", "host task"),
        ("IpcMode", "rules/task/unsupported-task-parameter.hcl", "host task none"),
        ("EnvironmentFileType", "rules/task/invalid-environment-file.hcl", "s3"),
        ("EFSTransitEncryption", "rules/task/unencrypted-efs.hcl", "ENABLED DISABLED"),
        ("VersionConsistency", "rules/images/mutable-image.hcl", "enabled disabled"),
        ("UlimitName", "rules/task/unsupported-container-parameter.hcl", _ULIMITS),
        ("ProxyConfigurationType", "fglint/model/task_arguments.py", "APPMESH"),
        ("SchedulingStrategy", "rules/service/daemon-on-fargate.hcl", "REPLICA DAEMON"),
        (
            "DeploymentControllerType",
            "rules/service/inconsistent-deployment-controller.hcl",
            "ECS CODE_DEPLOY EXTERNAL",
        ),
        (
            "DeploymentStrategy",
            "rules/service/inconsistent-deployment-controller.hcl",
            "ROLLING BLUE_GREEN LINEAR CANARY",
        ),
        ("ExecuteCommandLogging", "rules/service/unaudited-exec.hcl", "NONE DEFAULT OVERRIDE"),
        (
            "AvailabilityZoneRebalancing",
            "rules/reliability/zone-rebalancing-off.hcl",
            "ENABLED DISABLED",
        ),
    ),
    *_rows(
        "elbv2",
        ("RedirectActionStatusCodeEnum", "http-without-redirect", "HTTP_301"),
        (
            "ActionTypeEnum",
            "fglint/model/actions.py",
            "forward redirect fixed-response authenticate-oidc authenticate-cognito jwt-validation",
        ),
        ("TargetTypeEnum", "fglint/model/target_group.py", "instance ip lambda alb"),
        (
            "LoadBalancerTypeEnum",
            "fglint/model/load_balancer.py",
            "application network gateway",
        ),
        (
            "IpAddressType",
            "fglint/model/load_balancer.py",
            "ipv4 dualstack dualstack-without-public-ipv4",
        ),
    ),
    *_rows("acm", ("ValidationMethod", "rules/tls/unvalidated-certificate.hcl", "EMAIL DNS HTTP")),
    *_rows(
        "ecr",
        ("EncryptionType", "ecr-without-customer-key", "KMS"),
        ("ScanFrequency", "fglint/model/repository.py", "SCAN_ON_PUSH CONTINUOUS_SCAN"),
        (
            "ImageTagMutability",
            "rules/images/mutable-ecr-tags.hcl",
            "MUTABLE IMMUTABLE IMMUTABLE_WITH_EXCLUSION MUTABLE_WITH_EXCLUSION",
        ),
    ),
    *_rows(
        "logs",
        (
            "LogGroupClass",
            "rules/cost/costly-logs.hcl",
            "STANDARD INFREQUENT_ACCESS DELIVERY ESSENTIALS",
        ),
    ),
    *_rows(
        "servicediscovery",
        ("RecordType", "rules/service/invalid-service-discovery.hcl", "SRV A AAAA CNAME"),
        ("NamespaceType", "fglint/model/connecting.py", "DNS_PUBLIC DNS_PRIVATE HTTP"),
    ),
    *_rows(
        "ssm",
        (
            "ParameterType",
            "rules/secrets/unencrypted-parameter.hcl",
            "String StringList SecureString",
        ),
    ),
    *_rows(
        "ec2",
        (
            "VpcEndpointType",
            "fglint/model/endpoints.py",
            "Interface Gateway GatewayLoadBalancer Resource ServiceNetwork Tunnel",
        ),
        ("ConnectivityType", "fglint/model/nat.py", "private public"),
        ("AvailabilityMode", "fglint/model/nat.py", "zonal regional"),
    ),
    Enumeration(
        "application-autoscaling",
        "MetricType",
        "fglint/model/scaling.py",
        "ALBRequestCountPerTarget ECSServiceAverageCPUUtilization",
        partly=True,
    ),
    Enumeration(
        "application-autoscaling",
        "ScalableDimension",
        "rules/service/invalid-autoscaling-target.hcl",
        "ecs:service:DesiredCount",
        partly=True,
    ),
)
