"""Each command by which a stack writes its reports is one that an importer names."""

import re
from pathlib import Path

from standfast.app.modules.evidence_modules import importers

PAGE = (Path(__file__).parents[2] / "docs/how-to/import-by-stack.md").read_text()
WANTED = {"tests", "coverage", "lint", "weaknesses", "bill of materials", "vulnerabilities"}


def rows() -> list[tuple[str, str, str]]:
    """Return stack, evidence and command of each row."""
    found = []
    for part in PAGE.split("\n## ")[1:]:
        stack = part.splitlines()[0]
        for evidence, command in re.findall(r"^\| ([A-Z][^|]*?) \| `((?:[^`])+)`", part, flags=re.MULTILINE):
            found.append((stack, evidence, command.replace("\\|", "|")))
    return found


def test_every_command_is_known_to_an_importer() -> None:
    """A command on the page is, word for word, what an importer says its report is written with."""
    known = {
        line.split("  #")[0].strip() for found in importers() for line in found.module.FORMAT.produced_with.values()
    }

    assert [row for row in rows() if row[2] not in known] == []


def test_every_stack_has_each_kind_of_evidence() -> None:
    """For each language there is a line for tests, coverage, lint, weaknesses, bill of materials, vulnerabilities."""
    for stack in ("Java and Kotlin", "Go", "Rust", ".NET", "Python"):
        has = " ".join(evidence.lower() for name, evidence, _ in rows() if name == stack)

        assert [kind for kind in sorted(WANTED) if kind not in has] == [], stack
