"""Verify an audit bundle without Standfast, without a network, and without believing anything that is in it.

    python verify.py BUNDLE --policy auditor.policy [--since CHECKPOINT] [--from DATE --to DATE]
    python verify.py population BUNDLE --policy auditor.policy --against deployments.csv
    python verify.py sample     BUNDLE --policy auditor.policy --n 45 --seed WORD [--population sha256:...]
    python verify.py show       BUNDLE --policy auditor.policy SESSION [--population sha256:...]
    python verify.py selftest   BUNDLE --policy auditor.policy

BUNDLE is a folder or a .tar file. The policy is your own copy: it holds the keys that you were given by another way.
Needed: Python 3.11 and the package `cryptography`. This one file is all there is to read; it imports nothing of ours.

Exit codes: 0 proven, 1 violation, 2 incomplete (each gap is named), 3 could not check. Never 0 on part of the work.

How it works: the policy names the key of the ledger, the key signs the checkpoint, the checkpoint holds the root of a
Merkle tree (RFC 6962, in the files of C2SP tlog-tiles), the tree holds the hash of every entry, and entries hold the
digests of the objects. Each step is computed again here. What a bundle says about itself is compared, never believed.
"""

import argparse
import csv
import gc
import json
import os
import re
import stat
import struct
import sys
from base64 import b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from hashlib import new as new_hash
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
except ImportError:
    print("could not check: install the Python package `cryptography`", file=sys.stderr)
    sys.exit(3)

FORMAT = "standfast-audit-bundle-1"
PROVEN, VIOLATION, INCOMPLETE, UNCHECKED = 0, 1, 2, 3

# Bounds: what is larger is refused before it is read, so that no bundle can fill the memory.
MAX_FILES, MAX_NAME = 1_000_000, 200
MAX_NOTE, MAX_ABOUT, MAX_POLICY, MAX_LINE = 1_000_000, 1_000_000, 256 * 1024, 4_000_000
MAX_ENTRY, MAX_OBJECT = 8 * 1024, 64 * 1024 * 1024
MAX_OPEN_SESSIONS, MAX_SESSION = 200_000, 100_000
MAX_SIZE = (1 << 63) - 1
MOST = 1_000
BLOCK = 1 << 20


# What was found -----------------------------------------------------------------------------------------------------


class Finding(NamedTuple):
    """One thing that is wrong, missing, or could not be looked at; `name` is stable."""

    code: int
    name: str
    where: str
    text: str

    def __str__(self) -> str:
        """Read as one line."""
        kind = {VIOLATION: "VIOLATION", INCOMPLETE: "INCOMPLETE", UNCHECKED: "NOT CHECKED"}[self.code]
        return f"{kind}  {self.name}: {shown(self.where)}: {shown(self.text)}"


class Findings:
    """All findings of one run; so many are kept, and all are counted."""

    def __init__(self) -> None:
        self.listed: list[Finding] = []
        self.counts: Counter[int] = Counter()

    def add(self, code: int, name: str, where: str, text: str) -> None:
        """Remember a finding."""
        self.counts[code] += 1
        if len(self.listed) < MOST:
            self.listed.append(Finding(code, name, where, text))

    @property
    def names(self) -> set[str]:
        """The names of what was found."""
        return {finding.name for finding in self.listed}

    @property
    def exit_code(self) -> int:
        """A violation counts most, then what could not be checked, then gaps."""
        return next((code for code in (VIOLATION, UNCHECKED, INCOMPLETE) if self.counts[code]), PROVEN)


class RefusedError(Exception):
    """The bundle, or what was given with it, is not of a form that can be checked at all."""


def shown(text: str) -> str:
    """Return *text* so that it cannot move the cursor, hide or turn around what stands beside it."""
    return "".join(letter if letter.isprintable() and letter.isascii() else ascii(letter)[1:-1] for letter in text)


# The files of a bundle ----------------------------------------------------------------------------------------------

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*\Z")


def plain_name(name: str) -> str:
    """Return *name* where it is a plain relative path: no way out, no links upwards, no odd characters."""
    if len(name) > MAX_NAME or not _NAME.match(name):
        raise RefusedError(f"the bundle holds a file named {name[:MAX_NAME]!r}, which no bundle has")
    return name


class Files:
    """The files of a bundle by name. Nothing is ever unpacked, and no name leads out of the bundle."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}

    def __enter__(self) -> "Files":
        """Use the files for a while."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close what is open."""

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file that is there, piece by piece."""
        raise NotImplementedError

    def read(self, name: str, most: int) -> bytes | None:
        """Return the bytes of a file, or None where there is no such file; more than *most* bytes are refused."""
        size = self.sizes.get(name)
        if size is None:
            return None
        if size > most:
            raise RefusedError(f"{name} has {size:,} bytes, at most {most:,} are read")
        return b"".join(self.blocks(name))

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a file, without their newlines; the last one has one, too, or the file was cut off."""
        rest = b""
        for block in self.blocks(name):
            *whole, rest = (rest + block).split(b"\n")
            yield from whole
            if len(rest) > MAX_LINE:
                raise RefusedError(f"{name} has a line of more than {MAX_LINE:,} bytes")
        if rest:
            raise RefusedError(f"{name} does not end with a newline: it was cut off")

    def _add(self, name: str, size: int) -> None:
        if plain_name(name) in self.sizes:
            raise RefusedError(f"the bundle holds two files named {name}")
        if len(self.sizes) == MAX_FILES:
            raise RefusedError(f"the bundle holds more than {MAX_FILES:,} files")
        self.sizes[name] = size


