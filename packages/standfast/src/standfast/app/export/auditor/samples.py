"""sample: draw changes so that nobody but the auditor decides which."""

from collections.abc import Iterable
from hashlib import sha256

STRATA = ("emergency_not_approved", "short_wait", "emergency", "unapproved", "gate_not_open", "approved_by_author",
          "deployer_approved_alone", "waiver", "compensated", "unsigned", "reverted", "failed", "off_hours", "refused",
          "unconfirmed", "open")  # fmt: skip
"""What makes a change one to look at, the gravest first; the first that holds is its stratum."""


def drawn(rows: Iterable[tuple[str, str]], count: int, seed: str) -> list[tuple[str, str]]:
    """Return (stratum, id) of *count* changes out of (id, flags): half of them, where there are so many, conspicuous.

    Within a stratum the order is that of SHA-256(seed, id): whoever has the seed and the list draws the same.
    """
    strata: dict[str, list[tuple[bytes, str]]] = {name: [] for name in (*STRATA, "ordinary")}
    for name, flags in rows:
        held = set(flags.split(" "))
        stratum = next((one for one in STRATA if one in held), "ordinary")
        strata[stratum].append((sha256(f"{seed}\0{name}".encode()).digest(), name))
    for ranked in strata.values():
        ranked.sort(reverse=True)
    chosen: list[tuple[str, str]] = []
    for most in (count - count // 2, count):
        names = STRATA if most < count else (*STRATA, "ordinary")
        if most == count:
            while len(chosen) < count and strata["ordinary"]:
                chosen.append(("ordinary", strata["ordinary"].pop()[1]))
        while len(chosen) < most and any(strata[name] for name in names):
            for name in names:
                if strata[name] and len(chosen) < most:
                    chosen.append((name, strata[name].pop()[1]))
    return chosen
