"""The frozen mini standard of the tests: three clauses, three controls, and evidence for them.

Goldens and properties use it, so that a new bundled control never changes another test.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from standfast.app.modules.discovery import control_from
from standfast.evidence.coverage.schema import Coverage, FileCoverage
from standfast.evidence.secrets.schema import Secrets
from standfast.evidence.wording.people import person
from standfast.gates.bind import Control
from standfast.gates.decide import Context, decide, prepare
from standfast.model import (
    Clause,
    ClauseKind,
    ControlSpec,
    Evidence,
    Examination,
    Finding,
    Items,
    Limit,
    Measurement,
    Op,
    Producer,
    Profile,
    Standard,
    Statement,
    Subject,
    Unit,
    Verdict,
    Waiver,
    WaiverPolicy,
    canonical_json,
    sha256,
)
from standfast.model.waiver import WaiverScope

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SUBJECT = Subject(repository="mini", tree="a" * 40, commit="b" * 40, service="mini")
POLICY = WaiverPolicy(approvers={"Ben <ben@example.org>": ("security",)})


def standard(min_ratio: float = 0.9) -> Standard:
    """Return the mini standard: one phase sentence, two gates, one of them with a limit."""
    clauses = (
        Clause(
            id="code.requirements.1", kind=ClauseKind.REQUIREMENT, text="Code is tested.", line=3, source="mini.toml"
        ),
        Clause(
            id="gates.tested",
            kind=ClauseKind.GATE,
            text="Line coverage is at least 90 %.",
            line=5,
            source="mini.toml",
            limits=(Limit(fact="coverage.line_ratio", op=Op.GE, bound=min_ratio * 100, unit=Unit.PERCENT),),
        ),
        Clause(id="gates.secret_free", kind=ClauseKind.GATE, text="No secrets.", line=7, source="mini.toml"),
        Clause(id="practices.kindness", kind=ClauseKind.PRACTICE, text="Be kind.", line=9, source="mini.toml"),
    )
    return Standard(name="mini", version="1", digest=sha256(canonical_json(clauses)), clauses=clauses)


class MinRatio(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Covered lines as a share of executable lines."""

    min_line_ratio: float = 0.9


def covered(coverage: Coverage, params: MinRatio) -> Iterator[Measurement | Finding]:
    """Yield the line ratio against its limit."""
    if coverage.line_ratio is None:
        yield Finding("no executable line")
        return
    yield Measurement("coverage.line_ratio", coverage.line_ratio, Op.GE, params.min_line_ratio, Unit.RATIO)


def secret_free(secrets: Secrets) -> Iterator[Finding]:
    """Yield every secret."""
    yield from secrets.items.listed


def spec(title: str, *clauses: str, **more: Any) -> ControlSpec:
    """Return a specification with plain prose."""
    return ControlSpec(title=title, clauses=clauses, why="Because.", remediation="Mend it.", **more)


def controls(**more: Any) -> tuple[Control, ...]:
    """Return the two controls of the mini standard; *more* goes into the specification of both."""
    limit = {"clause": "gates.tested", "fact": "coverage.line_ratio", "unit": "ratio"}
    params = msgspec.convert({"min_line_ratio": {"tighter": "higher", "limit": limit}}, dict[str, Any])
    tested = spec("Code is tested", "code.requirements.1", "gates.tested", **more)
    tested = msgspec.convert({**msgspec.to_builtins(tested), "params": params}, ControlSpec)
    return (
        control_from("tested", tested, covered, b"tested"),
        control_from("secret-free", spec("No secrets", "gates.secret_free", **more), secret_free, b"secret-free"),
    )


def coverage(covered_lines: int = 95, lines: int = 100) -> Coverage:
    """Return coverage of one file."""
    return Coverage(
        examination=Examination("files", examined=1),
        files=(FileCoverage("a.py", lines, covered_lines),),
        lines=lines,
        lines_covered=covered_lines,
    )


def secrets(*paths: str, **examination: Any) -> Secrets:
    """Return a scan that found one secret in each of *paths*."""
    found = tuple(Finding(f"a key in {path}", rule="key", fingerprint=path) for path in paths)
    return Secrets(examination=Examination("files", **{"examined": 3, **examination}), items=Items.of(found))


def statement(body: Evidence, *, age: timedelta = timedelta(hours=1), **more: Any) -> Statement:
    """Return *body* as a statement about the mini subject."""
    fields: dict[str, Any] = {
        "digest": sha256(canonical_json((body, repr(sorted(more.items()))))),
        "subject": SUBJECT,
        "producer": Producer(tool="mini-tool", version="1.0"),
        "produced_at": NOW - age,
        "raw": (),
        "body": body,
    }
    return Statement(**{**fields, **more})


def waiver(**more: Any) -> Waiver:
    """Return a waiver of the control ``tested`` that holds, unless *more* says otherwise."""
    fields: dict[str, Any] = {
        "id": "W-1",
        "scope": WaiverScope(control="tested"),
        "reason": "legacy module, replaced in April",
        "compensating_control": "manual test of each release",
        "requester": "Ana <ana@example.org>",
        "approver": "ben@example.org",
        "approver_role": "security",
        "issued": NOW - timedelta(days=10),
        "expires": NOW + timedelta(days=40),
    }
    return Waiver(**{**fields, **more})


def context(**more: Any) -> Context:
    """Return a context over the mini standard."""
    fields: dict[str, Any] = {
        "standard": standard(),
        "subject": SUBJECT,
        "profile": Profile(service=True),
        "changes": {},
        "own": (),
        "waivers": (),
        "policy": POLICY,
        "failures": (),
        "authors": (person("Ana <ana@example.org>"),),
        "selection": (),
        "notices": (),
        "decided_at": NOW,
    }
    return Context(**{**fields, **more})


def verdict(*statements: Statement, given: tuple[Control, ...] | None = None, **more: Any) -> Verdict:
    """Return the verdict over the mini standard on *statements*."""
    asked = context(**more)
    return decide(asked, prepare(asked, controls() if given is None else given), statements)


GREEN = (statement(coverage()), statement(secrets()))
"""Statements on which every gate of the mini standard opens."""
