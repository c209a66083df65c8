"""Show clauses, limits and standards in words."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from standfast.model import Clause, Limit, LimitRole, Standard, Unit, convert
from standfast.model.units import written

if TYPE_CHECKING:
    from standfast.app.traceability import Row

_ROLE_WORDS = {
    LimitRole.REQUIRE: "",
    LimitRole.ALERT: "alert ",
    LimitRole.SUCCEED: "step succeeds ",
    LimitRole.ROLL_BACK: "roll back ",
    LimitRole.STEP: "step ",
    LimitRole.RETAIN: "keep for ",
}


def limit_words(limit: Limit) -> str:
    """Return a limit as it is said: fact, comparator, bound, window."""
    words = f"{_ROLE_WORDS[limit.role]}{limit.op.words} {written(limit.bound, limit.unit)}"
    if limit.aggregate:
        words += f" ({limit.aggregate})"
    if limit.window_s is not None:
        words += f" for {_duration(limit.window_s)}"
    if limit.min_samples is not None:
        words += f", from {limit.min_samples} samples"
    return words


def _duration(seconds: float) -> str:
    for unit in (Unit.D, Unit.H, Unit.MIN):
        value = convert(seconds, Unit.S, unit)
        if value >= 1 and value == int(value):
            return written(value, unit)
    return written(seconds, Unit.S)


def clause_lines(clause: Clause) -> Iterator[str]:
    """Yield a clause with its place, its words and its limits."""
    yield f"{clause.id}  [{clause.kind.value}]  {clause.source}:{clause.line}"
    yield f'    "{clause.text}"'
    yield from (f"    limit  {limit.fact} {limit_words(limit)}" for limit in clause.limits)


def standard_lines(standard: Standard) -> Iterator[str]:
    """Yield what is to be known of a standard beside its clauses."""
    limits = sum(len(clause.limits) for clause in standard.clauses)
    about = ", ".join(part for part in (standard.status, standard.updated) if part)
    yield f"{standard.name} {standard.version}" + (f" ({about})" if about else "")
    yield f"{len(standard.clauses)} clauses, {limits} limits, {standard.digest}"
    yield from (f"source  {source}" for source in standard.sources)
    for override in standard.overrides:
        change = f"{written(override.was, override.unit)} to {written(override.bound, override.unit)}"
        kind = "loosens" if override.loosens else "tightens"
        state = "" if override.applied else "expired, not applied: "
        until = f" until {override.expires}" if override.expires else ""
        words = f"{state}{kind} {override.clause} {override.fact} from {change}{until}"
        yield f"override  {words}" + (f": {override.reason} ({override.owner})" if override.reason else "")
    for reference in standard.unresolved:
        yield f"unresolved  {reference.target}, which {reference.clause} refers to"


def row_lines(standard: Standard, rows: Iterable["Row"]) -> Iterator[str]:
    """Yield the matrix as text: what no control serves first, then the rest."""
    found = tuple(rows)
    unbound = [row for row in found if not row.controls]
    yield from standard_lines(standard)
    for title, part in (("unbound", unbound), ("bound", [row for row in found if row.controls])):
        yield ""
        yield f"{title}: {len(part)} of {len(found)} clauses"
        for row in part:
            yield ""
            yield from clause_lines(row.clause)
            for control in row.controls:
                yield f"    control  {control.id}  <- {', '.join(control.evidence) or 'all evidence'}"


def row_data(row: "Row") -> dict[str, object]:
    """Return a row as plain data."""
    clause = row.clause
    return {
        "clause": clause.id,
        "kind": clause.kind,
        "text": clause.text,
        "source": clause.source,
        "line": clause.line,
        "limits": clause.limits,
        "references": clause.references,
        "controls": [
            {"control": control.id, "title": control.title, "evidence": control.evidence} for control in row.controls
        ],
    }


def row_markdown(standard: Standard, rows: Iterable["Row"]) -> Iterator[str]:
    """Yield the matrix as a Markdown table."""
    yield f"# Clauses of {standard.name} {standard.version}"
    yield ""
    yield "| Clause | Kind | Words | Limits | Controls | Evidence |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        clause = row.clause
        cells = (
            f"`{clause.id}`",
            clause.kind.value,
            clause.text,
            "; ".join(f"{limit.fact} {limit_words(limit)}" for limit in clause.limits),
            ", ".join(f"`{control.id}`" for control in row.controls) or "**unbound**",
            ", ".join(dict.fromkeys(kind for control in row.controls for kind in control.evidence)),
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def row_csv(rows: Iterable["Row"]) -> str:
    """Return the matrix as CSV: one line for each pair of clause and control; an unbound clause has one without."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("clause", "kind", "text", "limits", "source", "line", "control", "evidence"))
    for row in rows:
        clause = row.clause
        limits = "; ".join(f"{limit.fact} {limit_words(limit)}" for limit in clause.limits)
        about = (clause.id, clause.kind.value, clause.text, limits, clause.source, clause.line)
        for control in row.controls or (None,):
            last = (control.id, " ".join(control.evidence)) if control else ("", "")
            writer.writerow(tuple(_inert(cell) for cell in (*about, *last)))
    return text.getvalue()


def _inert(cell: str | int) -> str | int:
    """Return *cell* so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell
