"""Read axe-core results: one object per page, or an array of them (@axe-core/cli, Playwright)."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.accessibility.schema import Accessibility
from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.wording.moments import moment
from standfast.model import Examination, Finding, Items, Location, Severity

FORMAT = Format(
    name="axe",
    title="axe-core JSON",
    produced_with={"Web pages": "npx @axe-core/cli URL --tags wcag2a,wcag2aa,wcag21a,wcag21aa --save axe.json"},
)

_SEVERITIES = {
    "critical": Severity.CRITICAL,
    "serious": Severity.HIGH,
    "moderate": Severity.MEDIUM,
    "minor": Severity.LOW,
}
_RESULTS = {"violations", "passes", "incomplete", "url"}


class _Node(msgspec.Struct):
    target: list[object] = []


class _Result(msgspec.Struct):
    id: str
    impact: str | None = None
    help: str = ""
    nodes: list[_Node] = []


class _Engine(msgspec.Struct, frozen=True):
    version: str = ""


class _RunOnly(msgspec.Struct, frozen=True):
    values: tuple[str, ...] = ()


class _Options(msgspec.Struct, rename="camel", frozen=True):
    run_only: _RunOnly | tuple[str, ...] | str | None = None


class _Page(msgspec.Struct, rename="camel"):
    url: str
    violations: list[_Result]
    passes: list[_Result]
    incomplete: list[_Result]
    timestamp: str = ""
    test_engine: _Engine = _Engine()
    tool_options: _Options = _Options()


def recognise(head: Head) -> bool:
    """Return whether the object, or the first of the array, has axe's result lists."""
    return head.shape in ("object", "array") and head.keys >= _RESULTS


def read(data: bytes) -> Reading:
    """Return one finding per violating element, with the pages and the rules that were applied."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        pages = decode_report(data, list[_Page], "an array of axe results")
    else:
        pages = [decode_report(data, _Page, "an axe result")]
    applied = sum(len(page.violations) + len(page.passes) + len(page.incomplete) for page in pages)
    notes = () if applied else ("no rule found anything to look at",)
    body = Accessibility(
        examination=Examination("pages", sum(1 for page in pages if page.passes or page.violations), notes=notes),
        items=Items.of([finding for page in pages for finding in _findings(page, page.violations)]),
        pages=tuple(dict.fromkeys(page.url for page in pages)),
        rules_applied=applied,
        tags=_tags(pages),
        undecided=Items.of([finding for page in pages for finding in _findings(page, page.incomplete)]),
    )
    moments = [at for page in pages if (at := moment(page.timestamp)) is not None]
    return Reading(
        body=body,
        tool="axe-core",
        version=pages[0].test_engine.version if pages else "",
        produced_at=min(moments, default=None),
    )


def _findings(page: _Page, results: list[_Result]) -> Iterator[Finding]:
    for result in results:
        severity = _SEVERITIES.get(result.impact or "", Severity.UNKNOWN)
        for node in result.nodes or [_Node()]:
            selector = " ".join(str(part) for part in node.target)
            message = f"{result.help or result.id} at {selector:.200}" if selector else result.help or result.id
            yield Finding(message, Location(page.url), rule=result.id, severity=severity)


def _tags(pages: list[_Page]) -> tuple[str, ...]:
    """Return the rule sets that every page was examined with; empty where one was examined with all."""
    chosen: list[set[str]] = []
    for page in pages:
        only = page.tool_options.run_only
        if only is None:
            continue
        values = only.values if isinstance(only, _RunOnly) else (only,) if isinstance(only, str) else only
        chosen.append(set(values))
    return tuple(sorted(set.intersection(*chosen))) if chosen else ()
