"""What is wrong with container definitions: what the provider or ECS refuses, and what they drop.

Source: the provider decodes the JSON text strictly by type and drops members that it does not know
(internal/service/ecs/task_definition.go); ContainerDefinition in the API reference of Amazon ECS;
read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING
from fglint.evaluation.types import NUMBER as NUMBER_TYPE
from fglint.evaluation.values import (
    ListValue,
    MapValue,
    ObjectValue,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model.problem import Mistake
from fglint.model.reading import Node, known_text
from fglint.provider.container_definition import (
    CONTAINER,
    FLAG,
    MAXIMUM_CONTAINERS,
    NUMBER,
    NUMBERS,
    PAIRS,
    TEXT,
    TEXTS,
    Members,
)

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_CREDENTIALS = re.compile(r"//[^/@\s]*@")  # in a URL: messages show none
_IMAGE = re.compile(
    r"(?:[\w.-]+(?::\d+)?/)?[\w./-]*[\w-](?::[\w][\w.-]{0,127})?"
    r"(?:@sha256:[0-9a-fA-F]{64})?",
    re.ASCII,
)
_Sequence = (TupleValue, ListValue, SetValue)
_Mapping = (ObjectValue, MapValue)


def fault(definitions: Node) -> Mistake | None:
    """Why a text is no list of containers, as a whole; None where nothing speaks against it."""
    bare = plain(definitions.value)
    if isinstance(bare, _Mapping):
        text = "it is one object, where a list of containers belongs: put it in brackets"
        return Mistake(text, definitions)
    if not isinstance(bare, (*_Sequence, Unknown)):
        return Mistake("it is no JSON list of containers", definitions)
    found = definitions.elements()
    if not found.items and not isinstance(bare, Unknown):
        return Mistake("it lists no containers", definitions)
    if len(found.certain) > MAXIMUM_CONTAINERS:
        text = f"it lists {len(found.certain)} containers, and a task has at most ten"
        return Mistake(text, definitions)
    return None


def refused(definitions: Node) -> Iterator[Mistake]:
    """What the provider or ECS refuses in the containers of a list of them."""
    names: set[str] = set()
    for item in definitions.elements().items:
        inner = plain(item.node.value)
        if isinstance(inner, Unknown) and inner.content is None:
            continue
        if not isinstance(inner, (*_Mapping, Unknown)):
            yield Mistake("a container is no object", item.node, "Write it as an object.")
            continue
        yield from _of_container(item.node, names)


def _of_container(node: Node, names: set[str]) -> Iterator[Mistake]:
    called = _called(node)
    is_whole = not isinstance(plain(node.value), Unknown)
    for key in ("name", "image"):
        if is_null(node.get(key).value) and is_whole:
            yield Mistake(f"{called} has no {key}", node, f"Add {key}.")
    name = known_text(node.get("name").value)
    if name is not None:
        if not _NAME.fullmatch(name):
            text = f'the name "{name}" has more than letters, digits, hyphens and underscores'
            yield Mistake(text, node.get("name"), "Use these characters alone, up to 255.")
        if name in names:
            text = f"two containers have the name {name}"
            yield Mistake(text, node.get("name"), "Give each container a name of its own.")
        names.add(name)
    image = known_text(node.get("image").value)
    if image is not None:
        yield from _image(called, image, node.get("image"))
    yield from _members(called, node, CONTAINER, "")
    for entry in node.get("environment").elements():
        if isinstance(plain(entry.value), _Mapping) and is_null(entry.get("value").value):
            variable = known_text(entry.get("name").value) or "a variable"
            text = f"{variable} in the environment of {called} has no value"
            yield Mistake(text, entry, 'Give it a value, "" for an empty one, or take it out.')


def _image(called: str, image: str, node: Node) -> Iterator[Mistake]:
    if "://" in image:
        shown = _CREDENTIALS.sub("//…@", image)
        text = f'the image of {called} begins with a scheme: "{shown}"'
        yield Mistake(text, node, "Take the scheme out: an image begins with its registry's host.")
    elif not image or re.search(r"\s", image):
        text = f'the image of {called} is empty or has white space: "{image}"'
        yield Mistake(text, node, "Write it as HOST/NAME:TAG.")
    elif not _IMAGE.fullmatch(image):
        text = f'the image of {called} is not [HOST/]NAME[:TAG][@sha256:DIGEST]: "{image}"'
        yield Mistake(text, node, "Write it as HOST/NAME:TAG.")


def _called(node: Node) -> str:
    name = known_text(node.get("name").value)
    return f"container {name}" if name else "a container"


def _members(called: str, node: Node, shape: Members, prefix: str) -> Iterator[Mistake]:
    for key, member in node.members():
        type_ = _type_of(shape, key)
        if type_ is not None:
            yield from _typed(called, member, type_, prefix + key)


def _type_of(shape: Members, key: str) -> str | Members | None:
    """The type of a member; the provider reads keys whatever their case."""
    for known, type_ in shape.members.items():
        if known.lower() == key.lower():
            return type_
    return None


def _typed(called: str, node: Node, type_: str | Members, path: str) -> Iterator[Mistake]:
    bare = plain(node.value)
    if is_null(bare):
        return
    if isinstance(type_, Members):
        yield from _nested(called, node, type_, path)
        return
    if isinstance(bare, Unknown) and bare.not_null and bare.type in _TYPES:
        if type_ in _NOUNS and type_ != _TYPES[bare.type]:
            text = f"{path} of {called} is {_NOUNS[_TYPES[bare.type]]}, not {_NOUNS[type_]}"
            yield Mistake(text, node, _REMEDIES[type_])
        return
    if isinstance(bare, Unknown) and bare.content is None:
        return
    match type_:
        case "texts" | "numbers":
            if not _is_list(bare):
                text = f"{path} of {called} is {_noun(bare)}, not a list"
                yield Mistake(text, node, "Put it in brackets, each element for itself.")
                return
            for item in node.elements().items:
                yield from _typed(called, item.node, _ELEMENT[type_], f"an element of {path}")
        case "pairs":
            if not isinstance(bare, (*_Mapping, Unknown)):
                text = f"{path} of {called} is {_noun(bare)}, not an object"
                yield Mistake(text, node, _REMEDIES[type_])
                return
            for key, member in node.members():
                yield from _typed(called, member, TEXT, f"{path}.{key}")
        case _:
            if not _is_scalar(bare, type_):
                expected = _NOUNS[type_]
                text = f"{path} of {called} is {_noun(bare)}, not {expected}"
                yield Mistake(text, node, _REMEDIES[type_])


_ELEMENT = {TEXTS: TEXT, NUMBERS: NUMBER}
_NOUNS = {TEXT: "a string", NUMBER: "a number", FLAG: "true or false", PAIRS: "an object"}
_TYPES = {STRING: TEXT, NUMBER_TYPE: NUMBER, BOOL: FLAG}
_REMEDIES = {
    TEXT: "Write it in quotes, or with tostring().",
    NUMBER: "Write it without quotes, or with tonumber().",
    FLAG: "Write true or false, without quotes.",
    PAIRS: "Write it as an object: { key = value }.",
}


def _nested(called: str, node: Node, shape: Members, path: str) -> Iterator[Mistake]:
    bare = plain(node.value)
    if not shape.many:
        if isinstance(bare, _Mapping):
            yield from _members(called, node, shape, f"{path}.")
        elif not isinstance(bare, Unknown):
            text = f"{path} of {called} is {_noun(bare)}, not an object"
            yield Mistake(text, node, _REMEDIES[PAIRS])
        return
    if isinstance(bare, Unknown) and bare.content is None:
        return
    if not _is_list(bare):
        keys = " and ".join(list(shape.members)[:2])
        text = f"{path} of {called} is {_noun(bare)}, not a list of objects with {keys}"
        yield Mistake(text, node, f"Write it as a list: {_list_of(list(shape.members)[:2])}.")
        return
    for item in node.elements().items:
        inner = plain(item.node.value)
        if isinstance(inner, _Mapping):
            yield from _members(called, item.node, shape, f"{path}.")
        elif not isinstance(inner, Unknown) and not is_null(inner):
            text = f"an element of {path} of {called} is {_noun(inner)}, not an object"
            yield Mistake(text, item.node, "Write each element as an object.")


def _list_of(keys: list[str]) -> str:
    return f"[{{ {', '.join(f'{key} = …' for key in keys)} }}]"


def _is_list(value: Value) -> bool:
    return isinstance(value, (*_Sequence, Unknown))


def _is_scalar(value: Value, type_: str) -> bool:
    if isinstance(value, Unknown):
        return True
    match type_:
        case "text":
            return isinstance(value, str)
        case "flag":
            return isinstance(value, bool)
        case _:
            return isinstance(value, int) and not isinstance(value, bool)


def _noun(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return "a string"
        case ObjectValue() | MapValue():
            return "an object"
        case TupleValue() | ListValue() | SetValue():
            return "a list"
        case _:
            return f"the number {value}"


# ---- what is dropped --------------------------------------------------------------------------


def dropped(definitions: Node) -> Iterator[Mistake]:
    """Members that the provider drops without a word, because ECS has none of that name."""
    for item in definitions.elements().items:
        yield from _unknown(_called(item.node), item.node, CONTAINER, "")


def _unknown(called: str, node: Node, shape: Members, prefix: str) -> Iterator[Mistake]:
    for key, member in node.members():
        type_ = _type_of(shape, key)
        if type_ is None and _COMMENT.match(key):
            continue
        if type_ is None:
            near = _nearest(key, shape)
            elsewhere = None if prefix else _ELSEWHERE.get(_folded(key))
            text = f"{prefix}{key} of {called} is dropped"
            if elsewhere:
                text += f": it is {elsewhere} of the task definition."
                yield Mistake(text, member, f"Take it out here; {elsewhere} says it for the task.")
            elif near:
                yield Mistake(f"{text}; is {near} meant?", member, f"Write {prefix}{near}.")
            else:
                yield Mistake(f"{text}.", member, "Take it out: ECS has no member of that name.")
        elif isinstance(type_, Members):
            inner = [i.node for i in member.elements().items] if type_.many else [member]
            for each in inner:
                yield from _unknown(called, each, type_, f"{prefix}{key}.")


# Members for human readers: "//" as in JSON of Terraform, "_comment", "$comment".
_COMMENT = re.compile(r"//|#|[_$]?comments?$", re.IGNORECASE)
# What belongs to the task, by its name without case and underscores: the argument that says it.
_ELSEWHERE = {
    name.replace("_", ""): name
    for name in (
        "network_mode", "execution_role_arn", "task_role_arn", "family", "requires_compatibilities",
        "pid_mode", "ipc_mode", "runtime_platform", "ephemeral_storage", "proxy_configuration",
        "placement_constraints", "tags",
    )
} | {"volumes": "volume"}  # fmt: skip


def _folded(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()


def _nearest(key: str, shape: Members) -> str | None:
    known = {name.lower(): name for name in shape.members}
    near = get_close_matches(_folded(key), known, 1, 0.75)
    return known[near[0]] if near else None
