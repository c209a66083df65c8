"""JUnit XML: gates are suites, controls are cases.

A control stands in the suite of each gate it serves, so each suite tells whether its gate opens.
fail is a failure; unknown and error are errors; waived and not applicable are skipped with the reason; warn passes
with the reason as its output. A gate that stays closed for no control of its own has a case named ``gate``.
"""

from collections.abc import Iterator
from html import escape

from standfast.model import ControlResult, Status, Verdict
from standfast.report.parts.order import GateGroup, closed_without_reason, groups
from standfast.report.parts.reason import causes, deciding_clause, evidence_words, more, sentence, total, waiver_words
from standfast.report.parts.text import clean

FORMAT = "junit"
SUFFIX = ".xml"

LISTED = 20
"""So many findings are written into one failure; the count beside them is exact."""


def render(verdict: Verdict) -> bytes:
    """Return the report; its failures and errors are zero only if the verdict opens."""
    bare = dict(closed_without_reason(verdict))
    suites = [_Suite(group, bare.pop(group.gate, ""), verdict) for group in groups(verdict)]
    suites += [_Suite(GateGroup(name, "", verdict.status, ()), text, verdict) for name, text in bare.items()]
    tests = sum(suite.tests for suite in suites)
    failures = sum(suite.failures for suite in suites)
    errors = sum(suite.errors for suite in suites)
    skipped = sum(suite.skipped for suite in suites)
    rows = ['<?xml version="1.0" encoding="UTF-8"?>']
    rows.append(
        f'<testsuites name="standfast" tests="{tests}" failures="{failures}" errors="{errors}" '
        f'skipped="{skipped}" time="0">'
    )
    for suite in suites:
        rows.extend(suite.rows())
    rows.append("</testsuites>\n")
    return "\n".join(rows).encode()


class _Suite:
    """One gate as a test suite."""

    def __init__(self, group: GateGroup, bare: str, verdict: Verdict) -> None:
        statuses = [result.status for result in group.results]
        self.group = group
        self.bare = bare
        self.verdict = verdict
        self.tests = len(statuses) + bool(bare)
        self.failures = statuses.count(Status.FAIL)
        self.errors = statuses.count(Status.UNKNOWN) + statuses.count(Status.ERROR) + bool(bare)
        self.skipped = statuses.count(Status.WAIVED) + statuses.count(Status.NOTAPPLICABLE)

    def rows(self) -> Iterator[str]:
        """Yield the suite's lines."""
        yield (
            f'  <testsuite name="{_attribute(self.group.gate)}" tests="{self.tests}" failures="{self.failures}" '
            f'errors="{self.errors}" skipped="{self.skipped}" time="0" '
            f'timestamp="{self.verdict.decided_at:%Y-%m-%dT%H:%M:%S}">'
        )
        for result in self.group.results:
            yield from _case(result, self.group.gate)
        if self.bare:
            yield f'    <testcase classname="{_attribute(self.group.gate)}" name="gate" time="0">'
            yield f'      <error type="{self.group.status}" message="{_attribute(self.bare)}"/>'
            yield "    </testcase>"
        yield "  </testsuite>"


def _case(result: ControlResult, gate: str) -> Iterator[str]:
    head = f'    <testcase classname="{_attribute(gate)}" name="{_attribute(result.control)}" time="0"'
    body = _body(result)
    if not body:
        yield f"{head}/>"
        return
    yield f"{head}>"
    yield f"      {body}"
    yield "    </testcase>"


def _body(result: ControlResult) -> str:
    reason = _attribute("; ".join(causes(result)))
    match result.status:
        case Status.FAIL:
            return f'<failure type="fail" message="{reason}">{_text(_detail(result))}</failure>'
        case Status.UNKNOWN | Status.ERROR:
            return f'<error type="{result.status}" message="{reason}">{_text(_detail(result))}</error>'
        case Status.WAIVED:
            waivers = "; ".join(waiver_words(use) for use in result.waivers)
            return f'<skipped message="waived: {_attribute(waivers)}"/>'
        case Status.NOTAPPLICABLE:
            word = "not counted" if result.findings else "not applicable"
            return f'<skipped message="{word}: {reason}"/>'
        case Status.WARN:
            return f"<system-out>{_text('warn: ' + _detail(result))}</system-out>"
        case Status.PASS:
            return ""


def _detail(result: ControlResult) -> str:
    return "\n".join(clean(line) for line in _detail_lines(result))


def _detail_lines(result: ControlResult) -> Iterator[str]:
    clause = deciding_clause(result)
    if clause is not None:
        yield f'clause {clause.id} ({clause.source}:{clause.line}): "{clause.text}"'
    yield from causes(result)
    for finding in result.findings[:LISTED]:
        yield f"- {sentence(finding)}"
    rest = total(result) - min(len(result.findings), LISTED)
    if rest:
        yield f"- and {rest:,} more"
    for use in result.evidence:
        yield f"evidence {evidence_words(use, ' '.join(result.reasons))}"
    for waiver in result.waivers:
        yield f"waiver {waiver_words(waiver)}"
    for change in result.smallest_change:
        yield f"to green: {change}"
    yield more(result)


def _attribute(text: str) -> str:
    return escape(clean(text))


def _text(text: str) -> str:
    return escape(text, quote=False)
