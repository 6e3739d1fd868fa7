"""What the evaluation of one root module shares: compiled files, diagnostics, the context."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fglint.configuration.module import Module, Placed
from fglint.configuration.reader import Parser, Reader
from fglint.configuration.stand_ins import StandIns
from fglint.diagnostic import Diagnostic
from fglint.evaluation.errors import BeyondLimit, EvaluationError, Reported, StaticError
from fglint.evaluation.expressions import Compiler
from fglint.evaluation.origins import Origin
from fglint.evaluation.scope import Scope
from fglint.evaluation.values import Unknown, Value
from fglint.records import dataclass
from fglint.source import Files, Range, SourceFile
from fglint.syntax import parse_template
from fglint.syntax.nodes import Expression

if TYPE_CHECKING:
    from fglint.configuration.module import Declaration
    from fglint.configuration.type_constraints import Constraint
    from fglint.configuration.variables import Given
    from fglint.evaluation.functions.registry import Context


MAXIMUM_DEPTH = 5_000  # of references to what refers to something in turn


# What a data source reads: of an address and a type, with the arguments among the attributes.
Read = Callable[[str, str, Mapping[str, Value]], Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How a root module is loaded.

    `variables` are ("var", "NAME=VALUE") and ("file", PATH) in the order of the command line.
    `environment` gives `TF_VAR_NAME` values, None to read none. With `plan_only` nothing is known
    but what Terraform itself plans, no module has a stand-in, and what the provider's schema
    forbids is an error: the provider's version in use may differ from the schema's, so that it is
    a warning otherwise. `stand_ins` are directories of stand-ins beside the bundled ones. `read`
    answers data sources that are read while planning; without it, what they read is unknown.
    """

    variables: tuple[tuple[Literal["var", "file"], str], ...] = ()
    environment: Mapping[str, str] | None = None
    workspace: str = "default"
    parser: Parser = "native"
    cross_check: bool = False
    plan_only: bool = False
    stand_ins: tuple[Path, ...] = ()
    read: Read | None = None


class FunctionContext:
    """What functions may use: see `registry.Context`."""

    def __init__(self, session: Session, depth: int = 0) -> None:
        self.session = session
        self.files: Files = session.files
        self.directory: Path = session.root
        self.depth = depth
        self.assuming: bool = not session.options.plan_only

    def render(self, source: SourceFile, variables: dict[str, Value], depth: int) -> Value:
        """The value of a template text in which only `variables` and functions are known."""
        node, compiler = self.session.template(source)
        return compiler.evaluate(node, TemplateScope(self.session, source, variables, depth))

    def domain(self, name: str) -> Callable[[Sequence[Value]], Value] | None:
        """None: configurations have Terraform's functions only."""
        return None

    def warn(self, summary: str, detail: str, at: Range) -> None:
        """Reports what Terraform would refuse and evaluation goes on with."""
        self.session.report(Diagnostic("warning", summary, detail, at))

    def call_origin(self, name: str) -> Origin:
        """A new origin for one call of an impure function."""
        self.session.calls += 1
        count = self.session.calls
        return Origin(
            "function",
            f"{name}()" if count == 1 else f"{name}() ({count})",
            because=f"{name}() gives a new value each time",
        )


class TemplateScope:
    """A template file's names: the variables that templatefile() is given, and nothing else."""

    def __init__(
        self, session: Session, source: SourceFile, variables: dict[str, Value], depth: int
    ) -> None:
        self.context: Context = FunctionContext(session, depth)
        self.source = source
        self.variables = variables

    def whole(self, root: str) -> Value:
        """The value of a template variable."""
        if root not in self.variables:
            raise EvaluationError(
                "Invalid function argument",
                f'The template {self.source.path} uses "{root}", which it is not given.',
            )
        return self.variables[root]

    def builtin(self, root: str, name: str) -> Value:
        """Not known in templates."""
        return self.whole(root)

    def variable(self, name: str) -> Value:
        """Not known in templates."""
        return self.whole("var")

    def local(self, name: str) -> Value:
        """Not known in templates."""
        return self.whole("local")

    def module(self, name: str) -> Value:
        """Not known in templates."""
        return self.whole("module")

    def resource(self, mode: str, type_: str, name: str) -> Value:
        """Not known in templates."""
        return self.whole(type_)

    def place(self) -> SourceFile:
        """The template."""
        return self.source


