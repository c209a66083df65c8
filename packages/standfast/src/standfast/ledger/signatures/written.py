"""Signatures by a bare Ed25519 key and by an authenticator (WebAuthn); what they prove stands in `offline`."""

from collections.abc import Callable

from standfast.ledger.bodies import SignatureKind
from standfast.ledger.ed25519 import PUBLIC_KEY_BYTES, require_sound_key
from standfast.ledger.signatures.contract import EnrolledKey, Proved
from standfast.ledger.signatures.offline import FIRST_LINE, UNPROVED, credential_of, made_by, raw_key
from standfast.model import LedgerError, sha256


class Written:
    """A kind of signature that is text of our own form; see `standfast.ledger.signatures.contract.Kind`.

    *words* is how many words of a line enrol a key; a comment may follow.
    """

    def __init__(self, kind: SignatureKind, words: int, require_sound: Callable[[str], object]) -> None:
        self.id, self.word, self._words, self._require_sound = kind, kind.value, words, require_sound

    def key(self, line: str) -> EnrolledKey:
        """See `Kind.key`."""
        kept = " ".join(line.split()[: self._words])
        try:
            self._require_sound(kept)
        except ValueError as error:
            raise LedgerError(
                f"{self.word}-key-unusable", f"the line of a key {kept!r:.60} cannot be taken: {error}"
            ) from error
        return EnrolledKey(self.id, kept, sha256(kept.encode()))

    def recognises(self, signature: str) -> bool:
        """See `Kind.recognises`."""
        return signature.startswith(f"{FIRST_LINE} {self.word}\n")

    def proved(self, signature: str, message: bytes, *, namespace: str) -> Proved:
        """See `Kind.proved`."""
        try:
            found = made_by(signature, message, namespace)
        except UNPROVED as error:
            why = str(error) or "it is not one over these bytes"
            raise LedgerError("signature-wrong", f"the {self.word} signature does not verify: {why}") from error
        key = self.key(found.line)
        if key.line != found.line:
            raise LedgerError("signature-wrong", f"the {self.word} signature names its key in another way")
        return Proved(key=key, person_verified=found.person_verified, counter=found.counter)


def _require_sound_credential(line: str) -> None:
    credential = credential_of(line)
    if credential.algorithm == "eddsa":
        require_sound_key(credential.public[-PUBLIC_KEY_BYTES:])


ED25519 = Written(SignatureKind.ED25519, 2, lambda line: require_sound_key(raw_key(line)))
WEBAUTHN = Written(SignatureKind.WEBAUTHN, 6, _require_sound_credential)
