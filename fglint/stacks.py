"""The bundled reference stacks: in the wheel as fglint/_reference, beside the package otherwise."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from fglint import output
from fglint.misuse import Misuse, spelled

_PACKAGE = Path(__file__).resolve().parent


def reference_directory() -> Path:
    """The directory of the reference stacks."""
    installed = _PACKAGE / "_reference"
    return installed if installed.is_dir() else _PACKAGE.parent / "reference"


def stacks() -> dict[str, Path]:
    """The reference stacks by name, sorted."""
    found = (path for path in reference_directory().iterdir() if path.is_dir())
    return {path.name: path for path in sorted(found)}


def title(stack: Path) -> str:
    """The first line of a stack's README, without its mark."""
    return (stack / "README.md").read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")


def copy(name: str, target: Path) -> list[Path]:
    """Copies a stack to a directory and gives the new files.

    Misuse, and nothing is written, when one of them is there already.
    """
    known = stacks()
    if name not in known:
        close = get_close_matches(name, known, 1)
        meant = f'; did you mean "{close[0]}"?' if close else f"; there are {', '.join(known)}"
        raise Misuse(f'there is no reference stack "{name}"{meant}')
    source = known[name]
    files = sorted(
        path for path in source.rglob("*") if path.is_file() and not _hidden(path, source)
    )
    targets = [target / path.relative_to(source) for path in files]
    for path in targets:
        if path.exists():
            raise Misuse(f"{spelled(path)} exists; name an empty directory")
    try:
        for path in targets:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Misuse(f"{spelled(target)} cannot be made: {reason}") from None
    for path, new in zip(files, targets, strict=True):
        output.write(new, path.read_text(encoding="utf-8"))
    return targets


def _hidden(path: Path, top: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(top).parts)
