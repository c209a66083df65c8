"""What Standfast asks of a forge. Whatever it holds is a mirror: the ledger is the record, and nothing rests on it."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from standfast.evidence.environments.schema import Environment
from standfast.model import UndecidableError


class ForgeError(UndecidableError):
    """The forge did not answer, or refused; what was to be told stays to be told.

    ``passing`` says that it may be otherwise in a while, without anybody doing anything.
    """

    def __init__(self, code: str, message: str, *, hint: str = "", passing: bool = False) -> None:
        super().__init__(code, message, hint=hint)
        self.passing = passing


class MarkState(StrEnum):
    """How a gate is shown at a commit. Only a verdict that opens the gate is a success."""

    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One gate at one commit. ``text`` has at most 140 characters; ``reference`` tells this verdict from others."""

    name: str
    state: MarkState
    text: str
    reference: str


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """An issue, as far as it matters here."""

    number: int
    body: str
    labels: frozenset[str] = frozenset()
    closed: bool = False
    url: str = ""


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment on an issue. Its id is the forge's own."""

    id: int
    body: str
    url: str = ""


class Forge(Protocol):
    """A forge, with one repository of it.

    Every method raises `ForgeError` where the forge cannot be asked, refuses, or answers what cannot be understood.
    No method repeats a request that may have been carried out: who asks looks first what is there.
    """

    name: str
    """Which repository of which forge, as people read it."""

    def issue(self, number: int) -> Issue:
        """Return the issue with that number."""
        ...

    def issue_that_begins(self, marker: str, *, since: datetime) -> Issue | None:
        """Return the oldest issue, made or changed since then, whose text begins with *marker*; None if none does."""
        ...

    def open_issue(self, title: str, body: str) -> Issue:
        """Return the new issue."""
        ...

    def close_issue(self, number: int, *, done: bool) -> None:
        """Close the issue, as done or as not to be done."""
        ...

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return every comment on the issue, the oldest first."""
        ...

    def comment(self, number: int, body: str) -> Comment:
        """Return the new comment."""
        ...

    def edit_comment(self, number: int, comment: int, body: str) -> None:
        """Let the comment say *body*."""
        ...

    def label(self, number: int, *, add: frozenset[str], remove: frozenset[str]) -> frozenset[str]:
        """Return the labels that the issue has after some were added and others removed, as the forge tells them."""
        ...

    def marks(self, commit: str) -> dict[str, str]:
        """Return the reference and state (see `told`) of the newest mark of each name at *commit*."""
        ...

    def mark(self, commit: str, mark: Mark) -> None:
        """Set *mark* at *commit*."""
        ...

    def exports(self, commit: str) -> tuple[bytes, ...]:
        """Return each request to merge whose newest commit is *commit*, with its reviews, as importers read them."""
        ...

    def environments(self) -> tuple[Environment, ...]:
        """Return the environments, and how they are protected."""
        ...


def told(state: MarkState, text: str) -> str:
    """Return by what two marks of one name at one commit are known to be the same."""
    return f"{state} {text}"
