"""Decide whether the newest attestation of a kind can be relied on; pure."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from standfast.evidence.attestations.schema import Attestation, Attestations
from standfast.evidence.wording.people import Person
from standfast.model import Doubt, Finding


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of an attestation: its kinds, how it is called, and how old it may be."""

    kinds: tuple[str, ...]
    called: str
    max_age_days: int | None = None


def newest(bodies: tuple[Attestations, ...], kinds: tuple[str, ...]) -> Attestation | None:
    """Return the newest attestation of one of *kinds* in all of *bodies*, or None."""
    found = [one for body in bodies if (one := body.latest(*kinds)) is not None]
    return max(found, key=lambda one: (one.made_on or date.min, one.path), default=None)


def reliance(
    bodies: tuple[Attestations, ...], asked: Asked, *, now: datetime, authors: tuple[Person, ...] = ()
) -> Iterator[Finding | Doubt]:
    """Yield why the newest attestation that was *asked* for does not show that it went well.

    That nobody attested anything is a doubt; an attestation that fails, is faulty or is too old is a finding.
    """
    one = newest(bodies, asked.kinds)
    if one is None:
        yield Doubt(f"nobody has attested {asked.called}")
        return
    yield from shortcomings(one, asked, now=now, authors=authors)


def shortcomings(
    one: Attestation, asked: Asked, *, now: datetime, authors: tuple[Person, ...] = ()
) -> Iterator[Finding]:
    """Yield each reason for which *one* does not show that it went well."""
    for fault in one.faults(now=now, authors=authors):
        yield Finding(f"the attestation of {asked.called} {fault}", one.location, rule="attestation")
    if not one.passed:
        said = f"{asked.called} was attested with the result {one.result or '(none)'}"
        yield Finding(said, one.location, rule="attested-result")
    age = one.age_days(now)
    if asked.max_age_days is not None and age is not None and age > asked.max_age_days:
        said = f"{asked.called} was attested {age} days ago, limit {asked.max_age_days}"
        yield Finding(said, one.location, rule="attestation-age")
