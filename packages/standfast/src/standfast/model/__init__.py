"""Frozen types, canonical bytes, units and errors; imports nothing else of Standfast."""

from standfast.model.clause import Clause, ClauseKind, Limit, LimitRole, Op, Override, Reference, Standard
from standfast.model.control import ControlChange, ControlSpec, Effort, Enforcement, ParamSpec
from standfast.model.digest import Digest, canonical_json, sha256
from standfast.model.errors import (
    ConfigurationError,
    EvidenceError,
    LedgerError,
    Problem,
    StandardError,
    StandfastError,
    UndecidableError,
    UsageError,
)
from standfast.model.evidence import Evidence, Examination, Fact, Items
from standfast.model.finding import Doubt, Finding, Location, Measurement, Severity
from standfast.model.outcome import Outcome, Status, worst
from standfast.model.profile import Profile
from standfast.model.statement import Producer, RawFile, Statement
from standfast.model.subject import Subject
from standfast.model.units import Quantity, Unit, convert, parse_quantity, written
from standfast.model.verdict import (
    ClauseQuote,
    ControlResult,
    EvidenceUse,
    GateVerdict,
    Inputs,
    Notice,
    Verdict,
    WaiverUse,
)
from standfast.model.waiver import GrantedWaiver, Waiver, WaiverPolicy

__all__ = [
    "Clause",
    "ClauseKind",
    "ClauseQuote",
    "ConfigurationError",
    "ControlChange",
    "ControlResult",
    "ControlSpec",
    "Digest",
    "Doubt",
    "Effort",
    "Enforcement",
    "Evidence",
    "EvidenceError",
    "EvidenceUse",
    "Examination",
    "Fact",
    "Finding",
    "GateVerdict",
    "GrantedWaiver",
    "Inputs",
    "Items",
    "LedgerError",
    "Limit",
    "LimitRole",
    "Location",
    "Measurement",
    "Notice",
    "Op",
    "Outcome",
    "Override",
    "ParamSpec",
    "Problem",
    "Producer",
    "Profile",
    "Quantity",
    "RawFile",
    "Reference",
    "Severity",
    "Standard",
    "StandardError",
    "StandfastError",
    "Statement",
    "Status",
    "Subject",
    "UndecidableError",
    "Unit",
    "UsageError",
    "Verdict",
    "Waiver",
    "WaiverPolicy",
    "WaiverUse",
    "canonical_json",
    "convert",
    "parse_quantity",
    "sha256",
    "worst",
    "written",
]
