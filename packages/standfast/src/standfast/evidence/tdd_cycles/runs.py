"""What one run of some tests told, and whether a failure speaks of the change that was missing."""

import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from standfast.evidence.coverage.ranges import as_ranges
from standfast.evidence.wording.places import is_test


class Raised(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was raised: its class, those above it, what it says, names that it carries, and where it came up.

    ``place`` is the innermost file of the project in which it came up, empty where there is none.
    """

    kind: str = ""
    kinds: tuple[str, ...] = ()
    message: str = ""
    names: tuple[str, ...] = ()
    place: str = ""


class TestEnd(Raised, frozen=True, kw_only=True, omit_defaults=True):
    """How one test ended: ``passed``, ``failed``, ``error`` or ``skipped``."""

    __test__ = False  # not a test class, whatever a test runner makes of the name

    id: str
    outcome: str

    @property
    def is_red(self) -> bool:
        """Whether it did not do what it should."""
        return self.outcome in ("failed", "error")


class Broken(Raised, frozen=True, kw_only=True, omit_defaults=True):
    """A file (or folder) of tests that could not be read, by its path."""

    id: str


class Lines(msgspec.Struct, frozen=True, omit_defaults=True):
    """The lines of a file that have code, and those that ran; a ``problem`` where nobody can tell."""

    code: tuple[int, ...] = ()
    ran: tuple[int, ...] = ()
    problem: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of some tests on one state of the project.

    ``problem`` says why it proves nothing; then there is nothing else to see.
    """

    tests: tuple[TestEnd, ...] = ()
    broken: tuple[Broken, ...] = ()
    lines: Mapping[str, Lines] = {}
    measured: bool = False
    problem: str = ""

    def ends(self) -> dict[str, TestEnd]:
        """Return each test by its id."""
        return {test.id: test for test in self.tests}

    def failure(self, test: str) -> Raised | None:
        """Return what keeps *test* from passing: its own failure, or that its file could not be read."""
        found = self.ends().get(test)
        if found is not None:
            return found if found.is_red else None
        path = test.partition("::")[0]
        return next((one for one in self.broken if one.id in ("", path) or path.startswith(f"{one.id}/")), None)

    def passed(self, test: str) -> bool:
        """Return whether *test* ran and passed."""
        found = self.ends().get(test)
        return found is not None and found.outcome == "passed"


class Reason(StrEnum):
    """Whether a failure speaks of the change that was missing."""

    RIGHT = "right"
    WRONG = "wrong"
    INCONCLUSIVE = "inconclusive"


_ASSERTS = frozenset({"AssertionError", "Failed"})
_MISSES = frozenset({"ImportError", "AttributeError", "NameError", "TypeError", "KeyError"})
_NEVER = frozenset({"SyntaxError", "FixtureLookupError", "FixtureLookupErrorRepr"})
_WORD = re.compile(r"\w+")


def reason_of(raised: Raised, added: frozenset[str]) -> Reason:
    """Return whether *raised* is what a test says that asks for something that is not there yet.

    *added* are the words that the change brings. Right are an assertion that does not hold, a missing thing that the
    change brings, and an error that comes up in the code under test. Wrong are a test that is no Python and one that
    asks for a fixture that nobody has: neither says anything about the code. Everything else, such as a package that
    is not installed, decides nothing.
    """
    kinds = frozenset((raised.kind, *raised.kinds))
    if kinds & _NEVER:
        return Reason.WRONG if not raised.place or is_test(raised.place) else Reason.INCONCLUSIVE
    if kinds & _ASSERTS:
        return Reason.RIGHT
    if kinds & _MISSES and _named(raised) & added:
        return Reason.RIGHT
    if raised.place and not is_test(raised.place) and not kinds & {"ImportError"}:
        return Reason.RIGHT
    return Reason.INCONCLUSIVE


def _named(raised: Raised) -> frozenset[str]:
    quoted = raised.message if "KeyError" in raised.kinds else ""
    return frozenset((*_WORD.findall(raised.message), *_WORD.findall(" ".join(raised.names)), quoted.strip("'\"")))


def missed_lines(lines: Lines, changed: frozenset[int]) -> str:
    """Return the changed lines with code that did not run, as ranges; empty where all ran."""
    return as_ranges(sorted(changed.intersection(lines.code).difference(lines.ran)))
