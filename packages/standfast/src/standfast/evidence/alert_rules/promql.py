"""Read as much of a PromQL expression as is needed to know what it watches and at which bound; pure.

This is a reader of tokens, not an evaluator: what it cannot place it leaves open, and a control that needs the bound
then does not pass.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from standfast.evidence.wording.numbers import finite
from standfast.model import Op

MAX_LENGTH = 8_000
MAX_DEPTH = 40

_TOKEN = re.compile(
    r"\s+|#[^\n]*|"
    r"(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`)|"
    r"(?P<range>\[[^\]]*\])|"
    r"(?P<number>(?:0x[0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.]))|"
    r"(?P<duration>\d+(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*)|"
    r"(?P<word>[A-Za-z_:][\w:.]*)|"
    r"(?P<op>[<>!=]=|=~|!~|[-+*/%^(){},<>=@])"
)
_QUANTILE = re.compile(r"histogram_quantile\s*\(\s*(0?\.\d{1,6})|quantile\s*=\s*[\"'](0?\.\d{1,6})[\"']")
_COMPARISONS = {">": Op.GT, ">=": Op.GE, "<": Op.LT, "<=": Op.LE, "==": Op.EQ}
_FLIPPED = {Op.GT: Op.LT, Op.GE: Op.LE, Op.LT: Op.GT, Op.LE: Op.GE, Op.EQ: Op.EQ}
_SETS = ("and", "or", "unless")
_NOT_METRICS = frozenset({
    "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset", "and", "or", "unless",
    "le", "inf", "nan", "sum", "rate", "irate", "increase", "avg", "max", "min", "count",
    "histogram_quantile", "quantile", "label_replace", "clamp_min", "clamp_max", "clamp", "abs", "topk",
    "bottomk", "vector", "scalar", "time", "predict_linear", "deriv", "delta", "absent", "absent_over_time",
    "avg_over_time", "max_over_time", "min_over_time", "sum_over_time", "count_over_time",
    "quantile_over_time", "last_over_time", "stddev", "stdvar", "sort", "round", "floor", "ceil",
})  # fmt: skip


class Token(msgspec.Struct, frozen=True):
    """One token: its kind (``word``, ``number``, ``op``, ...) and its text; ``depth`` counts open brackets."""

    kind: str
    text: str
    depth: int


class Comparison(msgspec.Struct, frozen=True):
    """A comparison with a constant at the top of an expression; ``percent`` says that the value was times 100."""

    op: Op
    bound: float
    percent: bool


def tokens(expression: str) -> tuple[Token, ...] | None:
    """Return the tokens of *expression*; None where a character belongs to none."""
    found: list[Token] = []
    position = depth = 0
    if len(expression) > MAX_LENGTH:
        return None
    while position < len(expression):
        match = _TOKEN.match(expression, position)
        if match is None:
            return None
        position = match.end()
        if match.lastgroup is None:
            continue
        text = match[0]
        if text in (")", "}"):
            depth -= 1
        found.append(Token(match.lastgroup, text, depth))
        if text in ("(", "{"):
            depth += 1
        if depth > MAX_DEPTH:
            return None
    return tuple(found) if depth == 0 else None


def comparisons(expression: str) -> tuple[Comparison, ...]:
    """Return the comparisons with constants that decide whether *expression* gives anything."""
    read = tokens(_unwrapped(expression))
    return () if read is None else tuple(found for part in _parts(read) if (found := _comparison(part)) is not None)


def _unwrapped(expression: str) -> str:
    """Return *expression* without brackets around the whole of it."""
    text = expression.strip()
    while text.startswith("(") and (read := tokens(text)) and read[-1].text == ")" and read[-1].depth == 0:
        if any(token.depth == 0 for token in read[1:-1]):
            break
        text = text[1:-1].strip()
    return text


def _parts(read: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    part: list[Token] = []
    for token in read:
        if token.depth == 0 and token.kind == "word" and token.text.lower() in _SETS:
            yield tuple(part)
            part = []
        else:
            part.append(token)
    yield tuple(part)


def _comparison(part: tuple[Token, ...]) -> Comparison | None:
    if len(part) > 2 and part[0].text == "(" and not any(token.depth == 0 for token in part[1:-1]):
        inner = tuple(msgspec.structs.replace(token, depth=token.depth - 1) for token in part[1:-1])
        return _comparison(inner)
    for index, token in enumerate(part):
        if token.depth == 0 and token.text in _COMPARISONS:
            left, right = part[:index], part[index + 1 :]
            if right and right[0].text == "bool":
                right = right[1:]
            op = _COMPARISONS[token.text]
            bound = constant(right)
            if bound is not None:
                return Comparison(op, bound, _times_100(left))
            bound = constant(left)
            return None if bound is None else Comparison(_FLIPPED[op], bound, _times_100(right))
    return None


def _times_100(part: tuple[Token, ...]) -> bool:
    pairs = list(pairwise(part))
    return any({left.text, right.text} == {"*", "100"} and min(left.depth, right.depth) <= 1 for left, right in pairs)


def constant(part: tuple[Token, ...]) -> float | None:
    """Return the value of an arithmetic constant such as ``5 / 100``; None where *part* is anything else."""
    if not part or any(
        token.kind not in ("number", "op") or (token.text not in "+-*/()" and token.kind == "op") for token in part
    ):
        return None
    words = [token.text for token in part]
    position, value = _sum(words, 0)
    return value if position == len(words) else None


def _sum(words: list[str], position: int) -> tuple[int, float | None]:
    position, value = _product(words, position)
    while position < len(words) and words[position] in "+-" and value is not None:
        sign = 1 if words[position] == "+" else -1
        position, other = _product(words, position + 1)
        value = None if other is None else value + sign * other
    return position, value


def _product(words: list[str], position: int) -> tuple[int, float | None]:
    position, value = _atom(words, position)
    while position < len(words) and words[position] in "*/" and value is not None:
        divide = words[position] == "/"
        position, other = _atom(words, position + 1)
        if other is None or (divide and other == 0):
            return position, None
        value = value / other if divide else value * other
    return position, value


def _atom(words: list[str], position: int) -> tuple[int, float | None]:
    if position >= len(words):
        return position, None
    word = words[position]
    if word in "+-":
        following = words[position + 1 : position + 2]
        if following and following[0] in "+-":
            return position, None
        position, value = _atom(words, position + 1)
        return position, (value if word == "+" or value is None else -value)
    if word == "(":
        position, value = _sum(words, position + 1)
        closed = position < len(words) and words[position] == ")"
        return position + 1, (value if closed else None)
    try:
        return position + 1, finite(int(word, 16) if word.startswith("0x") else word)
    except ValueError:
        return position + 1, None


def metrics(expression: str) -> tuple[str, ...]:
    """Return the names of the metrics in *expression*: words outside label matchers and groupings."""
    read = tokens(expression) or ()
    names: dict[str, None] = {}
    grouping = braces = 0
    for index, token in enumerate(read):
        before = read[index - 1].text if index else ""
        if token.text == "{":
            braces += 1
        elif token.text == "}":
            braces -= 1
        elif token.text == "(" and before in ("by", "without", "on", "ignoring", "group_left", "group_right"):
            grouping = token.depth + 1
        elif token.text == ")" and token.depth + 1 == grouping:
            grouping = 0
        elif token.kind == "word" and not braces and not grouping and token.text not in _NOT_METRICS:
            names[token.text] = None
    return tuple(names)


def quantiles(expression: str) -> tuple[float, ...]:
    """Return the quantiles that *expression* takes: arguments of histogram_quantile, or labels ``quantile``."""
    found = [match[1] or match[2] for match in _QUANTILE.finditer(expression[:MAX_LENGTH])]
    return tuple(float(text) for text in found)


def seconds(text: str) -> float | None:
    """Return a Prometheus duration such as ``1h30m`` in seconds; None where it is not one."""
    scale = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
    if text.strip() == "0":
        return 0.0
    parts = re.findall(r"(\d{1,9})(ms|[smhdwy])", text)
    if not parts or "".join(number + unit for number, unit in parts) != text.strip():
        return None
    return float(sum(int(number) * scale[unit] for number, unit in parts))
