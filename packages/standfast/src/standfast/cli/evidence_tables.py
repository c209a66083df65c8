"""What the commands about evidence share: the project they are about, and how statements are shown."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from standfast.cli.saying import say

if TYPE_CHECKING:
    from standfast.app.repository.subject import WorkingCopy
    from standfast.model import Statement

_F = TypeVar("_F", bound=Callable[..., Any])

_LISTED = 4


def project_option(function: _F) -> _F:
    """Return *function* with the option ``--root``."""
    return click.option(
        "--root",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="The project's folder; by default the nearest one upwards with standfast.toml.",
    )(function)


def named_copy(root: Path | None) -> "WorkingCopy":
    """Return the working copy, with the service and environment that its settings name where it has any.

    Raises:
        ConfigurationError: The settings or the working copy cannot be taken.
    """
    from standfast.app.repository.project import find_root
    from standfast.app.repository.subject import working_subject
    from standfast.app.written.settings import FILE_NAME, read_settings

    folder = (root or find_root(Path.cwd())).resolve()
    if not (folder / FILE_NAME).exists():
        return working_subject(folder)
    project = read_settings(folder / FILE_NAME)[0].project
    return working_subject(folder, service=project.service, environment=project.environment)


def statement_row(statement: "Statement") -> dict[str, object]:
    """Return *statement* as a row of plain data."""
    return {
        "kind": statement.kind,
        "tool": statement.producer.tool,
        "version": statement.producer.version,
        "produced_at": f"{statement.produced_at:%Y-%m-%dT%H:%M:%SZ}",
        "commit": statement.subject.commit,
        "tree": statement.subject.tree,
        "dirty": statement.subject.dirty,
        "digest": statement.digest,
        "facts": {name: fact.value for name, fact in statement.body.facts().items()},
        "items": statement.body.items.total,
        "problems": [*statement.problems, *statement.body.examination.shortfalls()],
    }


def statement_table(statements: "tuple[Statement, ...]") -> None:
    """Print *statements* for people: kind, tool, time, address, the first facts, and every problem."""
    for statement in sorted(statements, key=lambda statement: (statement.kind, statement.producer.tool)):
        tool = f"{statement.producer.tool} {statement.producer.version}".strip()
        when = f"{statement.produced_at:%Y-%m-%d %H:%M}Z"
        say(f"{statement.kind:<20}  {tool:<28}  {when}  {statement.digest[7:19]}  {_facts(statement)}".rstrip())
        for problem in (*statement.problems, *statement.body.examination.shortfalls()):
            say(f"    proves nothing: {problem}")
        for disagreement in statement.body.disagreements[:_LISTED]:
            say(f"    contradicts itself: {disagreement}")


def _facts(statement: "Statement") -> str:
    shown = []
    for name, fact in list(statement.body.facts().items())[:_LISTED]:
        value = f"{fact.value:.4g}" if isinstance(fact.value, float) else str(fact.value)
        shown.append(f"{name.partition('.')[2]} {value}")
    return ", ".join(shown)


def print_json(value: object) -> None:
    """Print *value* as indented JSON."""
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")
