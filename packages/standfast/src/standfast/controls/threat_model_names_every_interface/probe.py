"""Decide whether the threat model knows the interfaces that the API description shows."""

import re
from collections.abc import Iterator

from standfast.evidence.api_description.schema import ApiDescription, Operation
from standfast.evidence.documents.schema import Documents
from standfast.model import Doubt, Finding, Location

_NOT_A_NAME = re.compile(r"\{[^}]*\}|v\d+|api")


def probe(documents: Documents, description: ApiDescription) -> Iterator[Finding | Doubt]:
    """Yield one finding per group of operations (first name in the path) that no element and no threat names.

    Args:
        documents: The documents of the project.
        description: The operations of the API.

    Clause:
        pre_implementation_gates.actions.3
    """
    if not documents.threat_models:
        yield Doubt("there is no threat model to compare with")
        return
    known = " ".join(_words(documents))
    for group in sorted({_group(operation) for operation in description.operations} - {""}):
        if _stem(group) not in known:
            said = f"no threat model names the operations below {group}"
            yield Finding(said, Location(description.path), rule="threat-model-drift")


def _words(documents: Documents) -> Iterator[str]:
    for model in documents.threat_models:
        for element in model.elements:
            yield _folded(element.name)
        for threat in model.threats:
            yield _folded(f"{threat.element} {threat.title} {threat.mitigation}")


def _group(operation: Operation) -> str:
    segments = (segment for segment in operation.path.split("/") if segment)
    return next((segment for segment in segments if not _NOT_A_NAME.fullmatch(segment)), "")


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold())


def _stem(group: str) -> str:
    return _folded(group).strip().removesuffix("s")
