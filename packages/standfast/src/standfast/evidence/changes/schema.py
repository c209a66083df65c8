"""The commits between a base and the subject, as git records them."""

from datetime import datetime
from typing import ClassVar

import msgspec

from standfast.evidence.wording.people import Person
from standfast.model import Evidence, Unit


class Trailer(msgspec.Struct, frozen=True):
    """One ``Key: value`` line at the end of a commit message; the key in lower case."""

    key: str
    value: str


class ChangedFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file of one commit; lines are None for a binary file."""

    path: str
    added: int | None = None
    deleted: int | None = None


class Commit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One commit. ``signed`` tells whether it carries a signature, not whether the signature is good.

    Names are as the project's mailmap has them; ``recorded_as`` is the author as the commit itself has it, where the
    mailmap says otherwise.
    """

    id: str
    author: Person
    committer: Person
    authored_at: datetime
    committed_at: datetime
    subject: str
    recorded_as: Person | None = None
    parents: tuple[str, ...] = ()
    trailers: tuple[Trailer, ...] = ()
    files: tuple[ChangedFile, ...] = ()
    signed: bool = False

    @property
    def merge(self) -> bool:
        """Whether it joins several lines of history."""
        return len(self.parents) > 1

    def values(self, *keys: str) -> tuple[str, ...]:
        """Return the values of the trailers with one of those keys (lower case)."""
        return tuple(trailer.value for trailer in self.trailers if trailer.key in keys)


class Changes(Evidence, frozen=True, kw_only=True):
    """What the change consists of. ``head`` is its newest commit, ``base`` the commit it starts from.

    ``authors`` are all who wrote some of it, authors and co-authors, under each of the names that they go by.
    """

    KIND: ClassVar[str] = "changes"
    TITLE: ClassVar[str] = "The commits of the change"
    UNITS: ClassVar[dict[str, Unit]] = {
        "commit_count": Unit.COUNT,
        "signed_count": Unit.COUNT,
        "source_file_count": Unit.COUNT,
        "test_file_count": Unit.COUNT,
        "document_count": Unit.COUNT,
    }

    head: str
    base: str
    commits: tuple[Commit, ...] = ()
    authors: tuple[Person, ...] = ()
    sources: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def commit_count(self) -> int:
        """How many commits there are."""
        return len(self.commits)

    @property
    def signed_count(self) -> int:
        """How many of them carry a signature."""
        return sum(1 for commit in self.commits if commit.signed)

    @property
    def source_file_count(self) -> int:
        """How many program files are touched that are not tests."""
        return len(self.sources)

    @property
    def test_file_count(self) -> int:
        """How many test files are touched."""
        return len(self.tests)

    @property
    def document_count(self) -> int:
        """How many documents are touched."""
        return len(self.documents)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that is touched."""
        return (*self.sources, *self.tests, *self.documents, *self.others)
