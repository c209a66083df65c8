"""Every kind of signature there is, and the one place that decides what a signature proves."""

from collections.abc import Sequence

from standfast.ledger.bodies import Signed
from standfast.ledger.signatures.contract import EnrolledKey, Kind, Proved
from standfast.ledger.signatures.sigstore import Sigstore
from standfast.ledger.signatures.ssh import Ssh
from standfast.ledger.signatures.written import ED25519, WEBAUTHN
from standfast.model import LedgerError

KINDS: tuple[Kind, ...] = (Ssh(), ED25519, WEBAUTHN, Sigstore())


def enrolled_key(line: str) -> EnrolledKey:
    """Return the key that *line* of ``[approvals.keys]`` enrols.

    Raises:
        LedgerError: No kind of signature has such a line, or the key is not sound.
    """
    word = line.split(maxsplit=1)[0] if line.strip() else ""
    kind = next((one for one in KINDS if one.word == word), None)
    if kind is None:
        raise LedgerError(
            "key-unusable",
            f"a line of [approvals.keys] begins with {word!r:.40}, expected {' or '.join(one.word for one in KINDS)}",
        )
    return kind.key(line)


def proved(signature: str, message: bytes, *, namespace: str) -> Proved:
    """Return what *signature* proves: which key made it, over *message*, for *namespace* and nothing else.

    Raises:
        LedgerError: It is of no known kind, or does not verify.
    """
    kind = next((one for one in KINDS if one.recognises(signature)), None)
    if kind is None:
        raise LedgerError("signature-unusable", "the signature is of no kind that is known here")
    return kind.proved(signature, message, namespace=namespace)


def proved_by(
    keys: Sequence[EnrolledKey], signature: str, message: bytes, *, namespace: str, said: Signed | None = None
) -> Proved:
    """Return what *signature* proves, where one of *keys* made it; *said* is what an event says about it.

    Raises:
        LedgerError: It does not verify, none of *keys* made it, or the event says otherwise.
    """
    found = proved(signature, message, namespace=namespace)
    if found.key not in keys:
        raise LedgerError("key-untrusted", f"the signature is by a key that is not enrolled: {found.key.digest:.19}")
    if said is not None and said != signed(found):
        raise LedgerError("signature-differs", "the signature is not by the key that the entry names")
    return found


def signed(found: Proved) -> Signed:
    """Return what an event says about a signature that proves *found*."""
    return Signed(kind=found.key.kind, key=found.key.digest, person_verified=found.person_verified)
