"""The commits of a range, and every state of the project that replaying them needs, without touching the working copy.

New trees are written beside the repository's own objects, into a folder that goes away afterwards.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from standfast.app.repository.git import Place
from standfast.evidence.changed_lines.diff import parse_diff
from standfast.evidence.tdd_cycles.changes import CONFIGURATION, Change, FileChange, is_code
from standfast.evidence.tdd_cycles.imports import imported_names
from standfast.evidence.wording.places import is_test
from standfast.model import ConfigurationError

MAX_COMMITS = 500
MAX_FILE_BYTES = 5_000_000
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_LINK, _MODULE = "120000", "160000"


class Entry(msgspec.Struct, frozen=True):
    """One changed path of a commit: mode and blob before and after; blob ``None`` where there is no file."""

    path: str
    old_mode: str
    old: str | None
    new_mode: str
    new: str | None


class History:
    """The commits of a repository, for a project that may be a folder in it."""

    def __init__(self, place: Place, scratch: Path) -> None:
        self._place = place
        self._index = scratch / "index"
        self._imports: dict[tuple[str, str], frozenset[str]] = {}
        objects = scratch / "objects"
        objects.mkdir(parents=True, exist_ok=True)
        self.git = place.git.aside(
            GIT_OBJECT_DIRECTORY=str(objects),
            GIT_ALTERNATE_OBJECT_DIRECTORIES=str(place.objects),
            GIT_INDEX_FILE=str(self._index),
        )

    def commits(self, span: str) -> tuple[str, ...]:
        """Return the ids of the commits in *span* that are no merges, the oldest first.

        Raises:
            ConfigurationError: It is no range of commits, has none, or more than are replayed at once.
        """
        listed = self.git.ask("rev-list", "--reverse", "--no-merges", f"--max-count={MAX_COMMITS + 1}", span, "--")
        if listed is None or span.startswith("-"):
            raise ConfigurationError(
                "range-unknown", f"{span!r} is no range of commits", hint="for example main..HEAD, or HEAD~10..HEAD"
            )
        found = tuple(listed.decode("ascii").split())
        if not found:
            raise ConfigurationError("range-empty", f"there is no commit in {span}", hint="for example HEAD~10..HEAD")
        if len(found) > MAX_COMMITS:
            raise ConfigurationError(
                "range-large", f"{span} has more than {MAX_COMMITS} commits", hint="replay it in parts"
            )
        return found

    def change(self, commit: str) -> Change:
        """Return what *commit* did below the folder of the project.

        Raises:
            ConfigurationError: git cannot tell.
        """
        parent = self.git.line("rev-parse", "--verify", "--quiet", f"{commit}^1^{{tree}}") or _EMPTY_TREE
        tree = os.fsdecode(self.git.must("rev-parse", "--verify", f"{commit}^{{tree}}")).strip()
        subject = os.fsdecode(self.git.must("show", "-s", "--format=%s", commit)).strip()
        entries = tuple(self._entries(parent, tree))
        files = tuple(self._files(parent, tree, entries))
        return Change(
            commit=commit,
            subject=subject,
            before=parent,
            after=tree,
            mixed=self._mixed(parent, entries) if any(is_test(one.path) for one in files) else parent,
            files=files,
        )

    def place_in(self, tree: str, folder: Path) -> None:
        """Write the files of *tree* below *folder*.

        Raises:
            ConfigurationError: git cannot.
        """
        self._index.unlink(missing_ok=True)
        self.git.must("read-tree", tree)
        self.git.must("checkout-index", "--all", "--force", f"--prefix={folder}/")

    def imports(self, tree: str) -> dict[str, frozenset[str]]:
        """Return the names that each Python file of the project in *tree* may import, by its path.

        Raises:
            ConfigurationError: git cannot tell.
        """
        wanted = {}
        for line in self.git.must("ls-tree", "-r", "-z", tree).split(b"\0"):
            told, _, name = line.partition(b"\t")
            path = os.fsdecode(name)
            if path.startswith(self._place.prefix) and path.endswith(".py") and told.startswith(b"100"):
                wanted[self._below(path)] = told.split()[2].decode("ascii")
        self._read_imports({(blob, path) for path, blob in wanted.items()} - self._imports.keys())
        return {path: self._imports[blob, path] for path, blob in wanted.items()}

    def _read_imports(self, files: set[tuple[str, str]]) -> None:
        ordered = sorted(files)
        asked = "".join(f"{blob}\n" for blob, _ in ordered).encode("ascii")
        answer, start = self.git.must("cat-file", "--batch", stdin=asked), 0
        for blob, path in ordered:
            end = answer.index(b"\n", start)
            size = int(answer[start:end].split()[2])
            self._imports[blob, path] = imported_names(answer[end + 1 : end + 1 + size], path)
            start = end + 2 + size

    def _entries(self, parent: str, tree: str) -> Iterator[Entry]:
        raw = self.git.must("diff-tree", "-r", "-z", "--no-renames", parent, tree)
        fields = raw.split(b"\0")
        for told, name in zip(fields[::2], fields[1::2], strict=False):
            old_mode, new_mode, old, new, _ = told.decode("ascii").lstrip(":").split()
            path = os.fsdecode(name)
            if path.startswith(self._place.prefix):
                yield Entry(path, old_mode, _there(old), new_mode, _there(new))

    def _files(self, parent: str, tree: str, entries: tuple[Entry, ...]) -> Iterator[FileChange]:
        wanted = [one for one in entries if is_test(self._below(one.path)) or is_code(self._below(one.path))]
        wanted = [one for one in wanted if not {one.old_mode, one.new_mode} & {_LINK, _MODULE}]
        changed = [one.path for one in wanted if one.new is not None]
        lines = self._new_lines(parent, tree, changed)
        for one in wanted:
            yield FileChange(
                path=self._below(one.path),
                before=self._bytes(one.old),
                after=self._bytes(one.new),
                lines=lines.get(one.path, frozenset()),
            )

    def _new_lines(self, parent: str, tree: str, paths: list[str]) -> dict[str, frozenset[int]]:
        if not paths:
            return {}
        options = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "-U0", "--src-prefix=a/")
        diff = self.git.must("diff-tree", "-p", *options, "--dst-prefix=b/", parent, tree, "--", *paths)
        return {file.path: frozenset(file.lines) for file in parse_diff(diff)}

    def _bytes(self, blob: str | None) -> bytes | None:
        if blob is None:
            return None
        size = int(self.git.must("cat-file", "-s", blob))
        return self.git.must("cat-file", "blob", blob) if size <= MAX_FILE_BYTES else b"\0"

    def _mixed(self, parent: str, entries: tuple[Entry, ...]) -> str:
        """Return the tree of the parent with the tests, and what tells pytest how to run, of the commit."""
        self._index.unlink(missing_ok=True)
        self.git.must("read-tree", parent)
        lines = []
        for one in entries:
            path = self._below(one.path)
            if is_test(path) or path in CONFIGURATION:
                mode, blob = (one.new_mode, one.new) if one.new is not None else ("0", "0" * 40)
                lines.append(f"{mode} {blob}\t".encode() + os.fsencode(one.path))
        self.git.must("update-index", "-z", "--index-info", stdin=b"".join(line + b"\0" for line in lines))
        return os.fsdecode(self.git.must("write-tree")).strip()

    def _below(self, path: str) -> str:
        return path.removeprefix(self._place.prefix)


def _there(blob: str) -> str | None:
    return None if set(blob) == {"0"} else blob
