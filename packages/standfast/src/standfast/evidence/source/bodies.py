"""Turn what the scanners printed into evidence."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from standfast.evidence.complexity.schema import Complexity, FunctionSize, ModuleSize, sizes_of
from standfast.evidence.docstrings.interface import Row, ScannedNames, passed_on
from standfast.evidence.docstrings.schema import Docstrings
from standfast.evidence.error_handling.families import ClassRow, exception_classes
from standfast.evidence.error_handling.schema import ErrorHandling
from standfast.evidence.formats.sarif import UNJUSTIFIED
from standfast.evidence.metric_code.schema import CodeMetric, MetricCode
from standfast.evidence.outbound_calls.schema import OutboundCall, OutboundCalls
from standfast.evidence.service_code.schema import Server, ServiceCode, Sign
from standfast.evidence.service_setup.schema import DatabaseLimit, ServiceSetup
from standfast.evidence.service_setup.schema import Sign as SetupSign
from standfast.evidence.source.printed import Scanned
from standfast.model import Evidence, Examination, Finding, Items, Location, Severity


class _Module(msgspec.Struct, frozen=True):
    module: ModuleSize
    functions: list[FunctionSize]


class _Documented(ScannedNames, frozen=True):
    public: int
    undocumented: int
    with_parameters: int
    mismatches: int
    findings: list[Row]


class _Handled(msgspec.Struct, frozen=True):
    handlers: int
    findings: list[Row]
    raises: list[str]
    classes: list[ClassRow]


class _Call(msgspec.Struct, frozen=True):
    path: str
    line: int
    name: str
    problem: str
    limit_s: float | None


class _Outbound(msgspec.Struct, frozen=True):
    calls: list[_Call]
    retries: int
    findings: list[Row]
    breakers: list[str]


class _Served(msgspec.Struct, frozen=True):
    frameworks: list[Sign]
    routes: list[Sign]
    unread_routes: int
    health_packages: list[Sign]
    endings: list[Sign]
    servers: list[Server]


class _Metered(msgspec.Struct, frozen=True):
    metrics: list[CodeMetric]
    packages: list[str]
    unread: int


class _SetUp(msgspec.Struct, frozen=True):
    loggers: list[SetupSign]
    structured: list[SetupSign]
    correlated: list[SetupSign]
    pools: list[SetupSign]
    connections: list[SetupSign]
    embedded: list[SetupSign]
    limits: list[DatabaseLimit]
    last_resorts: list[SetupSign]


class _Found(msgspec.Struct, frozen=True):
    complexity: list[_Module]
    docstrings: list[_Documented]
    error_handling: list[_Handled]
    outbound_calls: list[_Outbound]
    service_code: list[_Served]
    service_setup: list[_SetUp]
    metric_code: list[_Metered]


class Printed(Scanned, frozen=True, kw_only=True):
    """What the scan printed."""

    found: _Found
    python: str


def bodies(printed: Printed, expected: int | None) -> tuple[Evidence, ...]:
    """Return the evidence of each kind; *expected* is the number of files that should have been examined."""
    examination, found = printed.examination(expected), printed.found
    return (
        _complexity(found.complexity, examination),
        _docstrings(found.docstrings, examination),
        _error_handling(found.error_handling, examination),
        _outbound_calls(found.outbound_calls, examination),
        _service_code(found.service_code, examination),
        _service_setup(found.service_setup, examination),
        _metric_code(found.metric_code, examination),
    )


def _complexity(rows: list[_Module], examination: Examination) -> Complexity:
    functions = [function for row in rows for function in row.functions]
    modules = [row.module for row in rows]
    return sizes_of(functions, modules, examination=examination)


def _docstrings(rows: list[_Documented], examination: Examination) -> Docstrings:
    further = [*passed_on(rows)]
    silent = [finding for one in further for finding in one.findings]
    return Docstrings(
        examination=examination,
        items=_items([*(finding for row in rows for finding in row.findings), *silent]),
        public=sum(row.public for row in rows) + sum(one.public for one in further),
        undocumented=sum(row.undocumented for row in rows) + len(silent),
        with_parameters=sum(row.with_parameters for row in rows),
        mismatches=sum(row.mismatches for row in rows),
    )


def _error_handling(rows: list[_Handled], examination: Examination) -> ErrorHandling:
    items = _items(finding for row in rows for finding in row.findings)
    counts = Counter(item.rule for item in items.listed if not item.suppressed)
    raised = Counter(name for row in rows for name in row.raises)
    return ErrorHandling(
        examination=examination,
        items=items,
        handlers=sum(row.handlers for row in rows),
        swallowed=counts["bare-except"] + counts["broad-except"],
        silent=counts["silent-except"],
        vague_raises=counts["vague-raise"],
        accepted=items.total - counts.total(),
        classes=exception_classes((one for row in rows for one in row.classes), raised),
    )


def _outbound_calls(rows: list[_Outbound], examination: Examination) -> OutboundCalls:
    calls = [call for row in rows for call in row.calls]
    unlimited = [
        Row(call.path, call.line, "no-timeout", f"{call.name} {call.problem}") for call in calls if call.problem
    ]
    retries = [finding for row in rows for finding in row.findings]
    counts = Counter(finding.rule for finding in retries)
    return OutboundCalls(
        examination=examination,
        items=_items([*unlimited, *retries]),
        calls=len(calls),
        without_timeout=len(unlimited),
        retries=sum(row.retries for row in rows),
        endless_retries=counts["endless-retry"],
        hasty_retries=counts["hasty-retry"],
        limited=tuple(OutboundCall(call.path, call.line, call.name, call.limit_s) for call in calls if call.limit_s),
        breakers=tuple(sorted({name for row in rows for name in row.breakers})),
    )


def _service_code(rows: list[_Served], examination: Examination) -> ServiceCode:
    return ServiceCode(
        scope="Python",
        examination=examination,
        frameworks=tuple(one for row in rows for one in row.frameworks),
        routes=tuple(one for row in rows for one in row.routes),
        unread_routes=sum(row.unread_routes for row in rows),
        health_packages=tuple(one for row in rows for one in row.health_packages),
        endings=tuple(one for row in rows for one in row.endings),
        servers=tuple(one for row in rows for one in row.servers),
    )


def _service_setup(rows: list[_SetUp], examination: Examination) -> ServiceSetup:
    return ServiceSetup(
        scope="Python",
        examination=examination,
        loggers=tuple(one for row in rows for one in row.loggers),
        structured=tuple(one for row in rows for one in row.structured),
        correlated=tuple(one for row in rows for one in row.correlated),
        pools=tuple(one for row in rows for one in row.pools),
        connections=tuple(one for row in rows for one in row.connections),
        embedded=tuple(one for row in rows for one in row.embedded),
        limits=tuple(one for row in rows for one in row.limits),
        last_resorts=tuple(one for row in rows for one in row.last_resorts),
    )


def _metric_code(rows: list[_Metered], examination: Examination) -> MetricCode:
    return MetricCode(
        scope="Python",
        examination=examination,
        metrics=tuple(one for row in rows for one in row.metrics),
        packages=tuple(sorted({name for row in rows for name in row.packages})),
        unread=sum(row.unread for row in rows),
    )


def _items(rows: Iterable[Row]) -> Items:
    return Items.of(
        [
            Finding(
                message=row.message,
                location=Location(row.path, row.line),
                rule=row.rule,
                severity=Severity.MEDIUM,
                suppressed=UNJUSTIFIED if row.accepted == "-" else row.accepted,
            )
            for row in rows
        ]
    )
