"""Decide whether the coverage report knows every file of the product."""

from collections.abc import Iterator

from standfast.evidence.code_paths.schema import CodePaths
from standfast.evidence.coverage.joined import covered_files
from standfast.evidence.coverage.schema import Coverage
from standfast.model import Doubt, Finding, Location


def probe(coverage: tuple[Coverage, ...], code_paths: CodePaths | None) -> Iterator[Finding | Doubt]:
    """Yield every file of the product that has statements and is in no coverage report.

    Args:
        coverage: Every coverage report of the subject. One that was made by a run of ours over JavaScript knows which
            files it had to measure; where one is missing, it proves nothing.
        code_paths: The Python files of the product; neither tests nor documentation, examples or build files.

    Clause:
        tdd.coverage_requirements.line_coverage
    """
    if code_paths is None:
        if any(report.examination.expected is None for report in coverage):
            yield Doubt("nothing says which files there are to measure")
        return
    measured = covered_files(coverage, (file.path for file in code_paths.files))
    for file in code_paths.files:
        if file.statements and file.path not in measured:
            message = f"no coverage report knows this file with its {file.statements} statements"
            yield Finding(message, Location(file.path), rule="unmeasured")
