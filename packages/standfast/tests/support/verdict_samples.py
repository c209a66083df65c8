"""Verdicts as the tests and the screenshots use them: one that looks like a real project's, and large ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

from standfast.model import (
    ClauseQuote,
    ControlResult,
    Digest,
    Effort,
    Enforcement,
    EvidenceUse,
    Finding,
    GateVerdict,
    Inputs,
    Limit,
    Location,
    Measurement,
    Notice,
    Op,
    Outcome,
    Override,
    Reference,
    Severity,
    Status,
    Subject,
    Unit,
    Verdict,
    WaiverUse,
    sha256,
    worst,
)
from standfast.model.verdict import SCHEMA

DECIDED_AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
SOURCE = "production.toml"

GATES = {
    "tdd_compliance": "Tests come first, cover what the tests module asks for, and all of them pass.",
    "security_standards": "No critical vulnerability, a passed penetration test, a finished threat model.",
    "performance_slas": "The 95th percentile answers in under 200 ms and a load test shows the capacity.",
    "code_quality": "No linting error, complete type checking, and an approved review by a peer.",
    "documentation": "The API is documented, comments are current, the change session is up to date.",
    "operational_readiness": "Monitoring is set up, runbooks are written, a backup has been restored.",
    "feature_validation": "Every checklist of the feature validation module is met.",
    "pre_implementation_gates": "What must stand before the first line of code.",
    "code_completion_gates": "What must stand before code counts as complete.",
    "deployment_gates": "What must stand before the change is deployed.",
}

PYTEST = EvidenceUse(
    kind="test_results",
    digest=sha256(b"pytest"),
    tool="pytest",
    version="8.4.2",
    produced_at=DECIDED_AT - timedelta(minutes=3),
    age_s=180,
)
COVERAGE = EvidenceUse(
    kind="coverage",
    digest=sha256(b"coverage"),
    tool="coverage.py",
    version="7.10.6",
    produced_at=DECIDED_AT - timedelta(minutes=3),
    age_s=184,
)
RUFF = EvidenceUse(
    kind="code_findings",
    digest=sha256(b"ruff"),
    tool="ruff",
    version="0.13.1",
    produced_at=DECIDED_AT - timedelta(seconds=41),
    age_s=41,
)
AUDIT = EvidenceUse(
    kind="vulnerabilities",
    digest=sha256(b"pip-audit"),
    tool="pip-audit",
    version="2.9.0",
    produced_at=DECIDED_AT - timedelta(days=9),
    age_s=9 * 86400,
    refused="describes commit 77f0c1a2b3d4, not 3f2a9c1d5e6b",
)
PENTEST = EvidenceUse(
    kind="attestation",
    digest=sha256(b"pentest"),
    tool="standfast attest",
    version="0.1.0",
    produced_at=DECIDED_AT - timedelta(days=41),
    age_s=41 * 86400,
)


def clause(clause_id: str, text: str, line: int, *limits: Limit) -> ClauseQuote:
    """Return a clause of the sample standard."""
    return ClauseQuote(clause_id, text, SOURCE, line, limits)


def gate_clause(gate: str) -> ClauseQuote:
    """Return the clause that is the gate itself."""
    return clause(f"mandatory_quality_gates.{gate}", GATES[gate], 60 + list(GATES).index(gate))


def result(control: str, status: Status, gates: tuple[str, ...], **fields: Any) -> ControlResult:
    """Return a result with everything that need not be said each time."""
    outcome = fields.pop("outcome", None) or {
        Status.WARN: Outcome.FAIL,
        Status.WAIVED: Outcome.FAIL,
    }.get(status, Outcome(status.value) if status.value in set(Outcome) else Outcome.FAIL)
    quoted = fields.pop("clauses", None) or tuple(gate_clause(gate) for gate in gates)
    findings = fields.get("findings", ())
    return ControlResult(
        control=control,
        title=str(fields.pop("title", control.replace("-", " ").capitalize())),
        outcome=outcome,
        status=status,
        enforcement=fields.pop("enforcement", Enforcement.BLOCK),
        clauses=quoted,
        gates=gates,
        findings_total=fields.pop("findings_total", len(findings)),
        why=str(fields.pop("why", "Without it a defect reaches the customer before anyone has seen it.")),
        remediation=str(fields.pop("remediation", "Produce the evidence and run the gate again.")),
        mappings=fields.pop("mappings", {"NIST SSDF": ("PW.8.2",)}),
        **fields,
    )


LINE_LIMIT = Limit(
    fact="coverage.line_ratio", op=Op.GE, bound=90, unit=Unit.PERCENT, text="at least 90 % of lines", line=12
)
P95_LIMIT = Limit(fact="api.latency_p95", op=Op.LT, bound=200, unit=Unit.MS, text="p95 under 200 ms", line=63)

_LINT = (
    (
        "src/payments/api/refunds.py",
        41,
        "F841",
        "local variable `reply` is assigned to but never used",
        Severity.MEDIUM,
    ),
    ("src/payments/api/refunds.py", 88, "B904", "raise without `from` inside an `except` clause", Severity.MEDIUM),
    ("src/payments/ledger/postings.py", 17, "S608", "SQL built by string concatenation", Severity.HIGH),
    ("src/payments/ledger/postings.py", 203, "C901", "`post` is too complex (14 > 10)", Severity.LOW),
    ("src/payments/worker.py", 9, "F401", "`json` imported but unused", Severity.LOW),
)


def lint_findings() -> tuple[Finding, ...]:
    """Return what the linter found in the sample project."""
    return tuple(
        Finding(message, Location(path, line, 5), rule, severity, fix="" if rule != "F401" else "remove the import")
        for path, line, rule, message, severity in _LINT
    )


def _failing() -> list[ControlResult]:
    return [_coverage_fails(), _linter_fails(), _review_fails(), _threat_model_fails()]


def _coverage_fails() -> ControlResult:
    return result(
        "line-coverage-meets-limit",
        Status.FAIL,
        ("tdd_compliance", "code_completion_gates"),
        title="Line coverage meets the limit",
        clauses=(
            gate_clause("tdd_compliance"),
            clause("tdd.coverage_requirements.line_coverage", "At least 90 % of lines run under test.", 12, LINE_LIMIT),
        ),
        measurements=(
            Measurement(
                "coverage.line_ratio", 0.8714, Op.GE, 0.9, Unit.RATIO, "tdd.coverage_requirements.line_coverage"
            ),
        ),
        findings=(Finding("coverage.line_ratio is 87.14 %, must be at least 90 %", rule="coverage.line_ratio"),),
        evidence=(COVERAGE,),
        needs=("coverage",),
        waivers=(WaiverUse("W-2026-004", applied=False, why="expired on 2026-03-01"),),
        smallest_change=("raise coverage.line_ratio from 87.14 % to at least 90 %",),
        why="A line that no test runs can break without anyone noticing before a customer does.",
        remediation="Write tests for the files with the most missed lines, starting with the ledger.",
        evidence_from="standfast gate tdd_compliance",
    )


def _linter_fails() -> ControlResult:
    return result(
        "no-linting-errors",
        Status.FAIL,
        ("code_quality", "code_completion_gates"),
        title="The linter reports no error",
        clauses=(
            gate_clause("code_quality"),
            clause(
                "code_completion_gates.requirements.2",
                "No linting error, complete type checking, a passed security scan.",
                31,
            ),
        ),
        findings=lint_findings(),
        findings_total=317,
        waived=(
            Finding("`print` found", Location("scripts/seed.py", 3, 1), "T201", Severity.INFO, "9a0f5c3de1b27744"),
        ),
        evidence=(RUFF,),
        needs=("code_findings",),
        waivers=(
            WaiverUse("W-2026-011", applied=True, why="The seeding script talks to its operator", findings=1),
            WaiverUse("W-2026-012", applied=False, why="was approved by an author of the change (ana@example.com)"),
        ),
        smallest_change=("remove the import", "resolve 316 findings"),
        why="Linting errors are the cheapest defects to remove and the surest sign of the dearer ones.",
        remediation="Run `ruff check --fix` and resolve what it leaves.",
        effort=Effort.LOW,
        mappings={"NIST SSDF": ("PW.7.2",), "CWE": ("CWE-89", "CWE-563")},
    )


def _review_fails() -> ControlResult:
    return result(
        "review-by-another-person",
        Status.FAIL,
        ("code_quality",),
        title="A person who did not write the change approved it",
        findings=(Finding("approved only by the author (ana@example.com)"),),
        evidence=(
            EvidenceUse(
                kind="review",
                digest=sha256(b"review"),
                tool="git",
                version="2.39.5",
                produced_at=DECIDED_AT - timedelta(seconds=44),
                age_s=44,
            ),
        ),
        needs=("review",),
        smallest_change=("resolve 1 finding",),
        remediation="Ask someone else to approve, then collect the review again.",
        effort=Effort.LOW,
        mappings={"SOX ITGC": ("CM-3",), "PCI DSS 4.0.1": ("6.2.3.1",)},
    )


def _threat_model_fails() -> ControlResult:
    return result(
        "threat-model-complete",
        Status.FAIL,
        ("security_standards", "pre_implementation_gates"),
        title="The threat model names a mitigation for every threat",
        findings=(
            Finding("threat T-7 has no mitigation", Location("docs/threat-model.md", 112), "threat", Severity.HIGH),
            Finding("threat T-9 has no mitigation", Location("docs/threat-model.md", 140), "threat", Severity.MEDIUM),
        ),
        evidence=(
            EvidenceUse(
                kind="documents",
                digest=sha256(b"documents"),
                tool="standfast",
                version="0.1.0",
                produced_at=DECIDED_AT - timedelta(seconds=40),
                age_s=40,
            ),
        ),
        needs=("documents",),
        smallest_change=("resolve 2 findings",),
        remediation="Write down how each threat is met, or why it is accepted and by whom.",
        mappings={"ASVS 5.0": ("15.1.5",)},
    )


def _undecided() -> list[ControlResult]:
    load = "standfast load run"
    unknown = [
        ("p50-under-limit", "Half of all requests are answered in under 100 ms"),
        ("p95-under-limit", "95 of 100 requests are answered in under 200 ms"),
        ("p99-under-limit", "99 of 100 requests are answered in under 500 ms"),
        ("load-test-reaches-capacity", "The load test reaches the promised capacity"),
    ]
    return [
        *(
            result(
                control,
                Status.UNKNOWN,
                ("performance_slas", "deployment_gates"),
                title=title,
                clauses=(
                    gate_clause("performance_slas"),
                    clause(
                        "performance_requirements.response_times.api_endpoints",
                        "Half under 100 ms, 95 % under 200 ms, 99 % under 500 ms.",
                        94,
                        P95_LIMIT,
                    ),
                ),
                reasons=("no evidence of kind load_test",),
                needs=("load_test",),
                evidence_from=load,
                smallest_change=(f"produce the evidence: {load}",),
                effort=Effort.HIGH,
            )
            for control, title in unknown
        ),
        result(
            "no-known-vulnerability",
            Status.UNKNOWN,
            ("security_standards", "deployment_gates"),
            title="No dependency has a known critical vulnerability",
            reasons=("evidence from pip-audit describes commit 77f0c1a2b3d4, not 3f2a9c1d5e6b",),
            evidence=(AUDIT,),
            needs=("vulnerabilities",),
            evidence_from="standfast gate security_standards",
            smallest_change=("produce the evidence: standfast gate security_standards",),
            mappings={"ASVS 5.0": ("15.2.1",), "PCI DSS 4.0.1": ("6.3.3",)},
        ),
        result(
            "no-secret-in-repository",
            Status.ERROR,
            ("security_standards", "code_completion_gates"),
            title="No secret is stored in the repository",
            reasons=("detect-secrets: killed after 120 s; its report ends in the middle of a line",),
            needs=("secrets",),
            evidence_from="standfast gate security_standards",
            smallest_change=("produce the evidence: standfast gate security_standards",),
        ),
    ]


def _open() -> list[ControlResult]:
    return [*_passing(), *_let_through(), *_not_counted()]


def _passing() -> list[ControlResult]:
    passing = {
        "tdd_compliance": (
            "every-test-passes",
            "no-test-skipped",
            "tests-in-every-level",
            "branch-coverage-meets-limit",
        ),
        "security_standards": ("penetration-test-passed", "tls-version-meets-limit", "statements-are-parameterised"),
        "code_quality": ("type-check-is-strict", "no-type-error", "complexity-below-limit", "no-duplicated-code"),
        "documentation": (
            "api-operations-described",
            "changelog-current",
            "readme-says-how-to-run",
            "decisions-recorded",
        ),
        "operational_readiness": ("runbook-for-every-alert", "alerts-match-the-standard", "health-endpoint-answers"),
        "feature_validation": ("acceptance-criteria-tested",),
        "pre_implementation_gates": ("requirements-approved", "architecture-reviewed"),
        "code_completion_gates": ("lock-file-current",),
        "deployment_gates": ("graceful-shutdown-tested",),
    }
    return [
        result(control, Status.PASS, (gate,), evidence=(PYTEST,), needs=("test_results",))
        for gate, controls in passing.items()
        for control in controls
    ]


def _let_through() -> list[ControlResult]:
    return [
        result(
            "docstring-coverage-meets-limit",
            Status.WARN,
            ("documentation",),
            title="Public names are explained",
            enforcement=Enforcement.WARN,
            measurements=(Measurement("docstrings.ratio", 0.898, Op.GE, 0.95, Unit.RATIO),),
            findings=(Finding("docstrings.ratio is 89.8 %, must be at least 95 %", rule="docstrings.ratio"),),
            evidence=(COVERAGE,),
            smallest_change=("raise docstrings.ratio from 89.8 % to at least 95 %",),
        ),
        result(
            "backup-restored-recently",
            Status.WAIVED,
            ("operational_readiness", "deployment_gates"),
            title="A backup was restored recently",
            waived=(Finding("last restore was 104 days ago, limit 90", rule="age"),),
            waivers=(
                WaiverUse(
                    "W-2026-009",
                    applied=True,
                    why="The drill is planned for 2026-03-21, with both on-call teams",
                    findings=1,
                ),
            ),
            evidence=(PENTEST,),
        ),
    ]


def _not_counted() -> list[ControlResult]:
    return [
        result(
            "cards-never-stored",
            Status.NOTAPPLICABLE,
            ("security_standards",),
            outcome=Outcome.NOTAPPLICABLE,
            reasons=("the profile says `standfast.toml:14: card_data = false`",),
        ),
        result(
            "commits-are-signed",
            Status.NOTAPPLICABLE,
            ("code_quality",),
            outcome=Outcome.FAIL,
            enforcement=Enforcement.SCORE,
            findings=(Finding("12 of 40 commits are not signed"),),
        ),
    ]


def assemble(results: list[ControlResult], **changes: object) -> Verdict:
    """Return the verdict over *results*, with its gates decided from them."""
    gates = []
    for gate, text in GATES.items():
        mine = [item for item in results if gate in item.gates]
        counts: dict[str, int] = {}
        for item in mine:
            counts[item.status.value] = counts.get(item.status.value, 0) + 1
        gates.append(
            GateVerdict(
                gate=gate,
                text=text,
                status=worst(item.status for item in mine),
                counts=counts,
                failing=tuple(
                    item.control for item in mine if not item.status.opens and item.status != "notapplicable"
                ),
            )
        )
    status = worst(gate.status for gate in gates)
    fields: dict[str, Any] = {
        "schema": SCHEMA,
        "engine": "0.1.0",
        "standard": "production",
        "standard_version": "1.2.0",
        "subject": Subject(
            repository="github.com/example/payments",
            tree="9b1d5c0e7f3a24680aceb13579bdf02468ace135",
            commit="3f2a9c1d5e6b7a8091a2b3c4d5e6f70812345678",
            service="payments",
            environment="production",
        ),
        "decided_at": DECIDED_AT,
        "selection": (),
        "status": status,
        "exit_code": status.exit_code,
        "gates": tuple(gates),
        "results": tuple(results),
        "unbound": ("session_integration.github_issue", "monitoring_requirements.dashboards"),
        "unresolved": (Reference("mandatory_quality_gates.documentation", "quality/docs.md#comments", 64),),
        "overrides": (),
        "notices": (),
        "inputs": Inputs(
            standard=sha256(b"standard"),
            context=sha256(b"context"),
            controls=sha256(b"controls"),
            evidence=tuple(sorted({use.digest for item in results for use in item.evidence})),
        ),
    }
    return Verdict(**{**fields, **changes})


def realistic() -> Verdict:
    """Return the verdict on a payments service that is nearly ready: every status occurs."""
    return assemble(
        [*_failing(), *_undecided(), *_open()],
        overrides=(
            Override(
                clause="performance_requirements.response_times.api_endpoints",
                fact="api.latency_p99",
                was=500,
                bound=400,
                unit=Unit.MS,
                loosens=False,
            ),
        ),
        notices=(
            Notice(
                "waiver-expiring",
                "waiver W-2026-009 of backup-restored-recently expires on 2026-03-22",
                "fix it or renew it",
            ),
            Notice(
                "waiver-matches-nothing",
                "waiver W-2025-071 of no-dead-code covers nothing in this verdict",
                "delete it if it is done",
            ),
        ),
    )


def open_gates() -> Verdict:
    """Return a verdict in which every gate opens."""
    return assemble(
        [item for item in _open() if item.status is not Status.NOTAPPLICABLE]
        + [result("p95-under-limit", Status.PASS, ("performance_slas",), evidence=(PYTEST,))]
    )


def large(findings: int, controls: int = 100) -> Verdict:
    """Return a failing verdict with that many findings, all of them listed, spread over five controls."""
    each = findings // 5
    noisy = [
        result(
            f"noisy-control-{number}",
            Status.FAIL,
            ("code_quality",),
            findings=tuple(
                Finding(
                    f"`name_{index}` is assigned to but never used in `function_{index % 97}`",
                    Location(f"src/package_{index % 40}/module_{index % 211}.py", index % 900 + 1, index % 80 + 1),
                    f"R{index % 200:03}",
                    Severity.MEDIUM,
                    f"{number:04x}{index:012x}",
                )
                for index in range(each)
            ),
            evidence=(RUFF,),
            smallest_change=(f"resolve {each} findings",),
        )
        for number in range(5)
    ]
    gates = list(GATES)
    quiet = [
        result(f"quiet-control-{number:03}", Status.PASS, (gates[number % len(gates)],), evidence=(PYTEST,))
        for number in range(controls - 5)
    ]
    return assemble(noisy + quiet)


def one_of(status: Status) -> Verdict:
    """Return a verdict of that status and nothing else."""
    found = {item.status: item for item in reversed(realistic().results)}
    return assemble([found[status]])


def digest(text: str) -> Digest:
    """Return a digest for use in a test."""
    return sha256(text.encode())
