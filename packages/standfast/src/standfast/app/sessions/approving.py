"""Approvals: bound to a commit and to the verdict about it, signed where there is a key, refused where rules say so."""

import msgspec

from standfast.app.sessions.desk import Desk
from standfast.app.sessions.disclosed import Hiding
from standfast.app.sessions.signing import Means, signature_of, signed_with, signing
from standfast.app.storage.store import Store
from standfast.ledger.bodies import (
    ApprovalDeclined,
    ApprovalGiven,
    ApprovalRevoked,
    GateDecided,
    Phase,
    RequirementAnalysed,
    RequirementApproved,
    SignatureKind,
    Signed,
)
from standfast.ledger.emergencies import Emergency
from standfast.ledger.events import Leaf, encode, leaf_digest
from standfast.ledger.fields import Actor, ChainId
from standfast.ledger.people import People
from standfast.ledger.session import Refusal, Session
from standfast.ledger.signatures.kinds import signed as said_of
from standfast.model import Digest, StandfastError, UsageError, canonical_json

NAMESPACE = "approval@standfast"
"""The namespace of the signature: what is signed for it is no signature of anything else."""
REFUSAL = "refusal@standfast"
"""The same, for saying no."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What an approver agrees to; its canonical bytes are signed. ``about`` are the digests that it is bound to."""

    version: int = 1
    ledger: str
    session: str
    role: str
    approver: str
    about: dict[str, str]


class _Declined(msgspec.Struct, frozen=True):
    refusal: Seen
    signature: str


class _Stored(msgspec.Struct, frozen=True):
    approval: Seen
    signature: str


def approve(desk: Desk, session: ChainId, role: str, *, means: Means | None) -> Session | Refusal:
    """Return *session* after who works here agreed in *role*, or why that does not count; either is recorded.

    In the phase of the requirements these are approved, later the newest commit with the newest verdict about it.

    Raises:
        UsageError: There is nothing to approve, or the key cannot be used.
        LedgerError: It cannot be recorded.
    """
    people, state = desk.people(), desk.state(session)
    _require_memory(desk, state, people)
    if state.phase is Phase.REQUIREMENTS:
        about = {"requirements": _analysis(desk.leaves(session))}
        statement, signed, actor = _signed(desk, session, role, about, means)
        agreed = RequirementApproved(role=role, document=statement, signed=signed)
        return desk.take(session, lambda _state: agreed, actor=actor)
    if state.phase is not Phase.PRE_DEPLOYMENT:
        raise UsageError(
            "approval-phase",
            f"session {session} is in {state.phase}: there is nothing to approve",
            hint="`standfast session advance pre_deployment` when the change is ready",
        )
    desk.observe(session)
    verdict = _verdict(desk, session)
    about = {"commit": verdict.commit or "", "tree": verdict.tree, "verdict": verdict.verdict}
    statement, signed, actor = _signed(desk, session, role, about, means)
    given = ApprovalGiven(
        role=role, commit=verdict.commit or "", statement=statement, verdict=verdict.verdict, signed=signed
    )
    return desk.take(session, lambda _state: given, actor=actor)


def approve_afterwards(
    desk: Desk, session: ChainId, role: str, deployment: str, *, means: Means | None
) -> Session | Refusal:
    """Return *session* after who works here approved, in *role*, what was deployed in an emergency; either is recorded.

    What is approved is the commit of that deployment, with the newest verdict about it, whatever it says.

    Raises:
        UsageError: There is no such emergency, no verdict about its commit, or the key cannot be used.
        LedgerError: It cannot be recorded.
    """
    people, state = desk.people(), desk.state(session)
    _require_memory(desk, state, people)
    commit = _emergency(state, deployment).duties.commit
    bodies = (leaf.body for leaf in desk.leaves(session))
    decided = [one for one in bodies if isinstance(one, GateDecided) and one.commit == commit]
    if not decided:
        raise UsageError(
            "approval-verdict",
            f"there is no verdict about commit {commit or 'none':.12}, which was deployed as {deployment}",
            hint="check that commit out, run `standfast gate`, and approve what it decided",
        )
    verdict = decided[-1]
    about = {"commit": commit or "", "tree": verdict.tree, "verdict": verdict.verdict, "deployment": deployment}
    statement, signed, actor = _signed(desk, session, role, about, means)
    given = ApprovalGiven(
        role=role,
        commit=commit or "",
        statement=statement,
        verdict=verdict.verdict,
        signed=signed,
        deployment=deployment,
    )
    return desk.take(session, lambda _state: given, actor=actor)


def _emergency(state: Session, deployment: str) -> Emergency:
    for one in state.emergencies:
        if one.deployment == deployment:
            return one
    known = ", ".join(one.deployment for one in state.emergencies) or "none"
    raise UsageError(
        "emergency-unknown",
        f"session {state.id} has no emergency called {deployment}, found {known}",
        hint="`standfast deployment list` names each with its session",
    )


def _require_memory(desk: Desk, state: Session, people: People) -> None:
    """Return when everyone who must be somebody else than the approver is still known by name.

    Raises:
        UsageError: Names were erased: whoever comes now could be the same person under a new pseudonym.
    """
    known = {people.one(one.who) for one in desk.scribe.disclosed.directory()}
    others = [one.who for one in state.duties.approvals]
    others += [who for one in state.emergencies for who in one.duties.deployers | (one.duties.authors or frozenset())]
    others += [given.who for one in state.emergencies for given in one.duties.approvals]
    others += state.analysts if state.phase is Phase.REQUIREMENTS else ()
    forgotten = sorted({who for who in others if people.one(who) not in known})
    if forgotten:
        raise UsageError(
            "person-forgotten",
            f"the names of {', '.join(forgotten)} were erased, so nobody can be told apart from them",
            hint="go back a phase and begin this part again: `standfast session advance development`",
        )


