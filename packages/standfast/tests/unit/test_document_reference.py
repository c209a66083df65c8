"""The examples of the reference page on documents are read as the page says."""

import re
from pathlib import Path

from standfast.evidence.documents.readers.read import read_documents
from standfast.evidence.runs.texts import TextFile

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "documents.md"
_EXAMPLE = re.compile(r"<!-- (?P<path>\S+) -->\n```(?:markdown|yaml)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


def test_the_examples_of_the_page_are_complete_documents() -> None:
    """Each example is read without an error, and lacks nothing that a control asks for."""
    examples = [TextFile(match["path"], text=match["text"]) for match in _EXAMPLE.finditer(PAGE.read_text())]
    found = read_documents(examples)

    assert found.items.listed == ()
    (requirement,) = found.requirements
    assert [(one.id, one.form) for one in requirement.criteria] == [
        ("REQ-1.1", "given-when-then"),
        ("REQ-1.2", "quantity"),
    ]
    assert requirement.document.independent(requirement.document.approvals)
    (model,) = found.threat_models
    assert {threat.element for threat in model.threats} == {element.name for element in model.elements}
    (objective,) = found.objectives
    assert (objective.p95_ms, objective.availability, objective.load_rps) == (180, 0.999, 50)
    assert [metric.purpose for metric in found.metrics] == ["user_actions", "transactions", "transactions", "features"]
