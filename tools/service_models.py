"""What botocore's service models say: members of structures, enumerations, and documentation.

A service model is JSON that AWS publishes with each release of botocore. What it has no structure
for (ranges, keys of attributes, what Fargate takes) stands in the documentation of its members, and
is read by patterns: one that no longer matches is an error, for then nobody knows what AWS says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# Any: service models are decoded JSON of many shapes.
Json = Any


class ModelError(Exception):
    """Something that a comparison looks for and a service model does not have."""


@dataclass
class Models:
    """The models of services by name, each read once; `load` reads one."""

    load: Callable[[str], Mapping[str, Json]]
    version: str = ""
    _read: dict[str, Mapping[str, Json]] = field(default_factory=dict)

    def service(self, name: str) -> Mapping[str, Json]:
        """The model of a service; or the tables `endpoints`, `partitions` and `services`."""
        if name not in self._read:
            self._read[name] = self.load(name)
        return self._read[name]

    def shape(self, service: str, name: str) -> Mapping[str, Json]:
        """A shape of a service."""
        shapes = self.service(service)["shapes"]
        if name not in shapes:
            raise ModelError(f"{service} has no shape {name}")
        found: Mapping[str, Json] = shapes[name]
        return found

    def enumeration(self, service: str, name: str) -> set[str]:
        """The values of an enumeration."""
        values = self.shape(service, name).get("enum")
        if not values:
            raise ModelError(f"{name} of {service} is no enumeration")
        return set(values)

    def members(self, service: str, name: str) -> dict[str, str]:
        """The members of a structure, and the names of their shapes."""
        members = self.shape(service, name).get("members")
        if not members:
            raise ModelError(f"{name} of {service} is no structure")
        return {each: member["shape"] for each, member in members.items()}

    def operations(self, service: str) -> set[str]:
        """The names of a service's operations."""
        return set(self.service(service)["operations"])

    def documentation(self, service: str, path: str) -> str:
        """The documentation of a shape, or of a member: "HealthCheck.interval"; without markup."""
        name, _, member = path.partition(".")
        shape = self.shape(service, name)
        if member:
            if member not in shape.get("members", {}):
                raise ModelError(f"{name} of {service} has no member {member}")
            shape = shape["members"][member]
        text = re.sub(r"<[^>]*>", " ", str(shape.get("documentation", "")))
        return re.sub(r"\s+", " ", text).replace("\u2013", "-").strip()

    def sentence(self, service: str, path: str, pattern: str) -> str:
        """The first group of a pattern that matches the documentation."""
        found = re.search(pattern, self.documentation(service, path))
        if found is None:
            raise ModelError(f'the documentation of {path} of {service} has no "{pattern}"')
        return found[1]

    def tokens(self, service: str, path: str, pattern: str, token: str = r"[\w.-]+") -> set[str]:
        """The words of a passage in the documentation, without those that join them."""
        passage = self.sentence(service, path, pattern)
        return set(re.findall(token, passage)) - {"and", "or"}

    def numbers(self, service: str, path: str, pattern: str) -> set[int]:
        """The numbers in the groups of a pattern that matches the documentation."""
        found = re.search(pattern, self.documentation(service, path))
        if found is None:
            raise ModelError(f'the documentation of {path} of {service} has no "{pattern}"')
        return {int(group.replace(",", "")) for group in found.groups()}


def installed() -> Models:
    """The models of the botocore that is installed; ImportError where there is none."""
    import botocore
    from botocore.loaders import Loader

    loader = Loader()

    def load(name: str) -> Mapping[str, Json]:
        if name == "services":
            return {"names": loader.list_available_services("service-2")}
        if name in ("endpoints", "partitions"):
            table: Mapping[str, Json] = loader.load_data(name)
            return table
        model: Mapping[str, Json] = loader.load_service_model(name, "service-2")
        return model

    return Models(load, str(botocore.__version__))
