"""Time stamps over checkpoints (RFC 3161): what is asked, and whether an answer proves that the text was there by then.

An answer is believed for the certificates that somebody pinned, and for nothing that it brings along: the certificates
in it only lead from the signer to a pinned one. All of them are judged at the moment of the stamp, not today.
"""

import hashlib
import re
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from standfast.ledger import der
from standfast.model import LedgerError

MOST_ANSWER_BYTES = 65_535
_MOST_STEPS = 5
_LEAST_RSA_BITS = 2048
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_STAMP_INFO = bytes.fromhex("2a864886f70d0109100104")
_CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_CERTIFICATE_1 = bytes.fromhex("2a864886f70d010910020c")
_CERTIFICATE_2 = bytes.fromhex("2a864886f70d010910022f")
_SHA256 = bytes.fromhex("608648016503040201")
_DIGESTS: dict[bytes, hashes.SHA256 | hashes.SHA384 | hashes.SHA512] = {
    _SHA256: hashes.SHA256(),
    bytes.fromhex("608648016503040202"): hashes.SHA384(),
    bytes.fromhex("608648016503040203"): hashes.SHA512(),
}
# The algorithm of a signature, and the digest that it names; rsaEncryption names none.
_RSA = {
    bytes.fromhex("2a864886f70d010101"): "",
    bytes.fromhex("2a864886f70d01010b"): "sha256",
    bytes.fromhex("2a864886f70d01010c"): "sha384",
    bytes.fromhex("2a864886f70d01010d"): "sha512",
}
_ECDSA = {
    bytes.fromhex("2a8648ce3d040302"): "sha256",
    bytes.fromhex("2a8648ce3d040303"): "sha384",
    bytes.fromhex("2a8648ce3d040304"): "sha512",
}
_TIME = re.compile(rb"(\d{14})(?:\.(\d{0,8}[1-9]))?Z\Z")
# What `cryptography` raises about bytes that are no certificate, or one that it is about to refuse.
_ODD = (
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
    CryptographyDeprecationWarning,
)
_UNDERSTOOD = {ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE}


class Stamped(NamedTuple):
    """What a verified time stamp says: at ``at`` (UTC) the text was there; ``authority`` is the signer's name."""

    at: datetime
    authority: str


class _Info(NamedTuple):
    imprint: bytes
    at: datetime
    nonce: int | None


class _Signer(NamedTuple):
    place: der.Value
    digest: bytes
    attributes: der.Value
    algorithm: bytes
    signature: bytes


def imprint(text: bytes) -> bytes:
    """Return what is stamped: the SHA-256 digest of the checkpoint *text*, as it was signed."""
    return hashlib.sha256(text).digest()


def request(text: bytes, nonce: int) -> bytes:
    """Return the question for a stamp over *text*, with *nonce* (not negative), and with the certificates please."""
    algorithm = der.encoded(der.SEQUENCE, der.encoded(der.OBJECT, _SHA256), b"\x05\x00")
    message = der.encoded(der.SEQUENCE, algorithm, der.encoded(der.OCTETS, imprint(text)))
    return der.encoded(der.SEQUENCE, der.number(1), message, der.number(nonce), b"\x01\x01\xff")


def pinned(data: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates of an authority that somebody was given, from a PEM file.

    Raises:
        LedgerError: There is none in it.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(data))
    except ValueError as error:
        raise LedgerError(
            "time-stamp-authority",
            f"found no certificate of an authority: {error}",
            hint="give a PEM file with the certificates that the authority publishes",
        ) from error


