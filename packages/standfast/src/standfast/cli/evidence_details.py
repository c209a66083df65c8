"""One statement in full, and the catalogue of evidence kinds, for people."""

import sys
from typing import Any

from standfast.app.modules.evidence_modules import collectors, importers, kind_types
from standfast.app.storage.store import Store
from standfast.cli.saying import say
from standfast.model import Finding, Statement, UsageError

_WIDTH = 16


def show_statement(statement: Statement, items: int) -> None:
    """Print *statement* in full, with at most *items* of its offending items."""
    producer, subject = statement.producer, statement.subject
    _line("kind", statement.kind)
    _line("digest", statement.digest)
    _line("tool", f"{producer.tool} {producer.version}".strip())
    if producer.command:
        _line("command", " ".join(producer.command)[:2000])
        _line("exit status", f"{producer.exit_status} after {producer.duration_s} s")
    _line("produced at", f"{statement.produced_at:%Y-%m-%d %H:%M:%S}Z")
    _line("about", f"{subject.repository}, commit {subject.commit or 'none'}{' with changes' if subject.dirty else ''}")
    _line("content", subject.tree)
    for raw in statement.raw:
        _line("raw", f"{raw.name} ({raw.size:,} bytes, {raw.digest})")
    examination = statement.body.examination
    _line("examined", f"{examination.examined} {examination.unit}, skipped {examination.skipped}")
    for name, fact in statement.body.facts().items():
        _line("fact", f"{name} = {fact.value} {fact.unit}")
    for problem in (*statement.problems, *examination.shortfalls()):
        _line("proves nothing", problem)
    for disagreement in statement.body.disagreements:
        _line("contradicts", disagreement)
    listed = statement.body.items.listed[:items]
    for finding in listed:
        _line("item", _item(finding))
    if statement.body.items.total > len(listed):
        _line("items", f"{statement.body.items.total} in all; --items N lists more")


def print_raw(store: Store, statement: Statement, name: str) -> None:
    """Write the bytes of the raw file *name* to standard output.

    Raises:
        UsageError: The statement has no such file.
        EvidenceError: The bytes are not what they were.
    """
    for raw in statement.raw:
        if raw.name == name:
            sys.stdout.buffer.write(store.get(raw.digest))
            sys.stdout.buffer.flush()
            return
    names = ", ".join(raw.name for raw in statement.raw)
    raise UsageError("raw-unknown", f"this statement has no raw file {name!r}", hint=f"it has: {names}")


def kind_rows() -> list[dict[str, Any]]:
    """Return every evidence kind with its formats and its collectors."""
    rows = []
    for kind, schema in kind_types().items():
        formats = [one.module.FORMAT for one in importers() if one.kind == kind]
        tools = sorted({one.module.TOOL.name for one in collectors() if kind in one.module.TOOL.kinds})
        rows.append(
            {
                "kind": kind,
                "title": schema.TITLE,
                "facts": {f"{kind}.{name}": str(unit) for name, unit in schema.UNITS.items()},
                "collected_by": tools,
                "imported_from": [
                    {"format": one.name, "title": one.title, "produced_with": one.produced_with} for one in formats
                ],
            }
        )
    return rows


def show_kinds(rows: list[dict[str, Any]]) -> None:
    """Print the catalogue of kinds."""
    for row in rows:
        say(f"{row['kind']}: {row['title']}")
        if row["collected_by"]:
            say(f"    collected by {', '.join(row['collected_by'])}")
        for form in row["imported_from"]:
            say(f"    imported from {form['format']}: {form['title']}")
            for stack, how in form["produced_with"].items():
                say(f"        {stack}: {how}")


def _item(finding: Finding) -> str:
    place = f"{finding.location}: " if finding.location else ""
    rule = f" [{finding.rule}]" if finding.rule else ""
    suppressed = f" (suppressed: {finding.suppressed})" if finding.suppressed else ""
    return f"{place}{finding.message}{rule}{suppressed}"


def _line(name: str, text: str) -> None:
    say(f"{name:<{_WIDTH}}{text}")
