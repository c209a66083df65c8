"""The JSON of Semgrep and OpenGrep, with what they could not parse and did not scan."""

import msgspec

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.formats.sarif import UNJUSTIFIED, Rule, cwes_in
from standfast.evidence.wording.places import place
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination, Finding, sha256

FORMAT = Format(
    name="semgrep-json",
    title="Semgrep JSON",
    produced_with={"any": "semgrep scan --json --time --output semgrep.json"},
)
_NOT_LOOKED_AT = frozenset({"analysis_failed_parser_or_internal_error", "exceeded_size_limit", "too_big", "minified"})


class _Spot(msgspec.Struct, frozen=True, gc=False):
    line: int = 0
    col: int = 0


class _Metadata(msgspec.Struct, frozen=True, gc=False):
    cwe: str | list[str] | None = None


class _Extra(msgspec.Struct, frozen=True, gc=False):
    message: str = ""
    severity: str = ""
    fingerprint: str = ""
    is_ignored: bool | None = None
    metadata: _Metadata | None = None


class _Result(msgspec.Struct, frozen=True, gc=False):
    check_id: str
    path: str
    start: _Spot = _Spot()
    extra: _Extra = _Extra()


class _Failure(msgspec.Struct, frozen=True):
    message: str = ""
    level: str = "error"
    path: str | None = None


class _Skipped(msgspec.Struct, frozen=True):
    path: str = ""
    reason: str = ""


class _Paths(msgspec.Struct, frozen=True):
    scanned: list[str] | None = None
    skipped: list[_Skipped] | None = None


class _Rule(msgspec.Struct, frozen=True):
    id: str = ""


class _Time(msgspec.Struct, frozen=True):
    rules: list[str | _Rule] | None = None


class _Report(msgspec.Struct, frozen=True):
    results: list[_Result]
    errors: list[_Failure]
    paths: _Paths = _Paths()
    version: str | None = None
    time: _Time | None = None


def recognise(head: Head) -> bool:
    """Return whether this is Semgrep's report."""
    return head.shape == "object" and {"results", "errors", "paths"} <= head.keys


def read(data: bytes) -> Reading:
    """Return Semgrep's findings.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    report = decode_report(data, _Report, "a Semgrep report")
    body = CodeFindings.of(
        [_finding(result) for result in report.results],
        examination=_examination(report),
        engine="semgrep",
        scope="semgrep",
        rules=_rules(report),
        seen=tuple(Rule(rule, cwes) for rule, cwes in sorted(_known(report).items()) if cwes),
    )
    return Reading(body=body, tool="semgrep", version=report.version or "", problems=tuple(_problems(report)))


def _finding(result: _Result) -> Finding:
    extra = result.extra
    location = place(result.path, result.start.line, result.start.col)
    path = location.path if location else ""
    stable = extra.fingerprint not in ("", "requires login")
    return Finding(
        message=extra.message or result.check_id,
        location=location,
        rule=result.check_id,
        severity=severity_named(extra.severity),
        fingerprint=sha256(f"{result.check_id}\0{path}\0{extra.fingerprint}".encode("utf-8", "surrogatepass"))[7:23]
        if stable
        else "",
        suppressed=UNJUSTIFIED if extra.is_ignored else "",
    )


def _examination(report: _Report) -> Examination:
    skipped = [one for one in report.paths.skipped or () if one.reason in _NOT_LOOKED_AT]
    broken = {failure.path or failure.message for failure in report.errors}
    notes = tuple(sorted(f"{failure.path or 'a file'}: {failure.message:.200}" for failure in report.errors)[:1])
    examined = None if report.paths.scanned is None else len(report.paths.scanned)
    return Examination(unit="files", examined=examined, skipped=len(skipped), errors=len(broken), notes=notes)


def _problems(report: _Report) -> list[str]:
    return [
        f"the tool reports an error of its own: {failure.message:.200}"
        for failure in report.errors
        if failure.level == "error" and failure.path is None
    ]


def _rules(report: _Report) -> tuple[Rule, ...] | None:
    # Only `--time` lists the rules that ran. A rule's CWE numbers are in its results alone.
    if report.time is None or report.time.rules is None:
        return None
    known = _known(report)
    ids = sorted({rule if isinstance(rule, str) else rule.id for rule in report.time.rules})
    return tuple(Rule(rule, known.get(rule, ())) for rule in ids)


def _known(report: _Report) -> dict[str, tuple[int, ...]]:
    return {result.check_id: _cwes(result.extra.metadata.cwe) for result in report.results if result.extra.metadata}


def _cwes(tags: str | list[str] | None) -> tuple[int, ...]:
    listed = [tags] if isinstance(tags, str) else tags or []
    return tuple(sorted({cwe for tag in listed for cwe in cwes_in(tag)}))
