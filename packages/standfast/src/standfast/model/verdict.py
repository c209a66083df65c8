"""The verdict: the one record that every report is a projection of."""

from datetime import datetime

import msgspec

from standfast.model.clause import Limit, Override, Reference
from standfast.model.control import Effort, Enforcement
from standfast.model.digest import Digest
from standfast.model.finding import Finding, Measurement
from standfast.model.outcome import Outcome, Status
from standfast.model.subject import Subject

SCHEMA = "standfast.verdict/1"


class ClauseQuote(msgspec.Struct, frozen=True, omit_defaults=True):
    """A clause as it is quoted in a verdict."""

    id: str
    text: str
    source: str
    line: int
    limits: tuple[Limit, ...] = ()


class EvidenceUse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statement that was considered, and why it could not count where it could not."""

    kind: str
    digest: Digest
    tool: str
    version: str
    produced_at: datetime
    age_s: int
    refused: str = ""


class WaiverUse(msgspec.Struct, frozen=True, omit_defaults=True):
    """A waiver that was considered for a control, and why it was refused where it was.

    ``signature`` is how it is signed: ``ssh`` or ``unsigned``. It is the use number ``use`` of the ``uses`` it has,
    0 where its number is not limited.
    """

    id: str
    applied: bool
    why: str
    findings: int = 0
    signature: str = ""
    use: int = 0
    uses: int = 0


class ControlResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The whole explanation of one control.

    ``outcome`` is what the control found; ``status`` is what counts after waivers and enforcement.
    ``findings`` are the reasons; ``findings_total`` is exact where not all are listed.
    ``reasons`` say why it is unknown, error or not applicable. ``waived`` are findings covered by a waiver.
    ``smallest_change`` lists the fewest changes, easiest first, that would turn it green.
    """

    control: str
    title: str
    outcome: Outcome
    status: Status
    enforcement: Enforcement
    clauses: tuple[ClauseQuote, ...]
    gates: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    findings_total: int = 0
    waived: tuple[Finding, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    evidence: tuple[EvidenceUse, ...] = ()
    needs: tuple[str, ...] = ()
    waivers: tuple[WaiverUse, ...] = ()
    smallest_change: tuple[str, ...] = ()
    why: str = ""
    remediation: str = ""
    effort: Effort = Effort.MEDIUM
    evidence_from: str = ""
    mappings: dict[str, tuple[str, ...]] = {}


class GateVerdict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The decision of one gate or phase."""

    gate: str
    text: str
    status: Status
    counts: dict[str, int]
    failing: tuple[str, ...] = ()


class Notice(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something the reader must know that is not a finding of one control (a waiver about to expire, ...)."""

    code: str
    message: str
    hint: str = ""


class Inputs(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Content addresses of everything the verdict was computed from, for replay.

    ``context`` names the canonical JSON of all that is not evidence: the resolved standard, the project's own
    controls and changes, profile, waivers, failures of collectors, and the selection.
    """

    standard: Digest
    context: Digest
    controls: Digest
    evidence: tuple[Digest, ...]


class Verdict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The decision about one subject at one moment (UTC)."""

    schema: str
    engine: str
    standard: str
    standard_version: str
    subject: Subject
    decided_at: datetime
    selection: tuple[str, ...]
    status: Status
    exit_code: int
    gates: tuple[GateVerdict, ...]
    results: tuple[ControlResult, ...]
    unbound: tuple[str, ...]
    unresolved: tuple[Reference, ...]
    overrides: tuple[Override, ...]
    notices: tuple[Notice, ...]
    inputs: Inputs
