"""SARIF 2.1.0 for code scanning on GitHub, built with sarif-om's classes.

sarif-om serializes without levels and calls a suppression's status its state, so the log is
written by `serialized` here. What GitHub reads and its limits: "SARIF support for code scanning"
in GitHub's documentation.
"""

from __future__ import annotations

import posixpath
from urllib.parse import quote

import sarif_om

from fglint import __version__
from fglint.diagnostic import Diagnostic
from fglint.finding import Related, Report, RootReport, Suppression
from fglint.report.descriptors import Descriptor, descriptors, help_markdown, help_text
from fglint.report.fingerprints import line_hashes
from fglint.report.json import dump
from fglint.report.options import Options
from fglint.report.results import Result, diagnostic_text, results
from fglint.report.selection import all_diagnostics, shown, suppression_text
from fglint.report.text import one_line
from fglint.source import Range, SourceFile

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
INFORMATION_URI = f"pkg:generic/fglint@{__version__}"  # a page's address, once there is one
_MOST_RELATED = 100
_ROOT = "%SRCROOT%"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def render(report: Report, options: Options) -> str:
    """One run with all rules, also where nothing was found: that closes old alerts."""
    log = sarif_om.SarifLog(version="2.1.0", schema_uri=SCHEMA, runs=[_Run(report, options).run()])
    return dump(serialized(log))


class _Run:
    """Builds the run of one report."""

    def __init__(self, report: Report, options: Options) -> None:
        self.report = report
        self.options = options
        self.hashes: dict[str, list[str]] = {}

    def run(self) -> sarif_om.Run:
        """The run."""
        findings = [f for root in self.report.roots for f in shown(root, self.options)]
        known = descriptors(self.report, findings)
        rules = {descriptor.rule.name: descriptor.rule for descriptor in known.values()}
        order = {id_: index for index, id_ in enumerate(known)}
        return sarif_om.Run(
            tool=sarif_om.Tool(
                driver=sarif_om.ToolComponent(
                    name="fglint",
                    full_name="fglint: policy and lint checks for ECS and Fargate in Terraform",
                    version=__version__,
                    semantic_version=__version__,
                    information_uri=INFORMATION_URI,
                    rules=[_descriptor(descriptor) for descriptor in known.values()],
                )
            ),
            automation_details=sarif_om.RunAutomationDetails(id=self.category()),
            column_kind="unicodeCodePoints",
            invocations=[self.invocation()],
            original_uri_base_ids={
                _ROOT: sarif_om.ArtifactLocation(
                    description=sarif_om.Message(text="The root of the repository.")
                )
            },
            results=[
                self.result(result, order[result.rule])
                for result in results(self.report, findings, rules, self.options)
            ],
        )

    def category(self) -> str:
        """Tells the uploads of several root modules apart: "fglint/infra/prod/"."""
        paths = [self.options.repository_path(root.path) for root in self.report.roots]
        common = posixpath.commonpath(paths) if paths else "."
        parts = [part for part in common.split("/") if part not in ("", ".", "..")]
        return "/".join(["fglint", *parts, ""])

    def invocation(self) -> sarif_om.Invocation:
        """Whether all was read, and what was not."""
        diagnostics = list(all_diagnostics(self.report))
        notifications = [self.notification(root, diagnostic) for root, diagnostic in diagnostics]
        return sarif_om.Invocation(
            execution_successful=all(d.severity != "error" for _, d in diagnostics),
            tool_execution_notifications=notifications or None,
        )

    def notification(
        self, root: RootReport | None, diagnostic: Diagnostic
    ) -> sarif_om.Notification:
        """A diagnostic."""
        text, place = diagnostic_text(diagnostic), diagnostic.range
        if place is None and root is not None:
            text = f"{one_line(root.path)}: {text}"
        return sarif_om.Notification(
            level=_LEVELS[diagnostic.severity],
            message=sarif_om.Message(text=text),
            locations=[self.location(place)] if place else None,
        )

    def result(self, result: Result, index: int) -> sarif_om.Result:
        """One result; its message links to the related places."""
        related = result.related[:_MOST_RELATED]
        location = self.location(result.range)
        if result.address:
            location.logical_locations = [
                sarif_om.LogicalLocation(fully_qualified_name=result.address, kind="resource")
            ]
        fingerprints = {"primaryLocationLineHash": self.line_hash(result.range)}
        if result.fingerprint:
            fingerprints["fglint/v1"] = result.fingerprint
        return sarif_om.Result(
            rule_id=result.rule,
            rule_index=index,
            level=result.level,
            message=sarif_om.Message(text=_message(result.messages, related)),
            locations=[location],
            partial_fingerprints=fingerprints,
            related_locations=[
                self.location(place.range, place.message, number)
                for number, place in enumerate(related, 1)
            ]
            or None,
            code_flows=[self.code_flow(flow) for flow in result.flows] or None,
            suppressions=[_suppression(result.suppression)] if result.suppression else None,
            fixes=[self.fix(result)] if result.edits else None,
        )

    def fix(self, result: Result) -> sarif_om.Fix:
        """The edits of a safe fix, file by file."""
        replacements: dict[str, list[sarif_om.Replacement]] = {}
        for edit in result.edits:
            replacement = sarif_om.Replacement(
                deleted_region=_region(edit.range),
                inserted_content=sarif_om.ArtifactContent(text=edit.text) if edit.text else None,
            )
            replacements.setdefault(self.uri(edit.range.source), []).append(replacement)
        return sarif_om.Fix(
            description=sarif_om.Message(text=f"Fix {result.rule}, as fglint check --fix does."),
            artifact_changes=[
                sarif_om.ArtifactChange(
                    artifact_location=sarif_om.ArtifactLocation(uri=uri, uri_base_id=_ROOT),
                    replacements=of_file,
                )
                for uri, of_file in replacements.items()
            ],
        )

    def code_flow(self, flow: tuple[Related, ...]) -> sarif_om.CodeFlow:
        """A path through the configuration, step by step."""
        steps = [
            sarif_om.ThreadFlowLocation(location=self.location(step.range, step.message))
            for step in flow
        ]
        return sarif_om.CodeFlow(thread_flows=[sarif_om.ThreadFlow(locations=steps)])

    def location(self, place: Range, message: str = "", number: int = -1) -> sarif_om.Location:
        """A place, its path as seen from the repository's root."""
        return sarif_om.Location(
            id=number,
            message=sarif_om.Message(text=one_line(message)) if message else None,
            physical_location=sarif_om.PhysicalLocation(
                artifact_location=sarif_om.ArtifactLocation(
                    uri=self.uri(place.source), uri_base_id=_ROOT
                ),
                region=_region(place),
            ),
        )

    def uri(self, source: SourceFile) -> str:
        """The path, percent-encoded."""
        path = self.options.repository_path(source.path)
        return quote(path.encode("utf-8", errors="replace"), safe="/!$&'()*+,;=@~")

    def line_hash(self, place: Range) -> str:
        """GitHub's hash of the place's first line."""
        hashes = self.hashes.get(place.path)
        if hashes is None:
            hashes = self.hashes[place.path] = line_hashes(place.source.text)
        return hashes[min(place.begin.line, len(hashes)) - 1]


