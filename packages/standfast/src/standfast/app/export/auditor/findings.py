"""What a verification found, and how it is said."""

from collections import Counter
from typing import NamedTuple

FORMAT = "standfast-audit-bundle-1"
PROVEN, VIOLATION, INCOMPLETE, UNCHECKED = 0, 1, 2, 3

# Bounds: what is larger is refused before it is read, so that no bundle can fill the memory.
MAX_FILES, MAX_NAME = 1_000_000, 200
MAX_NOTE, MAX_ABOUT, MAX_POLICY, MAX_LINE = 1_000_000, 1_000_000, 256 * 1024, 4_000_000
MAX_ENTRY, MAX_OBJECT = 8 * 1024, 64 * 1024 * 1024
MAX_OPEN_SESSIONS, MAX_SESSION = 200_000, 100_000
MAX_SIZE = (1 << 63) - 1
MOST = 1_000
BLOCK = 1 << 20


class Finding(NamedTuple):
    """One thing that is wrong, missing, or could not be looked at; `name` is stable."""

    code: int
    name: str
    where: str
    text: str

    def __str__(self) -> str:
        """Read as one line."""
        kind = {VIOLATION: "VIOLATION", INCOMPLETE: "INCOMPLETE", UNCHECKED: "NOT CHECKED"}[self.code]
        return f"{kind}  {self.name}: {shown(self.where)}: {shown(self.text)}"


class Findings:
    """All findings of one run; so many are kept, and all are counted."""

    def __init__(self) -> None:
        self.listed: list[Finding] = []
        self.counts: Counter[int] = Counter()

    def add(self, code: int, name: str, where: str, text: str) -> None:
        """Remember a finding."""
        self.counts[code] += 1
        if len(self.listed) < MOST:
            self.listed.append(Finding(code, name, where, text))

    @property
    def names(self) -> set[str]:
        """The names of what was found."""
        return {finding.name for finding in self.listed}

    @property
    def exit_code(self) -> int:
        """A violation counts most, then what could not be checked, then gaps."""
        return next((code for code in (VIOLATION, UNCHECKED, INCOMPLETE) if self.counts[code]), PROVEN)


class AuditError(Exception):
    """The base of what this program raises."""


class RefusedError(AuditError):
    """The bundle, or what was given with it, is not of a form that can be checked at all."""


def shown(text: str) -> str:
    """Return *text* so that it cannot move the cursor, hide or turn around what stands beside it."""
    return "".join(letter if letter.isprintable() and letter.isascii() else ascii(letter)[1:-1] for letter in text)
