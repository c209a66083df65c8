"""Grow a sample at one place, as a hostile writer would, and tell readers whose cost grows faster than the sample."""

import copy
import gc
import json
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from types import FrameType
from typing import Any, Final

import msgspec

from standfast.model import EvidenceError

RUNS = (
    *(" ", "\n", "\t", "\r", "a", "A", "0", "(", "[", "{", '"', "'", "`", "\\", "#", "-", "*", ".", "_", ":", "=", "|"),
    *(
        "<",
        ">",
        "/",
        ",",
        ";",
        "@",
        "$",
        "%",
        "&",
        "+",
        "!",
        "~",
        "\u00e9",
        "a ",
        "a.",
        "a-",
        "a/",
        "a\n",
        "\n ",
        "\n\n#",
    ),
    *(
        "](",
        "[a](",
        "<a>",
        "<!--",
        "- ",
        "{{",
        "${",
        "/*",
        '""',
        "\\'",
        "0.",
        "a=",
        "a:",
        "a,",
        "\n- a\n  b",
        "\n# a\n",
    ),
)
"""What is repeated beside the sample's own tokens, lines and the beginnings of them."""

STEP: Final = 8
MOST_RATIO: Final = 24.0
"""How much more an input that is `STEP` times as long may cost: 8 is linear, 64 quadratic."""

FLOOR_S: Final = 0.02
"""What costs less than this says nothing about growth."""

ENOUGH_S: Final = 0.3
GIVEN_UP_S: Final = 20.0
_TOKEN = re.compile(r"\w+|[^\w\s]")


class Growth(msgspec.Struct, frozen=True):
    """One way to grow a sample: ``make(n)`` has about *n* bytes more than the sample."""

    label: str
    make: Callable[[int], bytes]


class Steep(msgspec.Struct, frozen=True):
    """What shows that a reader is too slow: the growth, and the seconds of processor by size."""

    label: str
    spent_s: dict[int, float]

    def __str__(self) -> str:
        costs = ", ".join(f"{spent:.3f} s for {size:,} more bytes" for size, spent in self.spent_s.items())
        return f"{self.label}: {costs}"


class TooSlowError(BaseException):
    """One input took `GIVEN_UP_S`; a base, so that no reader takes it for its own."""


def growths(sample: bytes) -> Iterator[Growth]:
    """Yield every way in which *sample* is grown here: its lists and texts if it is JSON, otherwise its text."""
    try:
        root = json.loads(sample)
    except (ValueError, RecursionError):
        text = sample.decode("utf-8", "replace")
        yield from (Growth(label, _encoded(make)) for label, make in grown_texts(text))
        return
    for place in _places(root):
        yield from _grown_at(root, place)


def _encoded(make: Callable[[int], str]) -> Callable[[int], bytes]:
    return lambda size: make(size).encode("utf-8", "replace")