def _region(place: Range) -> sarif_om.Region:
    begin, finish = place.begin, place.finish
    return sarif_om.Region(
        start_line=begin.line,
        start_column=begin.column,
        end_line=finish.line,
        end_column=finish.column,
    )


def _message(messages: tuple[str, ...], related: tuple[Related, ...]) -> str:
    # "[a](1)" is a link in SARIF, wherever it comes from: what is none must not look like one.
    paragraphs = [message.replace("](", "] (") for message in messages]
    links = [
        f"[{_link_text(one_line(place.message))}]({number})"
        for number, place in enumerate(related, 1)
        if place.message
    ]
    if links:
        paragraphs.append(f"See: {', '.join(links)}.")
    return "\n\n".join(paragraphs)


def _link_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _suppression(suppression: Suppression) -> sarif_om.Suppression:
    return sarif_om.Suppression(
        kind="inSource" if suppression.kind == "comment" else "external",
        state="accepted",
        justification=suppression_text(suppression),
    )


def _descriptor(descriptor: Descriptor) -> sarif_om.ReportingDescriptor:
    rule = descriptor.rule
    return sarif_om.ReportingDescriptor(
        id=descriptor.id,
        name=descriptor.name,
        short_description=sarif_om.MultiformatMessageString(text=descriptor.short),
        full_description=sarif_om.MultiformatMessageString(text=descriptor.full),
        help=sarif_om.MultiformatMessageString(text=help_text(rule), markdown=help_markdown(rule)),
        help_uri=rule.references[0] if rule.references else None,
        default_configuration=sarif_om.ReportingConfiguration(level=descriptor.level),
        properties=descriptor.properties,
    )


def serialized(value: object) -> object:
    """A SARIF object as plain data: what is absent or at its default left out, levels kept."""
    if isinstance(value, dict):
        return {key: serialized(item) for key, item in value.items()}
    if isinstance(value, list):
        return [serialized(item) for item in value]
    fields = getattr(type(value), "__attrs_attrs__", None)
    if fields is None:
        return value
    plain: dict[str, object] = {}
    for field in fields:
        item = getattr(value, field.name)
        if item is None or (item == field.default and field.name != "level"):
            continue
        name = field.metadata["schema_property_name"]
        if isinstance(value, sarif_om.Suppression) and name == "state":
            name = "status"
        plain[name] = serialized(item)
    return plain
