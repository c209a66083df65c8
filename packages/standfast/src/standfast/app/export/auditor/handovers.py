"""Keys that followed others: each introduced by an entry that the one before signed."""

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from standfast.app.export.auditor.events import event_of
from standfast.app.export.auditor.files import Files, digest
from standfast.app.export.auditor.findings import MAX_NOTE, MOST, VIOLATION, Findings, RefusedError
from standfast.app.export.auditor.notes import (
    LOG_KEY,
    Checkpoint,
    Key,
    Policy,
    accepted,
    from_base64,
    key_of,
    parse_checkpoint,
    parse_note,
)


class Handover(NamedTuple):
    """A key that took the place of another: the entry that says so, and the last checkpoint that the other signed."""

    where: str
    place: int
    entry: bytes
    checkpoint: Checkpoint
    former: Key
    key: Key


def handover_name(number: int) -> str:
    """Return the name of the file with the proof of that rotation, from 1."""
    return f"handover/{number:04d}.tlog-proof"


def vkey_of(name: str, public: bytes) -> str:
    """Return the verifier key of a log with that public key."""
    material = bytes([LOG_KEY]) + public
    identity = sha256(name.encode() + b"\n" + material).digest()[:4]
    return f"{name}+{identity.hex()}+{b64encode(material).decode()}"


def vkey_digest(key: Key) -> str:
    """Return the digest by which entries name *key*."""
    return f"sha256:{digest(vkey_of(key.name, key.public).encode())}"


def handovers(files: Files, policy: Policy, findings: Findings) -> tuple[Handover, ...]:
    """Return which keys followed those that the policy pins, one after the other; the tree has yet to agree.

    What was handed over before there was a pinned key is passed over: it makes nobody believed.
    """
    found: list[Handover] = []
    current = {(key.name, key.id): key for key in policy.logs}
    for number in range(1, MOST):
        where = handover_name(number)
        data = files.read(where, MAX_NOTE)
        if data is None:
            break
        index, entry, note = parse_handover(where, data)
        text, signatures = parse_note(note)
        signed = [(current[name, one], signature) for name, one, signature in signatures if (name, one) in current]
        if not signed:
            continue
        former, signature = signed[0]
        checkpoint = parse_checkpoint(text)
        if former.signed_at(text.encode(), signature) is None:
            findings.add(VIOLATION, "signature-forged", where, f"the signature of {former.name} is not over this text")
            break
        key = introduced(index, entry, former) if checkpoint.origin == former.name else None
        if key is None or checkpoint.size != index + 1:
            findings.add(VIOLATION, "key-not-introduced", where, "no entry of the ledger introduces the key of it")
            break
        found.append(Handover(where, index, entry, checkpoint, former, key))
        current.pop((former.name, former.id))
        current[key.name, key.id] = key
    return tuple(found)


def parse_handover(where: str, data: bytes) -> tuple[int, bytes, bytes]:
    """Return the index, the entry and the signed checkpoint in a proof (C2SP tlog-proof) that holds the entry."""
    head, _, note = data.partition(b"\n\n")
    match head.decode("latin-1").split("\n"):
        case ["c2sp.org/tlog-proof@v1", extra, index, *_] if extra.startswith("extra ") and index.startswith("index "):
            entry = from_base64(extra.removeprefix("extra "))
            number = index.removeprefix("index ")
            if entry and re.fullmatch(r"0|[1-9][0-9]{0,17}", number, re.ASCII):
                return int(number), entry, note
    raise RefusedError(f"{where} is no proof that holds an entry")


def introduced(index: int, entry: bytes, former: Key) -> Key | None:
    """Return the key that *entry* puts in the place of *former*, or None where it does not."""
    event = event_of(index, entry, sha256(b"\0" + entry).digest())
    if event is None or event.kind != "key.rotated" or event.body.get("use") != "log":
        return None
    written = event.body.get("public")
    public = from_base64(written) if isinstance(written, str) else None
    if public is None or len(public) != 32 or event.text("former") != vkey_digest(former):
        return None
    key = key_of(vkey_of(former.name, public), LOG_KEY)
    return key if event.text("key") == vkey_digest(key) else None


def keyed(policy: Policy, keys: Sequence[Handover], note: bytes, findings: Findings) -> Policy:
    """Return the policy with the keys that sign a checkpoint of that size: none that was handed over before, or later.

    A signature of a key that had been handed over is a violation by itself.
    """
    text, signatures = parse_note(note)
    size = parse_checkpoint(text).size
    retired = {(one.former.name, one.former.id): one for one in keys if size > one.place + 1}
    for name, identity, _signature in signatures:
        if one := retired.get((name, identity)):
            reason = f"the key {name}+{identity.hex()} signed it, which entry {one.place:,} had handed over"
            findings.add(VIOLATION, "key-retired", f"the checkpoint of {size:,} entries", reason)
    logs = [*policy.logs, *(one.key for one in keys if size > one.place + 1)]
    return policy._replace(logs=tuple(key for key in logs if (key.name, key.id) not in retired))


def kept_checkpoint(data: bytes, policy: Policy, findings: Findings) -> Checkpoint | None:
    """Return the checkpoint that the auditor kept; a key of its ledger, pinned by the policy, must have signed it."""
    alone = policy._replace(witnesses={}, groups={}, quorum=b"none")
    trusted = accepted(data, alone, findings, "the kept checkpoint")
    return trusted.checkpoint if trusted else None
