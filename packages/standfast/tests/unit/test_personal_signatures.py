"""What signatures by an authenticator and by a bare Ed25519 key prove, and what they do not."""

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from authenticators import PRESENT, VERIFIED, Authenticator
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from standfast.ledger.bodies import Signed
from standfast.ledger.bodies.words import SignatureKind
from standfast.ledger.signatures.kinds import enrolled_key, proved, proved_by, signed
from standfast.ledger.signatures.offline import UNPROVED, made_by, signature_text, to_sign
from standfast.model import LedgerError

SPACE = "approval@standfast"
MESSAGE = b'{"role":"security"}'

PAIRS = {name: Authenticator(name) for name in ("es256", "eddsa", "rs256")}
ED25519 = ed25519.Ed25519PrivateKey.generate()
ED25519_LINE = f"ed25519 {b64encode(ED25519.public_key().public_bytes_raw()).decode()}"
BARE = signature_text("ed25519", ED25519_LINE, ED25519.sign(to_sign(MESSAGE, SPACE)))


@pytest.mark.parametrize("algorithm", sorted(PAIRS))
def test_assertion_proves_key_person_and_counter(algorithm: str) -> None:
    """An assertion by each algorithm is by the key that was enrolled, with the person verified and the counter told."""
    one = PAIRS[algorithm]

    found = proved(one.signature(MESSAGE, SPACE), MESSAGE, namespace=SPACE)

    assert found.key == enrolled_key(f"{one.line} Bea's token")
    assert (found.person_verified, found.counter) == (True, 7)
    assert signed(found) == Signed(kind=SignatureKind.WEBAUTHN, key=found.key.digest, person_verified=True)


def test_bare_signature_proves_its_key() -> None:
    """A bare Ed25519 signature is by the key that was enrolled; it says nothing about the person."""
    found = proved(BARE, MESSAGE, namespace=SPACE)

    assert found.key == enrolled_key(f"{ED25519_LINE} HSM 4")
    assert (found.key.kind, found.person_verified, found.counter) == (SignatureKind.ED25519, False, None)


def changed(**fields: Any) -> Callable[[Authenticator], str]:
    """Return how an authenticator signs that is another in those *fields*."""

    def sign(one: Authenticator) -> str:
        for name, value in fields.items():
            setattr(one, name, value)
        return one.signature(MESSAGE, SPACE)

    return sign


def said(**client: Any) -> Callable[[Authenticator], str]:
    """Return how an authenticator signs where the browser says something else."""
    return lambda one: one.signature(MESSAGE, SPACE, **client)


def of_parts(change: Callable[[bytes, bytes, bytes], tuple[bytes, bytes, bytes]]) -> Callable[[Authenticator], str]:
    """Return a signature whose parts were changed afterwards."""
    return lambda one: signature_text("webauthn", one.line, *change(*one.parts(MESSAGE, SPACE)))


def told_twice(one: Authenticator) -> str:
    """Sign what the browser says twice, in two ways."""
    data, told, _ = one.parts(MESSAGE, SPACE)
    told = told.replace(b"{", b'{"type":"webauthn.create",', 1)
    return signature_text("webauthn", one.line, data, told, one.sign(data + sha256(told).digest()))


def other_rp(one: Authenticator) -> str:
    """Sign at one relying party for a credential of another."""
    line, one.rp = one.line, "example.org"
    return signature_text("webauthn", line, *one.parts(MESSAGE, SPACE))


def malleable(data: bytes, told: bytes, signature: bytes) -> tuple[bytes, bytes, bytes]:
    """Write the numbers of an ECDSA signature with a byte too many."""
    r, s = decode_dss_signature(signature)
    return data, told, encode_dss_signature(r, s) + b"\0"


