"""Keys, notes and the policy (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy)."""

import re
from base64 import b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from standfast.app.export.auditor.findings import MAX_NOTE, MAX_POLICY, MAX_SIZE, VIOLATION, Findings, RefusedError

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER = frozenset({1, _P - 1, 0, _ORDER_8, _P - _ORDER_8})
LOG_KEY, WITNESS_KEY = 1, 4


class Key(NamedTuple):
    """A public key under a name: of a log (kind 1) or of a witness (kind 4)."""

    name: str
    kind: int
    public: bytes
    id: bytes

    def signed_at(self, text: bytes, signature: bytes) -> int | None:
        """Return when this key signed *text*, in seconds since 1970 and 0 where it does not say; None if it did not."""
        at = 0
        if self.kind == WITNESS_KEY:
            if len(signature) != 72 or signature[0] > 127:
                return None
            at = int.from_bytes(signature[:8], "big")
            text, signature = b"cosignature/v1\ntime %d\n%b" % (at, text), signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return None
        return at


class Checkpoint(NamedTuple):
    """What a ledger signs: which one, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes


class Policy(NamedTuple):
    """Whose word counts: keys of logs, keys of witnesses by their name here, groups, and the quorum."""

    logs: tuple[Key, ...]
    witnesses: dict[bytes, Key]
    groups: dict[bytes, tuple[int, tuple[bytes, ...]]]
    quorum: bytes


def from_base64(text: str) -> bytes | None:
    """Return the bytes of which *text* is the one base64, or None."""
    try:
        data = a2b_base64(text.encode("ascii"), strict_mode=True)
    except (Base64Error, UnicodeEncodeError):
        return None
    return data if b64encode(data).decode() == text else None


def key_of(vkey: str, kind: int) -> Key:
    """Return the key that *vkey* describes: of that kind, with the right id, and mathematically sound."""
    name, _, rest = vkey.partition("+")
    written, _, encoded = rest.partition("+")
    material = from_base64(encoded) if len(vkey) <= 1_000 else None
    if not is_name(name) or material is None or len(material) != 33 or material[0] != kind:
        raise RefusedError(f"policy: {vkey[:80]!r} is no verifier key of kind {kind}")
    public = material[1:]
    y = int.from_bytes(public, "little") & (1 << 255) - 1
    u, v = y * y - 1, _D * y * y + 1
    if y >= _P or y in _SMALL_ORDER or pow(u * v, (_P - 1) // 2, _P) != 1:
        raise RefusedError(f"policy: the key of {name!r} is unsound; ask its owner for it again")
    found = sha256(name.encode() + b"\n" + material).digest()[:4]
    if written != found.hex():
        raise RefusedError(f"policy: the key of {name!r} has the id {found.hex()}, the line says {written[:20]!r}")
    return Key(name, kind, public, found)


def is_name(name: str) -> bool:
    """Return whether *name* can stand in a signature line."""
    return bool(name) and not any(
        letter.isspace() or letter < " " or letter == "+" or "\ud800" <= letter <= "\udfff" for letter in name
    )


class PolicyReader:
    """Reads a policy line by line; every doubtful line refuses the whole of it."""

    def __init__(self) -> None:
        self.logs: list[Key] = []
        self.witnesses: dict[bytes, Key] = {}
        self.groups: dict[bytes, tuple[int, tuple[bytes, ...]]] = {}
        self.quorums: list[bytes] = []
        self._members: set[bytes] = set()

    def read(self, data: bytes) -> Policy:
        """Return the policy of which *data* is the file."""
        if len(data) > MAX_POLICY or data.count(b"\n") > 2_000 or not data.endswith(b"\n"):
            raise RefusedError("policy: it is too long, or its last line does not end: it may be cut off")
        if re.search(rb"[^\t\n\x20-\x7e\x80-\xff]", data):
            raise RefusedError("policy: it holds control characters")
        for number, line in enumerate(data.split(b"\n")[:-1], 1):
            items = [item for item in re.split(rb"[ \t]+", line) if item]
            if items and not items[0].startswith(b"#"):
                self._take(f"policy, line {number}", items)
        if len(self.quorums) != 1:
            raise RefusedError(f"policy: {len(self.quorums)} quorum lines, expected one")
        keys = [*self.logs, *self.witnesses.values()]
        if len({(key.name, key.id) for key in keys}) != len(keys):
            raise RefusedError("policy: two keys share their name and id")
        return Policy(tuple(self.logs), self.witnesses, self.groups, self.quorums[0])

    def _take(self, where: str, items: list[bytes]) -> None:
        match items:
            case [b"log", vkey] | [b"log", vkey, _]:
                key = self._new_key(where, vkey, LOG_KEY, self.logs)
                self.logs.append(key)
            case [b"witness", name, vkey] | [b"witness", name, vkey, _]:
                key = self._new_key(where, vkey, WITNESS_KEY, self.witnesses.values())
                self.witnesses[self._new_name(where, name)] = key
            case [b"group", name, needed, *members] if members:
                self._group(where, name, needed, members)
            case [b"quorum", name] if name == b"none" or self._known(name):
                self.quorums.append(name)
            case _:
                raise RefusedError(f"{where}: {b' '.join(items)[:80]!r} is no line of a policy")

    def _new_key(self, where: str, vkey: bytes, kind: int, known: Iterable[Key]) -> Key:
        try:
            key = key_of(vkey.decode(), kind)
        except UnicodeDecodeError as error:
            raise RefusedError(f"{where}: a verifier key that is not UTF-8") from error
        if any(key.public == other.public for other in known):
            raise RefusedError(f"{where}: a key that is listed before")
        return key

    def _new_name(self, where: str, name: bytes) -> bytes:
        if name == b"none" or self._known(name):
            raise RefusedError(f"{where}: the name {name[:40]!r} has a meaning already")
        return name

    def _group(self, where: str, name: bytes, needed: bytes, members: list[bytes]) -> None:
        for member in members:
            if not self._known(member) or member in self._members:
                raise RefusedError(f"{where}: {member[:40]!r} is not defined above, or is a member for the second time")
            self._members.add(member)
        count = {b"any": 1, b"all": len(members)}.get(needed)
        count = int(needed) if count is None and re.fullmatch(rb"[1-9][0-9]{0,4}", needed) else count or 0
        if not 1 <= count <= len(members):
            raise RefusedError(f"{where}: the threshold {needed[:40]!r} cannot be met")
        self.groups[self._new_name(where, name)] = (count, tuple(members))

    def _known(self, name: bytes) -> bool:
        return name in self.witnesses or name in self.groups


def parse_note(data: bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Return the text of a note and its signature lines (name, key id, signature), none of them verified."""
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise RefusedError("the checkpoint is not UTF-8") from error
    at = whole.rfind("\n\n")
    lines = whole[at + 2 :].split("\n")[:-1]
    bounded = len(data) <= MAX_NOTE and at >= 0 and whole.endswith("\n") and 1 <= len(lines) <= 100
    if not bounded or any(letter < " " and letter != "\n" for letter in whole):
        raise RefusedError("the checkpoint is no signed note")
    signatures = []
    for line in lines:
        name, _, encoded = line.removeprefix("\u2014 ").partition(" ")
        raw = from_base64(encoded)
        if not line.startswith("\u2014 ") or not is_name(name) or raw is None or len(raw) <= 4:
            raise RefusedError(f"the checkpoint has a signature line {line[:80]!r} that is none")
        signatures.append((name, raw[:4], raw[4:]))
    return whole[: at + 1], signatures


