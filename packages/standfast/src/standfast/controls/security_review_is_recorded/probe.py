"""Decide whether somebody examined the change for its security."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.attestations.reliance import Asked, newest, shortcomings
from standfast.evidence.attestations.schema import Attestations
from standfast.evidence.changes.schema import Changes
from standfast.evidence.reviews.schema import same_commit
from standfast.model import Doubt, Finding


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How old the review may be, in days, and which questions it must answer."""

    max_age_days: int = 90
    questions: tuple[str, ...] = ("authorisation", "input", "cryptography", "logging", "secrets")


def probe(
    attestations: tuple[Attestations, ...], changes: Changes, params: Params, now: datetime
) -> Iterator[Finding | Doubt]:
    """Yield why the newest security review does not show that the change was examined.

    Args:
        attestations: Every source of attestations.
        changes: The commits of the change: none of its authors may attest, and it must be the change attested.
        params: Limits.
        now: The moment of the decision (UTC).

    Clause:
        code_completion_gates.actions.3
    """
    asked = Asked(kinds=("security_review",), called="the security review", max_age_days=params.max_age_days)
    one = newest(attestations, asked.kinds)
    if one is None:
        yield Doubt("nobody has attested a security review of the change")
        return
    yield from shortcomings(one, asked, now=now, authors=changes.authors)
    if not one.commit:
        yield Doubt("the security review does not say which commit it is about")
    elif not same_commit(one.commit, changes.head):
        yield Finding(f"the security review is of {one.commit:.12}, not of {changes.head:.12}", one.location)
    for question in params.questions:
        if not one.answers.get(question):
            yield Finding(f"the security review does not answer: {question}", one.location, rule="unanswered")
