"""One document of a standard, as it was read and before anything it refers to is joined to it."""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from standfast.model import Clause, ClauseKind, Digest, Limit, Problem, Unit
from standfast.standard.declared import LimitTable, declared_limits
from standfast.standard.limits import read_limits
from standfast.standard.text import Complaint, quoted, refuse_all, tidy, unsafe_sentence
from standfast.standard.vocabulary import terms_of
from standfast.standard.words import REFERENCE

MAX_CLAUSES = 10_000


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence with its place: the clause id it gets, the kind (None: by whether it has limits), its line.

    ``declared`` are limits written beside it; None where they are to be read from the sentence.
    """

    id: str
    kind: ClauseKind | None
    text: str
    line: int
    declared: tuple[LimitTable, ...] | None = None


class OverrideRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Another bound for one limit, as somebody asks for it at ``where``."""

    clause: str
    fact: str
    bound: float
    unit: Unit
    where: str
    reason: str = ""
    owner: str = ""
    expires: date | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What one file says. ``provides`` is the name under which other documents refer to it."""

    name: str
    version: str
    source: str
    digest: Digest
    clauses: tuple[Clause, ...]
    status: str = ""
    updated: str = ""
    extends: str = ""
    provides: str = ""
    overrides: tuple[OverrideRequest, ...] = ()

    def sections(self) -> frozenset[str]:
        """Return the element names that occur in its clause ids: what an anchor may name."""
        return frozenset(part for clause in self.clauses for part in clause.id.split("."))


def clauses_of(
    name: str, source: str, sentences: Iterable[Sentence], problems: list[Problem], *, empty: bool = False
) -> tuple[Clause, ...]:
    """Return the clauses that *sentences* make; *empty* says that there may be none.

    Raises:
        StandardError: *problems* holds one, or a sentence cannot be read, or two have the same id.
    """
    clauses: list[Clause] = []
    first: dict[str, int] = {}
    for sentence in sentences:
        if len(clauses) >= MAX_CLAUSES:
            problems.append(Complaint(f"more than {MAX_CLAUSES:,} clauses", "fewer").at(source, sentence.line))
            break
        if sentence.id in first:
            found = f"{sentence.id} again (first on line {first[sentence.id]})"
            problems.append(Complaint(found, "an id that no other clause has").at(source, sentence.line))
        first.setdefault(sentence.id, sentence.line)
        clauses.append(_clause(name, source, sentence, problems))
    if not (clauses or problems or empty):
        problems.append(Complaint("no clause", "at least one").at(source, 1))
    refuse_all(source, problems)
    return tuple(clauses)


def _clause(name: str, source: str, sentence: Sentence, problems: list[Problem]) -> Clause:
    text = tidy(sentence.text)
    complaints = list(_unfit(text))
    limits: tuple[Limit, ...] = ()
    if not complaints:
        limits, complaints = _limits(name, sentence, text)
    kind = sentence.kind or (ClauseKind.LIMIT if limits else ClauseKind.PRACTICE)
    if not complaints and (kind is ClauseKind.LIMIT and not limits):
        complaints.append(Complaint(f"kind limit for {quoted(text)}, which states none", "a number in the sentence"))
    if not complaints and (kind is ClauseKind.PRACTICE and limits):
        complaints.append(Complaint(f"kind practice for {quoted(text)}, which states a limit", "kind limit"))
    problems.extend(complaint.at(source, sentence.line) for complaint in complaints)
    return Clause(
        id=sentence.id,
        kind=kind,
        text=text,
        line=sentence.line,
        source=source,
        limits=limits,
        references=() if complaints else tuple(dict.fromkeys(REFERENCE.findall(text))),
    )


def _limits(name: str, sentence: Sentence, text: str) -> tuple[tuple[Limit, ...], list[Complaint]]:
    terms = terms_of(name, sentence.id)
    if sentence.declared is not None:
        return declared_limits(sentence.declared, text, terms, sentence.line)
    reading = read_limits(text, terms, sentence.line)
    return reading.limits, list(reading.complaints)


def _unfit(text: str) -> Iterator[Complaint]:
    if not text:
        yield Complaint("nothing", "a sentence")
    unsafe = unsafe_sentence(text)
    if unsafe is not None:
        yield unsafe
