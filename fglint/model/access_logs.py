"""Access logs of load balancers, and the buckets that keep them."""

from __future__ import annotations

from functools import cached_property

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, EntityType
from fglint.evaluation.values import NULL, Unknown, Value, plain
from fglint.model.entity import Attribute, attribute
from fglint.model.existence import exists
from fglint.model.logic import Tri, all_of, any_of, one_of, same, unknown
from fglint.model.patterns import HOLE, Symbol, Variants
from fglint.model.policy import is_anyone
from fglint.model.reading import Node, is_given, known_text, root
from fglint.model.resource import Resource
from fglint.model.resource_policies import documents
from fglint.model.statement import Statement, exact
from fglint.provider.log_delivery import ACCOUNTS, SERVICES

_WITH_KMS = ("aws:kms", "aws:kms:dsse")
_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
_ELB_ACCOUNT = "data.aws_elb_service_account."


class Bucket(Resource):
    """A bucket of S3 that keeps access logs."""

    kind = "bucket"

    @cached_property
    def uses_kms(self) -> Tri:
        """Whether it encrypts with a key of KMS; false for a bucket outside."""
        if self.node is None:
            return False
        links = self.deployment.links
        answers = [_encrypts_with_kms(self.node.get("server_side_encryption_configuration"))]
        for instance in links.of(_ENCRYPTION):
            node = root(instance)
            mine = links.matches(node.get("bucket").value, "bucket", self.link)
            with_kms = any_of(_is_kms(rule) for rule in node.blocks("rule"))
            answers.append(all_of([mine, exists(instance, self.instance), with_kms]))
        return any_of(answers)

    @attribute(BOOL)
    def encrypted_by_kms(self) -> Attribute:
        """Whether a key of KMS encrypts it, rather than S3's own."""
        return Attribute(self.uses_kms, self.place)


def _encrypts_with_kms(node: Node) -> Tri:
    return any_of(_is_kms(rule) for each in node.elements() for rule in each.blocks("rule"))


def _is_kms(rule: Node) -> Tri:
    block = rule.block("apply_server_side_encryption_by_default")
    return False if is_null(block.value) else one_of(block.get("sse_algorithm").text(), _WITH_KMS)


