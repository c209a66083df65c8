"""Evaluate a CEL expression so that no condition in it goes unread.

CEL absorbs errors: ``absent || true`` is true, and so is ``1 / 0 > 1 || true``. So the conditions that ``&&``, ``||``,
``!`` and ``? :`` join are taken apart here; CEL evaluates each, and what joins them is evaluated by this module: every
condition of ``&&`` and ``||`` is evaluated, and each must be true or false. Of ``a ? b : c`` only what is chosen is
evaluated: that is how one condition guards another.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any, assert_never

import msgspec

from standfast.model import ConfigurationError, EvidenceError

_UNCLEAR = re.compile(r"\b[rRbB]{1,2}\x01|\x02\x01|['\"]|//")
_STRINGS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_OPEN, _CLOSED = "([{", ")]}"


class Atom(msgspec.Struct, frozen=True):
    """One condition without logic in it: its text, and the program that CEL made of it."""

    text: str
    program: Any


class Joined(msgspec.Struct, frozen=True):
    """Conditions that ``&&`` or ``||`` joins; every one of them is evaluated."""

    word: str
    parts: tuple["Condition", ...]


class Denied(msgspec.Struct, frozen=True):
    """``!`` before a condition in parentheses."""

    inner: "Condition"


class Chosen(msgspec.Struct, frozen=True):
    """``when ? then : otherwise``."""

    when: "Condition"
    then: "Condition"
    otherwise: "Condition"


Condition = Atom | Joined | Denied | Chosen


class ConditionError(EvidenceError):
    """A condition gave an error, or something else than true or false."""

    def __init__(self, message: str) -> None:
        super().__init__("condition-not-evaluated", message, hint="`standfast evidence show` lists each fact")


def without_strings(expression: str) -> str:
    """Return *expression* with each text in quotes blanked out, every other character at its place.

    Raises:
        ConfigurationError: It uses a comment, or a text that is raw, of bytes, or in three quotes.
    """
    blanked = _STRINGS.sub(lambda match: "\x01" + " " * (len(match[0]) - 2) + "\x02", expression)
    if _UNCLEAR.search(blanked):
        raise ConfigurationError(
            "own-control",
            f"`{expression:.80}` has a comment, or a text in other quotes than one ' or \" on each side",
            hint="leave the comment out, and write each text as 'text'",
        )
    return blanked


def condition(expression: str) -> Condition:
    """Return *expression*, which CEL can compile, taken apart.

    Raises:
        ConfigurationError: Logic stands inside a condition, as in ``(a || b) == c``; or see `without_strings`.
    """
    blanked = without_strings(expression)
    return _choice(expression, blanked)


def evaluated(given: Condition, values: Mapping[str, object]) -> object:
    """Return what *given* amounts to.

    Raises:
        ConditionError: One of its conditions cannot be evaluated, or is neither true nor false where that is asked.
    """
    match given:
        case Atom(text, program):
            try:
                return program.execute(values)
            except Exception as error:  # the binding has no error of its own
                raise ConditionError(f"`{text}` cannot be evaluated: {error}") from error
        case Denied(inner):
            return not _truth(inner, values)
        case Chosen(when, then, otherwise):
            return evaluated(then if _truth(when, values) else otherwise, values)
        case Joined(word, parts):
            truths = [_truth(part, values) for part in parts]
            return all(truths) if word == "&&" else any(truths)
        case _:
            assert_never(given)


def _truth(given: Condition, values: Mapping[str, object]) -> bool:
    value = evaluated(given, values)
    if not isinstance(value, bool):
        said = f"`{given.text}`" if isinstance(given, Atom) else "a condition"
        raise ConditionError(f"{said} gives {value!r}, expected true or false")
    return value


def _choice(text: str, blanked: str) -> Condition:
    asked = next(_top(blanked, "?"), None)
    if asked is None:
        return _joined(text, blanked, "||")
    # CEL wants a choice between ? and : in parentheses, so the next : is the one that belongs here.
    beyond = next(_top(blanked[asked + 1 :], ":"), None)
    if beyond is None:
        raise ConfigurationError("own-control", f"`{text}` has a ? without its :")
    colon = asked + 1 + beyond
    return Chosen(
        _joined(text[:asked], blanked[:asked], "||"),
        _choice(text[asked + 1 : colon], blanked[asked + 1 : colon]),
        _choice(text[colon + 1 :], blanked[colon + 1 :]),
    )


def _joined(text: str, blanked: str, word: str) -> Condition:
    edges = [-len(word), *_top(blanked, word), len(blanked)]
    spans = [(start + len(word), end) for start, end in pairwise(edges)]
    inner: Callable[[str, str], Condition] = _all_of if word == "||" else _single
    parts = tuple(inner(text[start:end], blanked[start:end]) for start, end in spans)
    return parts[0] if len(parts) == 1 else Joined(word, parts)


def _all_of(text: str, blanked: str) -> Condition:
    return _joined(text, blanked, "&&")


def _single(text: str, blanked: str) -> Condition:
    lead = len(blanked) - len(blanked.lstrip())
    text, blanked = text.strip(), blanked[lead:].rstrip()
    if blanked.startswith("!") and (rest := blanked[1:].lstrip()) and (rest.startswith("!") or _enclosed(rest)):
        return Denied(_single(text[len(blanked) - len(rest) :], rest))
    if _enclosed(blanked):
        return _choice(text[1:-1], blanked[1:-1])
    if any(word in blanked for word in ("&&", "||", "?")):
        raise ConfigurationError(
            "own-control",
            f"`{text}` has logic inside a condition, where an error would not be seen",
            hint="join conditions with && || ! and ? : only, as in `a > 1 && (b > 2 || c > 3)`",
        )
    return Atom(text, compiled(text))


def _enclosed(blanked: str) -> bool:
    """Return whether one pair of parentheses encloses all of *blanked*."""
    if not (blanked.startswith("(") and blanked.endswith(")")):
        return False
    depth = 0
    for at, character in enumerate(blanked):
        depth += (character in _OPEN) - (character in _CLOSED)
        if depth == 0:
            return at == len(blanked) - 1
    return False


def _top(blanked: str, *words: str) -> Iterator[int]:
    """Yield where one of *words* stands outside of all brackets."""
    depth = 0
    for at, character in enumerate(blanked):
        depth += (character in _OPEN) - (character in _CLOSED)
        if depth == 0 and blanked.startswith(words, at):
            yield at


def compiled(expression: str) -> Any:  # noqa: ANN401  # the binding ships no types
    """Return the program that CEL makes of *expression*.

    Raises:
        ConfigurationError: It is not CEL.
    """
    from cel import compile as compile_cel

    try:
        return compile_cel(expression)
    except ValueError as error:
        raise ConfigurationError("own-control", f"`{expression:.80}` is no expression: {error}") from error
