"""Split a sentence into words, numbers, comparators and separators; no digit in it is passed over."""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from standfast.model import Op, Unit
from standfast.model.units import unit_named
from standfast.standard.lexicon import (
    BIG_WORDS,
    COMPARATORS,
    LONE_COMPARATORS,
    LONGEST_COMPARATOR,
    NUMBER_WORDS,
    SEPARATORS,
)
from standfast.standard.text import Complaint, quoted


class TokenKind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    COMPARATOR = "comparator"
    SEPARATOR = "separator"


class Token(msgspec.Struct, frozen=True):
    """One piece of a sentence, from ``start`` to ``end`` (exclusive); ``text`` is in lower case.

    A number has its ``value`` and the ``unit`` written after it (None where there is none).
    A comparator has its ``op``; ``after`` says that it may follow its number ("or less").
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    value: float = 0.0
    unit: Unit | None = None
    op: Op | None = None
    after: bool = False


# Documents, formats and algorithms whose names hold a number that limits nothing.
_NAMES = (
    r"\b(?:RFC|ISO(?:/IEC)?|IEC|WCAG|OAuth|OpenAPI|PCI DSS|SOC|NIST SP|FIPS|SHA|UTF|HTTP|CWE|Top|Article|Art\.)"
    r"[ /-]?[0-9]+(?:[.:-][0-9]+)*\b"
)
REFERENCE = re.compile(r"(?<![\w/.:-])[\w-]+(?:/[\w.-]+)*\.md(?:#[\w-]+)?(?![\w/])")

_NUMBER_WORD_PARTS = frozenset({*NUMBER_WORDS, *BIG_WORDS, "one"})
_ANY_DIGIT = re.compile(r"[0-9]")
_LETTERS = re.compile(r"[a-z]+")
_LEXEME = re.compile(
    rf"(?P<name>{_NAMES})"
    r"|(?P<number>[0-9]+(?:[.,_/:'\u2019\u2013\u2014-][0-9]+)*)"
    r"|(?P<word>[^\W\d_][\w'\u2019]*(?:-[^\W\d_][\w'\u2019]*)*)"
    r"|(?P<symbol><=|>=|==|[<>=≤≥+])"
    r"|(?P<separator>[,;:.])"
)
_IDENTIFIER = re.compile(r"p[0-9]{1,3}|[a-z][0-9]{1,2}[a-z]?|[a-z]+[0-9]{1,2}(?![0-9])[a-z]*|sha[0-9]+")
_ENDS_IN_QUANTITY = re.compile(r"[^\W\d_]{2,}[0-9]+(?P<unit>[^\W\d_]*)")
_PLAIN_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?")
_UNIT = re.compile(r"(?P<glue>[ -]?)(?P<word>%|[^\W\d_]\w*)")
_MAY_PRECEDE = " ([\"'\u201c\u2018<>=≤≥"
_MAY_FOLLOW = " )]\"'\u201d\u2019.,;:+!?-/"


def may_hold_number(sentence: str) -> bool:
    """Return whether `tokens_of` could find a number in *sentence*; false only where it surely finds none."""
    if not sentence.isascii() or _ANY_DIGIT.search(sentence):
        return True
    return not _NUMBER_WORD_PARTS.isdisjoint(_LETTERS.findall(sentence.lower()))


def tokens_of(sentence: str) -> tuple[list[Token], list[Complaint]]:
    """Return the tokens of *sentence* (single spaces) in order, and what in it cannot be read.

    References to other documents are blanked out first: digits in their names limit nothing.
    """
    lexer = _Lexer(REFERENCE.sub(lambda found: " " * len(found[0]), sentence))
    return lexer.tokens, lexer.complaints


class _Lexer:
    """One pass over one sentence."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence
        self.complaints = list(_foreign_digits(sentence))
        self.tokens = list(_joined(self._lex()))

    def _lex(self) -> Iterator[Token]:
        position = 0
        while found := _LEXEME.search(self._sentence, position):
            position = found.end()
            match found.lastgroup:
                case "number":
                    token = self._number(found)
                    position = token.end
                    yield token
                case "name":
                    yield Token(TokenKind.WORD, found[0].lower(), found.start(), position)
                case "separator":
                    yield Token(TokenKind.SEPARATOR, found[0], found.start(), position)
                case _:
                    yield self._word(found)

    def _number(self, found: re.Match[str]) -> Token:
        text, start, end = found[0], found.start(), found.end()
        plain = _PLAIN_NUMBER.fullmatch(text)
        if plain is None:
            self._complain(start, end, "digits with at most one decimal point, such as 1500 or 2.5")
        unit, end = self._unit(start, end)
        before = self._sentence[start - 1 : start]
        hyphenated = before == "-" and self._sentence[max(0, start - 2) : start - 1].isalpha()
        after = self._sentence[end : end + 1]
        if not (before in _MAY_PRECEDE or hyphenated) or after not in _MAY_FOLLOW:
            self._complain(max(0, start - 1), end + 1, "a number that stands free, such as 200ms")
        value = float(text) if plain else 0.0
        return Token(TokenKind.NUMBER, text, start, end, value=value, unit=unit)

    def _unit(self, start: int, end: int) -> tuple[Unit | None, int]:
        found = _UNIT.match(self._sentence, end)
        if found is None:
            return None, end
        unit = Unit.PERCENT if found["word"] == "%" else unit_named(found["word"])
        if unit is not None:
            return unit, found.end()
        if not found["glue"]:
            self._complain(start, found.end(), "a known unit: ms, s, min, h, d, years, %, bytes, kB, MB, GB or bits")
            return None, found.end()
        return None, end

    def _word(self, found: re.Match[str]) -> Token:
        text, start, end = found[0].lower(), found.start(), found.end()
        parts = text.split("-")
        if text in BIG_WORDS or (len(parts) > 1 and all(part in NUMBER_WORDS for part in parts)):
            self._complain(start, end, "a number written in digits")
        if any(char.isdigit() for char in text) and self._hides_number(text, end):
            self._complain(start, end, "a space before the number")
        if text in SEPARATORS:
            return Token(TokenKind.SEPARATOR, text, start, end)
        if text in NUMBER_WORDS or (text == "one" and self._counts(start, end)):
            unit, end = self._spelled_unit(end)
            return Token(TokenKind.NUMBER, text, start, end, value=float(NUMBER_WORDS.get(text, 1)), unit=unit)
        return Token(TokenKind.WORD, text, start, end)

    def _spelled_unit(self, end: int) -> tuple[Unit | None, int]:
        found = _UNIT.match(self._sentence, end)
        unit = unit_named(found["word"]) if found and found["glue"] else None
        return (unit, found.end()) if found and unit else (None, end)

    def _hides_number(self, text: str, end: int) -> bool:
        """Return whether a word with digits in it is not an identifier (p95, e2e, k8s) but a missing space."""
        if not all(_IDENTIFIER.fullmatch(part) for part in text.split("-") if not part.isalpha()):
            return True
        if self._sentence[end : end + 1] in ("%", "."):
            rest = self._sentence[end : end + 2]
            return rest.startswith("%") or rest[1:].isdigit()
        tail = _ENDS_IN_QUANTITY.fullmatch(text)
        if tail is None:
            return False
        unit = unit_named(tail["unit"]) or self._spelled_unit(end)[0]
        return unit is not None or text.rstrip("0123456789") in LONE_COMPARATORS

    def _counts(self, start: int, end: int) -> bool:
        """Return whether this "one" is a number: before a unit, or after "at least", "more than", ..."""
        before = self._sentence[:start].lower().split()
        compared = any(tuple(before[-size:]) in COMPARATORS for size in range(1, LONGEST_COMPARATOR + 1) if before)
        return compared or self._spelled_unit(end)[0] is not None

    def _complain(self, start: int, end: int, expected: str) -> None:
        self.complaints.append(
            Complaint(f"{quoted(self._sentence[start:end].strip())} in {quoted(self._sentence)}", expected)
        )


def _joined(tokens: Iterator[Token]) -> Iterator[Token]:
    """Yield *tokens* with the words that make up one comparator joined, the longest first."""
    waiting = list(tokens)
    index = 0
    while index < len(waiting):
        for size in range(min(LONGEST_COMPARATOR, len(waiting) - index), 0, -1):
            part = waiting[index : index + size]
            known = COMPARATORS.get(tuple(token.text for token in part))
            if known is not None and all(token.kind is TokenKind.WORD for token in part):
                text = " ".join(token.text for token in part)
                yield Token(TokenKind.COMPARATOR, text, part[0].start, part[-1].end, op=known[0], after=known[1])
                index += size
                break
        else:
            yield waiting[index]
            index += 1


def _foreign_digits(sentence: str) -> Iterator[Complaint]:
    if sentence.isascii():
        return
    for char in sentence:
        if not char.isascii() and unicodedata.category(char).startswith("N"):
            yield Complaint(f'the digit "{char}" (U+{ord(char):04X}) in {quoted(sentence)}', "the digits 0 to 9")
