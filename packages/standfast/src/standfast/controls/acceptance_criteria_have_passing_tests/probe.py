"""Decide whether each acceptance criterion is demonstrated by a passing test."""

import re
from collections.abc import Iterator

import msgspec

from standfast.evidence.documents.schema import Documents
from standfast.evidence.test_results.schema import CaseOutcome, TestResults
from standfast.model import Doubt, Finding, Location


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Under which property names a test may cite a criterion."""

    property_names: tuple[str, ...] = ("requirement", "req", "criterion", "criteria", "acceptance", "story", "covers")


def probe(documents: Documents, tests: tuple[TestResults, ...], params: Params) -> Iterator[Finding | Doubt]:
    """Yield one finding per criterion that no passing test cites, or that a failing one cites.

    Args:
        documents: The documents of the project.
        tests: Every test report of the subject.
        params: How tests cite criteria.

    Clause:
        feature_validation.validation_checklists.functional.1
    """
    if not documents.criterion_count:
        yield Doubt("there is no acceptance criterion to demonstrate")
    cited = _cited(tests, params)
    for requirement in documents.requirements:
        for criterion in requirement.criteria:
            outcomes = cited.get(criterion.id.casefold(), set())
            if CaseOutcome.PASSED in outcomes and outcomes <= {CaseOutcome.PASSED, CaseOutcome.SKIPPED}:
                continue
            said = "no test cites" if not outcomes else "not every test passes that cites"
            where = Location(requirement.document.path, criterion.line)
            yield Finding(f"{said} criterion {criterion.id or criterion.text[:60]}", where, rule="untested-criterion")


def _cited(tests: tuple[TestResults, ...], params: Params) -> dict[str, set[CaseOutcome]]:
    cited: dict[str, set[CaseOutcome]] = {}
    for report in tests:
        for one in report.properties:
            if one.name.casefold() in params.property_names:
                for identifier in re.split(r"[\s,;]+", one.value.casefold()):
                    cited.setdefault(identifier, set()).add(one.outcome)
    return cited