def decline(desk: Desk, session: ChainId, role: str, reason: str, *, means: Means | None = None) -> Session | Refusal:
    """Return *session* after who works here did not agree in *role*, and said why.

    What is signed is that the commit is refused; the reason is not in it, so that it can be erased.
    """
    desk.people()
    state, hiding = desk.state(session), Hiding()
    if state.duties.commit is None:
        raise UsageError("approval-phase", f"session {session} has no commit yet: there is nothing to refuse")
    statement, signed, actor = None, Signed(), desk.actor
    if means is not None:
        seen = _seen(desk, session, role, {"commit": state.duties.commit})
        signature, found = signed_with(desk, means, canonical_json(seen), namespace=REFUSAL)
        statement = Store(desk.root).put(canonical_json(_Declined(seen, signature)))
        signed, actor = said_of(found), signing(desk, found)
    body = ApprovalDeclined(
        role=role,
        commit=state.duties.commit,
        text=hiding.hide("/body/text", reason),
        words=len(reason.split()),
        statement=statement,
        signed=signed,
    )
    return desk.take(session, lambda _state: body, hiding, actor=actor)


def revoke(desk: Desk, session: ChainId, role: str, reason: str) -> Session | Refusal:
    """Return *session* after who works here took their approval in *role* back.

    Raises:
        UsageError: Nobody approved in that role.
    """
    people, state, hiding = desk.people(), desk.state(session), Hiding()
    given = [one for one in state.duties.approvals if one.role == role]
    own = [one for one in given if people.same(one.who, desk.actor.id)]
    if not given:
        raise UsageError("approval-missing", f"nobody approved session {session} as {role}")
    body = ApprovalRevoked(
        statement=(own or given)[-1].statement,
        text=hiding.hide("/body/text", reason),
        words=len(reason.split()),
    )
    return desk.take(session, lambda _state: body, hiding)


def _analysis(leaves: tuple[Leaf, ...]) -> str:
    """Return the digest of the newest analysis of the requirements: of its document, or of its event.

    Raises:
        UsageError: There is none.
    """
    found = [leaf for leaf in leaves if isinstance(leaf.body, RequirementAnalysed)]
    if not found:
        raise UsageError(
            "approval-nothing", "nobody said what is required", hint="`standfast session decide requirements`"
        )
    body = found[-1].body
    document = body.document if isinstance(body, RequirementAnalysed) else None
    return document or leaf_digest(encode(found[-1]))


def _verdict(desk: Desk, session: ChainId) -> GateDecided:
    """Return the newest verdict about the newest commit.

    Raises:
        UsageError: There is none since the phase began, or it does not open the gate.
    """
    state = desk.state(session)
    bodies = (leaf.body for leaf in desk.leaves(session))
    decided = [one for one in bodies if isinstance(one, GateDecided) and one.commit == state.duties.commit]
    if state.gate is None or not state.gate.opens or not decided:
        found = "is not there" if state.gate is None else f"is {state.gate}"
        raise UsageError(
            "approval-verdict",
            f"the verdict about commit {state.duties.commit or 'none':.12} {found}, expected one that opens the gate",
            hint="commit everything, run `standfast gate`, and approve what it decided",
        )
    return decided[-1]


def _signed(
    desk: Desk, session: ChainId, role: str, about: dict[str, str], means: Means | None
) -> tuple[Digest, Signed, Actor]:
    """Return the digest of the stored statement, how it is signed, and who signed it."""
    actor, store = desk.actor, Store(desk.root)
    seen = _seen(desk, session, role, about)
    if means is None:
        return store.put(canonical_json(_Stored(seen, ""))), Signed(), actor
    message = canonical_json(seen)
    signature, found = signed_with(desk, means, message, namespace=NAMESPACE)
    return store.put(canonical_json(_Stored(seen, signature))), said_of(found), signing(desk, found)


def _seen(desk: Desk, session: ChainId, role: str, about: dict[str, str]) -> Seen:
    origin = desk.scribe.ledger.known.origin
    return Seen(ledger=origin, session=session, role=role, approver=desk.actor.id, about=about)


def signature_holds(desk: Desk, leaf: Leaf) -> bool:
    """Return whether the approval *leaf* is signed by whom it names: the stored signature is verified once more.

    What the event says about its signature is not believed, and a key counts only while the settings of the base name
    it as the approver's.
    """
    body = leaf.body
    if not isinstance(body, ApprovalGiven) or body.signed.kind is SignatureKind.UNSIGNED:
        return False
    try:
        stored = msgspec.json.decode(desk.stored(body.statement), type=_Stored)
        message = canonical_json(stored.approval)
        signature_of(desk, leaf.actor.id, stored.signature, message, namespace=NAMESPACE, said=body.signed)
    except (StandfastError, msgspec.DecodeError, UnicodeDecodeError):
        return False
    seen, origin = stored.approval, desk.scribe.ledger.known.origin
    about = tuple(seen.about.get(name) for name in ("commit", "verdict", "deployment"))
    found = (seen.ledger, seen.session, seen.role, seen.approver, *about)
    wanted = (origin, leaf.session, body.role, leaf.actor.id, body.commit, body.verdict, body.deployment)
    return found == wanted
