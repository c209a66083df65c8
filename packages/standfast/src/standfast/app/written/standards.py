"""Load standards: bundled ones by name, others from files, with what they extend and refer to."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from importlib.resources import files
from pathlib import Path

import msgspec

from standfast.app.written.settings import FILE_NAME, OverrideTable, StandardTable, read_settings
from standfast.model import Standard, StandardError
from standfast.standard.document import Document, OverrideRequest
from standfast.standard.read import SUFFIXES, read_document
from standfast.standard.resolve import references, resolve
from standfast.standard.text import MAX_BYTES

MAX_CHAIN = 10
"""So many standards may extend one another."""

_BUNDLED = "standfast.standard.bundled"


class _Loaded(msgspec.Struct, frozen=True):
    """A document and the folder that file names in it are relative to."""

    document: Document
    folder: Path


def bundled_names() -> tuple[str, ...]:
    """Return the names of the standards that come with Standfast."""
    entries = (entry.name for entry in files(_BUNDLED).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in entries if name.endswith(".toml")))


def load_standard(
    use: str,
    modules: Mapping[str, str] | None = None,
    overrides: Iterable[OverrideTable] = (),
    *,
    base: Path,
    now: datetime,
) -> Standard:
    """Return the standard *use*, a bundled name or a file below *base*, as it stands at *now* (UTC).

    ``modules`` says by path (``quality/tdd.md``) which name or file a reference means. A path that it does not hold
    means the bundled standard that provides it. What neither has stands in ``unresolved``.

    Raises:
        StandardError: A file cannot be read, is not a standard, or does not go together with the others.
    """
    chain = _chain(use, base)
    given = modules or {}
    return resolve(
        [loaded.document for loaded in chain],
        _modules(chain, given, base),
        _requests(overrides),
        today=now.date(),
    )


def project_standard(root: Path, choice: str | None, *, now: datetime) -> Standard:
    """Return the standard that the project in *root* is judged by; *choice* replaces the one its settings name.

    Where there are no settings it is *choice* or ``production``.

    Raises:
        ConfigurationError: The settings or the standard cannot be taken as they are.
    """
    file = root / FILE_NAME
    table = read_settings(file)[0].standard if file.exists() else StandardTable()
    return load_standard(choice or table.use, table.modules, table.override, base=root, now=now)


def later_standards(root: Path, choice: str | None, standard: Standard) -> dict[date, Standard]:
    """Return what *standard* becomes on each day on which an override of it ends.

    Raises:
        ConfigurationError: The settings or the standard cannot be taken as they are.
    """
    ends = {override.expires for override in standard.overrides if override.applied and override.expires}
    return {day: project_standard(root, choice, now=datetime.combine(day, time(), UTC)) for day in sorted(ends)}


def _requests(overrides: Iterable[OverrideTable]) -> list[OverrideRequest]:
    return [
        OverrideRequest(
            clause=table.clause,
            fact=table.fact,
            bound=table.bound,
            unit=table.unit,
            where=f"{FILE_NAME} [[standard.override]] {number}",
            reason=table.reason,
            owner=table.owner,
            expires=table.expires,
        )
        for number, table in enumerate(overrides, 1)
    ]


def _chain(use: str, base: Path) -> list[_Loaded]:
    """Return the document *use* and those that it extends, the last extended first."""
    chain = [_load(use, base)]
    seen = {(chain[0].document.source, chain[0].document.digest)}
    while extends := chain[0].document.extends:
        loaded = _load(extends, chain[0].folder)
        key = (loaded.document.source, loaded.document.digest)
        if key in seen or len(chain) >= MAX_CHAIN:
            raise StandardError(
                "standard-extends",
                f"{chain[0].document.source} extends {extends}, which leads back to it or too far",
                hint=f"at most {MAX_CHAIN} standards may extend one another, none of them itself",
            )
        seen.add(key)
        chain.insert(0, loaded)
    return chain


def _modules(chain: Iterable[_Loaded], given: Mapping[str, str], base: Path) -> dict[str, Document]:
    """Return the documents that the chain refers to, and those that they refer to, as far as there are any."""
    found: dict[str, Document] = {}
    waiting = [clause for loaded in chain for clause in loaded.document.clauses]
    provided: dict[str, Document] | None = None
    while waiting:
        paths = {path for _, path, _ in references(waiting)} - found.keys()
        waiting = []
        for path in sorted(paths):
            if path in given:
                found[path] = _load(given[path], base).document
            else:
                provided = _provided() if provided is None else provided
                if path not in provided:
                    continue
                found[path] = provided[path]
            waiting += found[path].clauses
    return found


def _provided() -> dict[str, Document]:
    documents = (_bundled(name) for name in bundled_names() if name != "production")
    return {document.provides: document for document in documents if document.provides}


def _load(use: str, folder: Path) -> _Loaded:
    if "/" in use or "\\" in use or use.lower().endswith(SUFFIXES):
        file = folder / use
        source = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else use
        return _Loaded(read_document(_bytes_of(file, source), source), file.parent)
    return _Loaded(_bundled(use), folder)


def _bundled(name: str) -> Document:
    names = bundled_names()
    if name not in names:
        raise StandardError(
            "standard-unknown",
            f"there is no standard called {name!r:.100}",
            hint=f"the bundled ones are {', '.join(names)}; a file is given with its suffix: ./{name:.50}.toml",
        )
    return read_document(files(_BUNDLED).joinpath(f"{name}.toml").read_bytes(), f"{name}.toml")


def _bytes_of(file: Path, shown: str) -> bytes:
    """Return the content of *file*, but never more than one byte beyond what may be read."""
    try:
        if not file.is_file():
            raise StandardError("standard-missing", f"there is no file {shown}", hint=f"looked for in {file.parent}")
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise StandardError("standard-unreadable", f"{shown} cannot be read: {error}") from error
