"""Join documents to one standard: what it extends, the modules it refers to, the overrides that apply."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from standfast.model import Clause, Problem, Reference, Standard
from standfast.standard.contradictions import contradictions
from standfast.standard.document import Document, OverrideRequest
from standfast.standard.overrides import overridden
from standfast.standard.resolved import sealed
from standfast.standard.text import refuse_all


def resolve(
    chain: Sequence[Document],
    modules: Mapping[str, Document],
    overrides: Iterable[OverrideRequest],
    *,
    today: date,
) -> Standard:
    """Return the standard that the last document of *chain* is; each extends the one before it.

    ``modules`` holds the documents that references name, by their path (``quality/tdd.md``). Their clauses are
    appended under the name of the document. A reference that names none of them, or a section that its document
    does not have, stands in ``unresolved``.

    Raises:
        StandardError: Two documents have a clause of the same id, an override is not allowed or names no limit, or
            the limits contradict each other; with every problem found.
    """
    head = chain[-1]
    problems: list[Problem] = []
    clauses = _merged(chain, problems)
    refuse_all(head.source, problems or contradictions(clauses))
    joined, unresolved, used = _with_modules(clauses, modules, problems)
    refuse_all(head.source, problems)
    requests = [*(request for document in chain for request in document.overrides), *overrides]
    final, applied = overridden(joined, requests, today=today, problems=problems)
    refuse_all(head.source, problems or contradictions(final))
    return sealed(
        name=head.name,
        version=head.version,
        status=head.status,
        updated=head.updated,
        clauses=final,
        sources=tuple(f"{document.source} {document.digest}" for document in (*chain, *used)),
        unresolved=unresolved,
        overrides=applied,
    )


def _merged(chain: Sequence[Document], problems: list[Problem]) -> tuple[Clause, ...]:
    merged: dict[str, Clause] = {}
    for document in chain:
        _add(merged, document.clauses, "an id that the extended standard does not have, or an [[override]]", problems)
    return tuple(merged.values())


def _add(merged: dict[str, Clause], clauses: Iterable[Clause], expected: str, problems: list[Problem]) -> None:
    for clause in clauses:
        if clause.id in merged:
            other = merged[clause.id]
            found = f"{clause.id} again (first at {other.source}:{other.line})"
            problems.append(Problem(f"{clause.source}:{clause.line}", found, expected))
        merged.setdefault(clause.id, clause)


def references(clauses: Iterable[Clause]) -> Iterator[tuple[Clause, str, str]]:
    """Yield each reference as (clause, path, anchor); the anchor is empty for a whole document."""
    for clause in clauses:
        for target in clause.references:
            path, _, anchor = target.partition("#")
            yield clause, path, anchor


def _with_modules(
    clauses: Sequence[Clause], modules: Mapping[str, Document], problems: list[Problem]
) -> tuple[tuple[Clause, ...], tuple[Reference, ...], tuple[Document, ...]]:
    """Return the clauses with those referred to, the references that lead nowhere, and the documents used."""
    wanted: dict[str, set[str]] = {}
    unresolved: list[Reference] = []
    waiting = list(references(clauses))
    while waiting:
        clause, path, anchor = waiting.pop(0)
        document = modules.get(path)
        if document is None or (anchor and anchor not in document.sections()):
            unresolved.append(Reference(clause.id, f"{path}#{anchor}" if anchor else path, clause.line))
        elif anchor not in wanted.setdefault(path, set()):
            wanted[path].add(anchor)
            waiting += references(_addressed(document, anchor))
    merged = {clause.id: clause for clause in clauses}
    for path, anchors in wanted.items():
        document = modules[path]
        chosen = [clause for clause in _addressed(document, "") if anchors & {"", *clause.id.split(".")}]
        _add(merged, chosen, f"no clause of that id outside {path}", problems)
    return tuple(merged.values()), tuple(unresolved), tuple(modules[path] for path in wanted)


def _addressed(document: Document, anchor: str) -> Iterator[Clause]:
    """Yield the clauses of a section under their full ids, which start with the name of the document."""
    prefix = f"{document.name}."
    for clause in document.clauses:
        if not anchor or anchor in clause.id.split("."):
            yield clause if clause.id.startswith(prefix) else msgspec.structs.replace(clause, id=prefix + clause.id)