class Logging(Resource):
    """The parts of a load balancer that log accesses."""

    @property
    def _logs(self) -> Node | None:
        return None if self.node is None else self.node.block("access_logs")

    @cached_property
    def logs_accesses(self) -> Tri:
        """Whether access logs are on and go to a bucket."""
        logs = self._logs
        if logs is None:
            return self.unseen()
        return all_of([logs.get("enabled").flag(), is_given(logs.get("bucket").value)])

    @attribute(BOOL)
    def access_logs(self) -> Attribute:
        """Whether access logs are on: a bucket alone does not switch them on."""
        logs = self._logs
        return Attribute(self.logs_accesses, self.place if logs is None else logs.place)

    @cached_property
    def log_bucket(self) -> Bucket | None:
        """The bucket of its access logs; None where it names none."""
        logs = self._logs
        value = NULL if logs is None else logs.get("bucket").value
        if is_null(value):
            return None
        return Bucket(self.deployment, self.deployment.links.find(value, "bucket"))

    @attribute(EntityType("bucket"), nullable=True)
    def access_log_bucket(self) -> Attribute:
        """The bucket of its access logs; null where it names none."""
        logs = self._logs
        place = self.place if logs is None else logs.get("bucket").place
        return Attribute(self.log_bucket or NULL, place)

    @attribute(BOOL)
    def log_bucket_in_region(self) -> Attribute:
        """Whether that bucket lies in its own region; true for none, and for one outside."""
        found = self.read("access_log_bucket")
        bucket = self.log_bucket
        if bucket is None or self.instance is None:
            return Attribute(True, found.place)
        if bucket.instance is None:
            return Attribute(self._judged_elsewhere(bucket), found.place)
        if bucket.instance.provider == self.instance.provider and not _states_region(self, bucket):
            return Attribute(True, found.place)
        regions = [self.deployment.region_of(each.link) for each in (self, bucket)]
        if None in regions:
            return Attribute(unknown(bucket.link.value), found.place)
        return Attribute(regions[0] == regions[1], found.place)

    @attribute(BOOL)
    def log_bucket_open(self) -> Attribute:
        """Whether that bucket's policy lets access logs be delivered; true for one outside, too."""
        found = self.read("access_log_bucket")
        bucket = self.log_bucket
        if bucket is None:
            return Attribute(True, found.place)
        if bucket.instance is None:
            return Attribute(self._judged_elsewhere(bucket), found.place)
        return Attribute(self._delivers(bucket), found.place)

    def _judged_elsewhere(self, bucket: Bucket) -> Tri:
        """True of a bucket outside, which another root makes; unknown where it may be here."""
        candidates = self.deployment.links.candidates(bucket.link.value, "bucket")
        here = any(each.managed is not None for each in candidates)
        return bucket.unseen() if here else True

    def _delivers(self, bucket: Bucket) -> Tri:
        assert bucket.instance is not None
        read = documents(self.deployment, "bucket", bucket.instance)
        target = self._target(bucket)
        answers = [
            self._allows(statement, target)
            for document in read
            for statement in document.statements
        ]
        return any_of([*answers, *(doubt for document in read for doubt in document.doubts)])

    def _target(self, bucket: Bucket) -> Variants:
        """The ARN of a log: that of the bucket, PREFIX/AWSLogs/ACCOUNT, and more."""
        assert bucket.instance is not None and self.instance is not None and self._logs is not None
        texts = self.deployment.texts
        prefix = self._logs.get("prefix").value
        middle: Variants = ((tuple("/"),),)
        if not is_null(prefix) and known_text(prefix) != "":
            middle = _around("/", texts.of(prefix), "/")
        own = bucket.instance.get("arn")
        arn = texts.arn(bucket.instance) if own is None else texts.of(own)
        parts = (arn, middle, exact("AWSLogs/"))
        account = texts.account(self.instance)
        return _joined((*parts, account, ((tuple("/"),),), (((HOLE,),),)))

    def _allows(self, statement: Statement, target: Variants) -> Tri:
        return all_of(
            [
                statement.present,
                statement.is_effect("Allow"),
                statement.covers_action("s3:PutObject"),
                statement.covers_resource(target),
                self._is_deliverer(statement),
            ]
        )

    def _is_deliverer(self, statement: Statement) -> Tri:
        texts = statement.texts
        answers: list[Tri] = [is_anyone(statement, texts)]
        services = statement.principals_of("Service")
        for kind, names in SERVICES.items():
            is_kind = same(self.written("load_balancer_type").value, kind)
            named = any_of(services.any_is(texts, exact(name)) for name in names)
            answers.append(all_of([is_kind, named]))
        accounts = statement.principals_of("AWS")
        answers.extend(all_of([there, _is_elb_account(value)]) for there, value in accounts.items)
        if accounts.rest is not None:
            answers.append(accounts.rest)
        return any_of(answers)


def _states_region(*resources: Resource) -> bool:
    nodes = [root(each.instance).get("region") for each in resources if each.instance is not None]
    return any(not is_null(node.value) for node in nodes)


def _is_elb_account(value: Value) -> Tri:
    """Whether a principal is an account by which Elastic Load Balancing delivers logs."""
    bare = plain(value)
    if isinstance(bare, Unknown):
        return True if any(_ELB_ACCOUNT in f"{o}" for o in bare.origins) else unknown(bare)
    text = str(bare)
    return any(account in text for account in ACCOUNTS)


def _around(before: str, text: Variants, after: str) -> Variants:
    return _joined((((tuple(before),),), text, ((tuple(after),),)))


def _joined(parts: tuple[Variants, ...]) -> Variants:
    """Texts one after the other, each with its first variant: prefixes and names have one."""
    pieces: list[tuple[tuple[Symbol, ...], tuple[Symbol, ...]]] = [
        (part[0][0], part[0][-1]) for part in parts
    ]
    first = tuple(symbol for one, _ in pieces for symbol in one)
    last = tuple(symbol for _, other in pieces for symbol in other)
    return ((first, last),)
