"""What the AWS provider makes known at plan time of its computed attributes.

Source: resourceCertificateDiff in hashicorp/terraform-provider-aws; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping

from fglint.evaluation.inspection import is_null
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import STRING, object_type
from fglint.evaluation.values import (
    Item,
    ObjectValue,
    OpenList,
    OrderedSet,
    SetValue,
    Unknown,
    Value,
    plain,
)

_OPTION = object_type(
    {
        "domain_name": STRING,
        "resource_record_name": STRING,
        "resource_record_type": STRING,
        "resource_record_value": STRING,
    }
)


def plan_computed(type_: str, values: Mapping[str, Value], address: str) -> dict[str, Value]:
    """The computed attributes of a resource that follow from its arguments, by name."""
    if type_ == "aws_acm_certificate":
        return _certificate(values, address)
    return {}


def _certificate(values: Mapping[str, Value], address: str) -> dict[str, Value]:
    """One validation option for each distinct domain (resourceCertificateDiff in the provider).

    They are a set, and were a list before version 3 of the provider.
    """
    bare = plain(values["domain_name"])
    if is_null(bare):
        return {}
    names = [bare]
    more = plain(values["subject_alternative_names"])
    certain = not isinstance(more, Unknown) or (
        more.ref is not None and more.ref.address == address
    )
    if isinstance(more, SetValue):
        names.extend(plain(item) for item in more.items)
    distinct: dict[object, Value] = {}
    for name in names:
        text = name.removeprefix("*.") if isinstance(name, str) else name
        key: object = text if isinstance(text, str) else getattr(text, "ref", None) or id(text)
        distinct.setdefault(key, name)
    options = [_option(name, index, address) for index, name in enumerate(distinct.values())]
    if certain:
        return {"domain_validation_options": OrderedSet(tuple(options), _OPTION)}
    assert isinstance(more, Unknown)
    content = OpenList(tuple(Item(option) for option in options))
    unknown = Unknown(origins=more.origins, not_null=True, content=content)
    return {"domain_validation_options": unknown}


def _option(name: Value, index: int, address: str) -> ObjectValue:
    def computed(attribute: str) -> Value:
        path = f".domain_validation_options[{index}].{attribute}"
        return Unknown.of(Origin("computed", address, path), STRING)

    return ObjectValue(
        {
            "domain_name": name,
            "resource_record_name": computed("resource_record_name"),
            "resource_record_type": computed("resource_record_type"),
            "resource_record_value": computed("resource_record_value"),
        }
    )
