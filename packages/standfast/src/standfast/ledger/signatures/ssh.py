"""Signatures by an SSH key (Ed25519), as ``ssh-keygen -Y sign`` makes them."""

from standfast.ledger.bodies import SignatureKind
from standfast.ledger.signatures.contract import EnrolledKey, Proved
from standfast.ledger.sshsig import SshKey, parse_key, verified


class Ssh:
    """See `standfast.ledger.signatures.contract.Kind`; the signature holds the key that made it."""

    id = SignatureKind.SSH
    word = "ssh-ed25519"

    def key(self, line: str) -> EnrolledKey:
        """See `Kind.key`."""
        return _enrolled(parse_key(line))

    def recognises(self, signature: str) -> bool:
        """See `Kind.recognises`."""
        return signature.lstrip().startswith("-----BEGIN SSH SIGNATURE-----")

    def proved(self, signature: str, message: bytes, *, namespace: str) -> Proved:
        """See `Kind.proved`."""
        return Proved(key=_enrolled(verified(signature, message, namespace=namespace)))


def _enrolled(key: SshKey) -> EnrolledKey:
    return EnrolledKey(SignatureKind.SSH, key.line, key.digest)
