"""Look after a store: prove that everything is what it was, and remove what is no longer needed."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from standfast.app.collecting.run_record import RunRecord
from standfast.app.storage.durable import read_bounded
from standfast.app.storage.locking import locked
from standfast.app.storage.store import COLLECTED, IMPORTED, MAX_OBJECT_BYTES, MAX_SLOT_BYTES, Store, named
from standfast.model import Digest, EvidenceError, sha256

PRUNE_LOCK_S = 30.0


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What was proved: so many objects and statements, and a sentence for everything that is not what it was."""

    objects: int
    statements: int
    problems: tuple[str, ...]


class Pruned(msgspec.Struct, frozen=True, kw_only=True):
    """How much was removed, and how much is left, in objects and bytes."""

    removed: int
    removed_bytes: int
    kept: int
    kept_bytes: int


def verify(store: Store) -> Health:
    """Return whether every object is what its name says and every statement leads to its raw bytes."""
    problems: list[str] = []
    good: set[Digest] = set()
    for digest, path in store.objects():
        if _is_whole(path, digest):
            good.add(digest)
        else:
            problems.append(f"object {digest} is not what it was ({path})")
    statements = 0
    for tree in store.trees():
        for problem, count in _verify_tree(store, tree, good):
            statements += count
            problems += [problem] if problem else []
    return Health(objects=len(good), statements=statements, problems=tuple(problems))


def prune(store: Store, *, now: datetime, older_than: timedelta, keep: Iterable[str] = ()) -> Pruned:
    """Remove what only contents untouched for *older_than* need, except those whose trees are in *keep*.

    Verdicts and contexts that are older go too: a verdict that must be replayed later belongs into an archive.

    Raises:
        UndecidableError: A command is collecting here.
    """
    with locked(store.lock, timeout_s=PRUNE_LOCK_S):
        oldest = (now - older_than).timestamp()
        kept_trees = {named(tree) for tree in keep}
        for tree in store.trees():
            folder = store.folder / "subjects" / tree
            if tree not in kept_trees and _newest(folder) < oldest:
                shutil.rmtree(folder)
        for file in list(store.runs()):
            if file.lstat().st_mtime < oldest:
                file.unlink()
        return _sweep(store, frozenset(_needed(store)), oldest)


def _is_whole(path: Path, digest: Digest) -> bool:
    try:
        return sha256(read_bounded(path, MAX_OBJECT_BYTES)) == digest
    except (FileNotFoundError, EvidenceError):
        return False


def _verify_tree(store: Store, tree: str, good: set[Digest]) -> Iterator[tuple[str, int]]:
    for origin in (COLLECTED, IMPORTED):
        try:
            slots = tuple(store.slots(tree, origin))
        except EvidenceError as error:
            yield error.message, 0
            continue
        for slot in slots:
            for digest in slot.statements:
                yield _verify_statement(store, digest, good), 1


def _verify_statement(store: Store, digest: Digest, good: set[Digest]) -> str:
    try:
        statement = store.statement(digest)
    except EvidenceError as error:
        return f"statement {digest}: {error.message}"
    lost = [raw.name for raw in statement.raw if raw.digest not in good]
    return f"statement {digest}: the raw bytes of {', '.join(lost)} are missing or changed" if lost else ""


def _newest(folder: Path) -> float:
    return max((path.lstat().st_mtime for path in folder.rglob("*.json")), default=0.0)


def _needed(store: Store) -> Iterator[Digest]:
    for tree in store.trees():
        for origin in (COLLECTED, IMPORTED):
            for slot in store.slots(tree, origin):
                for digest in slot.statements:
                    yield digest
                    yield from (raw.digest for raw in store.statement(digest).raw)
    for file in store.runs():
        record = msgspec.json.decode(read_bounded(file, MAX_SLOT_BYTES), type=RunRecord)
        yield from (raw.digest for raw in (record.stdout, record.stderr, *record.outputs))


def _sweep(store: Store, needed: frozenset[Digest], oldest: float) -> Pruned:
    removed, removed_bytes, kept, kept_bytes = 0, 0, 0, 0
    for digest, path in store.objects():
        status = path.lstat()
        if digest in needed or status.st_mtime >= oldest:
            kept, kept_bytes = kept + 1, kept_bytes + status.st_size
        else:
            path.unlink()
            removed, removed_bytes = removed + 1, removed_bytes + status.st_size
    for leftover in store.folder.rglob(".new-*"):
        if leftover.lstat().st_mtime < oldest:
            leftover.unlink()
    return Pruned(removed=removed, removed_bytes=removed_bytes, kept=kept, kept_bytes=kept_bytes)
