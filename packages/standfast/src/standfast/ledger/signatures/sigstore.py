"""Signatures by an identity that an OpenID provider vouched for: a Sigstore bundle, verified without a network.

The line of a key names the issuer, the identity and the digest of the trusted root: the certificates and log keys
that are believed. The signature holds that file and the bundle, so that nothing else is needed to verify it, now or
later. The bundle is over the bytes that `to_sign` gives, as ``cosign sign-blob`` or ``sigstore sign`` make it.
"""

import re
from base64 import b64encode
from typing import TYPE_CHECKING

from standfast.ledger.bodies import SignatureKind
from standfast.ledger.signatures.contract import EnrolledKey, Proved
from standfast.ledger.signatures.offline import FIRST_LINE, strict_base64, to_sign
from standfast.model import LedgerError, sha256

if TYPE_CHECKING:
    from sigstore.verify import Verifier

MAX_FILE_BYTES = 512 * 1024
_MAX_SIGNATURE = 2 * MAX_FILE_BYTES
_LINE = re.compile(
    r"sigstore (?P<issuer>https://[!-~]{1,300}) (?P<identity>[!-~]{1,300}) (?P<root>sha256:[0-9a-f]{64})", re.ASCII
)
_TEXT = re.compile(
    rf"{re.escape(FIRST_LINE)} sigstore\nkey (?P<line>[ -~]+)\nroot (?P<root>[A-Za-z0-9+/=]+)\n"
    r"bundle (?P<bundle>[A-Za-z0-9+/=]+)\n",
    re.ASCII,
)


class Sigstore:
    """See `standfast.ledger.signatures.contract.Kind`."""

    id = SignatureKind.SIGSTORE
    word = "sigstore"

    def key(self, line: str) -> EnrolledKey:
        """See `Kind.key`."""
        kept = " ".join(line.split()[:4])
        if not _LINE.fullmatch(kept):
            raise LedgerError(
                "sigstore-key-unusable",
                f"the line of a key {kept!r:.80} cannot be taken: expected `sigstore ISSUER IDENTITY sha256:ROOT`",
                hint="ISSUER is an https address, ROOT the SHA-256 of the trusted root, as `sha256sum` gives it",
            )
        return EnrolledKey(self.id, kept, sha256(kept.encode()))

    def recognises(self, signature: str) -> bool:
        """See `Kind.recognises`."""
        return signature.startswith(f"{FIRST_LINE} sigstore\n")

    def proved(self, signature: str, message: bytes, *, namespace: str) -> Proved:
        """See `Kind.proved`; the package ``sigstore`` verifies, which has to be installed."""
        found = _TEXT.fullmatch(signature) if len(signature) <= _MAX_SIGNATURE else None
        if found is None:
            raise _wrong("it is not written in the one way")
        try:
            root, bundle = strict_base64(found["root"]), strict_base64(found["bundle"])
        except ValueError as error:
            raise _wrong(str(error)) from error
        key = self.key(found["line"])
        named = _LINE.fullmatch(key.line)
        if key.line != found["line"] or named is None or named["root"] != sha256(root):
            raise _wrong("the trusted root in it is not the one that was enrolled")
        _verify(root, bundle, to_sign(message, namespace), issuer=named["issuer"], identity=named["identity"])
        return Proved(key=key)


def sigstore_text(line: str, root: bytes, bundle: bytes) -> str:
    """Return the signature by the identity that *line* enrols, of the two files that it is made of."""
    parts = (f"{name} {b64encode(data).decode()}" for name, data in (("root", root), ("bundle", bundle)))
    return "\n".join([f"{FIRST_LINE} sigstore", f"key {line}", *parts, ""])


def _verify(root: bytes, bundle: bytes, signed: bytes, *, issuer: str, identity: str) -> None:
    try:
        from sigstore.errors import Error
        from sigstore.models import Bundle
        from sigstore.verify.policy import Identity
    except ImportError as error:
        raise LedgerError(
            "sigstore-missing",
            "nothing here can verify a Sigstore bundle, so it proves nothing",
            hint="pip install 'standfast[sigstore]'",
        ) from error
    try:
        policy = Identity(identity=identity, issuer=issuer)
        _verifier(root).verify_artifact(signed, Bundle.from_json(bundle), policy)
    except (Error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _wrong(" ".join(str(error).partition("For further")[0].split()) or type(error).__name__) from error


def _verifier(root: bytes) -> "Verifier":
    from sigstore.models import TrustedRoot
    from sigstore.verify import Verifier
    from sigstore_models.trustroot import v1

    return Verifier(trusted_root=TrustedRoot(v1.TrustedRoot.from_json(root)))


def _wrong(why: str) -> LedgerError:
    return LedgerError("signature-wrong", f"the Sigstore bundle does not verify: {why:.500}")