def grown_texts(text: str) -> Iterator[tuple[str, Callable[[int], str]]]:
    """Yield (name, function of a size) for each way to grow *text* at its begin, its middle and its end."""
    tokens = list(_TOKEN.finditer(text))
    cuts = sorted({0, *(tokens[len(tokens) * part // 4].end() for part in range(4) if tokens), len(text)})
    for cut in cuts:
        for run in RUNS:
            yield f"{run!r} again and again at {cut}", _repeated(text, cut, cut, run)
    for line in dict.fromkeys(text.splitlines()):
        start = text.index(line)
        yield f"line {line[:60]!r} again and again", _repeated(text, start, start, line + "\n")
        for token in list(_TOKEN.finditer(line))[:8]:
            begin = line[: token.end()]
            yield f"begin {begin[-60:]!r} again and again", _repeated(text, start, start + len(begin), begin)
            end = start + token.end()
            yield f"token {token[0][:60]!r} again and again", _repeated(text, end, end, token[0])


def _repeated(text: str, start: int, end: int, unit: str) -> Callable[[int], str]:
    return lambda size: text[:start] + unit * (size // max(len(unit.encode("utf-8", "replace")), 1)) + text[end:]


def _places(root: object) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each list, object and text, of those that differ only in their number in a list the first."""
    seen = set()
    waiting: list[tuple[tuple[Any, ...], object]] = [((), root)]
    while waiting:
        place, value = waiting.pop(0)
        kind = tuple("*" if isinstance(step, int) else step for step in place)
        # Texts of one list are different documents, each with its own reader.
        kind = (*kind, value[:40]) if isinstance(value, str) and "\n" in value else kind
        if kind in seen or not isinstance(value, dict | list | str):
            continue
        seen.add(kind)
        yield place
        if isinstance(value, dict | list):
            steps = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += [((*place, step), inner) for step, inner in steps]


def _grown_at(root: object, place: tuple[Any, ...]) -> Iterator[Growth]:
    value = _at(root, place)
    where = "/".join(map(str, place))
    if isinstance(value, str):
        for label, make in grown_texts(value):
            yield Growth(f"{where}: {label}", _replaced(root, place, make))
    elif isinstance(value, list) and value:
        for one in {0, len(value) - 1}:
            unit = len(json.dumps(value[one])) + 2
            yield Growth(f"{where}: {one} again and again", _replaced(root, place, _more(value, one, unit)))
    elif isinstance(value, dict) and value:
        yield Growth(f"{where}: more keys", _replaced(root, place, _keys(value)))
    yield Growth(f"{where}: nested", _nested(root, place))


def _at(root: Any, place: tuple[Any, ...]) -> Any:  # JSON
    for step in place:
        root = root[step]
    return root


def _more(value: list[Any], one: int, unit: int) -> Callable[[int], object]:
    return lambda size: [*value, *([value[one]] * (size // unit))]


def _keys(value: dict[str, Any]) -> Callable[[int], object]:
    unit = max((len(json.dumps(inner)) for inner in value.values()), default=0) + 12
    last = list(value.values())[-1]
    return lambda size: value | {f"{number}{key}"[:12]: last for number in range(size // unit) for key in ["k"]}


def _nested(root: object, place: tuple[Any, ...]) -> Callable[[int], bytes]:
    mark = "\x02nested\x02"
    begin, _, end = _dumped(_with(root, place, mark)).partition(json.dumps(mark).encode())
    return lambda size: begin + b"[" * (size // 2) + b"]" * (size // 2) + end


def _replaced(root: object, place: tuple[Any, ...], make: Callable[[int], object]) -> Callable[[int], bytes]:
    return lambda size: _dumped(_with(root, place, make(size)))


def _with(root: object, place: tuple[Any, ...], value: object) -> object:
    if not place:
        return value
    changed = copy.deepcopy(root)
    _at(changed, place[:-1])[place[-1]] = value
    return changed


def _dumped(value: object) -> bytes:
    return json.dumps(value).encode()


def chosen(sample: bytes, count: int, random: Random) -> list[Growth]:
    """Return *count* of the growths of *sample*, or all of them."""
    every = list(growths(sample))
    return every if len(every) <= count else random.sample(every, count)


def steep(read: Callable[[bytes], object], growth: Growth, first: int, most: int) -> Steep | None:
    """Return how the cost of reading *growth* grows, where that is faster than it, between *first* and *most* bytes.

    One step that is too steep is measured again, at its best of three, and so is the step after it: what is bounded
    (the start of a report, a line that is cut) ends there.
    """
    size, before = first, cost_s(read, growth.make(first))
    while size * STEP <= most and before < ENOUGH_S:
        size, last = size * STEP, before
        before = cost_s(read, growth.make(size))
        if _too_steep(last, before) and (found := _confirmed(read, growth, size)) is not None:
            return found
    return None


def _too_steep(smaller_s: float, larger_s: float) -> bool:
    return larger_s > FLOOR_S and larger_s > MOST_RATIO * smaller_s


def _confirmed(read: Callable[[bytes], object], growth: Growth, size: int) -> Steep | None:
    sizes = [size // STEP, size]
    spent = {one: min(cost_s(read, growth.make(one)) for _ in range(3)) for one in sizes}
    if not _too_steep(spent[sizes[0]], spent[size]):
        return None
    if spent[size] < ENOUGH_S / STEP:
        spent[size * STEP] = cost_s(read, growth.make(size * STEP))
        if not _too_steep(spent[size], spent[size * STEP]):
            return None
    return Steep(growth.label, spent)


def cost_s(read: Callable[[bytes], object], data: bytes) -> float:
    """Return the seconds of processor that reading *data* takes; never more than a little over `GIVEN_UP_S`."""
    gc.collect(0)
    gc.disable()
    before = signal.signal(signal.SIGVTALRM, _give_up)
    started = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, GIVEN_UP_S)
        with suppress(EvidenceError, TooSlowError):
            read(data)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        gc.enable()
    return time.process_time() - started


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise TooSlowError
