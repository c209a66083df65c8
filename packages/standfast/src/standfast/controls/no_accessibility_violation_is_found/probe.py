"""Decide whether axe finds anything on the pages, with the rules of WCAG 2.1 A and AA."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.accessibility.schema import Accessibility
from standfast.evidence.attestations.schema import Attestations
from standfast.model import Doubt, Finding

REVIEW = "accessibility_review"


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: the rule sets that must have been applied."""

    tags: tuple[str, ...] = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")


def probe(
    reports: tuple[Accessibility, ...],
    attestations: tuple[Attestations, ...] | None,
    params: Params,
    now: datetime,
) -> Iterator[Finding | Doubt]:
    """Yield every violation; whatever the tool leaves to a person is a doubt until a person has reviewed it.

    Args:
        reports: Every accessibility report of the subject.
        attestations: Where a person says that what the tool could not decide was looked at.
        params: The rule sets.
        now: The moment of the decision (UTC).

    Clause:
        feature_validation.validation_checklists.usability.1
    """
    for report in reports:
        yield from report.items.listed
        if report.items.unlisted > 0:
            yield Finding(f"{report.items.unlisted} more elements violate a rule", rule="accessibility")
        missing = sorted(set(params.tags) - set(report.tags)) if report.tags else []
        if missing:
            yield Finding(f"the rules of {', '.join(missing)} were not applied", rule="rule-set")
        if not report.rules_applied:
            yield Doubt("no rule found anything to look at; the pages may have been empty")
    undecided = sum(report.undecided_count for report in reports)
    if undecided and not _reviewed(attestations or (), now):
        yield Doubt(f"{undecided} elements need a person to look at them, and nobody has attested that")


def _reviewed(attestations: tuple[Attestations, ...], now: datetime) -> bool:
    found = [review for body in attestations if (review := body.latest(REVIEW)) is not None]
    return bool(found) and all(review.passed and not any(review.faults(now=now)) for review in found)
