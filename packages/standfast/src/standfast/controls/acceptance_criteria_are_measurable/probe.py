"""Decide whether every acceptance criterion can be measured."""

from collections.abc import Iterator

from standfast.evidence.documents.schema import Criterion, Documents, Requirement
from standfast.model import Doubt, Finding, Location


def probe(documents: Documents) -> Iterator[Finding | Doubt]:
    """Yield one finding per criterion that has no measurable form, or that a vague word leaves open.

    A criterion that a reviewer overrode with a reason is taken as it is.

    Args:
        documents: The documents of the project.

    Clause:
        pre_implementation_gates.validation.2
    """
    if not documents.criterion_count:
        yield Doubt("there is no acceptance criterion to measure by")
    for requirement in documents.requirements:
        for criterion in requirement.criteria:
            fault = _fault(criterion)
            if fault and not criterion.override:
                yield _finding(requirement, criterion, fault)


def _fault(criterion: Criterion) -> str:
    if criterion.vague:
        return f"leaves open what '{criterion.vague[0]}' means"
    return "" if criterion.form else "has neither steps (given, when, then) nor a comparison with a number"


def _finding(requirement: Requirement, criterion: Criterion, fault: str) -> Finding:
    return Finding(
        f"criterion {criterion.id or criterion.text[:60]} of {requirement.document.name} {fault}",
        Location(requirement.document.path, criterion.line),
        rule="unmeasurable-criterion",
    )
