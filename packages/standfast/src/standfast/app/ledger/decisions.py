"""The decision of a gate, as the event that the ledger holds."""

import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import msgspec

from standfast.app.ledger.home import Home
from standfast.app.ledger.opening import standing
from standfast.app.ledger.recorded import Recorded
from standfast.app.ledger.recording import ENGINE, Ledger
from standfast.app.ledger.waived import with_uses
from standfast.ledger.bodies import GateDecided, SessionClosed
from standfast.ledger.events import Leaf, decode
from standfast.ledger.fields import LEDGER, ChainId, label
from standfast.ledger.stores.contract import LedgerStore
from standfast.model import Digest, Verdict, canonical_json, sha256

_NAME = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,119}\Z")
_ADDRESS = re.compile(r"sha256:[0-9a-f]{64}\Z")
_MOST = 100


def record(root: Path, name: str, verdict: Verdict, digest: Digest) -> Recorded:
    """Return where the decision *verdict*, stored under *digest*, stands in the ledger of the working copy *root*.

    Each waiver that it rests on is recorded as used, and each that is over by now as expired.

    Raises:
        WaiverEndedError: A waiver that it rests on ended meanwhile; nothing is recorded.
        LedgerError: It is not in the ledger; nobody may see the verdict.
    """
    found = standing(root, name, Home())
    with found.ledger as ledger:
        session = present(ledger.store)
        body = decided(verdict, digest)
        if session is not None and not about_all(verdict):
            body = msgspec.structs.replace(body, commit=None)
        uses = _uses(verdict)
        place = ledger.record_all(
            lambda at: tuple(with_uses(ledger.store, _following(ledger, session, body, at), uses, ENGINE))
        )
        return msgspec.structs.replace(place, notice=found.notice)


def _uses(verdict: Verdict) -> dict[str, int]:
    """Return how many findings each waiver covered that *verdict* rests on."""
    uses: Counter[str] = Counter()
    for use in (use for result in verdict.results for use in result.waivers if use.applied):
        uses[named(use.id)] += use.findings
    return dict(uses)


def present(store: LedgerStore) -> ChainId | None:
    """Return the session that is open, or None: one is open at a time, and ids are in the order of time."""
    newest = [name for name in store.chains() if name != LEDGER][-1:]
    tip = store.tip(newest[0]) if newest else None
    if tip is None:
        return None
    *_others, last = (leaf for _index, leaf in store.chain(newest[0]))
    return None if isinstance(decode(last).body, SessionClosed) else ChainId(newest[0])


def about_all(verdict: Verdict) -> bool:
    """Return whether *verdict* is about every gate, and about a commit just as it is."""
    return not verdict.selection and not verdict.subject.dirty


def _following(ledger: Ledger, session: ChainId | None, body: GateDecided, at: datetime) -> Leaf:
    """Return the decision in the open session, or in the chain of the ledger where the session was closed meanwhile."""
    still = session is not None and present(ledger.store) == session
    return ledger.head(session if session is not None and still else LEDGER).next(body, at=at, actor=ENGINE)


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
