"""The timeline of a session: what happened, in words, from its leaves."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import singledispatch

import msgspec

from standfast.ledger.bodies import (
    ApprovalDeclined,
    ApprovalGiven,
    ApprovalRefused,
    ApprovalRevoked,
    Body,
    ChangeObserved,
    DecisionRecorded,
    DeploymentConfirmed,
    DeploymentFinished,
    DeploymentReverted,
    DeploymentStarted,
    DutyCompensated,
    EvidenceRecorded,
    GateDecided,
    Phase,
    RequirementApproved,
    ReviewRecorded,
    SessionAdvanced,
    SessionBound,
    SessionClosed,
    SessionOpened,
    SessionRefused,
    SignatureKind,
    Signed,
    WaiverGranted,
    WaiverRevoked,
    WaiverUsed,
)
from standfast.ledger.events import Leaf, encode, leaf_digest
from standfast.ledger.fields import ActorId, Commitment
from standfast.ledger.kinds import EventKind
from standfast.model import Digest


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a timeline. ``phase`` is the one in which it happened; ``what`` tells its facts in a few words.

    ``hidden`` are the commitments of the leaf by path: what they hide is read from disclosures, where those still are.
    """

    number: int
    at: datetime
    phase: Phase
    kind: EventKind
    who: ActorId
    what: str
    leaf: Digest
    hidden: dict[str, Commitment] = {}
    refused: bool = False
    unsigned: bool = False


def timeline(leaves: Iterable[Leaf]) -> tuple[Entry, ...]:
    """Return the lines of one session, whose chain was verified, in order."""
    return tuple(_entries(leaves))


def _entries(leaves: Iterable[Leaf]) -> Iterator[Entry]:
    for leaf, phase in with_phases(leaves):
        signed = getattr(leaf.body, "signed", None)
        yield Entry(
            number=leaf.number,
            at=leaf.at,
            phase=phase,
            kind=leaf.kind,
            who=leaf.actor.id,
            what=said(leaf.body),
            leaf=leaf_digest(encode(leaf)),
            hidden=dict(_hidden(leaf.body)),
            refused=isinstance(leaf.body, SessionRefused | ApprovalRefused),
            unsigned=isinstance(signed, Signed) and signed.kind is SignatureKind.UNSIGNED,
        )


def with_phases(leaves: Iterable[Leaf]) -> Iterator[tuple[Leaf, Phase]]:
    """Yield each leaf of one session with the phase in which it happened."""
    phase = Phase.REQUIREMENTS
    for leaf in leaves:
        yield leaf, phase
        phase = leaf.body.target if isinstance(leaf.body, SessionAdvanced) else phase


def _hidden(body: Body) -> Iterator[tuple[str, Commitment]]:
    for name in body.__struct_fields__:
        value = getattr(body, name)
        if isinstance(value, str) and value.startswith("sd1:"):
            yield f"/body/{name}", Commitment(value)


@singledispatch
def said(body: Body) -> str:
    """Return the facts of *body* in a few words; most kinds say all by their name."""
    return ""


@said.register
def _opened(body: SessionOpened) -> str:
    issue = f" for issue {body.issue}" if body.issue else ""
    return f"on {body.forge}{issue}; to be approved as {' and '.join(body.rules.roles)}"


@said.register
def _bound(body: SessionBound) -> str:
    return f"to issue {body.issue} on {body.forge}"


@said.register
def _advanced(body: SessionAdvanced) -> str:
    return f"from {body.origin} to {body.target}"


@said.register
def _refused(body: SessionRefused) -> str:
    return f"{body.attempted}: {body.reason.replace('_', ' ')}"


@said.register
def _closed(body: SessionClosed) -> str:
    return f"{body.result}, after {_several(body.count, 'event')}"


@said.register
def _change(body: ChangeObserved) -> str:
    unresolved = f", {body.unresolved} not told apart" if body.unresolved else ""
    return f"commit {body.commit:.12} by {', '.join(sorted({one.who for one in body.taking}))}{unresolved}"


@said.register
def _requirement(body: RequirementApproved) -> str:
    return f"as {body.role}, {_signature(body.signed)}"


@said.register
def _decision(body: DecisionRecorded) -> str:
    return f"about {body.topic}, {_several(body.words, 'word')}"


@said.register
def _evidence(body: EvidenceRecorded) -> str:
    problems = f", {_several(body.problems, 'problem')}" if body.problems else ""
    return f"{body.evidence} by {body.tool}{problems}"


@said.register
def _gate(body: GateDecided) -> str:
    closed = [gate for gate, status in body.gates.items() if not status.opens]
    shut = f"; not open: {', '.join(closed)}" if closed else ""
    return f"{body.status} on {_several(body.evidence_count, 'statement')}{shut}"


@said.register
def _review(body: ReviewRecorded) -> str:
    return f"{body.state} by {body.reviewer}, commit {body.commit:.12}"


@said.register
def _given(body: ApprovalGiven) -> str:
    afterwards = f", afterwards, of {body.deployment}" if body.deployment else ""
    return f"as {body.role} of commit {body.commit:.12}{afterwards}, {_signature(body.signed)}"


@said.register
def _not_given(body: ApprovalDeclined) -> str:
    signed = "" if body.signed == Signed() else f", {_signature(body.signed)}"
    return f"as {body.role} of commit {body.commit:.12}{signed}"


@said.register
def _not_counted(body: ApprovalRefused) -> str:
    return f"as {body.role}: {body.reason.replace('_', ' ')}"


@said.register
def _taken_back(body: ApprovalRevoked) -> str:
    return f"statement {body.statement:.19}"


@said.register
def _waiver(body: WaiverGranted) -> str:
    return f"{body.waiver} for {body.control} until {body.expires:%Y-%m-%d}, {_signature(body.signed)}"


@said.register
def _waiver_used(body: WaiverUsed) -> str:
    return f"{body.waiver} covered {_several(body.findings, 'finding')}"


@said.register
def _waiver_revoked(body: WaiverRevoked) -> str:
    return body.waiver


@said.register
def _compensated(body: DutyCompensated) -> str:
    return f"no approval as {body.role}, {body.compensation.replace('_', ' ')} until {body.not_before:%Y-%m-%d %H:%M}"


@said.register
def _started(body: DeploymentStarted) -> str:
    urgent = f"; an emergency, to be approved by {body.approve_by:%Y-%m-%d %H:%M}" if body.approve_by else ""
    return f"{body.deployment} of {body.service} to {body.environment} by {body.deployer}{urgent}"


@said.register
def _finished(body: DeploymentFinished) -> str:
    return f"{body.deployment} {body.result}"


@said.register
def _reverted(body: DeploymentReverted) -> str:
    return f"{body.deployment} {'by itself' if body.automatic else 'by hand'}"


@said.register
def _confirmed(body: DeploymentConfirmed) -> str:
    return f"{body.deployment} {'healthy' if body.healthy else 'not healthy'}"


def _signature(signed: Signed) -> str:
    if signed.kind is SignatureKind.UNSIGNED:
        return "unsigned"
    return f"signed with {signed.kind}" + (", person verified" if signed.person_verified else "")


def _several(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
