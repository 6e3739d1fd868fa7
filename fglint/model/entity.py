"""What all entities of the model share: attributes with values and places, and their schema.

An entity is a Capsule, so rules read its attributes as they read an object's. Each attribute is
declared with `attribute(type)` on a method that returns an `Attribute`; it is computed once, when
first read. The declared types and docstrings are the model's schema: rules are checked against it
when they load, and `docs/model.md` is made from it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, overload

from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.types import STRING, Type
from fglint.evaluation.values import Capsule, Unknown, Value
from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.source import Range


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """A value of the model and where it is written.

    `place` gives the narrowest range that writes the value; for what is absent, the header of the
    block that lacks it. It is a function because finding it costs more than the value does.
    """

    value: Value
    place: Callable[[], Range | None]
    is_default: bool = False

    @property
    def range(self) -> Range | None:
        """Where the value is written."""
        return self.place()


@dataclass(frozen=True, slots=True)
class AttributeSchema:
    """The declaration of one attribute: its type, whether it may be null, what it means."""

    name: str
    type: Type
    nullable: bool
    doc: str


E_ = TypeVar("E_", bound="Entity")
F_ = TypeVar("F_", bound="Entity")


class attribute(Generic[E_]):
    """Declares the decorated method as an attribute of the entity, computed once."""

    def __init__(self, type_: Type, *, nullable: bool = False) -> None:
        self.type = type_
        self.nullable = nullable
        self.name = ""
        self.compute: Callable[[E_], Attribute]

    def __call__(self, compute: Callable[[F_], Attribute]) -> attribute[F_]:
        """Takes the method."""
        declared: attribute[F_] = attribute(self.type, nullable=self.nullable)
        declared.compute = compute
        declared.__doc__ = compute.__doc__
        return declared

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.rstrip("_")

    @overload
    def __get__(self, entity: None, owner: type) -> attribute[E_]: ...
    @overload
    def __get__(self, entity: E_, owner: type) -> Attribute: ...
    def __get__(self, entity: E_ | None, owner: type) -> attribute[E_] | Attribute:
        if entity is None:
            return self
        cache = entity.cache
        found = cache.get(self.name)
        if found is None:
            found = cache[self.name] = self.compute(entity)
        return found


class Entity(Capsule):
    """A thing of the deployment that rules can judge or refer to.

    `address` is what findings print for it, `subject` names the part of it that is meant, `maybe`
    tells that it may not exist (unknown count), `external` that it lies outside the configuration
    and is known only by a value. `part_of` is what it belongs to: a container's task, a pair's
    service.
    """

    kind: ClassVar[str] = ""
    confidential: ClassVar[bool] = False  # the text at its place may be a secret
    apart: ClassVar[bool] = False  # what rules say of it, they say of it alone
    subject: str = ""
    part_of: Entity | None = None

    def __init__(
        self,
        address: str,
        header: Range | None,
        *,
        maybe: bool = False,
        external: bool = False,
    ) -> None:
        self.address = address
        self.header = header
        self.maybe = maybe
        self.external = external
        self.cache: dict[str, Attribute] = {}

    def __str__(self) -> str:
        return self.address

    @property
    def off_fargate(self) -> Unknown | None:
        """Why it may not run on Fargate, where that is in doubt; None where it is not."""
        return None if self.part_of is None else self.part_of.off_fargate

    @attribute(STRING)
    def address_(self) -> Attribute:
        """Its address in Terraform's notation, module path and instance key in it."""
        return Attribute(self.address, self.place)

    @classmethod
    def schema(cls) -> dict[str, AttributeSchema]:
        """The attributes of this kind of entity, by name."""
        found: dict[str, AttributeSchema] = {}
        for base in reversed(cls.__mro__):
            for value in vars(base).values():
                if isinstance(value, attribute):
                    found[value.name] = AttributeSchema(
                        value.name, value.type, value.nullable, value.__doc__ or ""
                    )
        return found

    def read(self, name: str) -> Attribute:
        """The attribute of that name; EvaluationError when the kind has none."""
        for spelling in (name, name + "_"):
            declared = getattr(type(self), spelling, None)
            if isinstance(declared, attribute):
                return declared.__get__(self, type(self))
        raise EvaluationError("Unsupported attribute", f'{self.kind} has no attribute "{name}"')

    def get(self, name: str) -> Value:
        """The value of the attribute of that name."""
        return self.read(name).value

    def place(self) -> Range | None:
        """The primary place of a finding that names no attribute: the header."""
        return self.header
