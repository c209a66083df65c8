"""Decide whether any tool left something out."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.repository.schema import Repository
from standfast.model import Doubt, Finding, Statement

# Tools that examine one language file by file. Kinds whose findings say nothing about absence are left out.
_LANGUAGE = {"bandit": "Python", "ruff": "Python", "mypy": "Python", "pyright": "Python", "eslint": "JavaScript"}


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The share of the repository's files in its language that a tool must have examined, 0 to 1."""

    min_inventory_ratio: float = 0.5


def probe(
    statements: tuple[Statement, ...], repository: Repository | None, params: Params
) -> Iterator[Finding | Doubt]:
    """Yield one finding per statement and way in which its examination was not complete.

    Args:
        statements: All evidence about the subject.
        repository: The inventory to compare with, if there is one.
        params: The limit.

    Clause:
        code_completion_gates.validation.2
    """
    if not statements:
        yield Doubt("there is no evidence, so nothing was examined")
    for statement in statements:
        for shortfall in statement.body.examination.shortfalls():
            yield Finding(
                f"{statement.producer.tool} ({statement.kind}): {shortfall}", rule=f"shortfall.{statement.kind}"
            )
        if repository is not None:
            yield from _against_inventory(statement, repository, params)


def _against_inventory(statement: Statement, repository: Repository, params: Params) -> Iterator[Finding]:
    tool, examination = statement.producer.tool, statement.body.examination
    count = repository.language(_LANGUAGE.get(tool, ""))
    if count is None or examination.examined is None or "file" not in examination.unit:
        return
    # Tests may be left out on purpose; the programs themselves may not.
    programs = count.files - count.tests
    if examination.examined < programs * params.min_inventory_ratio:
        said = f"{tool} ({statement.kind}): {examination.examined} of {programs} {count.language} files were examined"
        yield Finding(said, rule=f"inventory.{statement.kind}")
