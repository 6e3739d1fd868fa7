"""Tables of fglint, and what botocore's service models and their documentation say of the same.

Documentation is read by patterns, see tools/service_models.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from data_comparison import Comparison, Maker, as_texts, listed, numbers
from data_members import snake
from service_models import Models

from fglint.model import chain, image_reference, routes, secret_reference
from fglint.model.cluster import FARGATE_PROVIDERS
from fglint.policy.rule import RuleSet
from fglint.provider import (
    fargate_sizes,
    log_retention,
    partitions,
    tls_policies,
)

_OUT_OF_SERVICE = "Fargate runs no version of Windows without support"


def _sizes(models: Models, rules: RuleSet) -> Comparison:
    """The pairs of CPU units and memory that Fargate sells."""
    text = models.documentation("ecs", "RegisterTaskDefinitionRequest.memory")
    theirs: set[str] = set()
    spans = re.compile(
        r"(?:Between ([\d,]+) ?(GB)?[^-]*? and ([\d,]+) ?(GB)?.*? ([\d,]+) ?(GB)?[^-]*?"
        r"|((?:\d+ \([\d.]+ GB\)(?:, )?)+) )- Available cpu values: (\d+)"
    )
    for low, low_gb, high, high_gb, step, step_gb, single, cpu in spans.findall(text):
        if single:
            amounts: Iterable[int] = map(int, re.findall(r"(\d+) \(", single))
        else:
            first, last, increment = (
                int(number) * (1024 if gigabytes else 1)
                for number, gigabytes in ((low, low_gb), (high, high_gb), (step, step_gb))
            )
            amounts = range(first, last + 1, increment)
        theirs.update(f"{cpu} CPU units with {amount} MiB" for amount in amounts)
    ours = (
        f"{cpu} CPU units with {amount} MiB"
        for cpu, amounts in fargate_sizes.SIZES.items()
        for amount in amounts
    )
    return Comparison(
        "sizes of tasks", "fglint/provider/fargate_sizes.py", frozenset(ours), frozenset(theirs)
    )


def _retention(models: Models, rules: RuleSet) -> Comparison:
    days = models.tokens("logs", "Days", r"Possible values are: ([^.]*)\.", r"\d+")
    return Comparison(
        "days of retention",
        "fglint/provider/log_retention.py",
        as_texts(log_retention.DAYS),
        frozenset(days),
    )


def _partitions(models: Models, rules: RuleSet) -> Comparison:
    theirs = {
        f"{each['id']}: {each['outputs']['dnsSuffix']}"
        for each in models.service("partitions")["partitions"]
    }
    ours = {f"{name}: {end}" for name, end in partitions.PARTITIONS.items()}
    return Comparison(
        "partitions and their names of hosts",
        "fglint/provider/partitions.py",
        frozenset(ours),
        frozenset(theirs),
    )


def _regions(models: Models, rules: RuleSet) -> Comparison:
    every = {
        region
        for each in models.service("partitions")["partitions"]
        for region in each["regions"]
        if not region.endswith("-global")
    }
    read = {
        region
        for region in every
        if secret_reference._REGION.fullmatch(region)
        and image_reference.ECR.match(f"123456789012.dkr.ecr.{region}.amazonaws.com")
    }
    return Comparison(
        "names of regions",
        "the patterns of secret_reference.py and image_reference.py",
        frozenset(read),
        frozenset(every),
        gain="change the patterns so that they match it",
    )


def _routes(models: Models, rules: RuleSet) -> Comparison:
    """Where routes lead, and from where; block arguments have the short names, too."""
    theirs = {snake(each) for each in models.members("ec2", "CreateRouteRequest")}
    ours = {*routes.TARGETS, *routes.DESTINATIONS} - {"cidr_block", "ipv6_cidr_block"}
    return Comparison(
        "arguments of routes",
        "fglint/model/routes.py",
        frozenset(ours),
        frozenset(theirs),
        {
            "dry_run": "no argument",
            "route_table_id": "the table that holds it",
            "egress_only_internet_gateway_id": "egress_only_gateway_id in Terraform",
            "egress_only_gateway_id": "egress_only_internet_gateway_id of the API",
        },
    )


_PROTOCOLS = {
    "application": r"For Application Load Balancers, the supported protocols are ([\w, ]+)\.",
    "network": r"For Network Load Balancers, the supported protocols are ([\w, ]+)\.",
}


def _protocols(kind: str) -> Maker:
    def made(models: Models, rules: RuleSet) -> Comparison:
        theirs = models.tokens("elbv2", "CreateTargetGroupInput.Protocol", _PROTOCOLS[kind])
        own = frozenset(chain.PROTOCOLS[kind])
        if listed(rules, "invalid-listener-protocol", chain.PROTOCOLS[kind][0]) != own:
            raise LookupError("chain.py and invalid-listener-protocol know different protocols")
        return Comparison(
            f"protocols of {kind} load balancers",
            "fglint/model/chain.py and rules/load-balancer/invalid-listener-protocol.hcl",
            own,
            frozenset(theirs),
        )

    return made


def _keys(models: Models, rules: RuleSet) -> Comparison:
    return Comparison(
        "algorithms of keys",
        "fglint/provider/tls_policies.py",
        frozenset(tls_policies.USABLE_KEYS),
        frozenset(models.enumeration("acm", "KeyAlgorithm")),
        {"RSA_1024": "too short for a load balancer"},
    )


def _providers(models: Models, rules: RuleSet) -> Comparison:
    return Comparison(
        "capacity providers of Fargate",
        "fglint/model/cluster.py",
        frozenset(FARGATE_PROVIDERS),
        frozenset(
            each
            for each in models.enumeration("ecs", "CapacityProviderType")
            if each.startswith("FARGATE")
        ),
    )


def _platforms(models: Models, rules: RuleSet) -> Comparison:
    """The operating systems of Fargate; the rule makes their names of years."""
    years = {each for each in numbers(rules, "invalid-runtime-platform") if len(each) == 4}
    ours = {f"WINDOWS_SERVER_{year}_{edition}" for year in years for edition in ("FULL", "CORE")}
    old = ("WINDOWS_SERVER_2016_FULL", "WINDOWS_SERVER_2004_CORE", "WINDOWS_SERVER_20H2_CORE")
    return Comparison(
        "operating systems",
        "rules/task/invalid-runtime-platform.hcl",
        frozenset({*ours, "LINUX"}),
        frozenset(models.enumeration("ecs", "OSFamily")),
        dict.fromkeys(old, _OUT_OF_SERVICE),
    )


def _log_drivers(models: Models, rules: RuleSet) -> Comparison:
    sentence = r"For tasks on Fargate, the supported log drivers are ([^.]+)\."
    return Comparison(
        "log drivers on Fargate",
        "rules/task/unsupported-log-driver.hcl",
        listed(rules, "unsupported-log-driver", "awslogs"),
        frozenset(models.tokens("ecs", "LogConfiguration.logDriver", sentence)),
    )


def _capabilities(models: Models, rules: RuleSet) -> Comparison:
    values = models.tokens("ecs", "KernelCapabilities.drop", r"Valid values: ([A-Z_\" |]+)")
    return Comparison(
        "capabilities of the kernel",
        "rules/task/unsupported-capability.hcl",
        listed(rules, "unsupported-capability", "SYS_PTRACE", "ALL"),
        frozenset(values),
    )


_UNSUPPORTED = re.compile(
    r"[^.]*\bFargate\b[^.]*\b(?:not|isn't) supported|[^.]*not supported[^.]*\brun on Fargate"
)


def _unsupported(models: Models, rules: RuleSet) -> Comparison:
    """Members of container definitions that Fargate refuses, as the documentation says it."""
    names = {
        **{
            each: f"ContainerDefinition.{each}"
            for each in models.members("ecs", "ContainerDefinition")
        },
        **{
            f"linuxParameters.{each}": f"LinuxParameters.{each}"
            for each in models.members("ecs", "LinuxParameters")
        },
    }
    theirs = {
        name
        for name, path in names.items()
        if _UNSUPPORTED.search(models.documentation("ecs", path))
    }
    elsewhere = "the Developer Guide says so, the API reference does not"
    return Comparison(
        "parameters that Fargate does not take",
        "rules/task/unsupported-container-parameter.hcl",
        listed(rules, "unsupported-container-parameter", "privileged"),
        frozenset(theirs),
        dict.fromkeys(
            (
                "disableNetworking",
                "dnsServers",
                "dnsSearchDomains",
                "dockerSecurityOptions",
                "extraHosts",
                "links",
                "hostname",
            ),
            elsewhere,
        ),
    )


def _insights(models: Models, rules: RuleSet) -> Comparison:
    values = models.tokens("ecs", "ClusterSetting.value", r"The supported values are ([^.]+)\.")
    return Comparison(
        "values of containerInsights",
        "rules/operations/container-insights-off.hcl",
        listed(rules, "container-insights-off", "enhanced"),
        frozenset(values),
        {"disabled": "what the rule objects to"},
    )


_ATTRIBUTES = {
    "LoadBalancerAttribute": """
        access_logs.s3.bucket access_logs.s3.enabled access_logs.s3.prefix client_keep_alive.seconds
        connection_logs.s3.bucket connection_logs.s3.enabled connection_logs.s3.prefix
        deletion_protection.enabled dns_record.client_routing_policy health_check_logs.s3.bucket
        health_check_logs.s3.enabled health_check_logs.s3.prefix idle_timeout.timeout_seconds
        ipv6.deny_all_igw_traffic load_balancing.cross_zone.enabled
        routing.http.desync_mitigation_mode routing.http.drop_invalid_header_fields.enabled
        routing.http.preserve_host_header.enabled routing.http.x_amzn_tls_kx.enabled
        routing.http.x_amzn_tls_version_and_cipher_suite.enabled
        routing.http.xff_client_port.enabled routing.http.xff_header_processing.mode
        routing.http2.enabled secondary_ips.auto_assigned.per_subnet waf.fail_open.enabled
        zonal_shift.config.enabled
        """,
    "TargetGroupAttribute": """
        deregistration_delay.connection_termination.enabled deregistration_delay.timeout_seconds
        lambda.multi_value_headers.enabled load_balancing.algorithm.anomaly_mitigation
        load_balancing.algorithm.type load_balancing.cross_zone.enabled preserve_client_ip.enabled
        proxy_protocol_v2.enabled routing.http2.rst_stream_error_forwarding.enabled
        send_tcp_reset.on_deregistration.enabled send_tcp_reset.on_unhealthy.enabled
        slow_start.duration_seconds
        stickiness.app_cookie.cookie_name stickiness.app_cookie.duration_seconds stickiness.enabled
        stickiness.lb_cookie.duration_seconds stickiness.type target_failover.on_deregistration
        target_failover.on_unhealthy target_group_health.dns_failover.minimum_healthy_targets.count
        target_group_health.dns_failover.minimum_healthy_targets.percentage
        target_group_health.unhealthy_state_routing.minimum_healthy_targets.count
        target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage
        target_health_state.unhealthy.connection_termination.enabled
        target_health_state.unhealthy.draining_interval_seconds
        waf.http2.traffic_inspection_behavior
        """,
}


def _attributes(shape: str, known: Mapping[str, str]) -> Maker:
    def made(models: Models, rules: RuleSet) -> Comparison:
        text = models.documentation("elbv2", f"{shape}.Key")
        theirs = re.findall(r"(?<=\s)([a-z_\d]+(?:\.[a-z_\d]+)+) -", text)
        return Comparison(
            f"keys of {shape}",
            "fglint/model/load_balancer.py and target_group.py",
            as_texts(_ATTRIBUTES[shape].split()),
            frozenset(theirs),
            known,
            gain="see whether a rule has to read it, then list it here",
        )

    return made


TABLES: tuple[Maker, ...] = (
    _sizes,
    _retention,
    _partitions,
    _regions,
    _routes,
    *(_protocols(kind) for kind in _PROTOCOLS),
    _keys,
    _providers,
    _platforms,
    _log_drivers,
    _capabilities,
    _unsupported,
    _insights,
    *(_attributes(shape, {}) for shape in _ATTRIBUTES),
)
