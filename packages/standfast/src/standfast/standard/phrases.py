"""What each phrase of a sentence claims about a number, before anyone knows what the number is about."""

from collections.abc import Iterator, Sequence

import msgspec

from standfast.model import Op, Unit, convert
from standfast.model.units import same_dimension
from standfast.standard.lexicon import AGGREGATES, HEDGES
from standfast.standard.text import Complaint, quoted
from standfast.standard.words import Token, TokenKind, tokens_of


class Phrase(msgspec.Struct, frozen=True):
    """The part of a sentence between two separators: its words (lower case) in order, and its numbers."""

    text: str
    words: tuple[str, ...]
    tokens: tuple[Token, ...]

    @property
    def numbers(self) -> tuple[Token, ...]:
        """The numbers in it."""
        return tuple(token for token in self.tokens if token.kind is TokenKind.NUMBER)

    def says(self, words: frozenset[str]) -> bool:
        """Return whether all of *words* are in it."""
        return words <= set(self.words)


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One phrase with one number.

    ``op`` is None where no comparator stands with the number. ``held`` says that the number is a duration after
    "for" with no other number in the phrase; where there is another, the duration is ``window_s``.
    ``follower`` is the word after a number that has no unit, ``subject`` the words before the number and its
    comparator, ``rest`` those after it.
    """

    phrase: Phrase
    number: Token
    op: Op | None
    held: bool
    window_s: float | None
    aggregate: str | None
    subject: tuple[str, ...]
    rest: tuple[str, ...]
    follower: str


def phrases_of(sentence: str) -> tuple[list[Phrase], list[Complaint]]:
    """Return the phrases of *sentence*, and what in it cannot be read."""
    tokens, complaints = tokens_of(sentence)
    return list(_split(sentence, tokens)), complaints


def _split(sentence: str, tokens: Sequence[Token]) -> Iterator[Phrase]:
    part: list[Token] = []
    for token in [*tokens, Token(TokenKind.SEPARATOR, "", len(sentence), len(sentence))]:
        if token.kind is not TokenKind.SEPARATOR:
            part.append(token)
        elif part:
            words = tuple(token.text for token in part if token.kind is TokenKind.WORD)
            yield Phrase(sentence[part[0].start : part[-1].end], words, tuple(part))
            part = []


def claim_of(phrase: Phrase) -> Claim | Complaint:
    """Return what *phrase*, which holds a number, claims; or why that cannot be told."""
    hedge = next((word for word in phrase.words if word in HEDGES or word.endswith("n't")), None)
    if hedge is not None:
        return _unclear(phrase, f'a limit without "{hedge}"')
    numbers = [index for index, token in enumerate(phrase.tokens) if token.kind is TokenKind.NUMBER]
    held = [index for index in numbers if _is_held(phrase.tokens, index)]
    bounds = [index for index in numbers if index not in held]
    match (bounds, held):
        case ([bound], []) | ([], [bound]):
            return _claim(phrase, bound, None)
        case ([bound], [window]):
            return _claim(phrase, bound, window)
    return _unclear(phrase, "one limit in one phrase; separate limits with a comma")


def _is_held(tokens: Sequence[Token], index: int) -> bool:
    if tokens[index].kind is not TokenKind.NUMBER:
        return False
    before = index - 1
    if before >= 0 and tokens[before].kind is TokenKind.COMPARATOR:
        before -= 1
    return before >= 0 and tokens[before].text == "for" and tokens[before].kind is TokenKind.WORD


def _claim(phrase: Phrase, index: int, window: int | None) -> Claim | Complaint:
    ops = _ops(phrase.tokens, index, window)
    if isinstance(ops, str) or len(set(ops)) > 1:
        return _unclear(phrase, "one comparator, such as under, at most, over or at least, before the number")
    window_s = None if window is None else _seconds(phrase.tokens[window])
    if window is not None and window_s is None:
        return _unclear(phrase, 'a duration after "for", such as 5 minutes')
    return Claim(
        phrase=phrase,
        number=phrase.tokens[index],
        op=ops[0] if ops else None,
        held=window is None and _is_held(phrase.tokens, index),
        window_s=window_s,
        aggregate=next((AGGREGATES[word] for word in phrase.words if word in AGGREGATES), None),
        subject=_words(phrase.tokens[:index]),
        rest=_words(phrase.tokens[index + 1 :]),
        follower=_follower(phrase.tokens, index),
    )


def _ops(tokens: Sequence[Token], index: int, window: int | None) -> tuple[Op, ...] | str:
    """Return the comparators of the number at *index*; a text where one stands where it compares nothing."""
    found: list[Op] = []
    strays = 0
    for place, token in enumerate(tokens):
        if token.kind is not TokenKind.COMPARATOR or token.op is None:
            continue
        if place == index - 1 or (token.after and place > index and (window is None or place < window)):
            found.append(token.op)
        elif window is not None and place == window - 1:
            return "a window is exact"
        else:
            strays += 1
    if strays and not found:
        return "a comparator stands apart from the number"
    return tuple(found)


def _seconds(token: Token) -> float | None:
    if token.unit is None or not same_dimension(token.unit, Unit.S):
        return None
    return convert(token.value, token.unit, Unit.S)


def _words(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(token.text for token in tokens if token.kind is TokenKind.WORD)


def _follower(tokens: Sequence[Token], index: int) -> str:
    if tokens[index].unit is not None or index + 1 >= len(tokens):
        return ""
    following = tokens[index + 1]
    return following.text if following.kind is TokenKind.WORD else ""


def _unclear(phrase: Phrase, expected: str) -> Complaint:
    return Complaint(quoted(phrase.text), expected)
