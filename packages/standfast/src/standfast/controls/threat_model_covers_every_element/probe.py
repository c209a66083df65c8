"""Decide whether the threat model has a threat for each element that can be attacked."""

from collections.abc import Iterator

from standfast.evidence.documents.schema import Documents, Element, ThreatModel
from standfast.model import Finding, Location


def probe(documents: Documents) -> Iterator[Finding]:
    """Yield one finding per element without a threat, and one where there is no model, element or threat at all.

    Args:
        documents: The documents of the project.

    Clause:
        pre_implementation_gates.actions.3
    """
    if not documents.threat_models:
        yield Finding("there is no threat model", rule="no-threat-model")
    for model in documents.threat_models:
        if not model.elements or not model.threats:
            lacking = "elements" if not model.elements else "threats"
            yield Finding(
                f"{model.document.name} lists no {lacking}", model.document.location, rule="empty-threat-model"
            )
        yield from _uncovered(model)


def _uncovered(model: ThreatModel) -> Iterator[Finding]:
    covered = {threat.element.casefold() for threat in model.threats}
    for element in model.elements:
        if _can_be_attacked(element) and element.name.casefold() not in covered:
            where = Location(model.document.path, element.line)
            yield Finding(f"no threat is named for {element.name}", where, rule="uncovered-element")


def _can_be_attacked(element: Element) -> bool:
    """An external entity is outside; a flow counts unless the model says that it crosses no boundary."""
    if "external" in element.type or "actor" in element.type:
        return False
    return "flow" not in element.type or element.crosses_boundary is not False
