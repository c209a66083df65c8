"""Time stamps over checkpoints (RFC 3161), believed for the certificates that the auditor pins and for nobody else."""

import re
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import new as new_hash
from hashlib import sha1, sha256
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from standfast.app.export.auditor.findings import AuditError

MAX_STAMP, MAX_CERTIFICATES = 65_535, 256 * 1024
_MOST_STEPS = 5
_INTEGER, _OCTETS, _OBJECT, _TIME, _SEQUENCE, _SET = 0x02, 0x04, 0x06, 0x18, 0x30, 0x31
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_STAMP_INFO = bytes.fromhex("2a864886f70d0109100104")
_CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_NAMED_BY_SHA1 = bytes.fromhex("2a864886f70d010910020c")
_NAMED = bytes.fromhex("2a864886f70d010910022f")
_DIGESTS: dict[bytes, hashes.SHA256 | hashes.SHA384 | hashes.SHA512] = {
    bytes.fromhex("608648016503040201"): hashes.SHA256(),
    bytes.fromhex("608648016503040202"): hashes.SHA384(),
    bytes.fromhex("608648016503040203"): hashes.SHA512(),
}
# The algorithm of a signature, and the digest that it names; rsaEncryption names none.
_RSA = {bytes.fromhex(f"2a864886f70d0101{one}"): name for one, name in
        (("01", ""), ("0b", "sha256"), ("0c", "sha384"), ("0d", "sha512"))}  # fmt: skip
_ECDSA = {bytes.fromhex(f"2a8648ce3d0403{one}"): name for one, name in
          (("02", "sha256"), ("03", "sha384"), ("04", "sha512"))}  # fmt: skip
_MOMENT = re.compile(rb"(\d{14})(?:\.\d{1,9})?Z\Z")
_UNDERSTOOD = {ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE}
# What `cryptography` raises about bytes that are no certificate, or one that it is about to refuse.
_ODD = (
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
    CryptographyDeprecationWarning,
)


class StampError(AuditError):
    """A time stamp that is none, or is not what it should be; `name` says which."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


class UnpinnedError(AuditError):
    """A time stamp of somebody whom the auditor pinned no certificate of: it proves nothing, and is no violation."""


class Stamp(NamedTuple):
    """What a time stamp says, its signature verified: when, and by which certificate; whose word that is, is open."""

    at: datetime
    certificate: x509.Certificate
    brought: tuple[x509.Certificate, ...]

    @property
    def authority(self) -> str:
        """The name of the signer."""
        return self.certificate.subject.rfc4514_string()


class _Value(NamedTuple):
    tag: int
    body: bytes
    whole: bytes


def stamp_of(answer: bytes, text: bytes, pinned: Sequence[x509.Certificate]) -> Stamp:
    """Return the stamp in *answer* (a TimeStampResp), which is over *text* and signed as it says.

    Raises:
        UnpinnedError: The certificate of its signer is neither in it nor pinned.
        StampError: It is over another text, not signed as it says, or no time stamp.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", CryptographyDeprecationWarning)
            return _stamp_of(answer, text, pinned)
    except (*_ODD, ValueError, IndexError, OverflowError) as error:
        raise StampError(
            "time-stamp-malformed", f"it is no time stamp: {str(error) or type(error).__name__}"
        ) from error


def certify(stamp: Stamp, pinned: Sequence[x509.Certificate]) -> None:
    """Return where *stamp* leads to a pinned certificate; each one on the way was valid at the moment of the stamp.

    Raises:
        UnpinnedError: It leads to none.
        StampError: One of them was not valid then, or may not be what it is used for.
    """
    certificate = stamp.certificate
    for below in range(_MOST_STEPS):
        _require_valid(certificate, stamp.at)
        if certificate in pinned:
            return
        issuers = (one for one in (*pinned, *stamp.brought) if _issued(certificate, one, below))
        issuer = next(issuers, None)
        if issuer is None:
            break
        certificate = issuer
    raise UnpinnedError(f"{stamp.authority} leads to none of the certificates that you pinned")


