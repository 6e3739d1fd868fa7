"""`dataclass` for fglint's records, without what makes importing hundreds of them slow.

Every check imports them all, and generating their methods was a third of the time until it began.
Representations are not generated, and what guards frozen records against assignment is left to the
type checker. In all else this is the standard decorator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(cls=None, /, *, frozen=False, eq=True, repr=False, **options):
        """Makes the class a dataclass."""
        if frozen and eq:
            options["unsafe_hash"] = True

        def wrap(cls):
            return dataclasses.dataclass(cls, eq=eq, repr=repr, **options)

        return wrap if cls is None else wrap(cls)


__all__ = ["dataclass"]
