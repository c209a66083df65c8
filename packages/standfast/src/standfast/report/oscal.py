"""OSCAL assessment results (JSON): clauses are what is assessed, our controls are the tests that observed them.

A clause is satisfied only if every control that serves it lets its gate open. Ids are UUIDs of version 5 over the
digest of the verdict, so the same verdict gives the same document.
"""

import hashlib
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec

from standfast.model import ClauseQuote, ControlResult, Finding, Outcome, Status, Verdict
from standfast.report.parts import markup
from standfast.report.parts.intoto import verdict_digest
from standfast.report.parts.order import closed_without_reason, is_closing
from standfast.report.parts.reason import causes, evidence_words, sentence, total, waiver_words
from standfast.report.parts.text import about, clean, cut

FORMAT = "oscal"
SUFFIX = ".oscal.json"

OSCAL_VERSION = "1.1.3"
LISTED = 20
"""So many offending items are written into one observation; the count beside them is exact."""

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "pkg:pypi/standfast")
_VARIANTS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_NS = "https://standfast.invalid/ns/oscal"
"""The namespace of our properties: a name, not an address."""

Json = dict[str, Any]


def render(verdict: Verdict) -> bytes:
    """Return one assessment-results document with one result."""
    ids = _Ids(verdict_digest(verdict))
    moment = _time(verdict)
    document = {
        "assessment-results": {
            "uuid": ids("document"),
            "metadata": {
                "title": f"Verdict on {_line(about(verdict.subject))}",
                "last-modified": moment,
                "version": ids.digest,
                "oscal-version": OSCAL_VERSION,
                "props": list(_props({"engine": verdict.engine, "standard": _standard(verdict)})),
            },
            "import-ap": {"href": f"#{ids('standard')}"},
            "results": [_result(verdict, ids)],
            "back-matter": {"resources": list(_resources(verdict, ids))},
        }
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


class _Ids:
    """Ids that depend on the verdict and on what they name, and on nothing else."""

    def __init__(self, digest: str) -> None:
        self.digest = digest

    def __call__(self, *names: str) -> str:
        return _uuid5("\0".join((self.digest, *names)))


def _uuid5(name: str) -> str:
    """Return what `uuid.uuid5` makes of *name*, without an object for each: there are thousands."""
    digits = hashlib.sha1(_NAMESPACE.bytes + name.encode(), usedforsecurity=False).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{_VARIANTS[digits[16]]}{digits[17:20]}-{digits[20:32]}"


def _result(verdict: Verdict, ids: _Ids) -> Json:
    clauses = _clauses(verdict)
    moment = _time(verdict)
    found: Json = {
        "uuid": ids("result"),
        "title": f"{_standard(verdict)}: {verdict.status}",
        "description": f"Exit code {verdict.exit_code}. Every control of the standard that applies was decided.",
        "start": moment,
        "end": moment,
        "props": list(_props({"status": verdict.status, "exit-code": str(verdict.exit_code)}))
        + [prop for gate in verdict.gates for prop in _props({"gate": f"{gate.gate} {gate.status}"})],
        "reviewed-controls": {"control-selections": [_selection(clauses)]},
    }
    observations = [_observation(result, verdict, ids) for result in verdict.results]
    risks = [_risk(result, ids) for result in verdict.results if _is_risk(result)]
    findings = [*(_finding(clause, results, ids) for clause, results in clauses), *_gate_findings(verdict, ids)]
    for name, rows in (("observations", observations), ("risks", risks), ("findings", findings)):
        if rows:
            found[name] = rows
    return found


def _clauses(verdict: Verdict) -> list[tuple[ClauseQuote, list[ControlResult]]]:
    found: dict[str, tuple[ClauseQuote, list[ControlResult]]] = {}
    for result in verdict.results:
        for clause in result.clauses:
            found.setdefault(clause.id, (clause, []))[1].append(result)
    return [found[clause_id] for clause_id in sorted(found)]


def _selection(clauses: list[tuple[ClauseQuote, list[ControlResult]]]) -> Json:
    if not clauses:
        return {"include-all": {}}
    return {"include-controls": [{"control-id": _token(clause.id)} for clause, _ in clauses]}


def _observation(result: ControlResult, verdict: Verdict, ids: _Ids) -> Json:
    evidence = [
        {
            "href": f"#{ids('evidence', use.digest)}",
            "description": markup.text(evidence_words(use)),
        }
        for use in result.evidence
    ]
    collected = max((use.produced_at for use in result.evidence), default=verdict.decided_at)
    row: Json = {
        "uuid": ids("observation", result.control),
        "title": _line(result.title),
        "description": "\n".join(_observed(result)),
        "props": list(
            _props(
                {
                    "control": result.control,
                    "outcome": result.outcome,
                    "status": result.status,
                    "enforcement": result.enforcement,
                    "findings": str(total(result)),
                }
            )
        ),
        "methods": ["TEST"],
        "types": ["control-objective"],
        "collected": f"{collected:%Y-%m-%dT%H:%M:%SZ}",
    }
    if evidence:
        row["relevant-evidence"] = evidence
    return row


def _observed(result: ControlResult) -> Iterator[str]:
    yield f"{result.control}: {result.outcome}."
    for cause in causes(result):
        yield f"\n{markup.text(cause)}"
    yield from _listed(result.findings, total(result))


def _listed(findings: tuple[Finding, ...], count: int) -> Iterator[str]:
    for finding in findings[:LISTED]:
        yield f"\n- {markup.text(sentence(finding))}"
    rest = count - min(len(findings), LISTED)
    if rest:
        yield f"\n- and {rest} more"


def _is_risk(result: ControlResult) -> bool:
    return result.status in (Status.FAIL, Status.ERROR, Status.UNKNOWN, Status.WARN, Status.WAIVED)


def _risk(result: ControlResult, ids: _Ids) -> Json:
    waived = result.status is Status.WAIVED
    described = "; ".join(waiver_words(use) for use in result.waivers if use.applied) if waived else _causes(result)
    row: Json = {
        "uuid": ids("risk", result.control),
        "title": _line(result.title),
        "description": markup.text(described or result.title),
        "statement": markup.text(result.why or result.title),
        "status": "deviation-approved" if waived else "open",
        "related-observations": [{"observation-uuid": ids("observation", result.control)}],
    }
    if result.remediation:
        row["remediations"] = [
            {
                "uuid": ids("remediation", result.control),
                "lifecycle": "recommendation",
                "title": _line(f"Meet {result.control}"),
                "description": markup.text(result.remediation),
            }
        ]
    return row


def _finding(clause: ClauseQuote, results: list[ControlResult], ids: _Ids) -> Json:
    row: Json = {
        "uuid": ids("finding", clause.id),
        "title": _line(clause.id),
        "description": f"{markup.text(clause.text)}\n\n{markup.text(clause.source)}, line {clause.line}",
        "target": {
            "type": "objective-id",
            "target-id": _token(clause.id),
            "status": _state(results),
        },
        "related-observations": [{"observation-uuid": ids("observation", result.control)} for result in results],
    }
    risks = [{"risk-uuid": ids("risk", result.control)} for result in results if _is_risk(result)]
    if risks:
        row["related-risks"] = risks
    return row


def _state(results: list[ControlResult]) -> Json:
    if any(result.status is Status.FAIL for result in results):
        return {"state": "not-satisfied", "reason": "fail"}
    closing = [result for result in results if is_closing(result)]
    if closing:
        return {"state": "not-satisfied", "reason": "other", "remarks": f"{closing[0].control} is {closing[0].status}"}
    counted = [result for result in results if result.status is not Status.NOTAPPLICABLE]
    if counted:
        return {"state": "satisfied", "reason": "pass"}
    excluded = all(result.outcome is Outcome.NOTAPPLICABLE for result in results)
    remarks = "no control of it applies" if excluded else "its controls are watched but do not count yet"
    return {"state": "not-satisfied", "reason": "other", "remarks": remarks}


def _gate_findings(verdict: Verdict, ids: _Ids) -> Iterator[Json]:
    for gate, words in closed_without_reason(verdict):
        yield {
            "uuid": ids("gate", gate),
            "title": _line(f"gate {gate}"),
            "description": markup.text(words),
            "target": {
                "type": "objective-id",
                "target-id": _token(gate),
                "status": {"state": "not-satisfied", "reason": "other"},
            },
        }


def _resources(verdict: Verdict, ids: _Ids) -> Iterator[Json]:
    yield {
        "uuid": ids("standard"),
        "title": _line(_standard(verdict)),
        "description": "The standard that was assessed.",
        "props": list(_props({"digest": verdict.inputs.standard})),
    }
    seen: set[str] = set()
    for result in verdict.results:
        for use in result.evidence:
            if use.digest in seen:
                continue
            seen.add(use.digest)
            yield {
                "uuid": ids("evidence", use.digest),
                "title": _line(f"{use.kind} by {use.tool} {use.version}"),
                "description": "A statement of evidence, stored under its digest.",
                "props": list(_props({"digest": use.digest, "produced-at": f"{use.produced_at:%Y-%m-%dT%H:%M:%SZ}"})),
            }


def _props(values: dict[str, str]) -> Iterator[Json]:
    for name, value in values.items():
        shown = clean(value).strip()
        if shown:
            yield {"name": name, "ns": _NS, "value": shown}


def _causes(result: ControlResult) -> str:
    return "; ".join(causes(result))


def _line(words: str) -> str:
    return cut(markup.text(words).strip(), 400) or "untitled"


def _token(name: str) -> str:
    """Return *name* as an OSCAL token: letters, digits, dots, hyphens and underscores, not beginning with a digit."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_" for char in name)
    return plain if plain[:1].isalpha() or plain[:1] == "_" else f"_{plain}"


def _standard(verdict: Verdict) -> str:
    return f"{verdict.standard} {verdict.standard_version}"


def _time(verdict: Verdict) -> str:
    return f"{verdict.decided_at:%Y-%m-%dT%H:%M:%SZ}"
