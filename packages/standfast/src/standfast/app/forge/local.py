"""The port without any forge: issues are files, marks are git notes. It vouches for nobody and nothing.

::

    .standfast/forge/issues/<number>.json    an issue with its comments, for its owner alone
    refs/notes/standfast                     the marks of each commit: git log --notes=standfast
"""

from datetime import datetime
from pathlib import Path

import msgspec

from standfast.app.forge.port import Comment, Forge, ForgeError, Issue, Mark, told
from standfast.app.repository.git import Git
from standfast.app.storage.durable import own_folder, read_bounded, write_durably
from standfast.app.storage.store import Store
from standfast.evidence.environments.schema import Environment
from standfast.model import EvidenceError

NOTES = "standfast"
_MOST = 50_000_000
_WHO = ("user.name=Standfast", "user.email=standfast@localhost", "core.fsync=all")


class _Kept(msgspec.Struct, kw_only=True):
    number: int
    title: str
    body: str
    closed: str = ""
    labels: set[str] = msgspec.field(default_factory=set)
    comments: list[str] = msgspec.field(default_factory=list)


class Local(Forge):
    """One working copy; one process at a time uses it."""

    def __init__(self, root: Path) -> None:
        self.name = f"files and git notes of {root.name}"
        self._git = Git(root, *_WHO)
        self._folder = own_folder(own_folder(Store(root).folder / "forge") / "issues")

    def issue(self, number: int) -> Issue:
        """Return the issue with that number."""
        return self._plain(self._read(number))

    def issue_that_begins(self, marker: str, *, since: datetime) -> Issue | None:
        """Return the oldest issue whose text begins with *marker*; None if none does."""
        for number in self._numbers():
            one = self._read(number)
            if one.body.startswith(marker):
                return self._plain(one)
        return None

    def open_issue(self, title: str, body: str) -> Issue:
        """Return the new issue."""
        one = _Kept(number=max(self._numbers(), default=0) + 1, title=title, body=body)
        return self._write(one)

    def close_issue(self, number: int, *, done: bool) -> None:
        """Close the issue, as done or as not to be done."""
        one = self._read(number)
        one.closed = "done" if done else "not to be done"
        self._write(one)

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return every comment on the issue, the oldest first."""
        return tuple(Comment(id=place, body=body) for place, body in enumerate(self._read(number).comments, 1))

    def comment(self, number: int, body: str) -> Comment:
        """Return the new comment."""
        one = self._read(number)
        one.comments.append(body)
        self._write(one)
        return Comment(id=len(one.comments), body=body)

    def edit_comment(self, number: int, comment: int, body: str) -> None:
        """Let the comment say *body*."""
        one = self._read(number)
        if not 1 <= comment <= len(one.comments):
            raise ForgeError("forge-unknown", f"issue {number} of {self.name} has no comment {comment}")
        one.comments[comment - 1] = body
        self._write(one)

    def label(self, number: int, *, add: frozenset[str], remove: frozenset[str]) -> frozenset[str]:
        """Return the labels that the issue has after some were added and others removed."""
        one = self._read(number)
        one.labels = (one.labels | add) - remove
        return self._write(one).labels

    def marks(self, commit: str) -> dict[str, str]:
        """Return the state and text of each mark at *commit*."""
        lines = (self._git.line("notes", f"--ref={NOTES}", "show", commit) or "").splitlines()
        parts = (line.partition(": ") for line in lines)
        return {name: rest for name, colon, rest in parts if colon}

    def mark(self, commit: str, mark: Mark) -> None:
        """Set *mark* in the note of *commit*."""
        marks = {**self.marks(commit), mark.name: told(mark.state, mark.text)}
        text = "".join(f"{name}: {rest}\n" for name, rest in sorted(marks.items()))
        self._git.must("notes", f"--ref={NOTES}", "add", "--force", "--file=-", commit, stdin=text.encode())

    def exports(self, commit: str) -> tuple[bytes, ...]:
        """Return nothing: without a forge, reviews are what people record in the session."""
        return ()

    def environments(self) -> tuple[Environment, ...]:
        """Return nothing: there is nobody who would protect them."""
        return ()

    def _numbers(self) -> list[int]:
        return sorted(int(path.stem) for path in self._folder.glob("*.json") if path.stem.isdecimal())

    def _read(self, number: int) -> _Kept:
        path = self._folder / f"{number}.json"
        try:
            return msgspec.json.decode(read_bounded(path, _MOST), type=_Kept)
        except FileNotFoundError as error:
            raise ForgeError("forge-unknown", f"there is no issue {number} among the {self.name}") from error
        except (EvidenceError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ForgeError("forge-odd", f"{path} cannot be read: {error}") from error

    def _write(self, one: _Kept) -> Issue:
        path = self._folder / f"{one.number}.json"
        try:
            write_durably(path, msgspec.json.format(msgspec.json.encode(one)) + b"\n")
        except EvidenceError as error:
            raise ForgeError("forge-unwell", error.message, hint=error.hint) from error
        return self._plain(one)

    def _plain(self, one: _Kept) -> Issue:
        return Issue(number=one.number, body=one.body, labels=frozenset(one.labels), closed=bool(one.closed))
