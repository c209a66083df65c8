"""The bytes of a standard as text, once they are known to be harmless to read."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NoReturn

import msgspec

from standfast.model import Problem, StandardError

MAX_BYTES = 5_000_000
"""A longer document is refused before it is decoded."""

MAX_LINE = 10_000
"""The longest line, in characters."""

MAX_SENTENCE = 2_000
"""The longest sentence, in characters."""

SHOWN_PROBLEMS = 100
"""So many problems of one document are listed; the message counts all."""

_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
_SPACE = re.compile(r"\s+")


class Complaint(msgspec.Struct, frozen=True):
    """What is wrong with a part of a document whose place the caller knows."""

    found: str
    expected: str

    def at(self, source: str, line: int) -> Problem:
        """Return the problem at that place."""
        return Problem(f"{source}:{line}", self.found, self.expected)


def refuse(code: str, source: str, line: int, found: str, expected: str) -> NoReturn:
    """Raise the one problem that makes it pointless to read on."""
    raise StandardError(
        code,
        f"{source} cannot be read as a standard",
        hint="docs/reference/standard-format.md shows both forms",
        problems=(Problem(f"{source}:{line}", found, expected),),
    )


def refuse_all(source: str, problems: Iterable[Problem]) -> None:
    """Raise all of *problems* in one error; return where there is none."""
    found = tuple(problems)
    if not found:
        return
    count = "1 problem" if len(found) == 1 else f"{len(found):,} problems"
    shown = "" if len(found) <= SHOWN_PROBLEMS else f"; the first {SHOWN_PROBLEMS} are"
    raise StandardError(
        "standard-invalid",
        f"{source} has {count}{shown}",
        hint="docs/reference/standard-format.md says how sentences and limits are written",
        problems=found[:SHOWN_PROBLEMS],
    )


def text_of(data: bytes, source: str) -> str:
    r"""Return *data* as text with lines that end in ``\n``.

    Raises:
        StandardError: It is too long, empty, not UTF-8, or has an overlong line.
    """
    if len(data) > MAX_BYTES:
        refuse("standard-too-large", source, 1, f"{len(data):,} bytes or more", f"at most {MAX_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        refuse("standard-encoding", source, line, f"byte 0x{data[error.start]:02x}", "UTF-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        refuse("standard-empty", source, 1, "an empty document", "a standard in the module form or in TOML")
    for number, line_text in enumerate(text.split("\n"), 1):
        if len(line_text) > MAX_LINE:
            refuse("standard-long-line", source, number, f"{len(line_text):,} characters", f"at most {MAX_LINE:,}")
    return text


def tidy(sentence: str) -> str:
    """Return *sentence* with single spaces and none around it."""
    return _SPACE.sub(" ", sentence).strip()


def unsafe_sentence(sentence: str) -> Complaint | None:
    """Return why a sentence must not be quoted to people as it is: overlong, or with characters nobody sees."""
    if len(sentence) > MAX_SENTENCE:
        return Complaint(f"a sentence of {len(sentence):,} characters", f"at most {MAX_SENTENCE:,}")
    if sentence.isascii() and sentence.isprintable():
        return None
    for char in sentence:
        if unicodedata.category(char) in _INVISIBLE:
            return Complaint(f"the invisible character U+{ord(char):04X} in {quoted(sentence)}", "visible text only")
    return None


def quoted(text: str, limit: int = 200) -> str:
    """Return *text* in quotation marks, cut where it is long, with unprintable characters escaped."""
    cut = text if len(text) <= limit else text[: limit - 3] + "..."
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut) + '"'
