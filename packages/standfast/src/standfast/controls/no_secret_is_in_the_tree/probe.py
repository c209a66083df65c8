"""Decide whether a secret is in the repository."""

from collections.abc import Iterator

from standfast.evidence.secrets.schema import Secrets
from standfast.model import Finding


def probe(secrets: Secrets) -> Iterator[Finding]:
    """Yield every secret that no audit calls a false alarm, of whatever severity.

    Args:
        secrets: What a scanner found, without the secrets themselves.

    Clause:
        mandatory_quality_gates.security_standards
    """
    yield from secrets.unsuppressed()
    if secrets.live:
        yield Finding(f"{secrets.live} secrets were verified to work", rule="secrets.live")