@dataclass(eq=False)
class Session:
    """The shared state of one load."""

    root: Path
    files: Files
    options: LoadOptions
    reader: Reader
    diagnostics: dict[tuple[object, ...], Diagnostic] = field(default_factory=dict)
    not_here: list[str] = field(default_factory=list)
    deferred: set[str] = field(default_factory=set)  # data sources that an apply reads
    uncounted: list[str] = field(default_factory=list)
    unset_variables: list[str] = field(default_factory=list)
    cycles: list[tuple[str, Range | None]] = field(default_factory=list)
    given: dict[str, Given] = field(default_factory=dict)
    constraints: dict[Declaration, Constraint] = field(default_factory=dict)
    designated: dict[Module, frozenset[str]] = field(default_factory=dict)
    calls: int = 0
    _depth: int = 0
    _modules: dict[tuple[Path, str], Module] = field(default_factory=dict)
    _templates: dict[SourceFile, tuple[Expression, Compiler]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stand_ins = StandIns(self.options.stand_ins)
        self.context = FunctionContext(self)

    def module(self, directory: Path, label: str) -> Module:
        """The module in a directory; what is wrong with it is reported."""
        key = directory, label
        known = self._modules.get(key)
        if known is None:
            known = self._modules[key] = self.reader.module(directory, label)
            for diagnostic in known.diagnostics:
                self.report(diagnostic)
        return known

    @property
    def modules(self) -> list[Module]:
        """All modules read so far."""
        return list(self._modules.values())

    @cached_property
    def installed(self) -> dict[str, Path]:
        """Directories of downloaded modules by their dotted path."""
        return self.reader.installed(self.root)

    # ---- expressions --------------------------------------------------------------------------

    def evaluate(self, placed: Placed, scope: Scope) -> Value:
        """The value of an expression; EvaluationError when it has none."""
        compiler = self.reader.memory.compiler(placed.source)
        if self._depth >= MAXIMUM_DEPTH:
            raise BeyondLimit(f"its references lead more than {MAXIMUM_DEPTH} levels deep")
        self._depth += 1
        try:
            return compiler.evaluate(placed.node, scope)
        except RecursionError:
            raise BeyondLimit("its references lead too deep") from None
        finally:
            self._depth -= 1

    def attempt(self, placed: Placed, scope: Scope) -> Value:
        """The value of an expression; unknown, and reported, when it has none."""
        try:
            return self.evaluate(placed, scope)
        except EvaluationError as error:
            return self.failed(error, placed.range)

    def failed(self, error: EvaluationError, at: Range) -> Unknown:
        """Reports an error; the unknown that stands for the value."""
        place = error.range or at
        if not isinstance(error, Reported):
            severity: Literal["error"] = "error"
            detail = f"{error.detail}{self._hint(error, place)}"
            self.report(Diagnostic(severity, error.summary, detail, place))
        kind = "not declared" if isinstance(error, StaticError) else "in error"
        because = f"the expression at {place} is {kind}: {error.summary.lower()}"
        return Unknown(origins=(Origin("error", str(place), because=because, range=place),))

    def _hint(self, error: EvaluationError, at: Range) -> str:
        """What settles an error that comes from checking another workspace than is meant."""
        if error.summary != "Invalid index" or self.options.workspace != "default":
            return ""
        if "terraform.workspace" not in at.source.text[at.start : at.end]:
            return ""
        return ' terraform.workspace is "default" here; --workspace gives the one that is meant.'

    def template(self, source: SourceFile) -> tuple[Expression, Compiler]:
        """A parsed template file; EvaluationError when it has syntax errors."""
        known = self._templates.get(source)
        if known is None:
            node, diagnostics = parse_template(source)
            for diagnostic in diagnostics:
                if diagnostic.severity == "error":
                    raise EvaluationError(
                        "Invalid template",
                        f"{diagnostic.summary}: {diagnostic.detail}",
                        diagnostic.range,
                    )
            known = self._templates[source] = node, Compiler(source, "template")
        return known

    # ---- diagnostics --------------------------------------------------------------------------

    def report(self, diagnostic: Diagnostic) -> None:
        """Keeps a diagnostic, each once."""
        place = diagnostic.range
        where = (place.path, place.start) if place else ()
        self.diagnostics.setdefault((diagnostic.summary, diagnostic.detail, *where), diagnostic)

    def error(self, summary: str, detail: str, at: Range | None) -> None:
        """Reports an error."""
        self.report(Diagnostic("error", summary, detail, at))

    def schema_trouble(self, summary: str, detail: str, at: Range) -> None:
        """Reports what the provider's schema forbids."""
        severity: Literal["error", "warning"] = "error" if self.options.plan_only else "warning"
        self.report(Diagnostic(severity, summary, detail, at))
