"""Findings: the single reasons why a control is not met, and measurements against limits."""

from enum import StrEnum

import msgspec

from standfast.model.clause import HOLDS, Op
from standfast.model.digest import sha256
from standfast.model.units import Unit, written


class Severity(StrEnum):
    """How bad a finding is; ``unknown`` counts as critical until someone has triaged it."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"
    UNKNOWN = "unknown"


class Location(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place in the repository: relative POSIX path, line and column from 1; 0 where not known."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """``path:line:column``, as far as known."""
        return ":".join([self.path, *(str(part) for part in (self.line, self.column) if part)])


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reason, with the place it is about.

    ``fingerprint`` names the finding across runs: it does not change when lines above it do.
    ``suppressed`` is the justification of an accepted suppression (``""`` where there is none).
    """

    message: str
    location: Location | None = None
    rule: str = ""
    severity: Severity | None = None
    fingerprint: str = ""
    suppressed: str = ""
    fix: str = ""

    def identified(self, kind: str) -> str:
        """Return the fingerprint, or one made from *kind*, rule, path and message."""
        if self.fingerprint:
            return self.fingerprint
        path = self.location.path if self.location else ""
        return sha256("\0".join((kind, self.rule, path, self.message)).encode())[7:23]


class Doubt(msgspec.Struct, frozen=True):
    """A reason why the evidence cannot decide (no branch data in the report, ...); without findings it is unknown."""

    reason: str


class Measurement(msgspec.Struct, frozen=True, omit_defaults=True):
    """One measured value against one bound; the engine makes a finding of it where it does not hold."""

    fact: str
    value: float
    op: Op
    bound: float
    unit: Unit
    clause: str = ""

    @property
    def holds(self) -> bool:
        """Whether the value is within the bound."""
        return HOLDS[self.op](self.value, self.bound)

    def texts(self) -> tuple[str, str]:
        """Return value and bound as they are written for people.

        They have the fewest decimals, from 3, with which a value beside its bound does not read as the bound.
        """
        for digits in range(3, 12):
            value, bound = written(self.value, self.unit, digits), written(self.bound, self.unit, digits)
            if value != bound:
                return value, bound
        return written(self.value, self.unit), written(self.bound, self.unit)

    @property
    def value_text(self) -> str:
        """The value as it is written for people."""
        return self.texts()[0]

    @property
    def bound_text(self) -> str:
        """The bound as it is written for people."""
        return self.texts()[1]

    def __str__(self) -> str:
        """Read as one sentence: what is measured, and what it must be."""
        value, bound = self.texts()
        return f"{self.fact} is {value}, must be {self.op.words} {bound}"
