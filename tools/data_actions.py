"""Actions of IAM, prefixes of actions, and names of endpoints, by the services of botocore."""

from __future__ import annotations

from collections.abc import Iterator

from data_comparison import Comparison, Maker
from service_models import Models

from fglint.model.endpoints import GATEWAYS
from fglint.model.needs import IMAGE
from fglint.policy.rule import RuleSet
from fglint.provider import iam_actions, managed_policies

# Where the prefix of an action is not the name of the service in botocore.
_SERVICES = {
    "elasticloadbalancing": ("elbv2", "elb"),
    "states": ("stepfunctions",),
    "tag": ("resourcegroupstaggingapi",),
    "s3-object-lambda": ("s3",),
    "monitoring": ("cloudwatch",),
}
# What data planes are asked for, which is no operation of a service.
_WITHOUT_SERVICE = (
    "ec2messages", "execute-api", "kafka-cluster", "neptune-db", "rds-db", "s3-object-lambda",
    "s3express", "ssmmessages", "tag", "vpc-lattice-svcs",
)  # fmt: skip
_PERMISSIONS = {
    "iam:PassRole": "a permission without an operation",
    "s3:GetObjectVersion": "GetObject with a version",
    "ecr:BatchImportUpstreamImage": "what ECR does for a pull through its cache",
    "cloudwatch:GenerateQuery": "what the console does",
    "lambda:InvokeFunction": "of the operation Invoke",
}


def _actions() -> Iterator[str]:
    yield from iam_actions.SECRET_READS
    yield from iam_actions.ESCALATIONS
    yield from iam_actions.RUNNERS
    for grants in managed_policies._POLICIES.values():
        for grant in grants:
            yield from grant.actions


def _operations(models: Models, rules: RuleSet) -> Comparison:
    """Actions that tables name, and the operations of services."""
    ours = {each for each in _actions() if ":" in each and "*" not in each}
    theirs: set[str] = set()
    for prefix in {each.partition(":")[0] for each in ours}:
        for service in _SERVICES.get(prefix, (prefix,)):
            theirs.update(f"{prefix}:{name}" for name in models.operations(service))
    return Comparison(
        "actions of IAM",
        "fglint/provider/iam_actions.py and managed_policies.py",
        frozenset(ours),
        frozenset(theirs),
        _PERMISSIONS,
        partly=True,
    )


def _prefixes(models: Models, rules: RuleSet) -> Comparison:
    """Prefixes of actions, and the names by which requests are signed or hosts called."""
    theirs = set(models.service("services")["names"])
    for each in models.service("endpoints")["partitions"]:
        for name, service in each["services"].items():
            theirs.update((name, name.rpartition(".")[2]))
            scopes = [service.get("defaults", {}), *service.get("endpoints", {}).values()]
            theirs.update(scope.get("credentialScope", {}).get("service", name) for scope in scopes)
    return Comparison(
        "prefixes of actions",
        "fglint/provider/iam_actions.py",
        iam_actions.PREFIXES,
        frozenset(theirs),
        dict.fromkeys(_WITHOUT_SERVICE, "no service of botocore has the name"),
        partly=True,
    )


def _endpoints(models: Models, rules: RuleSet) -> Comparison:
    """Services that tasks reach through VPC endpoints; of ECR they have the parts turned round."""
    names = {
        ".".join(reversed(name.split(".")))
        for each in models.service("endpoints")["partitions"]
        for name in each["services"]
    }
    ours = {*IMAGE, *GATEWAYS, "logs", "secretsmanager", "ssm", "ssmmessages", "elasticfilesystem"}
    return Comparison(
        "services of VPC endpoints",
        "fglint/model/needs.py and endpoints.py",
        frozenset(ours),
        frozenset(names),
        {"ecr.dkr": "speaks Docker's protocol", "ssmmessages": "what agents speak"},
        partly=True,
    )


ACTIONS: tuple[Maker, ...] = (_operations, _prefixes, _endpoints)
