"""Sigstore bundles as signatures: verified offline, by the trusted root and for the identity that were enrolled."""

import base64
import json
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from audit_bundles import judged
from hypothesis import given, settings
from hypothesis import strategies as st
from little_sigstore import BEA, ISSUER, LittleSigstore
from little_waivers import WaiverOffice

from standfast.app.ledger.opening import find
from standfast.app.ledger.reading import reading
from standfast.ledger.bodies import ApprovalGiven, SignatureKind
from standfast.ledger.signatures.kinds import enrolled_key, proved
from standfast.ledger.signatures.offline import to_sign
from standfast.ledger.signatures.sigstore import sigstore_text
from standfast.model import LedgerError

SPACE = "approval@standfast"
MESSAGE = b'{"role":"security"}'
LITTLE = LittleSigstore()
ROOT, LINE = LITTLE.root, LITTLE.line()
BUNDLE = LITTLE.bundle(to_sign(MESSAGE, SPACE))
SOUND = sigstore_text(LINE, ROOT, BUNDLE)


def test_bundle_proves_who_signed() -> None:
    """A bundle is by the identity that was enrolled, and says nothing about a second factor."""
    found = proved(SOUND, MESSAGE, namespace=SPACE)

    assert found.key == enrolled_key(f"{LINE} since March")
    assert (found.key.kind, found.person_verified, found.counter) == (SignatureKind.SIGSTORE, False, None)


def put(*path: str | int, value: Any) -> Callable[[], str]:
    """Return a signature in whose bundle one value is another one."""

    def make() -> str:
        whole = json.loads(BUNDLE)
        held = whole
        for step in path[:-1]:
            held = held[step]
        held[path[-1]] = value(held[path[-1]]) if callable(value) else value
        return sigstore_text(LINE, ROOT, json.dumps(whole).encode())

    return make


def of(little: LittleSigstore | None = None, *, line: str = LINE, data: bytes | None = None, **made: Any) -> str:
    """Return a signature made in another way."""
    return sigstore_text(line, ROOT, (little or LITTLE).bundle(data or to_sign(MESSAGE, SPACE), **made))


def fresh() -> LittleSigstore:
    """Return another Sigstore, of which nobody knows anything."""
    return LittleSigstore()


def without_its(service: str) -> LittleSigstore:
    """Return the same Sigstore, in which one service has another key."""
    little = LittleSigstore()
    little.ca, little.ct, little.rekor, little.authority = LITTLE.ca, LITTLE.ct, LITTLE.rekor, LITTLE.authority
    setattr(little, service, getattr(LittleSigstore(), service))
    return little


def late() -> LittleSigstore:
    """Return the same Sigstore, long after the authority ended."""
    little = without_its("rekor")
    little.rekor, little.when = LITTLE.rekor, LITTLE.when + timedelta(days=4000)
    return little