def parse_checkpoint(text: str) -> Checkpoint:
    """Return what the text of a note commits to: exactly origin, size and root."""
    match text.split("\n"):
        case [origin, size, root64, ""] if origin and re.fullmatch(r"0|[1-9][0-9]{0,18}", size, re.ASCII):
            root = from_base64(root64)
            bounded = root is not None and len(root) == 32 and int(size) <= MAX_SIZE
            if root is not None and bounded and (int(size) or root == sha256(b"").digest()):
                return Checkpoint(origin, int(size), root)
    raise RefusedError("the checkpoint does not consist of origin, size and root")


class Trusted(NamedTuple):
    """A checkpoint that satisfies the policy, and the witnesses that cosigned it: (name, seconds since 1970)."""

    checkpoint: Checkpoint
    witnesses: tuple[tuple[str, int], ...]


def accepted(data: bytes, policy: Policy, findings: Findings, where: str = "checkpoint") -> Trusted | None:
    """Return the checkpoint in *data*, or None, with a finding, where the policy does not trust it."""
    text, signatures = parse_note(data)
    checkpoint = parse_checkpoint(text)
    known = {(key.name, key.id): key for key in (*policy.logs, *policy.witnesses.values())}
    signed: dict[tuple[str, bytes], int] = {}
    for name, identity, signature in signatures:
        if (key := known.get((name, identity))) is None:
            continue  # lines of unknown keys are ignored, as the specification asks
        at = key.signed_at(text.encode(), signature)
        if at is None:
            findings.add(VIOLATION, "signature-forged", where, f"the signature of {name} is not over this text")
            return None
        signed.setdefault((name, identity), at)
    if not any((key.name, key.id) in signed for key in policy.logs if key.name == checkpoint.origin):
        text = f"no key of {checkpoint.origin} that the policy pins, or that follows from one, has signed it"
        findings.add(VIOLATION, "signature-missing", where, text)
        return None
    seen = {name: key for name, key in policy.witnesses.items() if (key.name, key.id) in signed}
    if not quorum_holds(policy, set(seen)):
        have = ", ".join(sorted(key.name for key in seen.values())) or "no witness"
        wanted = policy.quorum.decode("utf-8", "replace")
        findings.add(VIOLATION, "quorum-unmet", where, f"cosigned by {have}; the policy asks for {wanted}")
        return None
    return Trusted(checkpoint, tuple((key.name, signed[key.name, key.id]) for key in seen.values()))


def quorum_holds(policy: Policy, given: set[bytes]) -> bool:
    """Return whether these witnesses, by their names in the policy, make the quorum."""
    holds = {b"none", *given}
    for name, (needed, members) in policy.groups.items():  # a group names only what stands above it
        if sum(member in holds for member in members) >= needed:
            holds.add(name)
    return policy.quorum in holds
