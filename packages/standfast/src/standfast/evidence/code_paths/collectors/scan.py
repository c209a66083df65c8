"""Run our own scanner over the product's Python files."""

import sys
from pathlib import Path

import msgspec

from standfast import __version__
from standfast.evidence.code_paths import scan
from standfast.evidence.code_paths.schema import CodePaths, SourceFile
from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.coverage.ranges import as_ranges
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import inventory, product
from standfast.model import Examination, Finding, Items, Location

TOOL = Tool(name="code-paths", kinds=("code_paths",), exits={0: "every file was looked at"})

_SCAN = str(Path(scan.__file__).resolve())


class _File(msgspec.Struct):
    path: str
    statements: int
    handling: list[int]


class _Error(msgspec.Struct):
    path: str
    message: str
    line: int = 0


class _Output(msgspec.Struct):
    files: list[_File]
    errors: list[_Error]


def plan(project: Project) -> Plan | Inapplicable:
    """Return one run over every Python file of the product."""
    paths = tuple(path for path in product(inventory(project, ".py")) if "\n" not in path)
    if not paths:
        return Inapplicable("no tracked file is Python code of the product; other languages are not read for this")
    python = "python" if project.python else sys.executable
    return Plan(
        argv=(python, _SCAN),
        stdin="\n".join(paths).encode("utf-8", "surrogateescape"),
        inputs=paths,
        timeout_s=120.0,
        expected=len(paths),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the files and the lines that handle errors; a file that cannot be parsed is an error.

    Raises:
        EvidenceError: The scanner broke.
    """
    settled(run, TOOL)
    output = decode_report(run.stdout, _Output, "the scanner's output")
    unreadable = [
        Finding(error.message, Location(error.path, error.line), rule="unreadable") for error in output.errors
    ]
    body = CodePaths(
        examination=Examination(
            "files",
            len(output.files),
            errors=len(unreadable),
            expected=run.plan.expected,
            notes=tuple(f"{error.path}: {error.message}" for error in output.errors[:1]),
        ),
        items=Items.of(unreadable),
        files=tuple(SourceFile(file.path, file.statements, as_ranges(file.handling)) for file in output.files),
    )
    # The project's interpreter may run it; the scanner is ours all the same.
    return (Reading(body=body, tool=TOOL.name, version=run.version or __version__),)
