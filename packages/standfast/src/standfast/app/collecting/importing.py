"""Import reports that other tools wrote: recognise each by its content, keep its bytes, state what it says."""

import codecs
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from standfast.app import clock
from standfast.app.collecting.report_file import ReportFile, read_report_file
from standfast.app.modules.evidence_modules import FoundImporter, importers
from standfast.app.repository.subject import WorkingCopy, committed_at, newest_change, subject_of_commit
from standfast.app.storage.store import IMPORTED, NO_DIGEST, Slot, Store
from standfast.evidence.contract import Head, Reading, readings
from standfast.evidence.formats.sniff import look
from standfast.model import EvidenceError, Problem, Producer, RawFile, StandfastError, Statement, Subject, UsageError

TOLERANCE_S = 2.0
"""Times in reports are often cut to the second."""

_SETTINGS = frozenset({"standfast.toml", "standfast-waivers.toml"})


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the person says about the reports: their kind, format, tool, and the commit they were made from."""

    kind: str | None = None
    format: str | None = None
    tool: str | None = None
    commit: str | None = None


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """One report as it was taken: what it was recognised as, what it states, and what the person should know."""

    path: str
    importer: str
    title: str
    raw: RawFile
    statements: tuple[Statement, ...]
    notices: tuple[str, ...] = ()


class _About(msgspec.Struct, frozen=True, kw_only=True):
    """What the reports are held to be about, and the times (epoch seconds) before which they cannot have been made.

    ``committed_at`` counts for a report that is known to be about the commit, ``changed_at`` (of ``newest``) for any
    other: who tests first and commits then has a report that is older than the commit and about its content.
    """

    subject: Subject
    committed_at: float
    changed_at: float = 0.0
    newest: str = ""


def import_reports(
    paths: Iterable[Path],
    copy: WorkingCopy,
    store: Store,
    *,
    wish: Wish | None = None,
    now: Callable[[], datetime] = clock.now,
    known: tuple[FoundImporter, ...] | None = None,
) -> tuple[Imported, ...]:
    """Store what every one of *paths* says, all of them or none, and return it.

    Raises:
        UsageError: The wish names no kind or format that there is.
        EvidenceError: Some report cannot be taken; every one of those is named.
    """
    wanted = wish or Wish()
    candidates = _candidates(importers() if known is None else known, wanted)
    chosen = tuple(dict.fromkeys(paths))
    about = _about(copy, wanted, chosen)
    taken, errors = [], []
    for path in chosen:
        try:
            file = read_report_file(path, Path(copy.root))
            taken.append(_take(file, copy, about, store, wanted, candidates, now()))
        except EvidenceError as error:
            errors.append((path, error))
    if errors:
        raise _all_of(errors)
    for one in taken:
        slot = Slot(
            source=one.path,
            kinds=tuple(statement.kind for statement in one.statements),
            statements=tuple(statement.digest for statement in one.statements),
        )
        store.fill(about.subject.tree, IMPORTED, slot)
    return tuple(taken)


def recognised(data: bytes, candidates: Iterable[FoundImporter]) -> FoundImporter:
    """Return the one importer that knows *data* by its content.

    Raises:
        EvidenceError: None does, or several do; what was seen is said.
    """
    head = look(data)
    found = [one for one in candidates if one.module.recognise(head)]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"{one.kind} ({one.format})" for one in found)
        raise EvidenceError(
            "report-ambiguous", f"the report may be {names}; it has {_seen(head)}", hint="say which: --kind or --format"
        )
    broken = _broken_json(data) if head.shape == "text" else ""
    raise EvidenceError(
        "report-unknown",
        f"no importer knows this report; it has {_seen(head)}{broken}",
        hint="it may be truncated; run the tool again and look at its own output"
        if broken
        else "`standfast evidence kinds` lists every format and the command that writes it",
    )


def _broken_json(data: bytes) -> str:
    """Return what keeps *data* from being the JSON that it begins as; ``""`` where it does not even begin so."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return ""
    try:
        msgspec.json.decode(data.removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return f" like JSON and is none: {error}"
    except RecursionError:
        return " like JSON and nests too deep"
    return ""


def _candidates(known: tuple[FoundImporter, ...], wish: Wish) -> tuple[FoundImporter, ...]:
    for name, value, offered in (
        ("kind", wish.kind, {one.kind for one in known}),
        ("format", wish.format, {one.module.FORMAT.name for one in known}),
    ):
        if value is not None and value not in offered:
            raise UsageError(
                f"import-{name}", f"there is no {name} {value!r}", hint=f"there are: {', '.join(sorted(offered))}"
            )
    return tuple(
        one for one in known if wish.kind in (None, one.kind) and wish.format in (None, one.module.FORMAT.name)
    )


def _seen(head: Head) -> str:
    keys = ", ".join(sorted(head.keys)[:8])
    match head.shape:
        case "xml":
            return f"the XML root element <{head.root}>" + (f" with {keys}" if keys else "")
        case "text":
            first = head.start.strip().splitlines()[0][:60] if head.start.strip() else ""
            return f"text that begins {first!r}"
        case _:
            return f"JSON ({head.shape}) with the keys {keys}" if keys else f"JSON ({head.shape}) without keys"


def _about(copy: WorkingCopy, wish: Wish, paths: tuple[Path, ...]) -> _About:
    if wish.commit is not None:
        subject, committed = subject_of_commit(Path(copy.root), wish.commit)
        named = msgspec.structs.replace(subject, service=copy.subject.service, environment=copy.subject.environment)
        return _About(subject=named, committed_at=committed)
    committed = committed_at(Path(copy.root), copy.subject.commit) if copy.subject.commit else 0
    reports = {_relative(path, copy.root) for path in paths}
    changed_at, newest = newest_change(copy, without=_SETTINGS | reports)
    return _About(subject=copy.subject, committed_at=committed, changed_at=changed_at, newest=newest)


def _relative(path: Path, root: str) -> str:
    absolute = path.absolute()
    name = absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else str(absolute)
    return os.fsencode(name).decode("utf-8", "backslashreplace")  # a name need not be text


def _take(
    file: ReportFile,
    copy: WorkingCopy,
    about: _About,
    store: Store,
    wish: Wish,
    candidates: tuple[FoundImporter, ...],
    now: datetime,
) -> Imported:
    importer = recognised(file.data, candidates)
    read = _read(importer, file.data)
    name = _relative(file.path, copy.root)
    raw = RawFile(name, store.put(file.data), len(file.data))
    statements = tuple(_statement(reading, raw, file, about, store, wish, now) for reading in read)
    part_of_content = any(tracked.path == name for tracked in copy.files)
    notice = f"{name} is itself part of the content that it is about; ignore it in git or write it elsewhere"
    return Imported(
        path=name,
        importer=f"{importer.kind}/{importer.module.FORMAT.name}",
        title=importer.module.FORMAT.title,
        raw=raw,
        statements=statements,
        notices=(notice,) if part_of_content else (),
    )


def _read(importer: FoundImporter, data: bytes) -> tuple[Reading, ...]:
    try:
        read = readings(importer.module.read(data))
    except StandfastError:
        raise
    except Exception as error:  # the importer's own fault; the report is no evidence either way
        raise EvidenceError(
            "importer-failed",
            f"reading it as {importer.module.FORMAT.title} failed: {type(error).__name__}: {error}",
            hint="this is a fault of ours; please report it with the file",
        ) from error
    if not read:
        raise EvidenceError("report-says-nothing", f"as {importer.module.FORMAT.title} it says nothing")
    return read


def _statement(
    reading: Reading, raw: RawFile, file: ReportFile, about: _About, store: Store, wish: Wish, now: datetime
) -> Statement:
    written = datetime.fromtimestamp(file.changed_at, UTC).replace(microsecond=0)
    told = reading.produced_at if reading.produced_at is not None and reading.produced_at.tzinfo else None
    produced_at = told.astimezone(UTC) if told else min(written, now)
    draft = Statement(
        digest=NO_DIGEST,
        subject=about.subject,
        producer=Producer(tool=wish.tool or reading.tool, version=reading.version),
        produced_at=produced_at,
        raw=(raw,),
        body=reading.body,
        problems=(*_problems(reading, produced_at.timestamp(), about), *reading.problems),
    )
    return store.keep(draft)


def _problems(reading: Reading, produced_at: float, about: _About) -> Iterator[str]:
    commit, named = about.subject.commit, reading.revision
    same = named is not None and commit is not None and _same_revision(named, commit)
    if named is not None and not same:
        yield f"the report names revision {named:.12}, this is about {commit or 'content without a commit':.12}"
    if same and about.subject.dirty:
        yield f"the report is about commit {named:.12}; this content has changes on top of it"
    if reading.body.STANDING:
        return
    if (same or not about.newest) and produced_at < about.committed_at - TOLERANCE_S:
        yield f"the report is older than commit {commit:.12}"
    elif not same and produced_at < about.changed_at - TOLERANCE_S:
        yield f"the report is older than {about.newest}, which changed after it was made"


def _same_revision(named: str, commit: str) -> bool:
    short = named.strip().lower()
    return len(short) >= 7 and (commit.startswith(short) or short.startswith(commit))


def _all_of(errors: list[tuple[Path, EvidenceError]]) -> EvidenceError:
    if len(errors) == 1:
        path, error = errors[0]
        message = error.message if str(path) in error.message else f"{path}: {error.message}"
        return EvidenceError(error.code, message, hint=error.hint, problems=error.problems)
    return EvidenceError(
        "reports-refused",
        f"{len(errors)} reports cannot be taken; nothing was stored",
        hint="mend or leave out these, then import again",
        problems=tuple(Problem(str(path), error.message, "a report that can be taken") for path, error in errors),
    )
