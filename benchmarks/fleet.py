"""Decide many services by 100 controls, or evaluate 100 CEL rules over the same facts.

``python -m benchmarks.fleet ours|peers COUNT`` prints the CPU seconds, and how many wishes were not met.

Ours gives the whole record of each control (clause quoted, evidence cited, measured value, smallest change); the rules
give true or false. Both hold the facts before the clock starts.
"""

import gc
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cel import compile as compile_cel

from standfast.app.modules.discovery import control_from
from standfast.app.written.standards import load_standard
from standfast.evidence.coverage.schema import Coverage, FileCoverage
from standfast.evidence.test_results.schema import TestResults
from standfast.gates.bind import Control, Probe
from standfast.gates.decide import Context, decide, prepare
from standfast.model import (
    ControlSpec,
    Examination,
    Finding,
    Measurement,
    Op,
    Producer,
    Profile,
    Statement,
    Status,
    Subject,
    Unit,
    WaiverPolicy,
    sha256,
)

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
CONTROLS = 100


def covered(bound: float) -> Probe:
    """Return the probe that holds the line ratio to *bound*."""

    def probe(coverage: Coverage) -> Iterator[Measurement]:
        yield Measurement("coverage.line_ratio", coverage.line_ratio or 0.0, Op.GE, bound, Unit.RATIO)

    return probe


def branches(bound: float) -> Probe:
    """Return the probe that holds the branch ratio to *bound*."""

    def probe(coverage: Coverage) -> Iterator[Measurement]:
        yield Measurement("coverage.branch_ratio", coverage.branch_ratio or 0.0, Op.GE, bound, Unit.RATIO)

    return probe


def passing(bound: float) -> Probe:
    """Return the probe that lets at most *bound* cases fail."""

    def probe(tests: TestResults) -> Iterator[Finding]:
        if tests.failed + tests.errors > bound:
            yield Finding(f"{tests.failed + tests.errors} cases failed")

    return probe


def enough(bound: float) -> Probe:
    """Return the probe that wants at least *bound* cases to run."""

    def probe(tests: TestResults) -> Iterator[Measurement]:
        yield Measurement("test_results.executed", tests.executed, Op.GE, bound, Unit.COUNT)

    return probe


SHAPES = (
    (covered, "coverage.line_ratio >= {}", 0.85),
    (branches, "coverage.branch_ratio >= {}", 0.8),
    (passing, "double(test_results.failed + test_results.errors) <= {}", 0.0),
    (enough, "double(test_results.executed) >= {}", 10.0),
)


def shapes() -> Iterator[tuple[Probe, str]]:
    """Yield each wish in both forms, every one with a bound of its own."""
    for number in range(CONTROLS):
        make, rule, least = SHAPES[number % len(SHAPES)]
        bound = least + number / 1000
        yield make(bound), rule.format(bound)


def statement(subject: Subject, body: Coverage | TestResults, number: int) -> Statement:
    """Return *body* as evidence about *subject*."""
    return Statement(
        digest=sha256(f"{body.KIND} {number}".encode()),
        subject=subject,
        producer=Producer(tool="pytest", version="9.0"),
        produced_at=NOW - timedelta(hours=1),
        raw=(),
        body=body,
    )


def service(number: int) -> tuple[Subject, tuple[Statement, ...], dict[str, dict[str, float | int]]]:
    """Return one service: what it is, its evidence, and the same facts as plain data."""
    subject = Subject(repository=f"service-{number}", tree=f"{number:040x}", commit=f"{number:040x}")
    covered_lines, failed = 8500 + number % 1500, int(number % 50 == 0)
    coverage = Coverage(
        examination=Examination("files", 100),
        files=(FileCoverage("a.py", 10_000, covered_lines),),
        lines=10_000,
        lines_covered=covered_lines,
        branches=1000,
        branches_covered=850 + number % 150,
    )
    tests = TestResults(
        examination=Examination("tests", 500), total=500, executed=500, failed=failed, errors=0, skipped=0
    )
    facts: dict[str, dict[str, float | int]] = {
        "coverage": {"line_ratio": coverage.line_ratio or 0.0, "branch_ratio": coverage.branch_ratio or 0.0},
        "test_results": {"failed": failed, "errors": 0, "executed": 500},
    }
    return subject, (statement(subject, coverage, number), statement(subject, tests, number)), facts


def context() -> Context:
    """Return the context that all services share, over the bundled standard."""
    return Context(
        standard=load_standard("production", {}, (), base=Path.cwd(), now=NOW),
        subject=Subject(repository="fleet", tree="0" * 40),
        profile=Profile(service=True),
        changes={},
        own=(),
        waivers=(),
        policy=WaiverPolicy(),
        failures=(),
        authors=None,
        selection=(),
        notices=(),
        decided_at=NOW,
    )


def controls(shared: Context) -> Iterator[Control]:
    """Yield the wishes as controls that serve the clauses of the standard in turn."""
    clauses = shared.standard.clauses
    for number, (probe, _) in enumerate(shapes()):
        spec = ControlSpec(
            title=f"Wish {number}", clauses=(clauses[number].id,), why="Because.", remediation="Mend it."
        )
        yield control_from(f"wish-{number}", spec, probe, str(number).encode())


def ours(count: int) -> tuple[float, int]:
    """Return the CPU seconds that deciding *count* services took, and how many controls failed."""
    shared = context()
    prepared = prepare(shared, controls(shared))
    services = [service(number)[:2] for number in range(count)]
    failed = 0
    gc.freeze()  # what is loaded stays: nobody needs to look through it for garbage
    started = time.process_time()
    for subject, statements in services:
        verdict = decide(msgspec.structs.replace(shared, subject=subject), prepared, statements)
        failed += sum(result.status is Status.FAIL for result in verdict.results)
    return time.process_time() - started, failed


def peers(count: int) -> tuple[float, int]:
    """Return the CPU seconds that the rules took on the same services, and how many gave false."""
    programs = [compile_cel(rule) for _, rule in shapes()]
    services = [service(number)[2] for number in range(count)]
    failed = 0
    gc.freeze()  # what is loaded stays: nobody needs to look through it for garbage
    started = time.process_time()
    for facts in services:
        failed += sum(program.execute(facts) is False for program in programs)
    return time.process_time() - started, failed


if __name__ == "__main__":
    seconds, failing = (ours if sys.argv[1] == "ours" else peers)(int(sys.argv[2]))
    print(json.dumps({"cpu_s": seconds, "failed": failing}))
