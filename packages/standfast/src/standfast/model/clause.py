"""Clauses, the limits parsed from them, and the standard they make up."""

import operator
from collections.abc import Callable
from datetime import date
from enum import StrEnum

import msgspec

from standfast.model.digest import Digest
from standfast.model.units import Unit, convert


class ClauseKind(StrEnum):
    """What a clause asks for."""

    REQUIREMENT = "requirement"
    ACTION = "action"
    VALIDATION = "validation"
    GATE = "gate"
    LIMIT = "limit"
    PRACTICE = "practice"


class Op(StrEnum):
    """How a measured value must stand to its bound."""

    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    EQ = "eq"

    @property
    def words(self) -> str:
        """The operator as it reads in a sentence."""
        return _WORDS[self]

    def holds(self, value: float, bound: float) -> bool:
        """Return whether *value* is within *bound*; a NaN never is."""
        return HOLDS[self](value, bound)


HOLDS: dict[Op, Callable[[float, float], bool]] = {
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
    Op.EQ: operator.eq,
}
_WORDS = {Op.LT: "under", Op.LE: "at most", Op.GT: "over", Op.GE: "at least", Op.EQ: "exactly"}


class LimitRole(StrEnum):
    """What happens at the bound: it must hold, it alerts, it ends or reverts a rollout step, ..."""

    REQUIRE = "require"
    ALERT = "alert"
    SUCCEED = "succeed"
    ROLL_BACK = "roll_back"
    STEP = "step"
    RETAIN = "retain"


class Limit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One number of the standard, typed.

    ``fact`` is the flat name of what is measured; it is unique within its clause.
    ``window_s`` is the time over which it must hold (or be exceeded, for an alert), in seconds.
    ``text`` are the words it was read from and ``line`` their line in the source, from 1.
    """

    fact: str
    op: Op
    bound: float
    unit: Unit
    role: LimitRole = LimitRole.REQUIRE
    window_s: float | None = None
    aggregate: str | None = None
    min_samples: int | None = None
    text: str = ""
    line: int = 0

    def bound_in(self, unit: Unit) -> float:
        """Return the bound expressed in *unit*."""
        return convert(self.bound, self.unit, unit)


class Clause(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The smallest quotable requirement, addressed by a stable dotted id."""

    id: str
    kind: ClauseKind
    text: str
    line: int
    source: str
    limits: tuple[Limit, ...] = ()
    references: tuple[str, ...] = ()

    def limit(self, fact: str) -> Limit | None:
        """Return the limit on *fact*, or None."""
        return next((limit for limit in self.limits if limit.fact == fact), None)


class Reference(msgspec.Struct, frozen=True):
    """A pointer of one clause to another module, such as ``quality/tdd.md#quality_gates``."""

    clause: str
    target: str
    line: int


class Override(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A changed limit of an extended standard; loosening carries reason, owner and expiry.

    ``applied`` is false for a loosening that has expired: the limit is again what it ``was``.
    """

    clause: str
    fact: str
    was: float
    bound: float
    unit: Unit
    loosens: bool
    reason: str = ""
    owner: str = ""
    expires: date | None = None
    applied: bool = True


class Standard(msgspec.Struct, frozen=True, kw_only=True):
    """A versioned set of clauses; ``digest`` covers every source it was read from."""

    name: str
    version: str
    digest: Digest
    clauses: tuple[Clause, ...]
    status: str = ""
    updated: str = ""
    sources: tuple[str, ...] = ()
    unresolved: tuple[Reference, ...] = ()
    overrides: tuple[Override, ...] = ()

    def clause(self, clause_id: str) -> Clause | None:
        """Return the clause of that id, or None."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)