def flipped(text: str) -> str:
    """Return base64 of the same bytes but for one bit."""
    data = bytearray(base64.b64decode(text))
    data[len(data) // 2] ^= 1
    return base64.b64encode(data).decode()


_ENTRY = ("verificationMaterial", "tlogEntries", 0)
HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "another issuer": (lambda: of(issuer="https://login.example.com"), "OIDCIssuer does not match"),
    "another person": (lambda: of(identity="ana@example.org"), "do not match"),
    "a person who was not enrolled": (lambda: of(line=LITTLE.line(identity="ana@example.org")), "do not match"),
    "another root than was enrolled": (lambda: sigstore_text(LINE, fresh().root, BUNDLE), "not the one that was"),
    "another Sigstore": (lambda: of(fresh()), "does not verify"),
    "another certificate log": (lambda: of(without_its("ct")), "SCT"),
    "another transparency log": (lambda: of(without_its("rekor")), "does not verify"),
    "another authority of that name": (lambda: of(without_its("ca")), "does not verify"),
    "logged after the certificate ended": (lambda: of(later=timedelta(minutes=11)), "does not verify"),
    "logged before it began": (lambda: of(later=-timedelta(minutes=1)), "does not verify"),
    "after the authority ended": (lambda: of(late()), "does not verify"),
    "over other bytes": (lambda: of(data=b"other"), "does not verify"),
    "over the bare message": (lambda: of(data=MESSAGE), "does not verify"),
    "another signature": (put("messageSignature", "signature", value=flipped), "does not verify"),
    "another digest": (put("messageSignature", "messageDigest", "digest", value=flipped), "does not verify"),
    "another entry": (put(*_ENTRY, "canonicalizedBody", value=flipped), "does not verify"),
    "another time": (put(*_ENTRY, "integratedTime", value=lambda at: str(int(at) + 1)), "does not verify"),
    "no promise": (put(*_ENTRY, "inclusionPromise", value=None), "promise or signed timestamp"),
    "no proof": (put(*_ENTRY, "inclusionProof", value=None), "inclusionProof"),
    "another path": (put(*_ENTRY, "inclusionProof", "hashes", 0, value=flipped), "does not verify"),
    "another root hash": (put(*_ENTRY, "inclusionProof", "rootHash", value=flipped), "does not verify"),
    "no entry": (put("verificationMaterial", "tlogEntries", value=[]), "exactly one log entry"),
    "a bare key": (put("verificationMaterial", "certificate", value=None), "certificate"),
    "no certificate": (put("verificationMaterial", "certificate", "rawBytes", value="AAAA"), "does not verify"),
    "another format": (put("mediaType", value="application/vnd.dev.sigstore.bundle.v9+json"), "mediaType"),
    "no bundle": (lambda: sigstore_text(LINE, ROOT, b"{}"), "does not verify"),
    "no JSON": (lambda: sigstore_text(LINE, ROOT, b"["), "does not verify"),
    "a root that is none": (lambda: sigstore_text(_line_of(b"{}"), b"{}", BUNDLE), "does not verify"),
    "a root of nobody": (lambda: sigstore_text(_line_of(_empty()), _empty(), BUNDLE), "does not verify"),
    "text after it": (lambda: SOUND + "x", "one way"),
    "too much": (lambda: SOUND + "x" * 2_000_000, "one way"),
    "another base64": (lambda: SOUND.replace("\nbundle ", "\nbundle ="), "one way|base64|padding"),
    "a line with a comment": (lambda: sigstore_text(f"{LINE} March", ROOT, BUNDLE), "not the one that was"),
}


def _line_of(root: bytes) -> str:
    little = LittleSigstore()
    own = enrolled_key(little.line()).line.rpartition(" ")[0]
    return f"{own} sha256:{sha256(root).hexdigest()}"


def _empty() -> bytes:
    whole = json.loads(ROOT)
    return json.dumps({name: value if name == "mediaType" else [] for name, value in whole.items()}).encode()


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_bundle_proves_nothing(name: str) -> None:
    """A bundle by somebody else, of another Sigstore, time or text, or without a proof, proves nothing and says why."""
    make, why = HOSTILE[name]

    with pytest.raises(LedgerError, match=why) as refused:
        proved(make(), MESSAGE, namespace=SPACE)

    assert refused.value.code == "signature-wrong"


@contextmanager
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Let no socket be opened; what was tried is listed."""
    tried: list[object] = []

    def refused(*place: object, **_other: object) -> None:
        tried.append(place)
        raise OSError("there is no network")

    with monkeypatch.context() as patched:
        patched.setattr(socket, "socket", refused)
        patched.setattr(socket, "create_connection", refused)
        patched.setattr(socket, "getaddrinfo", refused)
        yield tried


def test_nothing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle is verified without opening a socket."""
    with no_network(monkeypatch) as tried:
        proved(SOUND, MESSAGE, namespace=SPACE)

    assert tried == []


