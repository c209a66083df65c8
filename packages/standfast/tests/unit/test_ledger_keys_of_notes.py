"""A verifier key is one exact text for one sound key."""

import base64
from hashlib import sha256

import pytest

from standfast.ledger import ed25519
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.verifier import SignatureKind, Verifier, key_id
from standfast.model import LedgerError

# From golang.org/x/mod/sumdb/note, and (types 1 and 4) transparency-dev/formats note_cosigv1_test.go.
VKEYS = [
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
    "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
]
P = ed25519._P


@pytest.mark.parametrize("vkey", VKEYS, ids=[vkey.split("+")[0] for vkey in VKEYS])
def test_published_keys_read_and_write_back(vkey: str) -> None:
    """Verifier keys of other implementations are read, and written back byte for byte."""
    assert Verifier.from_vkey(vkey).vkey == vkey


def test_the_kind_is_part_of_the_key() -> None:
    """One key signs as a log under one id and as a witness under another."""
    log = InsecureMemorySigner("w.example", b"w" * 32)
    witness = InsecureMemorySigner("w.example", b"w" * 32, SignatureKind.COSIGNATURE)

    assert log.key_id != witness.key_id
    assert Verifier.from_vkey(witness.vkey).kind is SignatureKind.COSIGNATURE


def _vkey(material: bytes, name: str = "x") -> str:
    identity = sha256(name.encode() + b"\n" + material).digest()[:4].hex()
    return f"{name}+{identity}+{base64.b64encode(material).decode()}"


KEY = Verifier.from_vkey(VKEYS[0])
NOT_VKEYS = {
    "nothing": "",
    "no plus": "PeterNeumann",
    "one plus": "PeterNeumann+c74f20a3",
    "another id": VKEYS[0].replace("c74f20a3", "c74f20a4"),
    "an id in capitals": VKEYS[0].replace("c74f20a3", "C74F20A3"),
    "another name": VKEYS[0].replace("Peter", "Pater"),
    "a space": " " + VKEYS[0],
    "a newline": VKEYS[0] + "\n",
    "a short key": _vkey(b"\x01" + KEY.public[:-1]),
    "a long key": _vkey(b"\x01" + KEY.public + b"x"),
    "no key": _vkey(b"\x01"),
    "an unknown kind": _vkey(b"\x65" + KEY.public),
    "a kind that is planned for later": _vkey(b"\x06" + KEY.public),
    "a name with a space": _vkey(b"\x01" + KEY.public, "a b"),
    "an empty name": _vkey(b"\x01" + KEY.public, ""),
    "no end": VKEYS[0] * 100,
}


@pytest.mark.parametrize("vkey", NOT_VKEYS.values(), ids=NOT_VKEYS)
def test_anything_else_is_refused(vkey: str) -> None:
    """A verifier key that was edited, cut or invented names what is wrong with it."""
    with pytest.raises(LedgerError, match=r"key|name"):
        Verifier.from_vkey(vkey)


def test_every_cut_of_a_verifier_key_is_refused() -> None:
    """No part of a verifier key is a verifier key."""
    whole = VKEYS[0]
    cuts = [whole[start:end] for start in range(len(whole)) for end in range(start, len(whole) + 1)]

    for cut in cuts:
        if cut != whole:
            with pytest.raises(LedgerError):
                Verifier.from_vkey(cut)


def _add(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    """Add points as RFC 8032 defines the curve."""
    (x1, y1), (x2, y2) = one, two
    product = ed25519._D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P)
    return x % P, y % P


def _root(square: int) -> int:
    root = pow(square, (P + 3) // 8, P)
    return root if root * root % P == square else root * pow(2, (P - 1) // 4, P) % P


SMALL = sorted(ed25519._SMALL_ORDER)


@pytest.mark.parametrize("y", SMALL, ids=[hex(y) for y in SMALL])
def test_points_of_small_order_are_what_they_are_called(y: int) -> None:
    """Eight times each refused point is the neutral point, by the arithmetic of the curve."""
    x = _root((y * y - 1) * pow(ed25519._D * y * y + 1, -1, P) % P)
    point = (x, y)
    assert (x * x - (y * y - 1) * pow(ed25519._D * y * y + 1, -1, P)) % P == 0

    for _ in range(3):
        point = _add(point, point)

    assert point == (0, 1)


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("y", SMALL, ids=[hex(y) for y in SMALL])
def test_points_of_small_order_are_refused(y: int, sign: int) -> None:
    """A key under which one signature fits many messages cannot be enrolled, whichever sign it is written with."""
    with pytest.raises(LedgerError, match="small order"):
        ed25519.require_sound_key((y | sign << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("excess", range(19))
@pytest.mark.parametrize("sign", [0, 1])
def test_other_spellings_of_a_point_are_refused(excess: int, sign: int) -> None:
    """A y at or above the prime is another way to write a smaller one, and refused."""
    with pytest.raises(LedgerError, match="canonical"):
        ed25519.require_sound_key((P + excess | sign << 255).to_bytes(32, "little"))


def test_half_of_all_numbers_are_not_on_the_curve() -> None:
    """A y without an x is refused; the others are taken by this library as well."""
    refused = 0
    for y in range(2, 202):
        try:
            ed25519.require_sound_key(y.to_bytes(32, "little"))
        except LedgerError:
            refused += 1

    assert 60 < refused < 140


def test_every_generated_key_is_sound() -> None:
    """Keys made in the ordinary way are never refused."""
    for number in range(50):
        InsecureMemorySigner("x", number.to_bytes(32, "big"))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_has_32_bytes(size: int) -> None:
    """A key of another length is refused with both lengths."""
    with pytest.raises(LedgerError, match=f"{size} bytes long, expected 32"):
        ed25519.require_sound_key(b"x" * size)


@pytest.mark.parametrize("change", [lambda s: s[:-1], lambda s: s + b"\0", lambda s: b"", lambda s: bytes(64)])
def test_a_signature_of_another_length_or_value_does_not_verify(change: object) -> None:
    """A cut, longer, empty or zero signature is no signature."""
    signer = InsecureMemorySigner("x", b"s" * 32)
    assert callable(change)

    assert not ed25519.verify(signer.verifier.public, b"m", change(signer.sign(b"m")))


def test_a_signature_with_a_larger_scalar_does_not_verify() -> None:
    """The second number of a signature lies below the group order, so no signature has a twin."""
    signer = InsecureMemorySigner("x", b"s" * 32)
    signature = signer.sign(b"m")
    order = 2**252 + 27742317777372353535851937790883648493
    twin = signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")

    assert ed25519.verify(signer.verifier.public, b"m", signature)
    assert not ed25519.verify(signer.verifier.public, b"m", twin)


def test_the_id_is_the_beginning_of_a_hash() -> None:
    """The id of a key is the first four bytes of SHA-256 over name, newline, kind and key."""
    assert key_id("PeterNeumann", SignatureKind.ED25519, KEY.public).hex() == "c74f20a3"
