"""The bundled standards say what they must, in Standfast's own words."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from standfast.app.written.standards import bundled_names, load_standard
from standfast.model import Clause, ClauseKind, Limit, LimitRole, Op, Standard, Unit
from standfast.standard.module_form import read_module

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
REQUIRE, ALERT, SUCCEED = LimitRole.REQUIRE, LimitRole.ALERT, LimitRole.SUCCEED
ROLL_BACK, STEP, RETAIN = LimitRole.ROLL_BACK, LimitRole.STEP, LimitRole.RETAIN

LIMITS = {
    "performance_requirements.response_times.api_endpoints": [
        ("api.latency_p50", Op.LT, 100, Unit.MS, REQUIRE, None),
        ("api.latency_p95", Op.LT, 200, Unit.MS, REQUIRE, None),
        ("api.latency_p99", Op.LT, 500, Unit.MS, REQUIRE, None),
        ("api.timeout", Op.LE, 30, Unit.S, REQUIRE, None),
    ],
    "performance_requirements.response_times.web_pages": [
        ("web.load", Op.LT, 3, Unit.S, REQUIRE, None),
        ("web.interactive", Op.LT, 5, Unit.S, REQUIRE, None),
        ("web.lcp", Op.LT, 2.5, Unit.S, REQUIRE, None),
        ("web.cls", Op.LT, 0.1, Unit.SCORE, REQUIRE, None),
    ],
    "performance_requirements.response_times.database_ops": [
        ("database.simple_query", Op.LT, 10, Unit.MS, REQUIRE, None),
        ("database.complex_query", Op.LT, 100, Unit.MS, REQUIRE, None),
        ("database.transaction", Op.LT, 50, Unit.MS, REQUIRE, None),
    ],
    "performance_requirements.resource_limits.compute": [
        ("resources.memory", Op.LT, 512, Unit.MB, REQUIRE, None),
        ("resources.cpu", Op.LT, 80, Unit.PERCENT, REQUIRE, None),
    ],
    "performance_requirements.resource_limits.database": [
        ("database.query_timeout", Op.LE, 30, Unit.S, REQUIRE, None),
        ("database.transaction_timeout", Op.LE, 60, Unit.S, REQUIRE, None),
        ("database.idle_timeout", Op.LE, 5, Unit.MIN, REQUIRE, None),
    ],
    "security_standards.data_protection.encryption": [
        ("encryption.at_rest_bits", Op.GE, 256, Unit.BITS, REQUIRE, None),
        ("encryption.tls_version", Op.GE, 1.3, Unit.VERSION, REQUIRE, None),
    ],
    "mandatory_quality_gates.performance_slas": [("api.latency_p95", Op.LT, 200, Unit.MS, REQUIRE, None)],
    "mandatory_quality_gates.security_standards": [("vulnerabilities.critical", Op.EQ, 0, Unit.COUNT, REQUIRE, None)],
    "mandatory_quality_gates.code_quality": [("lint.errors", Op.EQ, 0, Unit.COUNT, REQUIRE, None)],
    "code_completion_gates.requirements.2": [("lint.errors", Op.EQ, 0, Unit.COUNT, REQUIRE, None)],
    "code_completion_gates.validation.2": [("lint.errors", Op.EQ, 0, Unit.COUNT, REQUIRE, None)],
    "monitoring_requirements.alerting_rules.error_rate": [("alert.error_ratio", Op.GT, 1, Unit.PERCENT, ALERT, 300)],
    "monitoring_requirements.alerting_rules.response_time": [("alert.latency_p95", Op.GT, 500, Unit.MS, ALERT, 600)],
    "monitoring_requirements.alerting_rules.external_deps": [
        ("alert.external_error_ratio", Op.GT, 50, Unit.PERCENT, ALERT, 120)
    ],
    "deployment_process.blue_green_deployment.canary_phases": [
        ("rollout.step_1.share", Op.EQ, 5, Unit.PERCENT, STEP, 900),
        ("rollout.step_2.share", Op.EQ, 25, Unit.PERCENT, STEP, 1800),
        ("rollout.step_3.share", Op.EQ, 100, Unit.PERCENT, STEP, 3600),
    ],
    "deployment_process.blue_green_deployment.success_criteria": [
        ("rollout.error_ratio", Op.LT, 0.5, Unit.PERCENT, SUCCEED, None),
        ("rollout.latency_p95", Op.LT, 200, Unit.MS, SUCCEED, None),
    ],
    "deployment_process.blue_green_deployment.rollback_triggers": [
        ("rollout.error_ratio", Op.GT, 2, Unit.PERCENT, ROLL_BACK, None),
        ("rollout.latency_p95", Op.GT, 500, Unit.MS, ROLL_BACK, None),
        ("rollout.business_drop", Op.GT, 10, Unit.PERCENT, ROLL_BACK, None),
    ],
    "session_integration.compliance_tracking.security_audit": [
        ("retention.scan_results", Op.GE, 3, Unit.Y, RETAIN, None)
    ],
}
COVERAGE = {
    "tdd.coverage_requirements.line_coverage": [("coverage.line_ratio", Op.GE, 90, Unit.PERCENT, REQUIRE, None)],
    "tdd.coverage_requirements.branch_coverage": [("coverage.branch_ratio", Op.GE, 85, Unit.PERCENT, REQUIRE, None)],
    "tdd.coverage_requirements.critical_paths": [("coverage.critical_ratio", Op.GE, 100, Unit.PERCENT, REQUIRE, None)],
    "tdd.coverage_requirements.error_handling": [
        ("coverage.error_handling_ratio", Op.GE, 100, Unit.PERCENT, REQUIRE, None)
    ],
}
PHASES = ("pre_implementation_gates", "code_completion_gates", "deployment_gates")
GATES = (
    "tdd_compliance",
    "security_standards",
    "performance_slas",
    "code_quality",
    "documentation",
    "operational_readiness",
    "feature_validation",
)


@pytest.fixture(scope="module")
def production() -> Standard:
    """The default standard."""
    return load_standard("production", base=Path(), now=NOW)


def limits_of(clauses: tuple[Clause, ...]) -> dict[str, list[tuple[object, ...]]]:
    """Return by clause the limits that it has, without where they were read."""
    return {clause.id: [_plain(limit) for limit in clause.limits] for clause in clauses if clause.limits}


def _plain(limit: Limit) -> tuple[object, ...]:
    return (limit.fact, limit.op, limit.bound, limit.unit, limit.role, limit.window_s)


def in_module_form(clauses: tuple[Clause, ...]) -> bytes:
    """Return *clauses* written in the module form."""
    lines = ["| version | last_updated | status |", "|---|---|---|", "| 1.0.0 | 2026-01-15 | stable |", "", "```xml"]
    lines.append('<module name="production">')
    opened: list[str] = []
    for clause in clauses:
        *path, last = clause.id.split(".")
        shared = next((n for n, pair in enumerate(zip(path, opened, strict=False)) if len(set(pair)) > 1), None)
        shared = min(len(path), len(opened)) if shared is None else shared
        lines += [f"</{_tag(name)}>" for name in reversed(opened[shared:])]
        lines += [f"<{_tag(name)}{_name(name)}>" for name in path[shared:]]
        lines += [_leaf(clause, last)]
        opened = path
    lines += [f"</{_tag(name)}>" for name in reversed(opened)]
    return "\n".join([*lines, "</module>", "```"]).encode()


def _tag(name: str) -> str:
    return "phase" if name in PHASES else name


def _name(name: str) -> str:
    return f' name="{name}"' if name in PHASES else ""


def _leaf(clause: Clause, last: str) -> str:
    if clause.kind is ClauseKind.GATE:
        return f'<gate name="{last}" requirement="{clause.text}"/>'
    if clause.id.startswith("trigger_conditions"):
        return f'<condition type="{last}">{clause.text}</condition>'
    return clause.text if last.isdigit() else f"<{last}>{clause.text}</{last}>"


def wordings() -> list[tuple[str, bytes]]:
    """Return the standard in the module form: ours, and the wording in a file that the environment names."""
    clauses = load_standard("production", base=Path(), now=NOW).clauses
    found = [("ours", in_module_form(tuple(clause for clause in clauses if clause.source == "production.toml")))]
    named = os.environ.get("STANDFAST_REFERENCE_STANDARD")
    return [*found, ("named", Path(named).read_bytes())] if named else found


def test_every_figure_of_the_standard_is_a_typed_limit(production: Standard) -> None:
    """The default standard has exactly these limits, and so do the modules that it refers to."""
    assert limits_of(production.clauses) == {**LIMITS, **COVERAGE}


def test_the_share_of_cpu_is_a_sustained_one(production: Standard) -> None:
    """A short peak of the processor breaks no limit."""
    compute = production.clause("performance_requirements.resource_limits.compute")

    assert compute
    assert [limit.aggregate for limit in compute.limits] == [None, "sustained"]


def test_the_default_standard_has_three_phases_and_seven_gates(production: Standard) -> None:
    """Sentences of a phase have the kind of their list; a gate is a clause of its own."""
    by_phase = {
        phase: [clause.kind for clause in production.clauses if clause.id.startswith(f"{phase}.")] for phase in PHASES
    }
    kinds = [ClauseKind.REQUIREMENT] * 3 + [ClauseKind.ACTION] * 4 + [ClauseKind.VALIDATION] * 3

    assert by_phase == dict.fromkeys(PHASES, kinds)
    assert [clause.id for clause in production.clauses if clause.kind is ClauseKind.GATE] == [
        f"mandatory_quality_gates.{gate}" for gate in GATES
    ]


def test_the_default_standard_has_91_clauses_of_its_own_and_those_of_two_modules(production: Standard) -> None:
    """The clauses of the modules follow, under the name of their module."""
    own = [clause for clause in production.clauses if clause.source == "production.toml"]
    modules = [clause.id.split(".")[0] for clause in production.clauses[len(own) :]]

    assert len(own) == 91
    assert modules == ["tdd"] * 14 + ["feature_validation"] * 40


def test_five_checklists_have_eight_items_each(production: Standard) -> None:
    """Feature validation is five checklists of eight, and names the level of accessibility."""
    items = [clause.id.split(".")[2] for clause in production.clauses if ".validation_checklists." in clause.id]
    usable = production.clause("feature_validation.validation_checklists.usability.1")

    assert [items.count(name) for name in dict.fromkeys(items)] == [8] * 5
    assert usable
    assert "WCAG 2.1" in usable.text


def test_references_to_modules_that_are_not_there_are_reported(production: Standard) -> None:
    """What the standard refers to and nobody provides is listed, with the clause that refers to it."""
    assert [(reference.clause, reference.target) for reference in production.unresolved] == [
        ("integration_points.depends_on.1", "patterns/session-management.md"),
        ("integration_points.depends_on.2", "security/financial-compliance.md"),
        ("integration_points.depends_on.4", "development/prompt-engineering.md"),
        ("integration_points.provides_to.1", "development/task-management.md"),
        ("integration_points.provides_to.2", "development/protocol-enforcement.md"),
        ("integration_points.provides_to.3", "development/prompt-engineering.md"),
    ]


def test_a_clause_stands_on_the_line_that_it_names(production: Standard) -> None:
    """The line of a clause is that of its sentence."""
    folder = Path(load_standard.__code__.co_filename).parents[2] / "standard/bundled"
    files = {name: (folder / f"{name}.toml").read_text().split("\n") for name in bundled_names()}

    assert not [
        clause.id
        for clause in production.clauses
        if clause.text not in files[clause.source.removesuffix(".toml")][clause.line - 1]
    ]


@pytest.mark.parametrize("name", bundled_names())
def test_every_bundled_standard_can_be_used_alone(name: str) -> None:
    """A bundled standard loads by its name; its name is also the one it gives itself."""
    assert load_standard(name, base=Path(), now=NOW).name == name


@pytest.mark.parametrize(("name", "data"), wordings(), ids=lambda value: value if isinstance(value, str) else "")
def test_the_module_form_gives_the_same_ids_kinds_and_limits(name: str, data: bytes, production: Standard) -> None:
    """Either form of the standard gives the same clauses, in whatever words it is written."""
    read = read_module(data, f"{name}.md").clauses
    own = production.clauses[: len(read)]

    assert len(read) == 91
    assert [(clause.id, clause.kind) for clause in read] == [(clause.id, clause.kind) for clause in own]
    assert limits_of(read) == LIMITS
