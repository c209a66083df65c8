"""One commit as the replay sees it: its tests, its code, and everything else that it touched."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import PurePosixPath

import msgspec

from standfast.evidence.runs.inventory import is_product
from standfast.evidence.tdd_cycles.python_changes import added_words, behaves_alike, changed_tests
from standfast.evidence.wording.places import is_test

CONFIGURATION = ("pyproject.toml", "pytest.ini", "tox.ini", "setup.cfg", ".coveragerc")
"""What tells pytest how to run; a new test may need what its commit says here."""

_PROSE = (".md", ".rst", ".txt", ".adoc")


class FileChange(msgspec.Struct, frozen=True, kw_only=True):
    """One file: its bytes before and after (None where it was not there), and its new lines."""

    path: str
    before: bytes | None
    after: bytes | None
    lines: frozenset[int] = frozenset()

    @property
    def is_python(self) -> bool:
        """Whether it is Python."""
        return self.path.endswith(".py")

    @property
    def is_alike(self) -> bool:
        """Whether it does what it did before."""
        return self.is_python and behaves_alike(self.before or b"", self.after or b"")

    @property
    def words(self) -> frozenset[str]:
        """The words that it brings; a file that is new brings its own name too."""
        named = () if self.before is not None else PurePosixPath(self.path).with_suffix("").parts
        return added_words(self.before or b"", self.after or b"") | frozenset(named)


def is_code(path: str) -> bool:
    """Return whether *path* is code of the product, or something that such code may read."""
    return is_product(path) and "/" in path and not path.startswith(".") and not path.endswith(_PROSE)


class Change(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One commit: the trees before and after it, and ``mixed``, its tests upon the code before it.

    ``files`` are those that it changed and that are tests or code; of anything else nothing is known here.
    """

    commit: str
    subject: str
    before: str
    after: str
    mixed: str
    files: tuple[FileChange, ...]

    @cached_property
    def code(self) -> tuple[FileChange, ...]:
        """The code that does something else than before."""
        return tuple(one for one in self.files if not is_test(one.path) and not one.is_alike)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that its code brings."""
        return frozenset(word for one in self.code for word in one.words)

    @cached_property
    def tests(self) -> "Chosen":
        """The tests that are new or other than before."""
        return Chosen(dict(self._tests()), everything=self._moves_cases)

    @property
    def touches_tests(self) -> bool:
        """Whether it changes anything that belongs to tests."""
        return any(is_test(one.path) and not one.is_alike for one in self.files)

    @property
    def _moves_cases(self) -> bool:
        return any(is_test(one.path) and not one.is_python for one in self.files)

    def _tests(self) -> Iterator[tuple[str, frozenset[str] | None]]:
        for one in self.files:
            if one.after is not None and one.is_python and is_test(one.path) and holds_tests(one.path):
                changed = changed_tests(one.before or b"", one.after)
                if changed is None or changed:
                    yield one.path, changed


class Chosen(msgspec.Struct, frozen=True):
    """Which tests a commit is about: by file, the names in it (None for all of them).

    ``everything`` says that files which tests read were changed too, so that any test may be meant.
    """

    names: dict[str, frozenset[str] | None]
    everything: bool = False

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.names) or self.everything

    @property
    def targets(self) -> tuple[str, ...] | None:
        """The files to run, in order; None for the whole suite."""
        return None if self.everything else tuple(sorted(self.names))

    @property
    def named(self) -> "Chosen":
        """Those of them that are known by name."""
        return Chosen(self.names)

    def __contains__(self, test: object) -> bool:
        """Return whether the test with that id, or the file of that path, is meant."""
        path, _, name = str(test).partition("::")
        if self.everything:
            return True
        if path not in self.names:
            return False
        names = self.names[path]
        return names is None or not name or name.partition("[")[0] in names


def holds_tests(path: str) -> bool:
    """Return whether pytest looks for tests in the file at *path*, by its name."""
    name = PurePosixPath(path).stem
    return name.startswith("test") or name.endswith(("_test", "_tests"))
