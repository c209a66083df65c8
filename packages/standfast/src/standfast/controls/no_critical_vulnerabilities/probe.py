"""Decide whether a known critical vulnerability is open."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.vex.schema import Vex
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.evidence.vulnerabilities.triage import open_at, uncounted
from standfast.model import Finding, Measurement, Op, Severity, Unit

CRITICAL = (Severity.CRITICAL, Severity.UNKNOWN)
"""A vulnerability that nobody rated counts as critical."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how many critical vulnerabilities may be open."""

    max_critical: int = 0


def probe(
    scans: tuple[Vulnerabilities, ...], statements_on_them: tuple[Vex, ...] | None, params: Params
) -> Iterator[Finding | Measurement]:
    """Yield every open critical vulnerability, and their number against the limit.

    Args:
        scans: What every scanner found; two that report the same one agree on the worse severity.
        statements_on_them: Justified statements excuse vulnerabilities.
        params: The limit, from the standard.

    Clause:
        mandatory_quality_gates.security_standards
    """
    found = tuple(one.finding() for one in open_at(scans, statements_on_them, *CRITICAL))
    hidden = tuple(uncounted(scans, *CRITICAL))
    total = len(found) + len(hidden)
    yield Measurement("vulnerabilities.critical", total, Op.LE, params.max_critical, Unit.COUNT)
    if total > params.max_critical:
        yield from found
        yield from hidden
