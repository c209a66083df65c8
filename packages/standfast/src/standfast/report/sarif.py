"""SARIF 2.1.0: controls are rules, findings are results, waived findings are suppressed results.

The level says what a result does to its gate: ``error`` closes it. SARIF has the kind ``open`` for what could not be
decided, but its level must then be ``none``, and whoever looks at levels only would see green; so undecided controls
are errors too. Split into runs of at most 25,000 results, at most 20 of them: consumers refuse or cut larger files.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from standfast.model import ControlResult, Enforcement, Finding, Location, Outcome, Severity, Status, Verdict
from standfast.report.parts.array import JsonArray
from standfast.report.parts.order import closed_without_reason, is_closing, is_watched, ordered
from standfast.report.parts.reason import causes, total, waiver_facts
from standfast.report.parts.text import clean, plural
from standfast.report.parts.uri import relative

FORMAT = "sarif"
SUFFIX = ".sarif"

RESULTS_PER_RUN = 25_000
RUNS = 20

SETTINGS_FILE = "standfast.toml"
"""Where a result without a place of its own is shown: the file that says what is gated."""

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_FINGERPRINT = "standfast/v1"

_LEVEL_OF_ENFORCEMENT = {
    Enforcement.BLOCK: "error",
    Enforcement.WARN: "warning",
    Enforcement.SCORE: "note",
    Enforcement.DRAFT: "note",
}

Json = dict[str, Any]


class _Camel(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, gc=False):
    """A part of a SARIF result; there may be hundreds of thousands, none of which refers to itself."""


class _Text(_Camel, frozen=True):
    text: str


class _Region(_Camel, frozen=True):
    start_line: int
    start_column: int | None = None


class _ArtifactLocation(msgspec.Struct, frozen=True, rename="camel", gc=False):
    uri: str
    uri_base_id: str = "%SRCROOT%"


class _PhysicalLocation(_Camel, frozen=True):
    artifact_location: _ArtifactLocation
    region: _Region | None = None


class _Place(_Camel, frozen=True):
    physical_location: _PhysicalLocation


class _Suppression(msgspec.Struct, frozen=True, gc=False):
    justification: str
    kind: str = "external"
    status: str = "accepted"


class _Result(_Camel, frozen=True, kw_only=True):
    rule_id: str
    rule_index: int
    level: str
    message: _Text
    locations: tuple[_Place, ...]
    fingerprints: dict[str, str]
    suppressions: tuple[_Suppression, ...] | None = None
    properties: dict[str, str] | None = None


_SETTINGS_PLACE = (_Place(_PhysicalLocation(_ArtifactLocation(SETTINGS_FILE), _Region(1))),)
_SEVERITY_PROPERTIES = {severity: {"severity": severity.value} for severity in Severity}


def render(verdict: Verdict) -> bytes:
    """Return one SARIF log; what did not fit is counted in a notification."""
    gates = closed_without_reason(verdict)
    results = ordered(verdict.results)
    reported = [result for result in results if _is_reported(result)]
    rules = [*(_gate_rule(gate) for gate, _ in gates), *(_rule(result) for result in results)]
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    parts = _Parts()
    for row in _results(gates, reported, index):
        parts.add(row)
    notes = [*_notifications(reported), *parts.notes()]
    return b"".join(_written(verdict, rules, notes, parts))


def _written(verdict: Verdict, rules: list[Json], notes: list[Json], parts: "_Parts") -> Iterator[bytes | bytearray]:
    """Yield the log in pieces; the results, by far the most of it, as they are."""
    yield b'{"$schema":"' + _SCHEMA.encode() + b'","version":"2.1.0","runs":['
    for number, part in enumerate(parts.parts):
        head = msgspec.json.encode(_run(verdict, rules, number, notes if number == 0 else []))
        yield (b"," if number else b"") + head.removesuffix(b"}") + b',"results":'
        yield part.closed()
        yield b"}"
    yield b"]}"


class _Parts:
    """The results, in parts of the size of a run; counted beyond what may be kept."""

    def __init__(self) -> None:
        self.count = 0
        self.parts = [JsonArray()]

    def add(self, row: _Result) -> None:
        """Write one result, into the next part where this one is full."""
        if self.count < RESULTS_PER_RUN * RUNS:
            if self.parts[-1].count == RESULTS_PER_RUN:
                self.parts.append(JsonArray())
            self.parts[-1].add(row)
        self.count += 1

    def notes(self) -> Iterator[Json]:
        """Yield what must be said about the split."""
        if len(self.parts) > 1:
            yield _note("note", f"{self.count:,} results are split into {len(self.parts)} runs of {RESULTS_PER_RUN:,}")
        left = self.count - RESULTS_PER_RUN * RUNS
        if left > 0:
            yield _note("error", f"{left:,} of {self.count:,} results are left out: consumers take at most {RUNS} runs")


def _is_reported(result: ControlResult) -> bool:
    return result.status not in (Status.PASS, Status.NOTAPPLICABLE) or is_watched(result)


def _run(verdict: Verdict, rules: list[Json], number: int, notes: list[Json]) -> Json:
    moment = f"{verdict.decided_at:%Y-%m-%dT%H:%M:%SZ}"
    return {
        "tool": {
            "driver": {
                "name": "Standfast",
                "version": verdict.engine,
                "semanticVersion": verdict.engine,
                "rules": rules,
            }
        },
        "automationDetails": {"id": "standfast/" if number == 0 else f"standfast/part-{number + 1}/"},
        "invocations": [
            {
                "executionSuccessful": verdict.exit_code in (0, 1),
                "exitCode": verdict.exit_code,
                "endTimeUtc": moment,
                "toolExecutionNotifications": notes,
            }
        ],
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "the root of the repository"}}},
        "columnKind": "unicodeCodePoints",
        "properties": {
            "status": verdict.status,
            "standard": f"{verdict.standard} {verdict.standard_version}",
            "subject": verdict.subject,
            "gates": {gate.gate: gate.status for gate in verdict.gates},
        },
    }


def _rule(result: ControlResult) -> Json:
    clauses = "\n".join(f"{clause.id}: {clause.text}" for clause in result.clauses)
    help_text = f"{result.remediation}\n\n{clauses}\n\nstandfast explain {result.control}"
    return {
        "id": result.control,
        "shortDescription": {"text": clean(result.title)},
        "fullDescription": {"text": clean(result.why or result.title)},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": _LEVEL_OF_ENFORCEMENT[result.enforcement]},
        "properties": {
            "tags": list(dict.fromkeys(result.gates))[:20],
            "clauses": [clause.id for clause in result.clauses],
            "effort": result.effort,
            "mappings": result.mappings,
        },
    }


def _gate_rule(gate: str) -> Json:
    return {
        "id": f"gate/{gate}",
        "shortDescription": {"text": f"Gate {gate} opens"},
        "defaultConfiguration": {"level": "error"},
    }


def _results(
    gates: tuple[tuple[str, str], ...], reported: list[ControlResult], index: dict[str, int]
) -> Iterator[_Result]:
    for gate, sentence in gates:
        rule = f"gate/{gate}"
        yield _Result(
            rule_id=rule,
            rule_index=index[rule],
            level="error",
            message=_Text(_message(sentence)),
            locations=_SETTINGS_PLACE,
            fingerprints={_FINGERPRINT: rule},
        )
    for result in reported:
        number = index[result.control]
        level = _level(result)
        suppressions = _suppressions(result)
        if not result.findings and (is_closing(result) or not result.waived):
            yield _Result(
                rule_id=result.control,
                rule_index=number,
                level=level,
                message=_Text(_message(f"{result.outcome}: {'; '.join(causes(result))}")),
                locations=_SETTINGS_PLACE,
                fingerprints={_FINGERPRINT: f"{result.control}/{result.outcome}"},
                suppressions=suppressions,
            )
        for finding in result.findings:
            yield _result(result.control, number, level, finding, None)
        for finding in result.waived:
            yield _result(result.control, number, "note", finding, suppressions)


def _result(
    control: str, number: int, level: str, finding: Finding, suppressions: tuple[_Suppression, ...] | None
) -> _Result:
    message = f"{finding.rule}: {finding.message}" if finding.rule else finding.message
    severity = finding.severity
    return _Result(
        rule_id=control,
        rule_index=number,
        level=level,
        message=_Text(_message(message)),
        locations=_SETTINGS_PLACE if finding.location is None else (_place(finding.location),),
        fingerprints={_FINGERPRINT: finding.identified(control)},
        suppressions=suppressions,
        properties=None if severity is None else _SEVERITY_PROPERTIES[severity],
    )


def _place(location: Location) -> _Place:
    region = None
    if location.line > 0:
        region = _Region(location.line, location.column if location.column > 0 else None)
    return _Place(_PhysicalLocation(_ArtifactLocation(relative(location.path)), region))


def _level(result: ControlResult) -> str:
    """Return what the result does to its gate: an error closes it, a warning and a note do not."""
    if is_closing(result):
        return "error"
    return "warning" if result.status is Status.WARN else "note"


def _suppressions(result: ControlResult) -> tuple[_Suppression, ...] | None:
    applied = [(use, waiver_facts(use)) for use in result.waivers if use.applied]
    used = [f"{use.id}{f' ({told})' if told else ''}: {use.why}" for use, told in applied]
    if not used and not result.waived and result.status is not Status.WAIVED:
        return None
    return (_Suppression(justification=clean("; ".join(used)) or "waived"),)


def _message(text: str) -> str:
    text = clean(text) or "not met"
    # SARIF reads [text](target) in a plain message as a link; brackets of a stranger's text are escaped.
    return text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _notifications(reported: list[ControlResult]) -> Iterator[Json]:
    for result in reported:
        unlisted = total(result) - len(result.findings)
        if unlisted:
            yield _note(
                "warning", f"{result.control}: {plural(total(result), 'finding')}, {unlisted:,} of them not listed"
            )
        if is_closing(result) and result.outcome in (Outcome.UNKNOWN, Outcome.ERROR):
            yield _note("error", f"{result.control} is {result.outcome}: {'; '.join(causes(result))}")


def _note(level: str, text: str) -> Json:
    return {"level": level, "message": {"text": _message(text)}}