HOSTILE: dict[str, tuple[Callable[[Authenticator], str], str]] = {
    "another challenge": (said(challenge="AAAA"), "something else"),
    "no challenge": (said(challenge=None), "something else"),
    "an enrolment": (said(type="webauthn.create"), "no assertion"),
    "a page of somebody else": (said(origin="http://localhost.example.org"), "was made at"),
    "a page that only ends alike": (said(origin="http://evil-localhost:80"), "was made at"),
    "a subdomain of this machine": (said(origin="http://evil.localhost:80"), "was made at"),
    "another scheme": (said(origin="https://localhost:80"), "was made at"),
    "an origin that is no text": (said(origin=["http://localhost"]), "was made at"),
    "no origin": (said(origin=None), "was made at"),
    "within another page": (said(crossOrigin=True), "within a page"),
    "below another page": (said(topOrigin="http://example.org"), "within a page"),
    "nobody verified": (changed(flags=PRESENT), "did not verify"),
    "nobody there": (changed(flags=VERIFIED), "did not verify"),
    "no flags": (changed(flags=0), "did not verify"),
    "another relying party": (other_rp, "another relying party"),
    "bytes after the counter": (changed(extra=b"\0"), "38 bytes"),
    "extensions": (changed(extra=b"\xa0", flags=0x85), "38 bytes"),
    "extensions that are not there": (changed(flags=0x85), "contradict"),
    "a credential that is not there": (changed(flags=0x45), "contradict"),
    "backed up, and never backed up": (changed(flags=0x15), "contradict"),
    "a cut counter": (of_parts(lambda data, told, made: (data[:-1], told, made)), "36 bytes"),
    "no data": (of_parts(lambda _data, told, made: (b"", told, made)), "0 bytes"),
    "another counter": (of_parts(lambda data, told, made: (data[:-1] + b"\x08", told, made)), "not one over"),
    "a space more": (of_parts(lambda data, told, made: (data, told + b" ", made)), "not one over"),
    "no browser": (of_parts(lambda data, _told, made: (data, b"", made)), "does not verify"),
    "no text": (of_parts(lambda data, _told, made: (data, b"\xff", made)), "does not verify"),
    "deep text": (of_parts(lambda data, _told, made: (data, b"[" * 20_000, made)), "does not verify"),
    "told twice": (told_twice, "says twice"),
    "no signature": (of_parts(lambda data, told, _made: (data, told, b"")), "not one over"),
    "a cut signature": (of_parts(lambda data, told, made: (data, told, made[:-1])), "not one over"),
    "a signature with more behind it": (of_parts(malleable), "not one over"),
    "a signature that is no DER": (of_parts(lambda data, told, _made: (data, told, b"0\x80" + b"\1" * 70)), "not one"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_assertion_proves_nothing(name: str) -> None:
    """An assertion that is not by a verified person, here, over exactly this, proves nothing and says why."""
    make, why = HOSTILE[name]

    with pytest.raises(LedgerError, match=why) as refused:
        proved(make(Authenticator(private=PAIRS["es256"].private)), MESSAGE, namespace=SPACE)

    assert refused.value.code == "signature-wrong"


def spki(private: Any) -> bytes:
    """Return the public half of *private*."""
    found: bytes = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return found


SHORT_RSA = rsa.generate_private_key(65537, 1024)  # noqa: S505  # a key that has to be refused
BAD_LINES = {
    "another algorithm's key": PAIRS["es256"].line_of("eddsa", PAIRS["es256"].public),
    "another algorithm's key, turned round": PAIRS["eddsa"].line_of("es256", PAIRS["eddsa"].public),
    "no algorithm": PAIRS["es256"].line_of("none", PAIRS["es256"].public),
    "another curve": PAIRS["es256"].line_of("es256", spki(ec.generate_private_key(ec.SECP384R1()))),
    "a short RSA key": PAIRS["es256"].line_of("rs256", spki(SHORT_RSA)),
    "a key with more behind it": PAIRS["es256"].line_of("es256", PAIRS["es256"].public + b"\0"),
    "a cut key": PAIRS["es256"].line_of("es256", PAIRS["es256"].public[:-1]),
    "no key": PAIRS["es256"].line_of("es256", b""),
    "an address for a relying party": PAIRS["es256"].line.replace("localhost", "http://localhost"),
    "a pattern for a relying party": PAIRS["es256"].line.replace("localhost", ".*"),
    "too few words": "webauthn localhost es256",
    "a key of small order": PAIRS["eddsa"].line_of("eddsa", PAIRS["eddsa"].public[:-32] + bytes([1]) + bytes(31)),
    "a bare key of small order": f"ed25519 {b64encode(bytes([1]) + bytes(31)).decode()}",
    "a cut bare key": f"ed25519 {b64encode(bytes(31)).decode()}",
    "a bare key in another base64": ED25519_LINE.replace("=", ""),
    "no such kind": "pgp AAAA",
    "nothing": "  ",
}


@pytest.mark.parametrize("name", sorted(BAD_LINES))
def test_key_that_is_none_is_not_enrolled(name: str) -> None:
    """A line whose key is not sound, or not one of its algorithm, enrols nobody."""
    with pytest.raises(LedgerError, match=r"cannot be taken|begins with|Ed25519 public key is"):
        enrolled_key(BAD_LINES[name])


def test_signature_counts_for_its_holder_only() -> None:
    """A signature by a key that is not among those of the person, or that an event names otherwise, is refused."""
    one, other = PAIRS["es256"], PAIRS["eddsa"]
    made, own = one.signature(MESSAGE, SPACE), [enrolled_key(one.line)]

    assert proved_by(own, made, MESSAGE, namespace=SPACE).key == own[0]
    with pytest.raises(LedgerError, match="not enrolled"):
        proved_by([enrolled_key(other.line)], made, MESSAGE, namespace=SPACE)
    with pytest.raises(LedgerError, match="entry names"):
        proved_by(own, made, MESSAGE, namespace=SPACE, said=Signed(kind=SignatureKind.WEBAUTHN, key=own[0].digest))


@pytest.mark.parametrize("signature", ["", "x", "standfast-signature/v1 pgp\n", "standfast-signature/v2 ed25519\n"])
def test_signature_of_no_kind_is_refused(signature: str) -> None:
    """What no kind of signature recognises proves nothing."""
    with pytest.raises(LedgerError, match="no kind"):
        proved(signature, MESSAGE, namespace=SPACE)


SOUND = [*(one.signature(MESSAGE, SPACE) for one in PAIRS.values()), BARE]


@given(st.sampled_from(SOUND), st.data())
def test_no_bit_of_a_signature_can_be_flipped(signature: str, data: st.DataObject) -> None:
    """Whichever bit of a signature is flipped, it proves nothing any more, or is by a key that nobody enrolled."""
    place = data.draw(st.integers(0, len(signature) - 1))
    flipped = chr(ord(signature[place]) ^ 1 << data.draw(st.integers(0, 6)))
    changed_text = signature[:place] + flipped + signature[place + 1 :]
    own = [*(enrolled_key(one.line) for one in PAIRS.values()), enrolled_key(ED25519_LINE)]

    with pytest.raises(LedgerError):
        proved_by(own, changed_text, MESSAGE, namespace=SPACE)


@given(st.sampled_from(SOUND), st.integers(0, 8 * len(MESSAGE) - 1))
def test_no_bit_of_the_message_can_be_flipped(signature: str, bit: int) -> None:
    """Whichever bit of what was signed is flipped, the signature is not over it."""
    flipped = bytearray(MESSAGE)
    flipped[bit // 8] ^= 1 << bit % 8

    with pytest.raises(UNPROVED):
        made_by(signature, bytes(flipped), SPACE)


@given(st.text(max_size=300) | st.builds("standfast-signature/v1 webauthn\nkey {}\n{}".format, st.text(), st.text()))
def test_any_text_is_refused_clearly(text: str) -> None:
    """Whatever stands where a signature should be, the answer is that it proves nothing."""
    with pytest.raises(LedgerError, match=re.compile("signature", re.IGNORECASE)):
        proved(text, MESSAGE, namespace=SPACE)


def test_signature_for_one_purpose_is_none_for_another() -> None:
    """What was signed as an approval is not signed as a waiver."""
    for signature in SOUND:
        with pytest.raises(LedgerError, match="does not verify"):
            proved(signature, MESSAGE, namespace="waiver@standfast")
