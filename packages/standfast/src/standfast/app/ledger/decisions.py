"""The decision of a gate, as the event that the ledger holds."""

import re
from pathlib import Path

import msgspec

from standfast.app.ledger.home import Home
from standfast.app.ledger.opening import standing
from standfast.app.ledger.recorded import Recorded
from standfast.ledger.bodies import GateDecided
from standfast.ledger.fields import label
from standfast.model import Digest, Verdict, canonical_json, sha256

_NAME = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,119}\Z")
_ADDRESS = re.compile(r"sha256:[0-9a-f]{64}\Z")
_MOST = 100


def record(root: Path, name: str, verdict: Verdict, digest: Digest) -> Recorded:
    """Return where the decision *verdict*, stored under *digest*, stands in the ledger of the working copy *root*.

    Raises:
        LedgerError: It is not in the ledger; nobody may see the verdict.
    """
    found = standing(root, name, Home())
    with found.ledger as ledger:
        return msgspec.structs.replace(ledger.record(decided(verdict, digest)), notice=found.notice)


def decided(verdict: Verdict, digest: Digest) -> GateDecided:
    """Return the event that *verdict*, stored under *digest*, is."""
    subject, inputs = verdict.subject, verdict.inputs
    return GateDecided(
        verdict=digest,
        status=verdict.status,
        gates={named(gate.gate): gate.status for gate in verdict.gates},
        standard=inputs.standard,
        context=inputs.context,
        controls=inputs.controls,
        evidence=sha256(canonical_json(inputs.evidence)),
        evidence_count=len(inputs.evidence),
        engine=label(verdict.engine),
        tree=subject.tree,
        decided_at=verdict.decided_at,
        commit=subject.commit,
        artifact=_address(subject.artifact),
        service=subject.service and named(subject.service),
        environment=subject.environment and named(subject.environment),
        waivers=sum(use.applied for result in verdict.results for use in result.waivers),
    )


def named(text: str) -> str:
    """Return *text* where a leaf may hold it as a name; otherwise what is left of it, and the start of its digest."""
    if _NAME.match(text):
        return text
    plain = re.sub(r"[^a-z0-9._:/-]+", "-", text.lower()).strip("-._:/")[:_MOST] or "x"
    return f"{plain}-{sha256(text.encode())[7:15]}"


def _address(artifact: str | None) -> Digest | None:
    if artifact is None:
        return None
    return Digest(artifact) if _ADDRESS.match(artifact) else sha256(artifact.encode())