class Folder(Files):
    """A bundle in a folder. Links are refused, wherever they lead."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root
        waiting = [("", root)]
        while waiting:
            prefix, folder = waiting.pop()
            for entry in sorted(os.scandir(folder), key=lambda one: one.name):
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    waiting.append((f"{prefix}{plain_name(entry.name)}/", Path(entry.path)))
                elif stat.S_ISREG(status.st_mode):
                    self._add(prefix + entry.name, status.st_size)
                else:
                    raise RefusedError(f"{prefix}{entry.name} is a link or a device; a bundle holds plain files")

    def blocks(self, name: str) -> Iterator[bytes]:
        """See `Files.blocks`."""
        descriptor = os.open(self._root / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with open(descriptor, "rb", buffering=0) as stream:  # noqa: PTH123  # a descriptor that follows no link
            left = self.sizes[name]
            while left and (block := stream.read(min(BLOCK, left))):
                left -= len(block)
                yield block
            if left or stream.read(1):
                raise RefusedError(f"{name} changed its length while it was read")


class Archive(Files):
    """A bundle in an uncompressed tar file with plain files and folders only; it is read in place."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._stream = path.open("rb")
        self._places: dict[str, int] = {}
        self._length = os.fstat(self._stream.fileno()).st_size
        at, ended = 0, False
        try:
            while at < self._length and not ended:
                at, ended = self._member(at)
            if not ended:
                raise RefusedError(f"{path.name} is cut off: a tar file ends in blocks of zeros")
        except BaseException:
            self._stream.close()
            raise

    def __exit__(self, *exception: object) -> None:
        """Close the file."""
        self._stream.close()

    def _member(self, at: int) -> tuple[int, bool]:
        """Note the file whose header is at *at*; return where the next header is, and whether that was the end."""
        self._stream.seek(at)
        head = self._stream.read(512)
        if len(head) < 512:
            raise RefusedError("the tar file is cut off within a header")
        if not any(head):
            return at, True
        size = int(head[124:136].strip(b" \0") or b"0", 8) if re.match(rb"[0-7 \0]{12}\Z", head[124:136]) else -1
        name = b"/".join(part.partition(b"\0")[0] for part in (head[345:500], head[:100]) if part[0]).decode("latin-1")
        written = head[148:156].strip(b" \0")
        if size < 0 or written != b"%06o" % (sum(head[:148]) + sum(head[156:]) + 8 * 32):
            raise RefusedError("this is no tar file, or a damaged one; compressed ones must be unpacked first")
        kind, name = head[156:157], name.removeprefix("./")
        if kind in (b"0", b"\0"):
            self._add(name, size)
            self._places[name] = at + 512
        elif kind != b"5":
            raise RefusedError(f"{name[:MAX_NAME]!r} in the tar file is a link, or an extension that is not read here")
        after = at + 512 + -(-size // 512) * 512
        if after > self._length:
            raise RefusedError(f"the tar file is cut off within {name[:MAX_NAME]!r}")
        return after, False

    def blocks(self, name: str) -> Iterator[bytes]:
        """See `Files.blocks`."""
        at, left = self._places[name], self.sizes[name]
        while left:
            self._stream.seek(at)
            block = self._stream.read(min(BLOCK, left))
            at, left = at + len(block), left - len(block)
            yield block


class Altered(Files):
    """A copy of a bundle in which some files are others; the original is not touched."""

    def __init__(self, original: Files, changes: dict[str, bytes]) -> None:
        super().__init__()
        sums = b"".join(
            (line if (changed := changes.get(name)) is None else b"%b  %b" % (digest(changed).encode(), name.encode()))
            + b"\n"
            for line in original.lines("SHA256SUMS")
            for name in (line[66:].decode("latin-1"),)
        )
        listed = {line[66:].decode("latin-1") for line in original.lines("SHA256SUMS")}
        sums += b"".join(
            b"%b  %b\n" % (digest(data).encode(), name.encode()) for name, data in changes.items() if name not in listed
        )
        self._original, self._changes = original, {**changes, "SHA256SUMS": sums}
        self.sizes = original.sizes | {name: len(data) for name, data in self._changes.items()}

    def blocks(self, name: str) -> Iterator[bytes]:
        """See `Files.blocks`."""
        changed = self._changes.get(name)
        yield from self._original.blocks(name) if changed is None else [changed]


def open_bundle(path: Path) -> Files:
    """Return the files of the bundle at *path*."""
    try:
        return Folder(path) if path.is_dir() else Archive(path)
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {error.strerror}") from error


def digest(data: bytes) -> str:
    """Return the SHA-256 of *data* in hexadecimal."""
    return sha256(data).hexdigest()


# Keys, notes and the policy (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy) ----------------------

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


# Signatures of people (PROTOCOL.sshsig of OpenSSH, with Ed25519 keys) ------------------------------------------------

# What is kept of one: the name of what was signed is in order with the signature, so there is one way to write it.
_STATEMENTS = {
    "approval.given": (re.compile(rb'\{"approval":(\{.*\}),"signature":"([^"]*)"\}', re.DOTALL), b"approval@standfast"),
    "waiver.granted": (re.compile(rb'\{"signature":"([^"]*)","waiver":(\{.*\})\}', re.DOTALL), b"waiver@standfast"),
}
_ARMOUR = re.compile(rb"\s*-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]{1,4000})\n-----END SSH SIGNATURE-----\s*")


def parts_of(data: bytes, count: int) -> list[bytes]:
    """Return the strings, each after its length, that *data* is made of.

    Raises:
        ValueError: There are not exactly so many.
    """
    found = []
    for _ in range(count):
        length = int.from_bytes(data[:4], "big")
        if len(data) < 4 + length or len(data) < 4:
            raise ValueError("it ends too early")
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    if data:
        raise ValueError("more follows its end")
    return found


def signer_of(armoured: bytes, message: bytes, namespace: bytes) -> str:
    """Return the digest of the key that made the signature over *message*, for *namespace* and nothing else.

    Raises:
        ValueError: It is no such signature.
        InvalidSignature: It is one, and not over these bytes.
    """
    found = _ARMOUR.fullmatch(armoured)
    blob = a2b_base64(found[1].replace(b"\n", b""), strict_mode=True) if found else b""
    if not blob.startswith(b"SSHSIG\0\0\0\1"):
        raise ValueError("it has not the form that ssh-keygen writes")
    key, space, reserved, algorithm, signature = parts_of(blob[10:], 5)
    (kind, public), (signed, raw) = parts_of(key, 2), parts_of(signature, 2)
    if (kind, signed, space) != (b"ssh-ed25519", b"ssh-ed25519", namespace) or algorithm not in (b"sha256", b"sha512"):
        raise ValueError(f"it is for {space!r:.60} by a key {kind!r:.40} over {algorithm!r:.20}")
    hashed = new_hash(algorithm.decode(), message).digest()
    lengths = (space, reserved, algorithm, hashed)
    text = b"SSHSIG" + b"".join(len(part).to_bytes(4, "big") + part for part in lengths)
    Ed25519PublicKey.from_public_bytes(public).verify(raw, text)
    return f"sha256:{sha256(key).hexdigest()}"


def signed_statement(kind: str, data: bytes) -> tuple[str, dict[str, Any]]:
    """Return the digest of the key that signed the statement *data* of an event of *kind*, and what was signed.

    Raises:
        ValueError: It is no statement, or is not signed in a way that is known here.
        InvalidSignature: The signature is not one over it.
    """
    form, namespace = _STATEMENTS[kind]
    found = form.fullmatch(data)
    if found is None:
        raise ValueError("its statement is no signed one")
    message, armoured = (found[1], found[2]) if kind == "approval.given" else (found[2], found[1])
    said = json.loads(message)
    return signer_of(json.loads(b'"%b"' % armoured).encode(), message, namespace), said


# Keys that followed others: each introduced by an entry that the one before signed -----------------------------------


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


# The tree (RFC 6962) in tiles (C2SP tlog-tiles) ---------------------------------------------------------------------


def parents(hashes: bytes) -> bytes:
    """Return the hashes of the nodes above pairs; an odd last one has no parent yet."""
    pairs = range(0, len(hashes) // 64 * 64, 64)
    return b"".join([sha256(b"\x01" + hashes[at : at + 64]).digest() for at in pairs])


def peaks(hashes: bytes) -> list[bytes]:
    """Return the roots of the filled subtrees over neighbouring hashes, widest first."""
    found = []
    while hashes:
        if len(hashes) // 32 % 2:
            found.append(hashes[-32:])
        hashes = parents(hashes)
    return found[::-1]


def folded(filled: Sequence[bytes]) -> bytes:
    """Return the root over filled subtrees, widest first."""
    if not filled:
        return sha256(b"").digest()
    node = filled[-1]
    for peak in filled[-2::-1]:
        node = sha256(b"\x01" + peak + node).digest()
    return node


def tile_root(hashes: bytes) -> bytes:
    """Return the root of a full tile."""
    for _ in range(8):
        hashes = parents(hashes)
    return hashes


def numbered(prefix: str, index: int, width: int) -> str:
    """Return the path of a tile: its index in groups of three digits, and its width where it is not full."""
    digits = f"{index:0{-(-len(str(index)) // 3) * 3}d}"
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{prefix}/{path}" if width == 256 else f"tile/{prefix}/{path}.p/{width}"


class TileError(Exception):
    """A tile is missing or is not the one that was signed."""

    def __init__(self, code: int, name: str, where: str, text: str) -> None:
        super().__init__(text)
        self.finding = Finding(code, name, where, text)


class Tree:
    """The hashes of a tree of so many entries, each proven against the signed root when it is asked for."""

    def __init__(self, files: Files, checkpoint: Checkpoint, findings: Findings) -> None:
        self._files, self.size = files, checkpoint.size
        self._proven: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._edge: list[bytes] = []
        rest = checkpoint.size
        while rest:
            self._edge.append(self._raw(len(self._edge), rest // 256, rest % 256) if rest % 256 else b"")
            rest //= 256
        found = folded([peak for hashes in self._edge[::-1] for peak in peaks(hashes)])
        if found != checkpoint.root:
            text = f"the files lead to the root {found.hex()[:16]}, signed was {checkpoint.root.hex()[:16]}"
            findings.add(VIOLATION, "root-differs", "checkpoint", text)

    def width(self, index: int, level: int = 0) -> int:
        """Return how many hashes a tile holds."""
        return max(0, min(256, (self.size >> 8 * level) - index * 256))

    def tile(self, level: int, index: int) -> bytes:
        """Return the hashes of a tile, proven to be under the signed root."""
        if self.width(index, level) < 256:
            return self._edge[level]  # proven when the root was
        known = self._proven.get((level, index))
        if known is not None:
            return known
        hashes = self._raw(level, index, 256)
        above = self.tile(level + 1, index // 256)
        if tile_root(hashes) != above[index % 256 * 32 : index % 256 * 32 + 32]:
            where = numbered(str(level), index, 256)
            raise TileError(VIOLATION, "tile-changed", where, "its hashes do not lead to the signed root")
        if len(self._proven) == 256:
            self._proven.popitem(last=False)
        self._proven[level, index] = hashes
        return hashes

    def root_at(self, size: int) -> bytes:
        """Return the root that this tree had when it held *size* entries: proven, because every hash in it is."""
        filled, level = [], 0
        while size >> 8 * level:
            count = size >> 8 * level
            hashes = self.tile(level, count // 256)[: count % 256 * 32] if count % 256 else b""
            filled.append(peaks(hashes))
            level += 1
        return folded([peak for row in filled[::-1] for peak in row])

    def _raw(self, level: int, index: int, width: int) -> bytes:
        where = numbered(str(level), index, width)
        hashes = self._files.read(where, 8192)
        if hashes is None:
            raise TileError(INCOMPLETE, "tile-missing", where, "it is not in the bundle")
        if len(hashes) != width * 32:
            text = f"it has {len(hashes)} bytes, expected {width * 32}: it was cut off or changed"
            raise TileError(VIOLATION, "tile-changed", where, text)
        return hashes


def entries_in(data: bytes, width: int) -> list[bytes] | None:
    """Return the *width* entries of which *data* consists to its last byte, or None."""
    found, at = [], 0
    for _ in range(width):
        if at + 2 > len(data):
            return None
        end = at + 2 + struct.unpack_from(">H", data, at)[0]
        found.append(data[at + 2 : end])
        at = end
    return found if at == len(data) else None


# Entries: one event each, in the chain of its session ---------------------------------------------------------------

LEDGER = "ledger"
_KINDS = """
session: opened advanced noted refused closed; change: observed; requirement: analysed approved; decision: recorded;
evidence: recorded; gate: decided; review: recorded; approval: given declined refused revoked;
waiver: granted used expired revoked; duty: compensated; deployment: started finished reverted confirmed;
lesson: recorded; identity: enrolled linked; role: granted revoked; access: reviewed; key: enrolled rotated revoked;
settings: observed; retention: held released pruned erased; ledger: opened frozen exported
"""
KINDS = frozenset(
    f"{noun.strip()}.{verb}" for noun, verbs in (one.split(":") for one in _KINDS.split(";")) for verb in verbs.split()
)
OPENS = {"ledger.opened": LEDGER, "session.opened": "S-"}
ENDS = frozenset({"session.closed", "ledger.frozen"})
_NOTED = frozenset({one for one in KINDS if one.startswith("retention.")} | {"key.rotated", "key.revoked"})
OBJECTS = {
    "evidence.recorded": ("statement",),
    "gate.decided": ("verdict", "context"),
    "requirement.analysed": ("document",),
    "requirement.approved": ("document",),
    "decision.recorded": ("document",),
    "review.recorded": ("statement",),
    "approval.given": ("statement",),
    "waiver.granted": ("statement",),
    "deployment.finished": ("statement",),
    "deployment.confirmed": ("statement",),
    "settings.observed": ("statement",),
    "access.reviewed": ("statement",),
}
"""Which fields of which events name an object that belongs into the bundle."""

_HEAD = re.compile(
    r'\{"actor":\{"id":"([ps]-[0-9a-z]{4,40})","via":"[a-z]+"\},'
    r'"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?)Z"',
    re.ASCII,
)
_TAIL = re.compile(
    r'([1-9][0-9]{0,15}),"previous":(?:null|"sha256:([0-9a-f]{64})"),'
    r'"session":"(ledger|S-[0-9A-Za-z][0-9A-Za-z-]{0,60})","version":1\}',
    re.ASCII,
)
_NARROW = b'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._:/+=-{}[]",'
"""Every character that an entry may have: no space, no backslash, nothing that could be an address or a sentence."""
_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:/+-]*\Z")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")


def _refused(text: str) -> Any:  # noqa: ANN401  # it never returns
    raise ValueError(f"{text[:40]} has no place in an entry")


def _count(text: str) -> int:
    if text.startswith("-") or (len(text) > 15 and int(text) >= 1 << 53):
        return int(_refused(text))
    return int(text)


_decoder = json.JSONDecoder(parse_int=_count, parse_float=_refused, parse_constant=_refused)
_scan: Callable[[str, int], tuple[Any, int]] = getattr(_decoder, "scan_once")  # noqa: B009  # not in the stubs


_ORDERED: set[tuple[str, ...]] = set()
"""Names that were found to be in order: most entries have the same few."""


def _keys(value: dict[str, Any]) -> int:
    """Return how many keys there are in *value* and within, all of them in order."""
    found = len(value)
    if [*value] != sorted(value):
        raise ValueError("keys out of order")
    if len(_ORDERED) < MOST:
        _ORDERED.add(tuple(value))
    for held in value.values():
        if isinstance(held, dict):
            found += _keys(held)
        elif isinstance(held, list):
            found += sum(_keys(one) for one in held if isinstance(one, dict))
    return found


class Event(NamedTuple):
    """What one entry says. `at` has no Z at its end, so that times compare as text; `previous` is hexadecimal."""

    entry: int
    digest: str
    kind: str
    actor: str
    at: str
    body: dict[str, Any]
    number: int
    previous: str
    chain: str

    def text(self, field: str) -> str:
        """Return a field of the body as plain text: empty where there is none, a question mark where it is odd."""
        value = self.body.get(field, "")
        return value if isinstance(value, str) and (not value or _PLAIN.match(value)) else "?"


def event_of(index: int, data: bytes, leaf_hash: bytes) -> Event | None:
    """Return the event whose canonical bytes are *data*, or None where they are no event."""
    if len(data) > MAX_ENTRY or data.translate(None, _NARROW):
        return None
    first, _, last = data.decode("ascii").rpartition('},"number":')
    start = first.find(',"body":{')
    head, tail = _HEAD.fullmatch(first, 0, max(0, start)), _TAIL.fullmatch(last)
    if head is None or tail is None:
        return None
    actor, at = head.groups()
    number, previous, chain = tail.groups("")
    raw = first[start + 8 :] + "}"
    try:
        datetime.fromisoformat(at)
        body, end = _scan(raw, 0)
        kind = body.get("kind")
        # One way to write it: keys in order and each once, which a dictionary alone would hide.
        names = raw.count('":')
        flat = names == len(body) and tuple(body) in _ORDERED
        if end != len(raw) or kind not in KINDS or not (flat or names == _keys(body)) or int(number) >= 1 << 53:
            return None
    except (ValueError, RecursionError, TypeError, StopIteration):
        return None
    return Event(index, leaf_hash.hex(), kind, actor, at, body, int(number), previous, chain)


class Change:
    """One change session, or one decision without a session, as its entries tell it: a row of the population."""

    __slots__ = ("approvals", "authors", "commits", "count", "decisions", "deployments", "flags", "head",
                 "indexes", "name", "newest", "number", "opened", "refusals", "result", "waivers",
                 "what")  # fmt: skip

    def __init__(self, name: str, what: str) -> None:
        self.name, self.what = name, what
        self.number, self.head, self.newest = 0, "", ""
        self.count, self.refusals = 0, 0
        self.opened, self.result = ("", ""), ""
        self.indexes: list[list[int]] = []
        self.commits: list[str] = []
        self.authors: set[str] = set()
        self.decisions: list[dict[str, object]] = []
        self.approvals: list[dict[str, object]] = []
        self.deployments: dict[str, dict[str, object]] = {}
        self.waivers: set[str] = set()
        self.flags: set[str] = set()

    def take(self, event: Event) -> None:
        """Let *event* be the newest of this change."""
        if not self.count:
            self.opened = (event.at, event.actor)
        self.count += 1
        if self.count > MAX_SESSION:
            raise RefusedError(f"{self.name} has more than {MAX_SESSION:,} entries")
        self.newest = event.at
        if self.indexes and self.indexes[-1][1] == event.entry - 1:
            self.indexes[-1][1] = event.entry
        else:
            self.indexes.append([event.entry, event.entry])
        if (told := _TOLD.get(event.kind)) is not None:
            told(self, event)

    def _commit(self, event: Event) -> str:
        commit = event.text("commit")
        if commit and commit not in self.commits:
            self.commits.append(commit)
        return commit

    def observed(self, event: Event) -> None:
        """Take who wrote the change."""
        self._commit(event)
        taking = event.body.get("taking")
        for one in taking if isinstance(taking, list) else ():
            if isinstance(one, dict) and one.get("part") in ("author", "co_author", "committer"):
                who = one.get("who")
                self.authors.add(who if isinstance(who, str) and _PLAIN.match(who) else "?")

    def decided(self, event: Event) -> None:
        """Take a verdict."""
        self.decisions.append(
            {"at": event.at, "status": event.text("status"), "commit": self._commit(event), "entry": event.entry}
        )
        if self.what == "decision":
            self.result = event.text("status")

    def approved(self, event: Event) -> None:
        """Take an approval, and note what is odd about it."""
        signed = event.body.get("signed")
        kind = signed.get("kind", "unsigned") if isinstance(signed, dict) else "unsigned"
        if kind not in ("ed25519", "ssh", "webauthn", "sigstore"):
            kind = "unsigned"
            self.flags.add("unsigned")
        if event.actor in self.authors:
            self.flags.add("approved_by_author")
        self.approvals.append({
            "at": event.at, "by": event.actor, "role": event.text("role"), "commit": self._commit(event),
            "signed": kind, "entry": event.entry, "statement": event.text("statement"), "revoked": False,
        })  # fmt: skip

    def revoked(self, event: Event) -> None:
        """Take back an approval."""
        for approval in self.approvals:
            if approval["statement"] == event.text("statement"):
                approval["revoked"] = True

    def refused(self, event: Event) -> None:
        """Count what was not let through."""
        self.refusals += 1
        self.flags.add("refused")

    def waived(self, event: Event) -> None:
        """Take a waiver that was granted or used here."""
        self.waivers.add(event.text("waiver"))
        self.flags.add("waiver")

    def compensated(self, event: Event) -> None:
        """Note that something stands in the place of an approval."""
        self.flags.add("compensated")

    def deployed(self, event: Event) -> None:
        """Take the beginning of a deployment, and note what should have come before it and did not."""
        commit = self._commit(event)
        by = {approval["by"] for approval in self.approvals if approval["commit"] == commit and not approval["revoked"]}
        status = next((one["status"] for one in self.decisions[::-1] if one["commit"] == commit), "")
        moment = datetime.fromisoformat(event.at)
        found = {
            "unapproved": not by,
            "gate_not_open": status not in ("pass", "waived", "warn"),
            "off_hours": moment.weekday() > 4 or not 6 <= moment.hour < 20,
            "deployer_approved_alone": by == {event.text("deployer")},
        }
        self.flags |= {flag for flag, holds in found.items() if holds}
        self.deployments[event.text("deployment")] = {
            "deployment": event.text("deployment"), "service": event.text("service"), "commit": commit,
            "environment": event.text("environment"), "artifact": event.text("artifact"), "by": event.text("deployer"),
            "started_at": event.at, "finished_at": "", "result": "", "reverted": False, "confirmed": False,
            "entry": event.entry,
        }  # fmt: skip

    def finished(self, event: Event) -> None:
        """Take how a deployment ended."""
        deployment = self.deployments.get(event.text("deployment"), {})
        deployment |= {"finished_at": event.at, "result": event.text("result")}
        if event.text("result") != "completed":
            self.flags.add("failed")

    def reverted(self, event: Event) -> None:
        """Note that a deployment was undone."""
        self.deployments.get(event.text("deployment"), {})["reverted"] = True
        self.flags.add("reverted")

    def confirmed(self, event: Event) -> None:
        """Note that a deployment was seen to be healthy afterwards."""
        self.deployments.get(event.text("deployment"), {})["confirmed"] = event.body.get("healthy") is True

    def closed(self, event: Event) -> None:
        """Take how the session ended."""
        self.result = event.text("result")

    def row(self) -> dict[str, object]:
        """Return the row of this change as it stands in population.json."""
        open_ = self.what == "session" and not self.result
        unconfirmed = any(one["result"] == "completed" and not one["confirmed"] for one in self.deployments.values())
        flags = self.flags | {flag for flag, holds in (("open", open_), ("unconfirmed", unconfirmed)) if holds}
        return {
            "id": self.name, "what": self.what, "opened_at": self.opened[0], "opened_by": self.opened[1],
            "closed_at": "" if open_ else self.newest, "result": self.result, "commits": self.commits,
            "authors": sorted(self.authors), "decisions": self.decisions, "approvals": self.approvals,
            "refusals": self.refusals, "waivers": sorted(self.waivers), "deployments": [*self.deployments.values()],
            "flags": sorted(flags), "count": self.count,
            "entries": " ".join(str(a) if a == b else f"{a}-{b}" for a, b in self.indexes),
        }  # fmt: skip


_TOLD: dict[str, Callable[[Change, Event], None]] = {
    "change.observed": Change.observed, "gate.decided": Change.decided, "approval.given": Change.approved,
    "approval.revoked": Change.revoked, "approval.refused": Change.refused, "session.refused": Change.refused,
    "waiver.granted": Change.waived, "waiver.used": Change.waived, "duty.compensated": Change.compensated,
    "deployment.started": Change.deployed, "deployment.finished": Change.finished,
    "deployment.reverted": Change.reverted, "deployment.confirmed": Change.confirmed, "session.closed": Change.closed,
}  # fmt: skip

COLUMNS = ("id", "what", "opened_at", "opened_by", "closed_at", "result", "commits", "authors", "decisions",
           "approvals", "refusals", "waivers", "deployments", "flags", "count", "entries")  # fmt: skip
_SHORT = {
    "decisions": ("status", "at"),
    "approvals": ("role", "by", "signed"),
    "deployments": ("deployment", "service", "environment", "result"),
}


json_line: Callable[[dict[str, object]], str] = json.JSONEncoder(separators=(",", ":")).encode
"""Returns the line of a row in population.json, without the comma between two."""


def csv_line(row: dict[str, object]) -> str:
    """Return the line of a row in population.csv; no value holds a comma, a quote, or the start of a formula."""
    return ",".join(_cell(column, row[column]) for column in COLUMNS)


def _cell(column: str, value: object) -> str:
    if not isinstance(value, list):
        return str(value)
    return " ".join(one if isinstance(one, str) else "|".join(str(one[key]) for key in _SHORT[column]) for one in value)


class Scope(NamedTuple):
    """What a bundle is about: a period (dates, both included) or one session, and which entries it holds."""

    first: str
    last: str
    session: str
    start: int
    end: int

    def covers(self, change: Change) -> bool:
        """Return whether *change* belongs to the population: it was open on some day of the period."""
        if self.session:
            return change.name == self.session
        is_open = change.what == "session" and not change.result
        return change.opened[0][:10] <= self.last and (is_open or change.newest[:10] >= self.first)

    def covers_event(self, event: Event) -> bool:
        """Return whether the objects that *event* names belong into the bundle."""
        # A time is its day, a T and more: it is not before the first day, and before the last one with a U.
        return event.chain == self.session if self.session else self.first <= event.at < self.last + "U"


class Chains:
    """Follows every chain through the entries in their order, and yields each change once it has ended."""

    def __init__(self, scope: Scope, findings: Findings) -> None:
        self.open: dict[str, Change] = {}
        self.closed: set[str] = set()
        self.newest, self.frozen = "", False
        self._scope, self._findings = scope, findings

    def take(self, event: Event) -> Change | None:
        """Follow *event*; return the change that it ends, or is."""
        kind, chain = event.kind, event.chain
        if event.at < self.newest:
            self._broken("time-went-back", event, f"{event.at} is before {self.newest} of an entry before it")
        else:
            self.newest = event.at
        change = self.open.get(chain) or self._begun(event)
        if self.frozen or event.number != change.number + 1 or event.previous != change.head or kind in OPENS:
            self._linked(change, event)
        change.number, change.head = event.number, event.digest
        if chain == LEDGER:
            return self._of_ledger(event)
        change.take(event)
        if kind not in ENDS:
            return None
        self._ended(event)
        self.closed.add(chain)
        return self.open.pop(chain)

    def _begun(self, event: Event) -> Change:
        if len(self.open) == MAX_OPEN_SESSIONS:
            raise RefusedError(f"more than {MAX_OPEN_SESSIONS:,} sessions are open at the same time")
        change = self.open[event.chain] = Change(event.chain, "session")
        if event.chain in self.closed:
            self._broken("entry-after-end", event, f"{event.chain} had ended")
        elif self._scope.start and event.number > 1 and event.chain != self._scope.session:
            change.number, change.head = event.number - 1, event.previous  # it began before these entries
        elif event.number == 1 and event.kind not in OPENS:
            self._broken("chain-broken", event, f"{event.kind} as the first of {event.chain}")
        return change

    def _linked(self, change: Change, event: Event) -> None:
        """Say what is wrong with the place of *event* in its chain, if anything."""
        if self.frozen:
            self._broken("entry-after-end", event, "the ledger had ended")
        if event.number != change.number + 1:
            text = f"number {event.number} of {event.chain} follows {change.number}: something was removed or put in"
            self._broken("chain-broken", event, text)
        elif event.previous != change.head:
            text = f"it names {event.previous[:16] or 'nothing'} as the entry before it in {event.chain}, "
            self._broken("chain-broken", event, f"{text}that is {change.head[:16] or 'none'}")
        elif event.kind in OPENS and not (event.number == 1 and event.chain.startswith(OPENS[event.kind])):
            self._broken("chain-broken", event, f"{event.kind} as number {event.number} of {event.chain}")

    def _ended(self, event: Event) -> None:
        if (event.body.get("count"), event.text("last")) != (event.number - 1, f"sha256:{event.previous}"):
            self._broken("count-differs", event, f"the end of {event.chain} does not name what precedes it")

    def _of_ledger(self, event: Event) -> Change | None:
        if event.kind == "ledger.frozen":
            self.frozen = True
            self._ended(event)
        if event.kind != "gate.decided":
            return None
        decision = Change(f"{LEDGER}-{event.number}", "decision")
        decision.take(event)
        return decision

    def _broken(self, name: str, event: Event, text: str) -> None:
        self._findings.add(VIOLATION, name, f"entry {event.entry}", text)


# The verification of a whole bundle ---------------------------------------------------------------------------------


class Result(NamedTuple):
    """What a full verification came to; the rows are those of the population, proven."""

    trusted: Trusted
    scope: Scope
    population: str
    objects: int


class Verification:
    """One verification of one bundle; every part is done unless an earlier one leaves nothing to do it with."""

    def __init__(self, files: Files, policy: Policy, findings: Findings, since: bytes | None = None) -> None:
        self.files, self.policy, self.findings, self.since = files, policy, findings, since
        self.keys: tuple[Handover, ...] = ()
        self.notes: list[str] = []
        self.hashes: dict[str, str] = {}
        self.present: set[object] = set()
        self._newest_verdict: tuple[str, list[str], str] = ("", [], "")
        self.missing: dict[str, list[Any]] = {}
        self.erased: dict[str, int] = {}
        self.lacking: set[str] = set()
        self.over: dict[str, str] = {}
        self.holds: dict[str, str] = {}
        self.pruned: list[tuple[int, int, str, frozenset[str]]] = []
        self.first: Event | None = None
        self.signatures: Counter[str] = Counter()

    def run(self, each: Callable[[dict[str, object]], None] | None = None) -> Result | None:
        """Do all of it; call *each* with every row of the population. None where there is nothing to go by."""
        opened = self.begin()
        if opened is None:
            return None
        trusted, scope, tree = opened
        objects = self._sums()
        self._entries(tree, scope, each)
        if self.since is not None:
            self._continues(tree, trusted.checkpoint)
        return Result(trusted, scope, f"sha256:{self.hashes.get('population.csv', '')}", objects)

    def begin(self) -> tuple[Trusted, Scope, Tree] | None:
        """Return what everything else goes by: the signed checkpoint, the scope, the tree under the signed root."""
        note = self.files.read("checkpoint", MAX_NOTE)
        if note is None:
            raise RefusedError("there is no checkpoint in it: this is no bundle")
        self.keys = handovers(self.files, self.policy, self.findings)
        if self.findings.counts[VIOLATION]:
            return None
        trusted = accepted(note, keyed(self.policy, self.keys, note, self.findings), self.findings)
        if trusted is None:
            return None
        scope = scope_of(self.files, trusted.checkpoint, self.findings)
        try:
            tree = Tree(self.files, trusted.checkpoint, self.findings)
            for one in self.keys:
                self._handed_over(one, tree)
            return trusted, scope, tree
        except TileError as error:
            self.findings.add(*error.finding)
            return None

    def _handed_over(self, one: Handover, tree: Tree) -> None:
        """Compare the checkpoint that introduces a key, and the entry in it, with the tree of the bundle."""
        self.notes.append(f"entry {one.place:,} hands the ledger over to the key {one.key.name}+{one.key.id.hex()}")
        size = one.checkpoint.size
        if size > tree.size:
            text = f"the bundle has {tree.size:,} entries, a key was handed over when there were {size:,}"
            self.findings.add(VIOLATION, "rolled-back", one.where, text)
            return
        place = one.place % 256 * 32
        leaf_hash = tree.tile(0, one.place // 256)[place : place + 32]
        if tree.root_at(size) != one.checkpoint.root or leaf_hash != sha256(b"\0" + one.entry).digest():
            text = f"entry {one.place:,} of this ledger does not introduce it: this history is another one"
            self.findings.add(VIOLATION, "key-not-introduced", one.where, text)

    def _sums(self) -> int:
        """Hash every file, compare with SHA256SUMS and with the names of the objects; return how many objects."""
        listed = self._listed()
        for name in sorted(self.files.sizes):
            if name == "SHA256SUMS":
                continue
            hashing = sha256()
            for block in self.files.blocks(name):
                hashing.update(block)
            found = hashing.hexdigest()
            if name.startswith("objects/"):
                self.present.add(f"sha256:{found}")
                if name != f"objects/sha256/{found[:2]}/{found[2:]}":
                    self.findings.add(VIOLATION, "object-changed", name, f"its bytes have the digest {found[:16]}")
            if name in ("population.csv", "population.json"):
                self.hashes[name] = found
            wanted = listed.pop(name, None)
            if wanted is None:
                self.findings.add(VIOLATION, "file-unlisted", name, "it is not in SHA256SUMS")
            elif wanted != found:
                self.findings.add(VIOLATION, "file-changed", name, "its bytes are not those of SHA256SUMS")
        for name in listed:
            self.findings.add(INCOMPLETE, "file-missing", name, "it is in SHA256SUMS and not in the bundle")
        return len(self.present)

    def _listed(self) -> dict[str, str]:
        if "SHA256SUMS" not in self.files.sizes:
            self.findings.add(INCOMPLETE, "file-missing", "SHA256SUMS", "there is no list of the files")
            return {}
        listed: dict[str, str] = {}
        for line in self.files.lines("SHA256SUMS"):
            found = re.fullmatch(r"([0-9a-f]{64})  (\S+)", line.decode("latin-1"))
            if found is None or len(listed) == MAX_FILES:
                raise RefusedError(f"SHA256SUMS has a line {line[:100]!r} that is none")
            if listed.setdefault(plain_name(found[2]), found[1]) != found[1]:
                self.findings.add(VIOLATION, "file-changed", found[2], "SHA256SUMS names it twice")
        return listed

    def _entries(self, tree: Tree, scope: Scope, each: Callable[[dict[str, object]], None] | None) -> None:
        """Follow every chain through the entries, each compared with the tree, and compare the population."""
        chains = Chains(scope, self.findings)
        listing = Listing(self.files, self.findings)

        def ended(change: Change) -> None:
            self._ended(change)
            if scope.covers(change):
                row = change.row()
                listing.compare(row)
                if each is not None:
                    each(row)

        for event in self._events(tree, scope):
            change = chains.take(event)
            if change is not None:
                ended(change)
            kind = event.kind
            if kind in OBJECTS:
                if scope.covers_event(event):
                    self._objects(event)
            elif kind in _NOTED:
                self._noted(event, tree)
        chains.open.pop(LEDGER, None)
        for change in chains.open.values():
            ended(change)
        listing.end()
        self._say_session(chains, scope, tree)
        self._say_signatures()
        self._say_pruned(scope)
        self._say_missing(chains.newest)

    def _noted(self, event: Event, tree: Tree) -> None:
        """Note what an entry says about keeping; compare what it says about a key with the keys that signed."""
        if event.kind.startswith("retention."):
            self._retained(event)
        if event.body.get("use") != "log":
            return
        known = {vkey_digest(key): key for key in (*self.policy.logs, *(one.key for one in self.keys))}
        if event.kind == "key.revoked":
            named = known.get(event.text("key"))
            name = f"{named.name}+{named.id.hex()}" if named else event.text("key")[:23]
            why = "somebody else may have had it" if event.body.get("compromised") is True else "it was given up"
            self.notes.append(
                f"entry {event.entry:,}: the key {name} counts for nothing since {event.text('since')}: {why}; only "
                "witnesses, time stamps and kept checkpoints tell what it signed after that from a forgery"
            )
        elif event.text("former") in known and event.entry not in {one.place for one in self.keys}:
            self._unfollowed(event, tree)

    def _unfollowed(self, event: Event, tree: Tree) -> None:
        if event.entry + 1 < tree.size:
            text = "it hands the ledger over to another key, and the bundle goes on without that key"
            self.findings.add(VIOLATION, "key-retired", f"entry {event.entry}", text)

    def _events(self, tree: Tree, scope: Scope) -> Iterator[Event]:
        for bundle in range(scope.start // 256, -(-scope.end // 256)):
            for index, data, leaf_hash in self._proven(tree, bundle):
                event = event_of(index, data, leaf_hash)
                if event is None:
                    self.findings.add(VIOLATION, "entry-malformed", f"entry {index}", "its bytes are no event")
                    continue
                self.first = self.first or event
                yield event

    def _say_signatures(self) -> None:
        verified, unsigned = self.signatures.pop("verified", 0), self.signatures.pop("unsigned", 0)
        if verified:
            text = (
                f"{verified:,} signatures of approvals and waivers were verified; whose the keys are is not told here"
            )
            self.notes.append(text)
        if unsigned:
            self.notes.append(f"{unsigned:,} approvals or waivers are not signed")
        for kind, count in sorted(self.signatures.items()):
            self.notes.append(f"{count:,} approvals or waivers say that they are signed by {kind}: not checked here")

    def _say_session(self, chains: Chains, scope: Scope, tree: Tree) -> None:
        if scope.session and scope.session not in chains.closed | set(chains.open):
            self.findings.add(INCOMPLETE, "session-missing", scope.session, "no entry of this session is in the bundle")
        elif scope.session in chains.open and scope.end < tree.size:
            text = "it is not closed, and the bundle does not hold all entries after its newest one"
            self.findings.add(INCOMPLETE, "session-open", scope.session, text)

    def _proven(self, tree: Tree, bundle: int) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield (index, bytes, hash) of the entries of one file of entries, compared with the tree."""
        width = tree.width(bundle)
        where = numbered("entries", bundle, width)
        data = self.files.read(where, 256 * (2 + 65_535))
        if data is None:
            text = f"entries {bundle * 256:,} to {bundle * 256 + width - 1:,} are not in the bundle"
            self.findings.add(INCOMPLETE, "entries-missing", where, text)
            return
        entries = entries_in(data, width)
        if entries is None:
            text = f"it does not consist of {width} entries: one was taken out or put in, or the file was cut off"
            self.findings.add(VIOLATION, "entries-differ", where, text)
            return
        found = [sha256(b"\0" + entry).digest() for entry in entries]
        try:
            hashes = tree.tile(0, bundle)
        except TileError as error:
            self.findings.add(*error.finding)
            hashes = b"".join(found)  # what the tile should say is not known; the chains are followed all the same
        if b"".join(found) != hashes:
            for place, one in enumerate(found):
                if one != hashes[place * 32 : place * 32 + 32]:
                    text = f"its bytes have the hash {one.hex()[:16]}, the signed tree has another"
                    self.findings.add(VIOLATION, "entry-changed", f"entry {bundle * 256 + place}", text)
        yield from zip(range(bundle * 256, bundle * 256 + width), entries, found, strict=True)

    def _objects(self, event: Event) -> None:
        """Note which objects that *event* names are not there."""
        for field in OBJECTS[event.kind]:
            named = event.body.get(field)
            if named is None or (isinstance(named, str) and named in self.present):
                continue
            until = event.text("keep_until")
            month = f" in {event.at[:7]}" if event.chain == LEDGER else ""
            self._lacks(event, f"{event.chain}{month}, until {until[:10]}", event.text(field), until)
        if event.kind == "gate.decided" and event.body.get("verdict") in self.present:
            self._verdict(event)
        if event.kind in _STATEMENTS and event.body.get("statement") in self.present:
            self._signature(event)

    def _signature(self, event: Event) -> None:
        """Verify the signature that an approval or a waiver says it has, and that it is about just that."""
        signed = event.body.get("signed")
        claimed = signed if isinstance(signed, dict) else {}
        kind = claimed.get("kind", "unsigned")
        if kind != "ssh":
            self.signatures[str(kind)[:20]] += 1
            return
        where, named = f"entry {event.entry}", event.text("statement")
        try:
            key, said = signed_statement(event.kind, self.files.read(object_name(named), MAX_OBJECT) or b"")
        except (ValueError, RecursionError, InvalidSignature) as error:
            why = str(error) or "it is not over what the statement says"
            self.findings.add(VIOLATION, "signature-wrong", where, f"its signature does not verify: {why}")
            return
        about = said.get("about")
        about = about if isinstance(about, dict) else {}
        found: tuple[object, ...] = (said.get("waiver"), said.get("approver"), said.get("requester"))
        wanted: tuple[object, ...] = tuple(event.body.get(field) for field in ("waiver", "approver", "requester"))
        if event.kind == "approval.given":
            found = (
                said.get("session"),
                said.get("role"),
                said.get("approver"),
                about.get("commit"),
                about.get("verdict"),
            )
            body = event.body
            wanted = (event.chain, body.get("role"), event.actor, body.get("commit"), body.get("verdict"))
        if key != claimed.get("key") or found != wanted:
            text = "the signature is by another key, or over another statement than the entry says"
            self.findings.add(VIOLATION, "signature-differs", where, text)
        self.signatures["verified"] += 1

    def _lacks(self, event: Event, group: str, named: str, until: str) -> None:
        """Count an object that *event* names and that is not there."""
        group = group if len(self.missing) < MOST else "others"
        found = self.missing.setdefault(group, [0, event.entry, named, event.chain, until, event.at])
        found[0] += 1
        self.lacking.add(event.chain)

    def _verdict(self, event: Event) -> None:
        """Compare what a decision says with the verdict that it names, and that with the statements in the bundle."""
        address = event.text("verdict")
        if self._newest_verdict[0] != address:
            verdict = self.files.read(object_name(address), MAX_OBJECT) or b""
            self._newest_verdict = (address, inputs_of(verdict), status_of(verdict))
        _address, inputs, status = self._newest_verdict
        if not status:
            return
        named = f"sha256:{digest(json.dumps(inputs, separators=(',', ':')).encode())}"
        said = (event.text("status"), event.text("evidence"), event.body.get("evidence_count"))
        if said != (status, named, len(inputs)):
            text = f"the verdict says {status} on {len(inputs)} statements, the entry says {said[0]} on others"
            self.findings.add(VIOLATION, "verdict-differs", f"entry {event.entry}", text)
        for one in inputs:
            if one not in self.present:
                month = f" in {event.at[:7]}" if event.chain == LEDGER else ""
                self._lacks(event, f"{event.chain}{month}, inputs", one, "")

    def _ended(self, change: Change) -> None:
        """Note when a session ended of which objects are not there."""
        if change.what == "session" and change.result and change.name in self.lacking:
            self.over[change.name] = change.newest

    def _retained(self, event: Event) -> None:
        """Note what is held, and what is said to be gone."""
        body = event.body
        if event.kind == "retention.held":
            self.holds[event.text("hold")] = event.text("session") or "everything"
        elif event.kind == "retention.released":
            self.holds.pop(event.text("hold"), None)
        elif event.kind == "retention.erased" and event.text("session"):
            self.erased[event.text("session")] = event.entry
        elif event.kind == "retention.pruned" and isinstance(body.get("end"), int):
            self.pruned.append((event.entry, body["end"], event.text("before"), frozenset(self.holds.values())))

    def _say_pruned(self, scope: Scope) -> None:
        """Say which entries are not in the bundle because the ledger pruned them; other gaps are gaps."""
        if scope.session or not scope.start:
            return
        entry = next((one[0] for one in self.pruned if one[1] >= scope.start), None)
        if entry is None:
            text = f"entries 0 to {scope.start:,} are not in it, and no entry says that they were pruned"
            self.findings.add(INCOMPLETE, "entries-missing", "bundle.json", text)
        elif self.first is None or self.first.at[:10] > scope.first:
            text = f"pruned by entry {entry:,}: what ended before then is not in the population"
            self.findings.add(INCOMPLETE, "pruned", f"entries 0 to {scope.start:,}", text)
        self.notes.append(f"entries 0 to {scope.start:,} are not in it: pruned by entry {entry}; hashes are proven")

    def _is_pruned(self, chain: str, at: str) -> bool:
        """Return whether an entry says that content of *chain*, named last at that time, was pruned."""
        over = self.over.get(chain, "") if chain != LEDGER else f"{at[:7]}-32"
        return bool(over) and any(
            over < before and not {chain, "everything"} & held for _entry, _end, before, held in self.pruned
        )

    def _say_missing(self, newest: str) -> None:
        for count, index, named, chain, until, at in self.missing.values():
            if chain in self.erased or (until and until.rstrip("Z") < newest) or self._is_pruned(chain, at):
                continue  # erased or pruned by a named entry, or no longer to be kept
            text = f"{count:,} objects that it names are not in the bundle, the first is {named:.19} of entry {index}"
            self.findings.add(INCOMPLETE, "object-missing", f"chain {chain}", text)

    def _continues(self, tree: Tree, checkpoint: Checkpoint) -> None:
        """Compare with the checkpoint that the auditor kept."""
        policy = keyed(self.policy, self.keys, self.since or b"", self.findings)
        kept = kept_checkpoint(self.since or b"", policy, self.findings)
        if kept is None:
            return
        where = f"the kept checkpoint of {kept.size:,} entries"
        if kept.origin != checkpoint.origin:
            follows = self.first.text("checkpoint") if self.first and self.first.entry == 0 else ""
            if follows != f"sha256:{digest(self.since or b'')}":
                text = f"it is of {kept.origin}, and {checkpoint.origin} does not say that it follows exactly that"
                self.findings.add(INCOMPLETE, "not-comparable", where, text)
        elif kept.size > checkpoint.size:
            text = f"the bundle has {checkpoint.size:,} entries: the ledger was put back to an older state"
            self.findings.add(VIOLATION, "rolled-back", where, text)
        else:
            try:
                root = tree.root_at(kept.size)
            except TileError as error:
                self.findings.add(*error.finding)
                return
            if root != kept.root:
                text = f"the first {kept.size:,} entries are not those that it was over: history was rewritten"
                self.findings.add(VIOLATION, "forked", where, text)


class Listing:
    """Compares the population in the bundle, line by line, with the one that follows from the entries."""

    def __init__(self, files: Files, findings: Findings) -> None:
        self._findings, self._count, self._wrong = findings, 0, Counter[str]()
        self._held = ""  # the newest row in JSON: whether a comma follows it is known only then
        self._lines: dict[str, Iterator[bytes]] = {}
        for name, head in (("population.csv", ",".join(COLUMNS)), ("population.json", "[")):
            if name not in files.sizes:
                findings.add(INCOMPLETE, "file-missing", name, "it is not in the bundle")
                continue
            self._lines[name] = files.lines(name)
            self._expect(name, head)

    def compare(self, row: dict[str, object]) -> None:
        """Compare the next row."""
        if self._held:
            self._expect("population.json", f"{self._held},")
        self._count += 1
        self._expect("population.csv", csv_line(row))
        self._held = json_line(row)

    def end(self) -> None:
        """Let there be no further row."""
        if self._held:
            self._expect("population.json", self._held)
        self._expect("population.json", "]")
        for name, lines in self._lines.items():
            more = sum(1 for _ in lines)
            if more:
                self._findings.add(VIOLATION, "population-differs", name, f"{more:,} rows that no entry tells of")

    def _expect(self, name: str, line: str) -> None:
        if name not in self._lines:
            return
        found = next(self._lines[name], b"")
        if found != line.encode():
            self._wrong[name] += 1
            if self._wrong[name] <= 3:
                text = f"it has {found[:60].decode('latin-1')!r}, the entries say {line[:60]!r}"
                self._findings.add(VIOLATION, "population-differs", f"{name}, row {self._count}", text)


def inputs_of(verdict: bytes) -> list[str]:
    """Return the addresses of the statements that a verdict was decided from; none where it is no verdict."""
    try:
        found = json.loads(verdict)["inputs"]["evidence"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [one for one in found if isinstance(one, str) and _DIGEST.match(one)] if isinstance(found, list) else []


def status_of(verdict: bytes) -> str:
    """Return the status that a verdict says; empty where it is no verdict."""
    try:
        return str(json.loads(verdict)["status"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def object_name(address: str) -> str:
    """Return the name of the file that holds the object with that address."""
    return f"objects/sha256/{address[7:9]}/{address[9:]}" if _DIGEST.match(address) else "?"


def scope_of(files: Files, checkpoint: Checkpoint, findings: Findings) -> Scope:
    """Return what the bundle says it is about, compared with the checkpoint."""
    data = files.read("bundle.json", MAX_ABOUT)
    try:
        about = json.loads(data or b"")
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']!r}")
        first, last, session = about["from"], about["to"], about["session"] or ""
        date.fromisoformat(first), date.fromisoformat(last)
        scope = Scope(first, last, session + "", int(about["start"]), int(about["end"]))
        if not 0 <= scope.start <= scope.end <= checkpoint.size or scope.start % 256:
            raise ValueError(f"entries {scope.start} to {scope.end}")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RefusedError(f"bundle.json cannot be used: {error}") from error
    if not session and scope.end != checkpoint.size:
        text = f"it holds entries {scope.start:,} to {scope.end:,} of {checkpoint.size:,}"
        findings.add(INCOMPLETE, "entries-missing", "bundle.json", text)
    return scope


def kept_checkpoint(data: bytes, policy: Policy, findings: Findings) -> Checkpoint | None:
    """Return the checkpoint that the auditor kept; a key of its ledger, pinned by the policy, must have signed it."""
    alone = policy._replace(witnesses={}, groups={}, quorum=b"none")
    trusted = accepted(data, alone, findings, "the kept checkpoint")
    return trusted.checkpoint if trusted else None


# population: compare with a listing that the auditor made -----------------------------------------------------------

KEYS = ("deployment", "artifact", "commit", "service", "environment")


class Compared(NamedTuple):
    """Deployments that are in both lists, only in the auditor's, only in the ledger; each in a few words."""

    matched: int
    outside: int
    not_logged: list[str]
    not_deployed: list[str]


def compared(path: Path, logged: Iterable[dict[str, Any]], scope: Scope) -> Compared:
    """Return how the deployments of the listing at *path* compare with the *logged* ones; each row counts once."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RefusedError(f"{path.name} cannot be read: {error}") from error
    columns = tuple(column for column in KEYS if rows and column in rows[0])
    if not set(columns) & {"deployment", "artifact", "commit"}:
        raise RefusedError(f"{path.name} needs rows, and a column deployment, artifact or commit; known are {KEYS}, at")
    left = Counter(_identity(one, columns) for one in logged if scope.first <= one["started_at"][:10] <= scope.last)
    matched, outside, not_logged = 0, 0, []
    for number, row in enumerate(rows, 2):
        at = (row.get("at") or scope.first)[:10]
        if not scope.first <= at <= scope.last:
            outside += 1
        elif left[identity := _identity(row, columns)] > 0:
            left[identity] -= 1
            matched += 1
        else:
            not_logged.append(f"line {number}: {_said(columns, identity)}")
    return Compared(matched, outside, not_logged, [_said(columns, one) for one in sorted(left.elements())])


def _identity(row: dict[str, Any], columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(row.get(column) or "").strip().lower().removeprefix("sha256:") for column in columns)


def _said(columns: Sequence[str], identity: Sequence[str]) -> str:
    return ", ".join(f"{column} {value or '(empty)'}" for column, value in zip(columns, identity, strict=True))


# sample: draw changes so that nobody but the auditor decides which --------------------------------------------------

STRATA = ("unapproved", "gate_not_open", "approved_by_author", "deployer_approved_alone", "waiver", "compensated",
          "unsigned", "reverted", "failed", "off_hours", "refused", "unconfirmed", "open")  # fmt: skip
"""What makes a change one to look at, the gravest first; the first that holds is its stratum."""


def drawn(rows: Iterable[tuple[str, str]], count: int, seed: str) -> list[tuple[str, str]]:
    """Return (stratum, id) of *count* changes out of (id, flags): half of them, where there are so many, conspicuous.

    Within a stratum the order is that of SHA-256(seed, id): whoever has the seed and the list draws the same.
    """
    strata: dict[str, list[tuple[bytes, str]]] = {name: [] for name in (*STRATA, "ordinary")}
    for name, flags in rows:
        held = set(flags.split(" "))
        stratum = next((one for one in STRATA if one in held), "ordinary")
        strata[stratum].append((sha256(f"{seed}\0{name}".encode()).digest(), name))
    for ranked in strata.values():
        ranked.sort(reverse=True)
    chosen: list[tuple[str, str]] = []
    for most in (count - count // 2, count):
        names = STRATA if most < count else (*STRATA, "ordinary")
        if most == count:
            while len(chosen) < count and strata["ordinary"]:
                chosen.append(("ordinary", strata["ordinary"].pop()[1]))
        while len(chosen) < most and any(strata[name] for name in names):
            for name in names:
                if strata[name] and len(chosen) < most:
                    chosen.append((name, strata[name].pop()[1]))
    return chosen


class Excerpt:
    """Reads the entries of single changes out of a bundle, each proven to be in the tree, and their chains."""

    def __init__(self, files: Files, tree: Tree, scope: Scope, findings: Findings) -> None:
        self._files, self._tree, self._scope, self._findings = files, tree, scope, findings
        self._bundles: OrderedDict[int, list[bytes]] = OrderedDict()

    def events(self, name: str, entries: str) -> list[Event]:
        """Return the events of the change *name*, which the population says are these *entries*."""
        found: list[Event] = []
        chains = Chains(self._scope._replace(start=1, session=name), self._findings)
        for index in indexes_in(entries, self._scope):
            data = self._entry(index)
            event = event_of(index, data, sha256(b"\0" + data).digest()) if data is not None else None
            if event is None:
                self._findings.add(VIOLATION, "entry-malformed", f"entry {index}", "it is not there, or no event")
                continue
            decision = f"{event.chain}-{event.number}" == name and event.kind == "gate.decided"
            if event.chain != name and not decision:
                self._findings.add(VIOLATION, "population-differs", name, f"entry {index} is of {event.chain}")
                continue
            if not decision:
                chains.take(event)
            found.append(event)
        return found

    def _entry(self, index: int) -> bytes | None:
        bundle, place = divmod(index, 256)
        entries = self._bundles.get(bundle)
        if entries is None:
            width = self._tree.width(bundle)
            data = self._files.read(numbered("entries", bundle, width), 256 * (2 + 65_535))
            entries = (entries_in(data, width) if data is not None else None) or []
            if len(self._bundles) == 64:
                self._bundles.popitem(last=False)
            self._bundles[bundle] = entries
        if place >= len(entries):
            return None
        try:
            proven = self._tree.tile(0, bundle)[place * 32 : place * 32 + 32]
        except TileError as error:
            self._findings.add(*error.finding)
            return None
        if sha256(b"\0" + entries[place]).digest() != proven:
            self._findings.add(VIOLATION, "entry-changed", f"entry {index}", "the signed tree has another hash there")
        return entries[place]


def indexes_in(entries: str, scope: Scope) -> Iterator[int]:
    """Yield the numbers in a list like `5 7-9`."""
    if not re.fullmatch(r"\d{1,18}(-\d{1,18})?( \d{1,18}(-\d{1,18})?)*", entries):
        raise RefusedError(f"the population has a list of entries {entries[:60]!r} that is none")
    count = 0
    for part in entries.split(" "):
        first, _, last = part.partition("-")
        count += int(last or first) - int(first) + 1
        if int(last or first) >= scope.end or count > 1_000_000:
            raise RefusedError(f"the population names entry {last or first}, which the bundle does not hold")
        yield from range(int(first), int(last or first) + 1)


def listed_rows(files: Files) -> Iterator[list[str]]:
    """Yield the rows of population.csv, cell by cell."""
    if "population.csv" not in files.sizes:
        raise RefusedError("there is no population.csv in the bundle")
    lines = files.lines("population.csv")
    if next(lines, b"").decode("latin-1").split(",") != [*COLUMNS]:
        raise RefusedError("population.csv does not begin with the names of its columns")
    for line in lines:
        cells = line.decode("latin-1").split(",")
        if len(cells) != len(COLUMNS):
            raise RefusedError(f"population.csv has a row of {len(cells)} cells: {line[:60]!r}")
        yield cells


def bound_list(files: Files, given: str, findings: Findings) -> None:
    """Compare the list with the digest that a full verification printed; without it the list is not proven."""
    hashing = sha256()
    for block in files.blocks("population.csv"):
        hashing.update(block)
    if not given:
        text = (
            "not proven to be complete in this run: verify the whole bundle, then give --population the digest it says"
        )
        findings.add(INCOMPLETE, "population-unproven", "population.csv", text)
    elif given != f"sha256:{hashing.hexdigest()}":
        findings.add(VIOLATION, "population-differs", "population.csv", f"it is not the list with the digest {given}")


# show: one change on one page ---------------------------------------------------------------------------------------

WANTED = (
    ("requirement.analysed", "nobody recorded an analysis of the requirements"),
    ("requirement.approved", "nobody approved the requirements"),
    ("decision.recorded", "no decision about architecture or security is recorded"),
    ("change.observed", "it is not recorded who wrote the change"),
    ("evidence.recorded", "no evidence is recorded"),
    ("gate.decided", "no gate was decided"),
    ("review.recorded", "no review is recorded"),
    ("approval.given", "nobody approved it"),
    ("deployment.started", "no deployment is recorded"),
    ("deployment.finished", "how the deployment ended is not recorded"),
    ("deployment.confirmed", "nobody saw afterwards that all was well"),
    ("lesson.recorded", "no lesson is recorded"),
    ("session.closed", "it is not closed"),
)
GRAVE = {
    "unapproved": "it was deployed without an approval of that commit",
    "gate_not_open": "it was deployed although the newest verdict on that commit did not open the gate",
    "approved_by_author": "an author of the change approved it",
    "deployer_approved_alone": "who deployed it was the only one to approve it",
    "unsigned": "an approval is not signed",
    "compensated": "something else stands in the place of an approval",
}


def page(name: str, events: Sequence[Event], files: Files, findings: Findings) -> Iterator[str]:
    """Yield the lines of the page about one change, gaps marked."""
    change = Change(name, "session" if events and events[0].chain == name else "decision")
    for event in events:
        change.take(event)
    row = change.row()
    yield f"{name}: opened {row['opened_at']} by {row['opened_by']}, {row['result'] or 'open'}, {row['count']} entries"
    authors, flags = (" ".join(sorted(held)) or "none" for held in (change.authors, change.flags))
    yield f"authors: {authors}; flags: {flags}"
    yield ""
    for event in events:
        at = event.at.replace("T", " ")[:19]
        yield f"{event.entry:>9}  {at}  {event.kind:<21} {event.actor:<14} {_facts(event, files)}"
    yield ""
    gaps = list(gaps_of(change, events, files))
    for gap in gaps:
        findings.add(INCOMPLETE, "gap", name, gap)
        yield f"GAP  {gap}"
    if not gaps:
        steps = "every step from the requirement to the lesson is recorded, and " if change.what == "session" else ""
        yield f"no gaps: {steps}every object that it names is here"


def gaps_of(change: Change, events: Sequence[Event], files: Files) -> Iterator[str]:
    """Yield what is missing from a change, or is not as it should be."""
    kinds = {event.kind for event in events}
    if change.what == "session":
        yield from (text for kind, text in WANTED if kind not in kinds)
        yield from (text for flag, text in GRAVE.items() if flag in change.flags)
    named = [event.text(field) for event in events for field in OBJECTS.get(event.kind, ())]
    missing = [one for one in named if one and object_name(one) not in files.sizes]
    if missing:
        yield f"{len(missing)} objects that it names are not in this bundle"


def _facts(event: Event, files: Files) -> str:
    facts = []
    for field in sorted(set(event.body) - {"kind", "tree", "rules", "words", "keep_until"}):
        value = event.body[field]
        if isinstance(value, dict):
            value = value.get("kind", "unsigned") if field == "signed" else ",".join(f"{a}:{value[a]}" for a in value)
        elif isinstance(value, list):
            value = f"{len(value)} listed"
        said = shown(str(value))
        if said.startswith("sd1:"):
            said = "(hidden)"
        elif _DIGEST.match(said):
            known = field not in OBJECTS.get(event.kind, ()) or object_name(said) in files.sizes
            said = said[7:19] + ("" if known else " GAP: not in this bundle")
        facts.append(f"{field}={said[:60]}")
    return " ".join(facts)


# selftest: harm a copy, and see that it is noticed ------------------------------------------------------------------


class Harm(NamedTuple):
    """One way to harm a bundle: what it changes, and how whoever did it would be found out."""

    title: str
    changes: dict[str, bytes]
    named: set[str]
    since: bytes | None = None


class Forger:
    """Harms copies of a bundle like somebody who rebuilds all hashes afterwards and even holds the log's key."""

    def __init__(self, files: Files, tree: Tree, checkpoint: Checkpoint) -> None:
        self._files, self._tree, self._checkpoint = files, tree, checkpoint
        self._key = Ed25519PrivateKey.generate()
        raw = bytes([LOG_KEY]) + self._key.public_key().public_bytes_raw()
        self.stolen = Key(
            checkpoint.origin, LOG_KEY, raw[1:], sha256(checkpoint.origin.encode() + b"\n" + raw).digest()[:4]
        )

    def signed(self, checkpoint: Checkpoint) -> bytes:
        """Return *checkpoint* signed with a key of the forger."""
        text = f"{checkpoint.origin}\n{checkpoint.size}\n{b64encode(checkpoint.root).decode()}\n"
        line = b64encode(self.stolen.id + self._key.sign(text.encode())).decode()
        return f"{text}\n\u2014 {checkpoint.origin} {line}\n".encode()

    def handover(self, former: Key, note: bytes) -> dict[str, bytes]:
        """Return the file by which *former* is said to have introduced a key of the forger, in the last entry."""
        number = sum(1 for name in self._files.sizes if name.startswith("handover/")) + 1
        body = {
            "former": vkey_digest(former), "key": vkey_digest(self.stolen), "kind": "key.rotated",
            "overlap_until": "2026-01-01T00:00:00Z", "public": b64encode(self.stolen.public).decode(), "use": "log",
        }  # fmt: skip
        entry = {
            "actor": {"id": "s-standfast", "via": "service"}, "at": "2026-01-01T00:00:00Z", "body": body,
            "number": 2, "previous": f"sha256:{64 * '0'}", "session": LEDGER, "version": 1,
        }  # fmt: skip
        extra = b64encode(json.dumps(entry, separators=(",", ":")).encode())
        head = b"c2sp.org/tlog-proof@v1\nextra %b\nindex %d\n\n" % (extra, self._checkpoint.size - 1)
        return {handover_name(number): head + note}

    def entries(self, bundle: int) -> list[bytes]:
        """Return the entries of one file of entries."""
        width = self._tree.width(bundle)
        data = self._files.read(numbered("entries", bundle, width), 256 * (2 + 65_535))
        return (entries_in(data, width) if data is not None else None) or []

    def replaced(self, index: int, entry: bytes) -> tuple[dict[str, bytes], Checkpoint]:
        """Return the files, and the checkpoint, of a ledger in which that entry is another one, all hashes rebuilt."""
        bundle, place = divmod(index, 256)
        entries = self.entries(bundle)
        entries[place] = entry
        changes = {numbered("entries", bundle, len(entries)): bundled(entries)}
        node, level, at = sha256(b"\0" + entry).digest(), 0, index
        edge = self._edge(self._checkpoint.size)
        while True:
            tile, place = divmod(at, 256)
            old = self._tree.tile(level, tile)
            new = old[: place * 32] + node + old[place * 32 + 32 :]
            changes[numbered(str(level), tile, len(new) // 32)] = new
            if len(new) < 8192:
                edge[level] = new
                break
            node, level, at = tile_root(new), level + 1, tile
        root = folded([peak for hashes in edge[::-1] for peak in peaks(hashes)])
        return changes, self._checkpoint._replace(root=root)

    def cut(self, size: int) -> tuple[dict[str, bytes], Checkpoint]:
        """Return the files, and the checkpoint, that the ledger had when it held *size* entries."""
        edge = self._edge(size)
        counts = [(level, size >> 8 * level) for level in range(len(edge))]
        changes = {
            numbered(str(level), count // 256, count % 256): edge[level] for level, count in counts if edge[level]
        }
        if size % 256:
            changes[numbered("entries", size // 256, size % 256)] = bundled(self.entries(size // 256)[: size % 256])
        return changes, self._checkpoint._replace(size=size, root=self._tree.root_at(size))

    def _edge(self, size: int) -> list[bytes]:
        found: list[bytes] = []
        while size >> 8 * len(found):
            level, count = len(found), size >> 8 * len(found)
            found.append(self._tree.tile(level, count // 256)[: count % 256 * 32] if count % 256 else b"")
        return found


def bundled(entries: Sequence[bytes]) -> bytes:
    """Return the bytes of a file of entries."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def harms(files: Files, forger: Forger, checkpoint: Checkpoint, scope: Scope, signers: Sequence[Key]) -> Iterator[Harm]:
    """Yield ways to harm the bundle; the changes are made from its newest file of entries and an approval in it."""
    last = (scope.end - 1) // 256
    entries = forger.entries(last)
    path, index = numbered("entries", last, len(entries)), last * 256 + len(entries) - 1
    whole = bundled(entries)
    yield Harm(
        "one byte of an entry is flipped", {path: whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]}, {"entry-changed"}
    )
    yield Harm("an entry is dropped", {path: bundled(entries[:-1])}, {"entries-differ"})
    note = files.read("checkpoint", MAX_NOTE) or b""
    text, signatures = parse_note(note)
    forged = [(name, key, sig[:-1] + bytes([sig[-1] ^ 1])) for name, key, sig in signatures]
    lines = "".join(f"\u2014 {name} {b64encode(key + sig).decode()}\n" for name, key, sig in forged)
    yield Harm("a signature is forged", {"checkpoint": f"{text}\n{lines}".encode()}, {"signature-forged"})
    yield Harm("somebody else's key signs", {"checkpoint": forger.signed(checkpoint)}, {"signature-missing"})
    known = next(
        (key for key in signers if (key.name, key.id) in {(name, one) for name, one, _ in signatures}), forger.stolen
    )
    yield Harm(
        "a key is slipped in",
        {**forger.handover(known, note), "checkpoint": forger.signed(checkpoint)},
        {"key-not-introduced", "signature-missing"},
    )
    approval = _approval(forger, scope)
    if approval is not None:
        at, entry = approval
        swapped = re.sub(rb'"id":"p-[0-9a-z]{4}', b'"id":"p-evil', entry, count=1)
        changes, remade = forger.replaced(at, swapped)
        yield Harm("an approval is swapped, all hashes rebuilt", changes, {"root-differs"})
        changes["checkpoint"] = forger.signed(remade)
        yield Harm("an approval is swapped and signed with the stolen key", changes, {"forked"}, note)
    if index:
        dated = re.sub(rb'"at":"\d{4}', b'"at":"1999', entries[-1], count=1)
        changes, remade = forger.replaced(index, dated)
        changes["checkpoint"] = forger.signed(remade)
        yield Harm("an entry is dated back, signed with the stolen key", changes, {"time-went-back"})
        changes, earlier = forger.cut(index)
        changes["checkpoint"] = forger.signed(earlier)
        about = json.loads(files.read("bundle.json", MAX_ABOUT) or b"")
        changes["bundle.json"] = json.dumps(about | {"end": min(scope.end, earlier.size)}).encode()
        yield Harm("the ledger is rolled back, signed with the stolen key", changes, {"rolled-back"}, note)


def _approval(forger: Forger, scope: Scope) -> tuple[int, bytes] | None:
    for bundle in range((scope.end - 1) // 256, scope.start // 256 - 1, -1):
        for place, entry in enumerate(forger.entries(bundle)):
            if b'"kind":"approval.given"' in entry and re.search(rb'"id":"p-', entry):
                return bundle * 256 + place, entry
    return None


def selftest(files: Files, policy: Policy, findings: Findings) -> Iterator[str]:
    """Yield one line for each harm; one that is not noticed is a violation, of this program."""
    sound = Verification(files, policy, findings)
    opened = sound.begin()
    if opened is None or findings.counts:
        findings.add(UNCHECKED, "selftest-impossible", "bundle", "it is not sound to begin with: verify it first")
        return
    trusted, scope, tree = opened
    forger = Forger(files, tree, trusted.checkpoint)
    stolen = policy._replace(logs=(*policy.logs, forger.stolen), witnesses={}, groups={}, quorum=b"none")
    done = 0
    signers = (*policy.logs, *(one.key for one in sound.keys))
    for harm in harms(files, forger, trusted.checkpoint, scope, signers):
        found = Findings()
        used = stolen if "stolen key" in harm.title else policy
        try:
            Verification(Altered(files, harm.changes), used, found, harm.since).run()
        except RefusedError as error:
            found.add(UNCHECKED, "refused", "bundle", str(error))
        noticed = bool(found.names & harm.named) and found.exit_code == VIOLATION
        done += 1
        yield f"{'noticed ' if noticed else 'NOT NOTICED'}  {harm.title}: {', '.join(sorted(found.names)) or 'nothing'}"
        if not noticed:
            findings.add(VIOLATION, "harm-not-noticed", harm.title, f"expected {', '.join(harm.named)}")
    if done < 9:
        findings.add(
            INCOMPLETE, "selftest-short", "bundle", f"{done} of 9 harms: it holds no approval, or one entry only"
        )


# The command line ---------------------------------------------------------------------------------------------------

VERBS = ("verify", "population", "sample", "show", "selftest")


class Parser(argparse.ArgumentParser):
    """Reads the command line; where it is wrong, nothing was checked."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, with the exit code of what could not be checked."""
        self.print_usage(sys.stderr)
        self.exit(UNCHECKED, f"could not check: {message}\n")


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what is asked for; `verify` may be left out."""
    parser = Parser(prog="verify.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in VERBS:
        one = verbs.add_parser(verb)
        one.add_argument("bundle", type=Path)
        one.add_argument("--policy", type=Path, required=True, help="your own copy of the trust policy")
        if verb in ("verify", "population"):
            one.add_argument("--since", type=Path, help="a checkpoint that you kept")
            one.add_argument("--from", dest="first", type=date.fromisoformat, help="the bundle must begin by then")
            one.add_argument("--to", dest="last", type=date.fromisoformat, help="the bundle must reach as far")
        if verb in ("sample", "show"):
            one.add_argument("--population", default="", help="the digest that the verification of the bundle said")
    verbs.choices["population"].add_argument("--against", type=Path, required=True, help="your own list (CSV)")
    verbs.choices["sample"].add_argument("--n", type=int, default=45, help="how many changes")
    verbs.choices["sample"].add_argument("--seed", required=True, help="a word of your choice")
    verbs.choices["show"].add_argument("session")
    words = [*arguments]
    if words and words[0] not in (*VERBS, "-h", "--help"):
        words.insert(0, "verify")
    return parser.parse_args(words)


def given(path: Path, most: int) -> bytes:
    """Return the bytes of a file that the auditor names."""
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > most:
        raise RefusedError(f"{path} has more than {most:,} bytes")
    return data


def say_scope(trusted: Trusted, scope: Scope) -> None:
    """Say first what is vouched for by whom, and what the bundle is about."""
    checkpoint = trusted.checkpoint
    if trusted.witnesses:
        print("witnessed by", ", ".join(f"{shown(name)} (at {at} s since 1970)" for name, at in trusted.witnesses))
    else:
        print("UNWITNESSED: nobody but the ledger itself vouches for this checkpoint")
    print(f"ledger {shown(checkpoint.origin)}: {checkpoint.size:,} entries, root {checkpoint.root.hex()}")
    about = (
        f"session {scope.session} only, in entries {scope.start:,} to {scope.end:,}" if scope.session else "all changes"
    )
    print(f"about {about}, from {scope.first} to {scope.last}")


def run(asked: argparse.Namespace, findings: Findings) -> None:
    """Do what is asked for."""
    policy = PolicyReader().read(given(asked.policy, MAX_POLICY))
    with open_bundle(asked.bundle) as files:
        if asked.verb == "selftest":
            for line in selftest(files, policy, findings):
                print(line)
        elif asked.verb in ("sample", "show"):
            excerpted(asked, files, policy, findings)
        else:
            whole(asked, files, policy, findings)


def excerpted(asked: argparse.Namespace, files: Files, policy: Policy, findings: Findings) -> None:
    """Prove single changes out of the bundle."""
    opened = Verification(files, policy, findings).begin()
    if opened is not None:
        say_scope(*opened[:2])
        bound_list(files, asked.population, findings)
        excerpt = Excerpt(files, opened[2], opened[1], findings)
        (sample if asked.verb == "sample" else show)(asked, files, excerpt, findings)


def whole(asked: argparse.Namespace, files: Files, policy: Policy, findings: Findings) -> None:
    """Verify all of the bundle; for `population`, compare its deployments with the auditor's list."""
    logged: list[dict[str, Any]] = []

    def each(row: dict[str, Any]) -> None:
        logged.extend({key: one[key] for key in (*KEYS, "started_at")} for one in row["deployments"])

    since = given(asked.since, MAX_NOTE) if asked.since else None
    verification = Verification(files, policy, findings, since)
    result = verification.run(each if asked.verb == "population" else None)
    if result is None:
        return
    say_scope(result.trusted, result.scope)
    for note in verification.notes:
        print(shown(note))
    print(f"population {result.population}; {result.objects:,} objects")
    for wanted, held, missing in (
        (asked.first, result.scope.first, asked.first and asked.first.isoformat() < result.scope.first),
        (asked.last, result.scope.last, asked.last and asked.last.isoformat() > result.scope.last),
    ):
        if missing:
            findings.add(INCOMPLETE, "period-short", "bundle.json", f"you asked for {wanted}, it is about {held}")
    if asked.verb == "population":
        if result.scope.session:
            findings.add(INCOMPLETE, "population-unproven", "bundle.json", "it is about one session only")
        say_compared(compared(asked.against, logged, result.scope), findings)


def say_compared(found: Compared, findings: Findings) -> None:
    """Say how two lists of deployments compare."""
    print(f"matched: {found.matched:,}; in your list, outside the period: {found.outside:,}")
    print(f"deployed but not logged: {len(found.not_logged):,}")
    print(f"logged but not deployed: {len(found.not_deployed):,}")
    for text in found.not_logged:
        findings.add(VIOLATION, "deployed-not-logged", "deployment", text)
    for text in found.not_deployed:
        findings.add(INCOMPLETE, "logged-not-deployed", "deployment", text)


def sample(asked: argparse.Namespace, files: Files, excerpt: Excerpt, findings: Findings) -> None:
    """Draw a sample, and prove every entry of every change in it."""
    places: dict[str, str] = {}

    def rows() -> Iterator[tuple[str, str]]:
        flags, entries = COLUMNS.index("flags"), COLUMNS.index("entries")
        for cells in listed_rows(files):
            places[cells[0]] = cells[entries]
            yield cells[0], cells[flags]

    for stratum, name in drawn(rows(), asked.n, asked.seed):
        events = excerpt.events(name, places[name])
        print(f"{stratum:<24} {shown(name):<24} {len(events):>5} entries, {len(events) and events[0].at}")
    if len(places) < asked.n:
        print(f"the list has {len(places):,} changes, fewer than {asked.n:,}: all of them are drawn")


def show(asked: argparse.Namespace, files: Files, excerpt: Excerpt, findings: Findings) -> None:
    """Print the page of one change."""
    entries = next((cells[-1] for cells in listed_rows(files) if cells[0] == asked.session), None)
    if entries is None:
        raise RefusedError(f"the population of this bundle has no {asked.session[:80]!r}")
    for line in page(asked.session, excerpt.events(asked.session, entries), files, findings):
        print(line)


def main(arguments: Sequence[str]) -> int:
    """Verify, say what was found, and return the exit code."""
    findings = Findings()
    asked = parsed(arguments)
    gc.set_threshold(100_000, 50, 50)  # looking for cycles among millions of values that have none takes a tenth of it
    try:
        run(asked, findings)
    except RefusedError as error:
        findings.add(UNCHECKED, "refused", "what was given", str(error))
    except (OSError, MemoryError, RecursionError) as error:
        findings.add(UNCHECKED, "failed", "this program", f"{type(error).__name__}: {error}")
    for finding in findings.listed:
        print(finding)
    if sum(findings.counts.values()) > MOST:
        print(f"and {sum(findings.counts.values()) - MOST:,} more findings")
    code = findings.exit_code
    print({PROVEN: "proven", VIOLATION: "violation", INCOMPLETE: "incomplete", UNCHECKED: "could not check"}[code])
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
