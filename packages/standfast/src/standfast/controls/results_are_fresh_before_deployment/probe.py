"""Decide whether scans and benchmarks are recent enough to deploy on."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.model import Doubt, Finding, Statement

_SCANS = ("vulnerabilities", "secrets", "code_findings", "infrastructure", "dast", "tls_scan")
_BENCHMARKS = ("load_test", "page_load")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How old scans and benchmarks may be, in days."""

    max_scan_age_days: int = 7
    max_benchmark_age_days: int = 30


def probe(statements: tuple[Statement, ...], params: Params, now: datetime) -> Iterator[Finding | Doubt]:
    """Yield one finding per scan or benchmark that is too old, a doubt where there is no scan at all.

    Args:
        statements: All evidence about the subject.
        params: Limits.
        now: The moment of the decision (UTC).

    Clause:
        deployment_process.quality_verification.pre_deployment
    """
    if not any(statement.kind in _SCANS for statement in statements):
        yield Doubt("there is no security scan")
    for statement in statements:
        limit = _limit(statement.kind, params)
        age = (now - statement.produced_at).days
        if limit is not None and age > limit:
            said = f"{statement.producer.tool} ({statement.kind}) ran {age} days ago, limit {limit}"
            yield Finding(said, rule=f"stale.{statement.kind}")


def _limit(kind: str, params: Params) -> int | None:
    if kind in _SCANS:
        return params.max_scan_age_days
    return params.max_benchmark_age_days if kind in _BENCHMARKS else None
