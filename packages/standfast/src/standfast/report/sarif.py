"""SARIF 2.1.0: controls are rules, findings are results, waived findings are suppressed results.

Split into runs of at most 25,000 results, at most 20 of them: larger files are refused or cut by consumers.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from standfast.model import ControlResult, Enforcement, Finding, Outcome, Severity, Status, Verdict
from standfast.report.parts.order import closed_without_reason, is_closing, is_watched
from standfast.report.parts.reason import causes, total
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
_ROOT = "%SRCROOT%"

_LEVEL_OF_SEVERITY = {
    None: "error",
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.UNKNOWN: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_LEVEL_OF_ENFORCEMENT = {
    Enforcement.BLOCK: "error",
    Enforcement.WARN: "warning",
    Enforcement.SCORE: "note",
    Enforcement.DRAFT: "note",
}

Json = dict[str, Any]


def render(verdict: Verdict) -> bytes:
    """Return one SARIF log; what did not fit is counted in a notification."""
    reported = [result for result in verdict.results if _is_reported(result)]
    gates = closed_without_reason(verdict)
    rules = [_rule(result) for result in reported] + [_gate_rule(gate) for gate, _ in gates]
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    results = list(_results(verdict, reported, index))
    capacity = RESULTS_PER_RUN * RUNS
    parts = [
        results[start : start + RESULTS_PER_RUN] for start in range(0, min(len(results), capacity), RESULTS_PER_RUN)
    ]
    notes = [*_notifications(reported), *_split_notes(len(results), len(parts))]
    runs = [
        _run(verdict, part, rules, number, notes if number == 0 else []) for number, part in enumerate(parts or [[]])
    ]
    return msgspec.json.encode({"$schema": _SCHEMA, "version": "2.1.0", "runs": runs})


def _is_reported(result: ControlResult) -> bool:
    return result.status not in (Status.PASS, Status.NOTAPPLICABLE) or is_watched(result)


def _run(verdict: Verdict, results: list[Json], rules: list[Json], number: int, notes: list[Json]) -> Json:
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
        "originalUriBaseIds": {_ROOT: {"description": {"text": "the root of the repository"}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
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


def _results(verdict: Verdict, reported: list[ControlResult], index: dict[str, int]) -> Iterator[Json]:
    for result in reported:
        number = index[result.control]
        if result.outcome in (Outcome.UNKNOWN, Outcome.ERROR):
            yield _open(result, number)
        elif not result.findings and not result.waived and (is_closing(result) or is_watched(result)):
            yield _at(SETTINGS_FILE, result.control, number, _level(result, None), "; ".join(causes(result)))
        for finding in result.findings:
            yield _result(result, number, finding)
        if result.waived:
            suppressions = [{"kind": "external", "status": "accepted", "justification": _justification(result)}]
            for finding in result.waived:
                row = _result(result, number, finding)
                row["suppressions"] = suppressions
                yield row
    for gate, sentence in closed_without_reason(verdict):
        rule = f"gate/{gate}"
        yield _at(SETTINGS_FILE, rule, index[rule], "error", sentence)


def _result(result: ControlResult, number: int, finding: Finding) -> Json:
    message = f"{finding.rule}: {finding.message}" if finding.rule else finding.message
    row = _at("", result.control, number, _level(result, finding.severity), message)
    row["fingerprints"] = {_FINGERPRINT: finding.identified(result.control)}
    location = finding.location
    if location is None:
        row["locations"] = [_SETTINGS_PLACE]
        return row
    place: Json = {"artifactLocation": {"uri": relative(location.path), "uriBaseId": _ROOT}}
    if location.line > 0:
        region = {"startLine": location.line}
        if location.column > 0:
            region["startColumn"] = location.column
        place["region"] = region
    row["locations"] = [{"physicalLocation": place}]
    return row


_SETTINGS_PLACE: Json = {
    "physicalLocation": {
        "artifactLocation": {"uri": SETTINGS_FILE, "uriBaseId": _ROOT},
        "region": {"startLine": 1},
    }
}


def _at(path: str, rule: str, number: int, level: str, message: str) -> Json:
    return {
        "ruleId": rule,
        "ruleIndex": number,
        "level": level,
        "message": {"text": _message(message)},
        "locations": [_SETTINGS_PLACE],
    }


def _open(result: ControlResult, number: int) -> Json:
    row = _at(SETTINGS_FILE, result.control, number, "none", "; ".join(causes(result)) or "not decided")
    row["kind"] = "open"
    row["fingerprints"] = {_FINGERPRINT: f"{result.control}/{result.outcome}"}
    if result.status is Status.WAIVED:
        row["suppressions"] = [{"kind": "external", "status": "accepted", "justification": _justification(result)}]
    return row


def _message(text: str) -> str:
    text = clean(text) or "not met"
    # SARIF reads [text](target) in a plain message as a link; brackets of a stranger's text are escaped.
    return text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _level(result: ControlResult, severity: Severity | None) -> str:
    if is_watched(result):
        return "note"
    if result.status is Status.WARN:
        return "warning"
    return _LEVEL_OF_SEVERITY[severity]


def _justification(result: ControlResult) -> str:
    used = [f"{use.id}: {use.why}" for use in result.waivers if use.applied]
    return clean("; ".join(used)) or "waived"


def _notifications(reported: list[ControlResult]) -> Iterator[Json]:
    for result in reported:
        unlisted = total(result) - len(result.findings)
        if unlisted:
            yield _note(
                "warning", f"{result.control}: {plural(total(result), 'finding')}, {unlisted:,} of them not listed"
            )
        if is_closing(result) and result.outcome in (Outcome.UNKNOWN, Outcome.ERROR):
            yield _note("error", f"{result.control} is {result.outcome}: {'; '.join(causes(result))}")


def _split_notes(count: int, parts: int) -> Iterator[Json]:
    if parts > 1:
        yield _note("note", f"{count:,} results are split into {parts} runs of at most {RESULTS_PER_RUN:,}")
    left = count - RESULTS_PER_RUN * RUNS
    if left > 0:
        yield _note("error", f"{left:,} of {count:,} results are left out: consumers take at most {RUNS} runs")


def _note(level: str, text: str) -> Json:
    return {"level": level, "message": {"text": _message(text)}}