def opened(answer: bytes, text: bytes, authority: Sequence[x509.Certificate], nonce: int | None = None) -> Stamped:
    """Return what *answer* proves about *text*, believing the certificates *authority* and nobody else.

    Args:
        answer: A TimeStampResp.
        text: The text of the checkpoint.
        authority: The pinned certificates.
        nonce: What was sent along with the question, while it is known.

    Raises:
        LedgerError: It proves nothing; the code says why.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", CryptographyDeprecationWarning)
            return _opened(answer, text, authority, nonce)
    except (*_ODD, ValueError, IndexError, OverflowError) as error:
        raise der.refused(f"a part of it is missing or odd ({type(error).__name__})") from error


def _opened(answer: bytes, text: bytes, authority: Sequence[x509.Certificate], nonce: int | None) -> Stamped:
    if len(answer) > MOST_ANSWER_BYTES:
        raise der.refused(f"found {len(answer):,} bytes, expected at most {MOST_ANSWER_BYTES:,}")
    content, brought, signer = _signed(_token(answer))
    info = _info(content)
    if info.imprint != imprint(text):
        raise _failed("imprint", "the stamp is over another text than this checkpoint")
    if nonce is not None and info.nonce != nonce:
        raise _failed("nonce", "the stamp answers another question")
    certificate = _certificate(signer, (*brought, *authority))
    _attributes_hold(signer, content, certificate)
    _signature_holds(signer, certificate)
    _may_stamp(certificate)
    _leads_to(certificate, brought, authority, info.at)
    return Stamped(info.at, certificate.subject.rfc4514_string())


def _token(answer: bytes) -> der.Value:
    status, *token = der.parts(der.one(answer, der.SEQUENCE))
    granted = der.integer(der.parts(status)[0])
    if granted not in (0, 1) or len(token) != 1:
        raise _failed("refused", f"the authority grants no stamp (status {granted})")
    kind, content = der.parts(token[0])
    if der.tagged(kind, der.OBJECT).body != _SIGNED_DATA:
        raise der.refused("it is not signed")
    return der.one(der.tagged(content, 0xA0).body, der.SEQUENCE)


def _signed(data: der.Value) -> tuple[bytes, list[x509.Certificate], _Signer]:
    _version, _digests, wrapped, *optional, signers = der.parts(data)
    kind, content = der.parts(wrapped)
    if der.tagged(kind, der.OBJECT).body != _STAMP_INFO:
        raise der.refused("what is signed is no time stamp")
    if [one.tag for one in optional] not in ([], [0xA0], [0xA1], [0xA0, 0xA1]):
        raise der.refused("there is more in it than certificates")
    held = [one for field in optional if field.tag == 0xA0 for one in der.values(field.body)]
    brought = [x509.load_der_x509_certificate(der.tagged(one, der.SEQUENCE).whole) for one in held]
    (signer,) = der.parts(signers, der.SET)
    return der.one(der.tagged(content, 0xA0).body, der.OCTETS).body, brought, _signer(signer)


def _signer(value: der.Value) -> _Signer:
    _version, place, digest, attributes, algorithm, signature, *_unsigned = der.parts(value)
    return _Signer(
        place,
        der.tagged(der.parts(digest)[0], der.OBJECT).body,
        der.tagged(attributes, 0xA0),
        der.tagged(der.parts(algorithm)[0], der.OBJECT).body,
        der.tagged(signature, der.OCTETS).body,
    )


def _info(content: bytes) -> _Info:
    version, _policy, message, _serial, at, *optional = der.parts(der.one(content, der.SEQUENCE))
    if der.integer(version) != 1:
        raise der.refused("its version is not 1")
    algorithm, digest = der.parts(message)
    if der.tagged(der.parts(algorithm)[0], der.OBJECT).body != _SHA256:
        raise _failed("imprint", "the stamp is over another digest than SHA-256")
    nonces = [der.integer(one) for one in optional if one.tag == der.INTEGER]
    return _Info(der.tagged(digest, der.OCTETS).body, _moment(at), nonces[0] if nonces else None)


def _moment(value: der.Value) -> datetime:
    found = _TIME.match(der.tagged(value, der.TIME).body)
    if found is None:
        raise der.refused("its time is not in UTC, to the second")
    return datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _certificate(signer: _Signer, known: Sequence[x509.Certificate]) -> x509.Certificate:
    issuer, serial = der.parts(signer.place)
    for certificate in known:
        if certificate.issuer.public_bytes() == issuer.whole and certificate.serial_number == der.integer(serial):
            return certificate
    raise _failed("chain", "the certificate of the signer is neither in the answer nor pinned")


def _attributes_hold(signer: _Signer, content: bytes, certificate: x509.Certificate) -> None:
    held: dict[bytes, der.Value] = {}
    for attribute in der.values(signer.attributes.body):
        kind, several = der.parts(attribute)
        if kind.body in held:
            raise der.refused("an attribute is there twice")
        (held[kind.body],) = der.parts(several, der.SET)
    if signer.digest not in _DIGESTS:
        raise _failed("algorithm", "the digest is none of SHA-256, SHA-384 and SHA-512")
    digest = hashlib.new(_DIGESTS[signer.digest].name, content).digest()
    if _body(held, _CONTENT_TYPE, der.OBJECT) != _STAMP_INFO or _body(held, _MESSAGE_DIGEST, der.OCTETS) != digest:
        raise _failed("signature", "what was signed is another content")
    if not _names(held, certificate):
        raise _failed("signature", "what was signed names another certificate")


def _body(held: dict[bytes, der.Value], kind: bytes, tag: int) -> bytes:
    return der.tagged(held[kind], tag).body if kind in held else b""


def _names(held: dict[bytes, der.Value], certificate: x509.Certificate) -> bool:
    """Whether the signed attributes name *certificate*: by SHA-1 in the older one, else by the digest that is told."""
    data = certificate.public_bytes(Encoding.DER)
    if _CERTIFICATE_2 in held:
        first = der.parts(der.parts(der.parts(held[_CERTIFICATE_2])[0])[0])
        named = first[0].tag == der.SEQUENCE
        algorithm = _DIGESTS.get(der.parts(first[0])[0].body) if named else hashes.SHA256()
        digest = der.tagged(first[1 if named else 0], der.OCTETS).body
        return algorithm is not None and digest == hashlib.new(algorithm.name, data).digest()
    if _CERTIFICATE_1 in held:
        first = der.parts(der.parts(der.parts(held[_CERTIFICATE_1])[0])[0])
        return first[0].body == hashlib.sha1(data, usedforsecurity=False).digest()
    return False


def _signature_holds(signer: _Signer, certificate: x509.Certificate) -> None:
    digest = _DIGESTS[signer.digest]
    message = bytes([der.SET]) + signer.attributes.whole[1:]
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _LEAST_RSA_BITS:
            if _RSA.get(signer.algorithm) in ("", digest.name):
                return key.verify(signer.signature, message, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and _ECDSA.get(signer.algorithm) == digest.name:
            return key.verify(signer.signature, message, ec.ECDSA(digest))
    except InvalidSignature as error:
        raise _failed("signature", "the signature does not verify") from error
    raise _failed("algorithm", "the signature is neither RSA (PKCS #1 v1.5, 2048 bits or more) nor ECDSA")


def _may_stamp(certificate: x509.Certificate) -> None:
    held = [one for one in certificate.extensions if one.oid == ExtensionOID.EXTENDED_KEY_USAGE]
    uses = list(held[0].value) if held and isinstance(held[0].value, x509.ExtendedKeyUsage) else []
    if uses != [ExtendedKeyUsageOID.TIME_STAMPING] or not held[0].critical:
        raise _failed("purpose", "the certificate of the signer is not for time stamps alone (critical timeStamping)")


def _leads_to(
    signer: x509.Certificate, brought: Sequence[x509.Certificate], authority: Sequence[x509.Certificate], at: datetime
) -> None:
    certificate = signer
    for below in range(_MOST_STEPS):
        _valid(certificate, at)
        if certificate in authority:
            return
        issuers = (one for one in (*authority, *brought) if _issued(certificate, one, below))
        issuer = next(issuers, None)
        if issuer is None:
            break
        certificate = issuer
    raise _failed("chain", "the certificate of the signer does not lead to the pinned authority")


def _valid(certificate: x509.Certificate, at: datetime) -> None:
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise _failed(
            "expired",
            f"the certificate of {certificate.subject.rfc4514_string()} was not valid at {at.isoformat()}",
        )
    if any(one.critical and one.oid not in _UNDERSTOOD for one in certificate.extensions):
        raise _failed("chain", "a certificate has a critical extension that is not understood")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate, below: int) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        basic = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        uses = [one.value for one in issuer.extensions if isinstance(one.value, x509.KeyUsage)]
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    deep = basic.path_length is None or basic.path_length >= below
    return basic.ca and deep and all(one.key_cert_sign for one in uses)


def _failed(code: str, why: str) -> LedgerError:
    return LedgerError(
        f"time-stamp-{code}",
        f"not time-stamped: {why}",
        hint="the checkpoint stands; ask again, or ask the operator of the authority for its certificates",
    )
