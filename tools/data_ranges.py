"""Ranges that AWS documents in sentences, and the rules whose conditions have their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from data_comparison import Comparison, Maker, as_texts, numbers
from service_models import Models

from fglint.policy.rule import RuleSet


@dataclass(frozen=True)
class Range:
    """Numbers of a sentence in the documentation that the conditions of a rule hold."""

    rule: str
    service: str
    path: str
    pattern: str

    def __call__(self, models: Models, rules: RuleSet) -> Comparison:
        """The comparison: whatever else the rule counts, these it knows."""
        theirs = as_texts(models.numbers(self.service, self.path, self.pattern))
        return Comparison(
            f"range of {self.path} of {self.service}",
            f"rule {self.rule}",
            numbers(rules, self.rule) & theirs,
            theirs,
            gain="change the rule's condition",
        )


_BETWEEN = r"between ([\d,]+) and ([\d,]+)"
RANGES: tuple[Maker, ...] = (
    Range("invalid-health-check", "ecs", "HealthCheck.interval", _BETWEEN),
    Range("invalid-health-check", "ecs", "HealthCheck.timeout", _BETWEEN),
    Range("invalid-health-check", "ecs", "HealthCheck.retries", _BETWEEN),
    Range("invalid-health-check", "ecs", "HealthCheck.startPeriod", _BETWEEN),
    Range(
        "invalid-timeout",
        "ecs",
        "ContainerDefinition.startTimeout",
        r"valid values for Fargate are (\d+)-(\d+) seconds",
    ),
    Range(
        "invalid-timeout",
        "ecs",
        "ContainerDefinition.stopTimeout",
        r"valid values for Fargate are (\d+)-(\d+) seconds",
    ),
    Range(
        "invalid-timeout",
        "ecs",
        "ContainerRestartPolicy.restartAttemptPeriod",
        r"minimum restartAttemptPeriod of (\d+) seconds and a maximum \S+ of (\d+)",
    ),
    Range(
        "invalid-timeout",
        "ecs",
        "ContainerRestartPolicy.ignoredExitCodes",
        r"maximum of (\d+) container exit codes",
    ),
    Range(
        "invalid-ephemeral-storage",
        "ecs",
        "EphemeralStorage.sizeInGiB",
        r"minimum supported value is (\d+) GiB and the maximum supported value is (\d+)",
    ),
    Range(
        "invalid-capacity-provider-strategy",
        "ecs",
        "CapacityProviderStrategyItem.weight",
        r"valid range is ([\d,]+) to ([\d,]+)",
    ),
    Range(
        "invalid-capacity-provider-strategy",
        "ecs",
        "CapacityProviderStrategyItem.base",
        r"valid range is ([\d,]+) to ([\d,]+)",
    ),
    Range(
        "invalid-capacity-provider-strategy",
        "ecs",
        "CreateServiceRequest.capacityProviderStrategy",
        r"maximum of (\d+) capacity providers",
    ),
    Range(
        "missing-network-configuration",
        "ecs",
        "AwsVpcConfiguration.subnets",
        r"limit of (\d+) subnets",
    ),
    Range(
        "missing-network-configuration",
        "ecs",
        "AwsVpcConfiguration.securityGroups",
        r"limit of (\d+) security groups",
    ),
    Range(
        "invalid-target-group-health-check",
        "elbv2",
        "CreateTargetGroupInput.HealthCheckIntervalSeconds",
        r"range is (\d+)-(\d+)",
    ),
    Range(
        "invalid-target-group-health-check",
        "elbv2",
        "CreateTargetGroupInput.HealthCheckTimeoutSeconds",
        r"range is (\d+)-(\d+)",
    ),
    Range(
        "invalid-target-group-health-check",
        "elbv2",
        "CreateTargetGroupInput.HealthyThresholdCount",
        r"range is (\d+)-(\d+)",
    ),
    Range(
        "invalid-target-group-health-check",
        "elbv2",
        "Matcher.HttpCode",
        r"Application Load Balancers, you can specify values between (\d+) and (\d+)",
    ),
    Range(
        "invalid-target-group-health-check",
        "elbv2",
        "Matcher.HttpCode",
        r"Network Load Balancers, you can specify values between (\d+) and (\d+)",
    ),
    Range("invalid-listener-rule", "elbv2", "TargetGroupTuple.Weight", r"range is (\d+) to (\d+)"),
    Range(
        "invalid-listener-rule",
        "elbv2",
        "HostHeaderConditionConfig.Values",
        r"maximum length of each string is (\d+)",
    ),
    Range(
        "misaligned-idle-timeouts",
        "elbv2",
        "LoadBalancerAttribute.Key",
        r"idle_timeout\.timeout_seconds - [^.]*\. The valid range is (\d+)-(\d+)",
    ),
    Range(
        "misaligned-idle-timeouts",
        "elbv2",
        "LoadBalancerAttribute.Key",
        r"client_keep_alive\.seconds - [^.]*\. The valid range is (\d+)-(\d+)",
    ),
    Range(
        "misaligned-idle-timeouts",
        "elbv2",
        "ListenerAttribute.Key",
        r"tcp\.idle_timeout\.seconds - [^.]*\. The valid range is (\d+)-(\d+)",
    ),
    Range(
        "unvalidated-certificate",
        "acm",
        "RequestCertificateRequest.SubjectAlternativeNames",
        r"initial quota is (\d+) domain names",
    ),
)
