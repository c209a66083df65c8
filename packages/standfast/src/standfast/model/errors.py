"""The one error tree of Standfast.

::

    StandfastError
    +-- UsageError            the command was called wrongly            exit 2
    +-- ConfigurationError    standfast.toml, waivers, a control file   exit 2
    |   +-- StandardError     the text of a standard                    exit 2
    +-- EvidenceError         a report that cannot be taken as evidence exit 3
    +-- UndecidableError      no verdict can be formed                  exit 3
    +-- LedgerError           the log does not verify                   exit 4

An error has a stable ``code``, says what was found, what was expected, and the next step.
Only ``cli`` prints and exits.
"""

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong in one document: where, what was found, what was expected."""

    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Read as one line."""
        return f"{self.where}: found {self.found}, expected {self.expected}"


class StandfastError(Exception):
    """The base of every error that Standfast raises on purpose."""

    exit_code = 2

    def __init__(self, code: str, message: str, *, hint: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.problems = problems

    def __str__(self) -> str:
        """The message, then one line per problem."""
        return "\n".join([self.message, *(f"  {problem}" for problem in self.problems)])


class UsageError(StandfastError):
    """The command was called with words it does not know or that do not go together."""


class ConfigurationError(StandfastError):
    """A file that the user wrote (settings, waivers, a control) cannot be taken as it is."""


class StandardError(ConfigurationError):
    """The text of a standard cannot be read without guessing."""


class EvidenceError(StandfastError):
    """A report cannot be taken as evidence; it never counts as a pass."""

    exit_code = 3


class UndecidableError(StandfastError):
    """No verdict can be formed from what is there."""

    exit_code = 3


class LedgerError(StandfastError):
    """The log, or bytes that it vouches for, are not what they were."""

    exit_code = 4
