"""Read SARIF 2.1.0: what each run found, whether it can be believed, and what it looked at.

"No results" proves something only where the run says that it happened, succeeded and looked at files. Every other
case (no run, null results, a failed invocation, an error notification, results kept in another file) is a problem of
the run, not a clean one.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

import msgspec

from standfast.evidence.formats.sarif_log import (
    Descriptor,
    Invocation,
    Log,
    Message,
    Notification,
    Result,
    Run,
    decoder,
)
from standfast.evidence.formats.sarif_paths import Paths
from standfast.evidence.wording.severity import severity_named, severity_scored
from standfast.model import EvidenceError, Examination, Finding, Location, Severity

UNJUSTIFIED = "(no justification given)"
"""Stands for the justification of an accepted suppression that has none."""

_VERSION = "2.1.0"
_NOT_FINDINGS = frozenset({"pass", "notApplicable", "informational"})
_UNDECIDED = frozenset({"open", "review"})
_EXTRACTED = "successfully-extracted-files"
_NO_RULE = Descriptor()


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule that the tool could have reported, and the weaknesses (CWE numbers) it looks for."""

    id: str
    cwes: tuple[int, ...] = ()


class SarifRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run, as far as it is evidence. ``levels`` are the SARIF levels of ``findings``, in the same order."""

    tool: str
    version: str
    findings: tuple[Finding, ...]
    levels: tuple[str, ...]
    rules: tuple[Rule, ...]
    examination: Examination
    problems: tuple[str, ...]
    revision: str | None
    produced_at: datetime | None


def read_runs(data: bytes) -> tuple[SarifRun, ...]:
    """Return each run of the log *data*.

    Raises:
        EvidenceError: The bytes are not a SARIF 2.1.0 log.
    """
    log = _decode(data)
    if log.version not in (None, _VERSION):
        raise EvidenceError(
            "sarif-version",
            f"found SARIF version {log.version!r:.40}, expected {_VERSION}",
            hint="set the tool's SARIF output to 2.1.0",
        )
    if log.runs is None:
        raise EvidenceError("sarif-runs", "the SARIF log has no list of runs", hint="it may be truncated")
    return tuple(_read_run(run) for run in log.runs)


def _decode(data: bytes) -> Log:
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise EvidenceError(
            "sarif-malformed", f"this is not a SARIF log: {error}", hint="it may be truncated; run the tool again"
        ) from error


def _read_run(run: Run) -> SarifRun:
    reader = _ResultReader(run)
    read = list(reader.read_all(run.results or []))
    driver = run.tool.driver
    return SarifRun(
        tool=driver.name,
        version=driver.semantic_version or driver.version or "",
        findings=tuple(finding for finding, _ in read),
        levels=tuple(level for _, level in read),
        rules=tuple(_rule(descriptor) for descriptor in reader.descriptors()),
        examination=_examination(run, reader.paths),
        problems=tuple(_problems(run)),
        revision=next((entry.revision_id for entry in run.version_control_provenance or () if entry.revision_id), None),
        produced_at=_ended_at(run),
    )


class _ResultReader:
    """Reads the results of one run with the rules of its tool."""

    def __init__(self, run: Run) -> None:
        self.paths = Paths(run)
        self._driver = run.tool.driver.rules or []
        self._extensions = [extension.rules or [] for extension in run.tool.extensions or ()]
        self._by_id = {rule.id: rule for rule in self.descriptors()}

    def descriptors(self) -> Iterator[Descriptor]:
        """Yield every rule that is not switched off."""
        for rules in (self._driver, *self._extensions):
            yield from (
                rule
                for rule in rules
                if rule.default_configuration is None or rule.default_configuration.enabled is not False
            )

    def read_all(self, results: list[Result]) -> Iterator[tuple[Finding, str]]:
        """Yield each finding with its level; *results* is empty afterwards, so that no large log is there twice."""
        results.reverse()
        while results:
            found = self.read(results.pop())
            if found is not None:
                yield found

    def read(self, result: Result) -> tuple[Finding, str] | None:
        """Return the finding and its level; None for a result that is not one."""
        if result.kind in _NOT_FINDINGS or result.baseline_state == "absent":
            return None
        rule = self._rule(result)
        rule_id = result.rule_id or (result.rule.id if result.rule else None) or rule.id
        level = result.level or (rule.default_configuration and rule.default_configuration.level) or "warning"
        if result.kind in _UNDECIDED:
            level = "undecided"
        location = self._location(result)
        return (
            Finding(
                message=_text(result.message, rule) or rule_id,
                location=location,
                rule=rule_id,
                severity=_severity(result, rule, level),
                fingerprint=_fingerprint(result, rule_id, location),
                suppressed=_accepted(result),
            ),
            level,
        )

    def _rule(self, result: Result) -> Descriptor:
        rules, index = self._driver, result.rule_index
        if result.rule is not None:
            index = result.rule.index if index is None else index
            component = result.rule.tool_component
            if component is not None and component.index is not None:
                rules = self._extensions[component.index] if 0 <= component.index < len(self._extensions) else []
        if index is not None and 0 <= index < len(rules):
            return rules[index]
        rule_id = result.rule_id or (result.rule.id if result.rule else None) or ""
        return self._by_id.get(rule_id) or self._by_id.get(rule_id.rpartition("/")[0]) or _NO_RULE

    def _location(self, result: Result) -> Location | None:
        physical = result.locations[0].physical_location if result.locations else None
        path = self.paths.of(physical.artifact_location) if physical else ""
        if physical is None or not path:
            return None
        region = physical.region
        if region is None:
            return Location(path)
        line, column = region.start_line, region.start_column
        return Location(path, line if line and line > 0 else 0, column if column and column > 0 else 0)


def _severity(result: Result, rule: Descriptor, level: str) -> Severity:
    if result.kind in _UNDECIDED:
        return Severity.UNKNOWN
    for properties in (result.properties, rule.properties):
        if properties is not None and properties.score is not None:
            return _scored(properties.score)
    if result.properties is not None and result.properties.severity is not None:
        return severity_named(result.properties.severity)
    return severity_named(level)


@lru_cache(maxsize=1024)
def _scored(score: str | float) -> Severity:
    try:
        return severity_scored(float(score))
    except ValueError:
        return Severity.UNKNOWN


def _text(message: Message | None, rule: Descriptor) -> str:
    if message is None:
        return rule.short_description.text or "" if rule.short_description else ""
    text = message.text or message.markdown
    if text is None and message.id is not None:
        template = (rule.message_strings or {}).get(message.id)
        text = (template.text if template else None) or message.id
    for index, argument in enumerate(message.arguments or ()):
        text = (text or "").replace(f"{{{index}}}", argument)
    return text or ""


def _fingerprint(result: Result, rule: str, location: Location | None) -> str:
    prints = result.fingerprints or result.partial_fingerprints
    if not prints:
        return ""
    key = "primaryLocationLineHash" if "primaryLocationLineHash" in prints else min(prints)
    path = location.path if location else ""
    return sha256(f"{rule}\0{path}\0{prints[key]}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _accepted(result: Result) -> str:
    # A suppression that is under review or was rejected leaves the result as it is.
    given = result.suppressions
    if not given or any(one.status not in (None, "accepted") for one in given):
        return ""
    return next(
        (one.justification.strip() for one in given if one.justification and one.justification.strip()), UNJUSTIFIED
    )


def _rule(descriptor: Descriptor) -> Rule:
    tags = (descriptor.properties.tags if descriptor.properties else None) or ()
    return Rule(descriptor.id, tuple(sorted({cwe for tag in tags for cwe in cwes_in(tag)})))


def cwes_in(tag: str) -> Iterator[int]:
    """Yield the number of each weakness that *tag* names, such as ``external/cwe/cwe-089`` or ``CWE-89: ...``."""
    _, found, rest = tag.lower().rpartition("cwe-")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    if found and digits and digits.isascii():
        yield int(digits[:6])


def _examination(run: Run, paths: Paths) -> Examination:
    extracted = set(_extracted(run, paths))
    if extracted:
        return Examination(unit="files", examined=len(extracted))
    if run.artifacts is None:
        return Examination(unit="files")
    targets = [artifact for artifact in run.artifacts if "analysisTarget" in (artifact.roles or ())]
    # A file that is listed twice was looked at once.
    places = [artifact.location for artifact in targets or run.artifacts]
    named = {paths.of(place) for place in places if place is not None}
    return Examination(unit="files", examined=len(named) + places.count(None))


def _extracted(run: Run, paths: Paths) -> Iterator[str]:
    """Yield the files that the tool notes as taken in, which CodeQL does with a notification for each."""
    for notification in _notifications(run):
        if notification.descriptor and (notification.descriptor.id or "").endswith(_EXTRACTED):
            for place in notification.locations or ():
                if place.physical_location:
                    yield paths.of(place.physical_location.artifact_location)


def _problems(run: Run) -> Iterator[str]:
    if run.results is None:
        yield "the run has no list of results: nothing was analysed"
    if run.external_property_file_references and run.external_property_file_references.results:
        yield "part of the results are in other files, which are not read"
    for invocation in run.invocations or ():
        yield from _failed(invocation)
    for notification in _notifications(run):
        if notification.level == "error":
            yield f"the tool reports an error of its own: {_shortened(notification.message)}"


def _failed(invocation: Invocation) -> Iterator[str]:
    if invocation.process_start_failure_message:
        yield f"the tool could not be started: {invocation.process_start_failure_message:.200}"
    elif invocation.execution_successful is False:
        yield f"the run says that it failed{_status(invocation)}"
    elif invocation.exit_signal_name or (invocation.execution_successful is None and (invocation.exit_code or 0) > 1):
        yield f"the run ended abnormally{_status(invocation)}"


def _status(invocation: Invocation) -> str:
    if invocation.exit_signal_name:
        return f" (signal {invocation.exit_signal_name:.40})"
    return f" (exit status {invocation.exit_code})" if invocation.exit_code is not None else ""


def _notifications(run: Run) -> Iterable[Notification]:
    for invocation in run.invocations or ():
        yield from invocation.tool_execution_notifications or ()
        yield from invocation.tool_configuration_notifications or ()


def _shortened(message: Message | None) -> str:
    text = _text(message, _NO_RULE) or "it does not say which"
    return text if len(text) <= 200 else text[:200] + "..."


def _ended_at(run: Run) -> datetime | None:
    for invocation in run.invocations or ():
        if invocation.end_time_utc:
            try:
                moment = datetime.fromisoformat(invocation.end_time_utc)
            except ValueError:
                return None
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
