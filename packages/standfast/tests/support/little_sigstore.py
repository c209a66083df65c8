"""A Sigstore of our own: a certificate authority, a certificate log and a transparency log, and bundles of them.

It stands for the public one, which only the network has: the same certificates, promises, proofs and trusted root.
"""

import json
import struct
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from standfast.ledger.merkle import leaf_hash, node_hash

ISSUER, BEA = "https://login.example.org", "bea@example.org"
MADE = datetime(2026, 3, 1, 9, tzinfo=UTC)
_ISSUER_1 = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
_ISSUER_2 = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
_PROMISES = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
ORIGIN = "rekor.example.org - 1"


def _spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    return key.sign(data, ec.ECDSA(SHA256()))


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class LittleSigstore:
    """The three services; ``when`` is the time at which the next bundle is made."""

    def __init__(self) -> None:
        self.ca, self.ct, self.rekor = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
        self.when = MADE
        self.lives = timedelta(minutes=10)
        self.authority = self._authority()

    def _authority(self) -> x509.Certificate:
        public = self.ca.public_key()
        usage = x509.KeyUsage(*(one in (5, 6) for one in range(9)))  # it signs certificates and revocation lists
        return (
            x509.CertificateBuilder(_named("little CA"), _named("little CA"), public, x509.random_serial_number())
            .not_valid_before(MADE - timedelta(days=365))
            .not_valid_after(MADE + timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(self.ca, SHA256())
        )

    @property
    def root(self) -> bytes:
        """The trusted root: everything that is believed."""
        valid = {"start": "2025-01-01T00:00:00Z"}

        def log(url: str, key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
            public = {"rawBytes": _text(_spki(key)), "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": valid}
            identity = {"keyId": _text(sha256(_spki(key)).digest())}
            return {"baseUrl": url, "hashAlgorithm": "SHA2_256", "publicKey": public, "logId": identity}

        authority = {
            "subject": {"organization": "example.org", "commonName": "little CA"},
            "uri": "https://ca.example.org",
            "certChain": {"certificates": [{"rawBytes": _text(self.authority.public_bytes(Encoding.DER))}]},
            "validFor": valid,
        }
        root = {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [log("https://rekor.example.org", self.rekor)],
            "certificateAuthorities": [authority],
            "ctlogs": [log("https://ct.example.org", self.ct)],
            "timestampAuthorities": [],
        }
        return json.dumps(root).encode()

    def line(self, issuer: str = ISSUER, identity: str = BEA) -> str:
        """Return the line that enrols an identity."""
        return f"sigstore {issuer} {identity} sha256:{sha256(self.root).hexdigest()}"

    def certificate(self, key: ec.EllipticCurvePrivateKey, issuer: str = ISSUER, identity: str = BEA) -> bytes:
        """Return the certificate of *key*, which the certificate log promised to hold."""
        public, san = key.public_key(), x509.SubjectAlternativeName([x509.RFC822Name(identity)])
        written = issuer.encode()
        builder = (
            x509.CertificateBuilder(_named("little CA"), x509.Name([]), public, x509.random_serial_number())
            .not_valid_before(self.when)
            .not_valid_after(self.when + self.lives)
            .add_extension(x509.KeyUsage(*(one == 0 for one in range(9))), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.ca.public_key()), critical=False)
            .add_extension(san, critical=True)
            .add_extension(x509.UnrecognizedExtension(_ISSUER_1, written), critical=False)
            .add_extension(x509.UnrecognizedExtension(_ISSUER_2, bytes([0x0C, len(written)]) + written), critical=False)
        )
        promise = self._promise(builder.sign(self.ca, SHA256()).tbs_certificate_bytes)
        full = builder.add_extension(x509.UnrecognizedExtension(_PROMISES, promise), critical=False)
        return full.sign(self.ca, SHA256()).public_bytes(Encoding.DER)

    def _promise(self, certificate: bytes) -> bytes:
        """Return the list with the one promise (RFC 6962, 3.3) about a certificate before it held this list."""
        at = int(self.when.timestamp() * 1000)
        entry = sha256(_spki(self.ca)).digest() + len(certificate).to_bytes(3, "big") + certificate
        signature = _sign(self.ct, struct.pack("!BBQH", 0, 0, at, 1) + entry + b"\0\0")
        promise = b"\0" + sha256(_spki(self.ct)).digest() + at.to_bytes(8, "big") + b"\0\0" + b"\4\3"
        promise += len(signature).to_bytes(2, "big") + signature
        listed = len(promise).to_bytes(2, "big") + promise
        held = len(listed).to_bytes(2, "big") + listed
        return bytes([0x04, len(held)]) + held

    def bundle(
        self, data: bytes, *, issuer: str = ISSUER, identity: str = BEA, later: timedelta | None = None
    ) -> bytes:
        """Return the bundle of a signature over *data*, which was logged that much *later* than the certificate is."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.certificate(key, issuer, identity)
        signature = _sign(key, data)
        entry = self._entry(certificate, data, signature, self.when + (later or timedelta(minutes=1)))
        whole = {
            "mediaType": _TYPE,
            "verificationMaterial": {"certificate": {"rawBytes": _text(certificate)}, "tlogEntries": [entry]},
            "messageSignature": {
                "messageDigest": {"algorithm": "SHA2_256", "digest": _text(sha256(data).digest())},
                "signature": _text(signature),
            },
        }
        return json.dumps(whole).encode()

    def _entry(self, certificate: bytes, data: bytes, signature: bytes, at: datetime) -> dict[str, Any]:
        pem = x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)
        body = {
            "apiVersion": "0.0.1",
            "kind": "hashedrekord",
            "spec": {
                "data": {"hash": {"algorithm": "sha256", "value": sha256(data).hexdigest()}},
                "signature": {"content": _text(signature), "publicKey": {"content": _text(pem)}},
            },
        }
        raw = json.dumps(body, separators=(",", ":"), sort_keys=True).encode()
        identity, before, when = sha256(_spki(self.rekor)).digest(), leaf_hash(b"before"), int(at.timestamp())
        root = node_hash(before, leaf_hash(raw))
        note = f"{ORIGIN}\n2\n{_text(root)}\n"
        signed = f"{note}\n\u2014 rekor.example.org {_text(identity[:4] + _sign(self.rekor, note.encode()))}\n"
        promised = {"body": _text(raw), "integratedTime": when, "logID": identity.hex(), "logIndex": 1}
        promise = _sign(self.rekor, json.dumps(promised, separators=(",", ":"), sort_keys=True).encode())
        return {
            "logIndex": "1",
            "logId": {"keyId": _text(identity)},
            "kindVersion": {"kind": "hashedrekord", "version": "0.0.1"},
            "integratedTime": str(when),
            "inclusionPromise": {"signedEntryTimestamp": _text(promise)},
            "inclusionProof": {
                "logIndex": "1",
                "rootHash": _text(root),
                "treeSize": "2",
                "hashes": [_text(before)],
                "checkpoint": {"envelope": signed},
            },
            "canonicalizedBody": _text(raw),
        }