def certificates_in(data: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates in a PEM file.

    Raises:
        ValueError: There is none in it.
    """
    return tuple(x509.load_pem_x509_certificates(data))


def _stamp_of(answer: bytes, text: bytes, pinned: Sequence[x509.Certificate]) -> Stamp:
    status, token = _parts(_one(answer, _SEQUENCE))
    kind, wrapped = _parts(token)
    if _number(_parts(status)[0]) not in (0, 1) or _body(kind, _OBJECT) != _SIGNED_DATA:
        raise ValueError("nothing was granted, or nothing is signed")
    _version, _digests, content, *optional, signers = _parts(_one(_body(wrapped, 0xA0), _SEQUENCE))
    kind, holder = _parts(content)
    info = _body(_one(_body(holder, 0xA0), _OCTETS), _OCTETS)
    if _body(kind, _OBJECT) != _STAMP_INFO:
        raise ValueError("what is signed is no time stamp")
    at = _moment(info, text)
    held = [one for field in optional if field.tag == 0xA0 for one in _values(field.body)]
    brought = tuple(x509.load_der_x509_certificate(one.whole) for one in held)
    (signer,) = _parts(signers, _SET)
    certificate = _signed(_parts(signer), info, (*brought, *pinned))
    _require_purpose(certificate)
    return Stamp(at, certificate, brought)


def _moment(info: bytes, text: bytes) -> datetime:
    """Return the moment that the stamp says, after comparing what it is over with *text*."""
    _version, _policy, message, _serial, at, *_optional = _parts(_one(info, _SEQUENCE))
    algorithm, imprint = _parts(message)
    if _parts(algorithm)[0].body not in _DIGESTS or not _DIGESTS[_parts(algorithm)[0].body].name == "sha256":
        raise ValueError("it is over another digest than SHA-256")
    if _body(imprint, _OCTETS) != sha256(text).digest():
        raise StampError("time-stamp-differs", "it is over something else than the checkpoint that it is said to be of")
    found = _MOMENT.match(_body(at, _TIME))
    if found is None:
        raise ValueError("its time is not in UTC")
    return datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _signed(signer: Sequence[_Value], info: bytes, known: Sequence[x509.Certificate]) -> x509.Certificate:
    """Return the certificate of whom the stamp says that they signed *info*, and who did."""
    _version, place, digested, attributes, algorithm, signature, *_unsigned = signer
    issuer, serial = _parts(place)
    of_it = (one for one in known if one.issuer.public_bytes() == issuer.whole and one.serial_number == _number(serial))
    certificate = next(of_it, None)
    if certificate is None:
        raise UnpinnedError("the certificate of who signed it is neither in it nor pinned")
    digest = _DIGESTS.get(_parts(digested)[0].body)
    if digest is None:
        raise ValueError("it is signed over another digest than SHA-256, SHA-384 or SHA-512")
    listed = [_parts(one) for one in _values(_body(attributes, 0xA0))]
    held = {kind.body: several for kind, several in listed}
    if len(held) != len(listed):
        raise ValueError("an attribute is there twice")
    found = (_attribute(held, _CONTENT_TYPE, _OBJECT), _attribute(held, _MESSAGE_DIGEST, _OCTETS))
    if found != (_STAMP_INFO, new_hash(digest.name, info).digest()) or not _is_named(held, certificate):
        raise StampError("time-stamp-wrong", "what was signed is another content, or names another certificate")
    message = bytes([_SET]) + attributes.whole[1:]
    _require_signature(certificate, _parts(algorithm)[0].body, digest, _body(signature, _OCTETS), message)
    return certificate


def _attribute(held: dict[bytes, _Value], kind: bytes, tag: int) -> bytes:
    (value,) = _parts(held[kind], _SET) if kind in held else (_Value(tag, b"", b""),)
    return _body(value, tag)


def _is_named(held: dict[bytes, _Value], certificate: x509.Certificate) -> bool:
    """Whether the signed attributes name *certificate*: by SHA-1 in the older one, else by the digest that is told."""
    data = certificate.public_bytes(Encoding.DER)
    if _NAMED in held:
        first = _parts(_parts(_parts(_parts(held[_NAMED], _SET)[0])[0])[0])
        told = first[0].tag == _SEQUENCE
        algorithm = _DIGESTS.get(_parts(first[0])[0].body) if told else hashes.SHA256()
        digest = _body(first[1 if told else 0], _OCTETS)
        return algorithm is not None and digest == new_hash(algorithm.name, data).digest()
    if _NAMED_BY_SHA1 in held:
        first = _parts(_parts(_parts(_parts(held[_NAMED_BY_SHA1], _SET)[0])[0])[0])
        return first[0].body == sha1(data, usedforsecurity=False).digest()
    return False


def _require_signature(
    certificate: x509.Certificate,
    algorithm: bytes,
    digest: hashes.SHA256 | hashes.SHA384 | hashes.SHA512,
    signature: bytes,
    message: bytes,
) -> None:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048 and _RSA.get(algorithm) in ("", digest.name):
            return key.verify(signature, message, padding.PKCS1v15(), digest)
        if isinstance(key, ec.EllipticCurvePublicKey) and _ECDSA.get(algorithm) == digest.name:
            return key.verify(signature, message, ec.ECDSA(digest))
    except InvalidSignature as error:
        raise StampError("time-stamp-wrong", "its signature does not verify") from error
    raise StampError("time-stamp-wrong", "its signature is neither RSA (PKCS #1 v1.5, 2048 bits or more) nor ECDSA")


def _require_purpose(certificate: x509.Certificate) -> None:
    held = [one for one in certificate.extensions if one.oid == ExtensionOID.EXTENDED_KEY_USAGE]
    uses = list(held[0].value) if held and isinstance(held[0].value, x509.ExtendedKeyUsage) else []
    if uses != [ExtendedKeyUsageOID.TIME_STAMPING] or not held[0].critical:
        raise StampError("time-stamp-wrong", "the certificate of who signed it is not for time stamps alone")


def _require_valid(certificate: x509.Certificate, at: datetime) -> None:
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        text = f"the certificate of {certificate.subject.rfc4514_string()} was not valid at {at.isoformat()}"
        raise StampError("time-stamp-wrong", text)
    if any(one.critical and one.oid not in _UNDERSTOOD for one in certificate.extensions):
        raise StampError("time-stamp-wrong", "a certificate has a critical extension that is not understood")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate, below: int) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        basic = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        uses = [one.value for one in issuer.extensions if isinstance(one.value, x509.KeyUsage)]
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    deep = basic.path_length is None or basic.path_length >= below
    return basic.ca and deep and all(one.key_cert_sign for one in uses)


def _values(data: bytes) -> list[_Value]:
    """Return the values in DER that *data* consists of to its last byte; every other form is refused."""
    found, at = [], 0
    while at < len(data):
        tag, length, start = data[at], data[at + 1], at + 2
        if length >= 0x80:
            count = length & 0x7F
            digits = data[start : start + count]
            length, start = int.from_bytes(digits, "big"), start + count
            if not 0 < len(digits) == count <= 3 or length < 0x80 or digits[0] == 0:
                raise ValueError("a length is not in its shortest form")
        if tag & 0x1F == 0x1F or start + length > len(data):
            raise ValueError("it is cut off")
        found.append(_Value(tag, data[start : start + length], data[at : start + length]))
        at = start + length
    return found


def _one(data: bytes, tag: int) -> _Value:
    (value,) = _values(data)
    if value.tag != tag:
        raise ValueError(f"found the tag {value.tag:#04x}, expected {tag:#04x}")
    return value


def _body(value: _Value, tag: int) -> bytes:
    if value.tag != tag:
        raise ValueError(f"found the tag {value.tag:#04x}, expected {tag:#04x}")
    return value.body


def _parts(value: _Value, tag: int = _SEQUENCE) -> list[_Value]:
    return _values(_body(value, tag))


def _number(value: _Value) -> int:
    return int.from_bytes(_body(value, _INTEGER), "big", signed=True)
