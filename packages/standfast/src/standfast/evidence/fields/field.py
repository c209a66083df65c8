"""One field, and what its name says it holds."""

import re

import msgspec

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Field(msgspec.Struct, frozen=True, omit_defaults=True):
    """A field of ``owner`` (a table, a class). ``stored`` tells what is kept from what is only passed on."""

    owner: str
    name: str
    path: str
    line: int
    stored: bool = False

    @property
    def full_name(self) -> str:
        """Owner and name."""
        return f"{self.owner}.{self.name}"


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of *name* in lower case: ``cardNumber``, ``CARD_NUMBER`` and ``card-number`` have the same."""
    return tuple(word.lower() for word in _WORDS.findall(name))


class Words(msgspec.Struct, frozen=True):
    """Which names mean something: a run of words, written together or apart, unless a harmless word is among them."""

    runs: frozenset[str]
    harmless: frozenset[str]

    def found_in(self, name: str) -> str:
        """Return the first run in *name*; ``""`` where there is none."""
        words = words_of(name)
        if not self.harmless.isdisjoint(words):
            return ""
        for length in range(min(4, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                run = "".join(words[start : start + length])
                if run in self.runs:
                    return run
        return ""
