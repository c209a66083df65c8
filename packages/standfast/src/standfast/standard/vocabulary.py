"""Which words of which clause speak of which fact.

A clause that is named here is read with its own terms; any other clause is read by the general form that
`standfast.standard.limits` describes.
"""

import msgspec

from standfast.model import LimitRole, Op, Unit


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """One fact that a clause may limit.

    A phrase speaks of it when all words of one of ``words`` are in it; with no ``words``, any phrase does.
    ``op`` is taken where no comparator is written; one that is written must point the same way.
    ``unit`` gives the dimension, and the unit of a bare number of it. ``window`` says that "for 5 minutes" must
    follow; ``steps`` that the clause repeats the phrase, one rollout step each.
    A ``required`` fact must be limited; another must be only where its words are used.
    """

    fact: str
    words: tuple[frozenset[str], ...] = ()
    op: Op
    unit: Unit
    role: LimitRole = LimitRole.REQUIRE
    window: bool = False
    steps: bool = False
    required: bool = True


def _term(
    fact: str,
    words: str,
    op: Op,
    unit: Unit,
    role: LimitRole = LimitRole.REQUIRE,
    *,
    window: bool = False,
    steps: bool = False,
    required: bool = True,
) -> Term:
    """Return a term; *words* holds alternatives between bars: ``lint errors|linting errors``."""
    alternatives = tuple(frozenset(part.split()) for part in words.split("|") if part)
    return Term(
        fact=fact,
        words=alternatives,
        op=op,
        unit=unit,
        role=role,
        window=window,
        steps=steps,
        required=required,
    )


_ALERT, _SUCCEED, _ROLL_BACK = LimitRole.ALERT, LimitRole.SUCCEED, LimitRole.ROLL_BACK
_NO_LINT = (
    _term(
        "lint.errors",
        "lint errors|linting errors|linter errors|lint findings|linter findings",
        Op.EQ,
        Unit.COUNT,
        required=False,
    ),
)
_P95 = _term("api.latency_p95", "p95", Op.LT, Unit.MS)

_TERMS: dict[str, tuple[Term, ...]] = {
    "performance_requirements.response_times.api_endpoints": (
        _term("api.latency_p50", "p50", Op.LT, Unit.MS),
        _P95,
        _term("api.latency_p99", "p99", Op.LT, Unit.MS),
        _term("api.timeout", "timeout", Op.LE, Unit.S),
    ),
    "performance_requirements.response_times.web_pages": (
        _term("web.load", "load|loads|loading", Op.LT, Unit.S),
        _term("web.interactive", "interactive", Op.LT, Unit.S),
        _term("web.lcp", "lcp", Op.LT, Unit.S),
        _term("web.cls", "cls", Op.LT, Unit.SCORE),
    ),
    "performance_requirements.response_times.database_ops": (
        _term("database.simple_query", "simple", Op.LT, Unit.MS),
        _term("database.complex_query", "complex", Op.LT, Unit.MS),
        _term("database.transaction", "transaction|transactions", Op.LT, Unit.MS),
    ),
    "performance_requirements.resource_limits.compute": (
        _term("resources.memory", "memory", Op.LT, Unit.MB),
        _term("resources.cpu", "cpu", Op.LT, Unit.PERCENT),
    ),
    "performance_requirements.resource_limits.database": (
        _term("database.query_timeout", "query timeout", Op.LE, Unit.S),
        _term("database.transaction_timeout", "transaction timeout", Op.LE, Unit.S),
        _term("database.idle_timeout", "idle timeout", Op.LE, Unit.MIN),
    ),
    "security_standards.data_protection.encryption": (
        _term("encryption.at_rest_bits", "aes", Op.GE, Unit.BITS),
        _term("encryption.tls_version", "tls", Op.GE, Unit.VERSION),
    ),
    "mandatory_quality_gates.performance_slas": (msgspec.structs.replace(_P95, required=False),),
    "mandatory_quality_gates.security_standards": (
        _term("vulnerabilities.critical", "critical vulnerabilities", Op.EQ, Unit.COUNT, required=False),
    ),
    "mandatory_quality_gates.code_quality": _NO_LINT,
    "code_completion_gates.requirements.2": _NO_LINT,
    "code_completion_gates.validation.2": _NO_LINT,
    "monitoring_requirements.alerting_rules.error_rate": (
        _term("alert.error_ratio", "error rate|error ratio", Op.GT, Unit.PERCENT, _ALERT, window=True),
    ),
    "monitoring_requirements.alerting_rules.response_time": (
        _term("alert.latency_p95", "p95", Op.GT, Unit.MS, _ALERT, window=True),
    ),
    "monitoring_requirements.alerting_rules.external_deps": (
        _term("alert.external_error_ratio", "external error", Op.GT, Unit.PERCENT, _ALERT, window=True),
    ),
    "deployment_process.blue_green_deployment.canary_phases": (
        _term("rollout.step", "", Op.EQ, Unit.PERCENT, LimitRole.STEP, window=True, steps=True),
    ),
    "deployment_process.blue_green_deployment.success_criteria": (
        _term("rollout.error_ratio", "error rate|error ratio", Op.LT, Unit.PERCENT, _SUCCEED),
        _term("rollout.latency_p95", "p95", Op.LT, Unit.MS, _SUCCEED),
    ),
    "deployment_process.blue_green_deployment.rollback_triggers": (
        _term("rollout.error_ratio", "error rate|error ratio", Op.GT, Unit.PERCENT, _ROLL_BACK),
        _term("rollout.latency_p95", "p95", Op.GT, Unit.MS, _ROLL_BACK),
        _term("rollout.business_drop", "business", Op.GT, Unit.PERCENT, _ROLL_BACK),
    ),
    "session_integration.compliance_tracking.security_audit": (
        _term("retention.scan_results", "scan results", Op.GE, Unit.Y, LimitRole.RETAIN),
    ),
    "tdd.coverage_requirements.line_coverage": (_term("coverage.line_ratio", "", Op.GE, Unit.PERCENT),),
    "tdd.coverage_requirements.branch_coverage": (_term("coverage.branch_ratio", "", Op.GE, Unit.PERCENT),),
    "tdd.coverage_requirements.critical_paths": (_term("coverage.critical_ratio", "", Op.GE, Unit.PERCENT),),
    "tdd.coverage_requirements.error_handling": (_term("coverage.error_handling_ratio", "", Op.GE, Unit.PERCENT),),
}


def terms_of(document: str, clause_id: str) -> tuple[Term, ...]:
    """Return the terms of a clause, by its id alone or below the name of its document; none means the general form."""
    return _TERMS.get(clause_id) or _TERMS.get(f"{document}.{clause_id}", ())
