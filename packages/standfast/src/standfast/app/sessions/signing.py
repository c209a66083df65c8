"""Signatures of people, by a key that the settings of the base name: an SSH key, or an Ed25519 key in a PEM file."""

import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from standfast.app.sessions.desk import Desk
from standfast.app.written.base_policy import approvals_as_of_base
from standfast.evidence.wording.people import person
from standfast.ledger.bodies import KeyEnrolled, KeyUse, Signed
from standfast.ledger.events import decode
from standfast.ledger.fields import LEDGER, Actor, ActorId, Via
from standfast.ledger.signatures.contract import EnrolledKey, Proved
from standfast.ledger.signatures.kinds import enrolled_key, proved, proved_by
from standfast.ledger.sshsig import signed_by
from standfast.model import UsageError

_SIGNING_S = 300.0
_PEM = b"-----BEGIN PRIVATE KEY-----"


def signed_with(desk: Desk, key: Path, message: bytes, *, namespace: str) -> tuple[str, Proved]:
    """Return the signature over *message* by the one who works here, and what it proves; a new key is recorded.

    Raises:
        UsageError: Nothing signs with *key*, or it is none of theirs by the settings of the base.
        LedgerError: It is no Ed25519 key.
    """
    pem = _pem(key)
    signature = _signature(key, message, namespace) if pem is None else _by_pem(key, pem, message, namespace)
    found = proved(signature, message, namespace=namespace)
    _trust(desk, found.key)
    return signature, found


def signature_of(
    desk: Desk, who: ActorId, signature: str, message: bytes, *, namespace: str, said: Signed | None = None
) -> Proved:
    """Return what *signature* proves, where *who* made it by the settings of the base; it is verified once more.

    What an event says about it (*said*) is compared, and not believed.

    Raises:
        LedgerError: It does not verify, or is by a key that counts as nobody's or somebody else's.
    """
    return proved_by(own_keys(desk, who), signature, message, namespace=namespace, said=said)


def signing(desk: Desk, found: Proved) -> Actor:
    """Return who works here, as the signature that proves *found* shows."""
    return Actor(id=desk.actor.id, via=Via(found.key.kind.value))


def own_keys(desk: Desk, who: ActorId) -> list[EnrolledKey]:
    """Return the keys of *who*, by the settings of the base."""
    table, directory = approvals_as_of_base(desk.settings, desk.root), desk.scribe.disclosed.directory()
    forms = frozenset[str]().union(*(one.forms for one in directory if one.who == who))
    own = [keys for name, keys in table.keys.items() if person(name).identities() & forms]
    return [enrolled_key(line) for keys in own for line in keys]


def _pem(key: Path) -> bytes | None:
    """Return the bytes of *key* when it is a private key in PKCS #8 without a passphrase, or None.

    Raises:
        UsageError: It is one, and others than its owner may read it.
    """
    try:
        data, mode = key.read_bytes(), key.stat().st_mode & 0o777
    except OSError:
        return None  # an agent may hold the key: ssh-keygen says what is wrong, if anything
    if not data.startswith(_PEM):
        return None
    if mode & 0o077:
        raise UsageError("signing-failed", f"{key} has mode {mode:04o}, expected 0600", hint=f"run `chmod 600 {key}`")
    return data


def _by_pem(key: Path, pem: bytes, message: bytes, namespace: str) -> str:
    """Return the signature by the Ed25519 key in *pem*, in the form of ``ssh-keygen``."""
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise UsageError("signing-failed", f"{key} holds no private key that can be read: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise UsageError(
            "signing-failed", f"{key} is no Ed25519 key", hint="`openssl genpkey -algorithm ed25519` makes one"
        )
    return signed_by(private.public_key().public_bytes_raw(), private.sign, message, namespace=namespace)


def _signature(key: Path, message: bytes, namespace: str) -> str:
    """Return the signature that ``ssh-keygen`` makes; it asks for the passphrase itself."""
    command = ("ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", str(key))
    try:
        done = subprocess.run(command, input=message, capture_output=True, timeout=_SIGNING_S, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise UsageError("signing-failed", f"ssh-keygen cannot sign: {error}", hint="install OpenSSH") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise UsageError("signing-failed", f"ssh-keygen did not sign with {key}: {said}")
    return done.stdout.decode("ascii", "replace")


def _trust(desk: Desk, used: EnrolledKey) -> None:
    """Return when *used* is a key of who works here, by the settings of the base; that is recorded once.

    Raises:
        UsageError: It is not.
    """
    if used not in own_keys(desk, desk.actor.id):
        raise UsageError(
            "key-untrusted",
            "the key is not one of yours in [approvals.keys] of standfast.toml, as of the base",
            hint=f"let somebody else review the change that adds it: {used.line!r}",
        )
    bodies = (decode(data).body for _index, data in desk.scribe.ledger.store.chain(LEDGER))
    holder = desk.actor.id
    if not any(isinstance(one, KeyEnrolled) and (one.key, one.holder) == (used.digest, holder) for one in bodies):
        body = KeyEnrolled(key=used.digest, use=KeyUse.APPROVAL, signature=used.kind, holder=holder)
        desk.scribe.about_ledger(body)
