"""Decide whether the linters looked with the required rules."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.lint.schema import Lint
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Requirements: the rule families of Ruff and of Flake8; how many rules at least for any other linter."""

    ruff: tuple[str, ...] = ("B", "BLE", "C", "E", "F", "I", "S", "W")
    flake8: tuple[str, ...] = ("B", "C", "E", "F", "W")
    min_rules: float = 30


def probe(lint: Lint, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield each required family that was off, or the number of rules against the limit.

    Args:
        lint: What one linter found, and which of its rules were on.
        params: The requirements.

    Clause:
        mandatory_quality_gates.code_quality
    """
    if lint.rules is None or lint.families is None:
        yield Doubt(f"the report of {lint.scope or 'the linter'} does not say which rules were on")
        return
    required = {"ruff": params.ruff, "flake8": params.flake8}.get(lint.scope)
    if required is None or lint.rules == 0:
        yield Measurement("lint.rules", lint.rules, Op.GE, params.min_rules, Unit.COUNT)
        return
    for family in sorted(set(required) - set(lint.families)):
        yield Finding(f"the rules {family} of {lint.scope} are off", rule=f"lint.family.{family}")