def test_bundle_proves_nothing_where_nothing_can_verify_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package that verifies bundles, a bundle proves nothing, and the error says what to install."""
    monkeypatch.setitem(sys.modules, "sigstore.errors", None)

    with pytest.raises(LedgerError, match="nothing here can verify") as refused:
        proved(SOUND, MESSAGE, namespace=SPACE)

    assert "standfast[sigstore]" in refused.value.hint


@settings(max_examples=60)
@given(st.data())
def test_no_bit_of_the_signed_parts_can_be_flipped(data: st.DataObject) -> None:
    """Whichever bit of certificate, signature, entry, promise or proof is flipped, the bundle proves nothing."""
    places = [
        ("verificationMaterial", "certificate", "rawBytes"),
        ("messageSignature", "signature"),
        ("messageSignature", "messageDigest", "digest"),
        (*_ENTRY, "canonicalizedBody"),
        (*_ENTRY, "inclusionPromise", "signedEntryTimestamp"),
        (*_ENTRY, "inclusionProof", "rootHash"),
        (*_ENTRY, "inclusionProof", "hashes", 0),
    ]

    def flip(text: str) -> str:
        raw = bytearray(base64.b64decode(text))
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        return base64.b64encode(raw).decode()

    with pytest.raises(LedgerError):
        proved(put(*data.draw(st.sampled_from(places)), value=flip)(), MESSAGE, namespace=SPACE)


@pytest.mark.parametrize(
    "line",
    [
        "sigstore",
        f"sigstore {ISSUER} {BEA}",
        f"sigstore {ISSUER} {BEA} sha256:00",
        f"sigstore http://login.example.org {BEA} sha256:{'0' * 64}",
    ],
)
def test_line_that_pins_nothing_enrols_nobody(line: str) -> None:
    """A line without a root, or with an issuer that anybody on the way could be, enrols nobody."""
    with pytest.raises(LedgerError, match="cannot be taken"):
        enrolled_key(line)


@pytest.fixture
def office(tmp_path: Path) -> WaiverOffice:
    """A change that is ready to be approved by Bea, whose identity is enrolled."""
    table = f'\n[approvals.keys]\n"bea@example.org" = ["{LINE}"]\n'
    made = WaiverOffice(tmp_path, keys=False, more=table)
    made.sits("Ana Ruiz", "ana@example.org")
    made.ready()
    made.bea()
    (tmp_path / "trusted_root.json").write_bytes(ROOT)
    return made


def test_approval_by_an_identity_counts_and_is_never_said_to_be_proven_elsewhere(office: WaiverOffice) -> None:
    """A bundle over what was written is an approval; the auditor's program says that it did not verify it."""
    folder = office.root.parent
    office.run("approve", "security", "--to-sign", "bytes")
    (folder / "bundle.json").write_bytes(LITTLE.bundle((office.root / "bytes").read_bytes()))
    bare = office.run("approve", "security", "--signature", "../bundle.json")

    ran = office.run("approve", "security", "--signature", "../bundle.json", "--trusted-root", "../trusted_root.json")

    assert (bare.code, "--trusted-root" in bare.err) == (2, True), bare
    assert ran.code == 0, ran
    (body,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, ApprovalGiven)]
    assert isinstance(body, ApprovalGiven)
    assert body.signed.kind is SignatureKind.SIGSTORE
    (office.root / "bytes").unlink()
    assert office.gate("--no-collect")["status"] == "pass"
    office.run("export", "audit", "--from", "2026-01-01", "--to", "2099-12-31", "-o", "../bundle")
    known = find(office.root, office.home())
    assert known is not None
    with reading(known) as reader:
        (folder / "auditor.policy").write_text(f"log {reader.store.identity.vkey}\nquorum none\n")
    judgement = judged(folder / "bundle", "--policy", folder / "auditor.policy")
    assert (judgement.code, "NOT CHECKED  signature-not-checked" in judgement.out) == (3, True), judgement


def test_bundle_of_somebody_else_approves_nothing(office: WaiverOffice) -> None:
    """A bundle by another identity, or over something else, approves nothing and says why."""
    folder = office.root.parent
    office.run("approve", "security", "--to-sign", "bytes")
    said = []
    for bundle in (
        LITTLE.bundle((office.root / "bytes").read_bytes(), identity="ana@example.org"),
        LITTLE.bundle(b"something else"),
    ):
        (folder / "bundle.json").write_bytes(bundle)
        said.append(
            office.run("approve", "security", "--signature", "../bundle.json", "--trusted-root", "../trusted_root.json")
        )

    assert [(one.code, "Sigstore bundle does not verify" in one.err) for one in said] == [(2, True)] * 2, said


def test_bundle_counts_once_however_it_is_written(office: WaiverOffice) -> None:
    """After an approval was revoked, its bundle brings it not back, not even written in another way."""
    folder = office.root.parent
    office.run("approve", "security", "--to-sign", "bytes")
    bundle = LITTLE.bundle((office.root / "bytes").read_bytes())
    words = ("approve", "security", "--signature", "../bundle.json", "--trusted-root", "../trusted_root.json")
    (folder / "bundle.json").write_bytes(bundle)
    first = office.run(*words)
    office.run("revoke", "security", "--reason", "I was wrong")
    (folder / "bundle.json").write_bytes(bundle.replace(b", ", b",  "))

    again = office.run(*words)

    assert (first.code, again.code, "[signature-used]" in again.err) == (0, 2, True), again


def test_person_without_an_identity_approves_nothing_with_one(office: WaiverOffice) -> None:
    """Who has no identity in the settings cannot sign with a bundle."""
    office.cay()
    (office.root.parent / "bundle.json").write_bytes(BUNDLE)

    ran = office.run("approve", "release", "--signature", "../bundle.json", "--trusted-root", "../trusted_root.json")

    assert (ran.code, "no identity of yours" in ran.err) == (2, True), ran
