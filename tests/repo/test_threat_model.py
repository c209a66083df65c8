"""The threat model names tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "docs/explanation/threat-model.md"
NAMED = re.findall(r"([\w/]+\.py)::(\w+)", MODEL.read_text())


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_test_that_holds_a_mitigation_exists(path: str, name: str) -> None:
    """A mitigation that is said to be held by a test is: the function is in that file."""
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE)


def test_threats_are_named() -> None:
    """Every row of the model has been read."""
    rows = re.findall(r"^\| T\d+ \|", MODEL.read_text(), re.MULTILINE)

    assert len(rows) == len(NAMED) + MODEL.read_text().count("| accepted |")
