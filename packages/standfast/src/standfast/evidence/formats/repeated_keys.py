"""Find a key that a JSON object has twice: readers take one of the two values, and nobody knows which is meant."""

import re
from collections import deque
from collections.abc import Iterator, Mapping

import msgspec

MAX_MEMBERS = 5_000
"""So many members are looked at, the upper levels first: totals and lists stand there, and time is bounded."""

_KEY = re.compile(rb'\s*("(?:[^"\\]|\\.)*")\s*:\s*', re.DOTALL)
_END = re.compile(rb"\s*[,}]")

_ENDS = 4096

_Members = Mapping[str, msgspec.Raw]


def repeated_key(data: bytes) -> str | None:
    """Return a key that some object of the upper levels of *data*, which is JSON, has more than once."""
    waiting = deque([memoryview(data.strip())])
    left = MAX_MEMBERS
    while waiting and left > 0:
        piece = waiting.popleft()
        if bytes(piece[:1]) == b"[":
            values = msgspec.json.decode(piece, type=list[msgspec.Raw])
        else:
            members = msgspec.json.decode(piece, type=dict[str, msgspec.Raw])
            found = next(_repeated(piece, members), None) if len(members) <= left else None
            if found is not None:
                return found
            values = list(members.values())
        left -= len(values)
        waiting.extend(inner for value in values[:left] if bytes((inner := memoryview(value))[:1]) in (b"{", b"["))
    return None


def _repeated(piece: memoryview, members: _Members) -> Iterator[str]:
    """Yield the key at which the text of *piece* is not the member that a reader has under it."""
    position = 1
    seen: set[str] = set()
    while match := _KEY.match(piece, position):
        key = msgspec.json.decode(match[1], type=str)
        value = memoryview(members[key])
        position = match.end() + len(value)
        end = _END.match(piece, position)
        if key in seen or end is None or not _same(piece[match.end() : position], value):
            yield key
            return
        seen.add(key)
        position = end.end()


def _same(left: memoryview, right: memoryview) -> bool:
    # Of two long values of one length the ends tell enough: this is about mistakes, not about forgers.
    return bytes(left[:_ENDS]) == bytes(right[:_ENDS]) and bytes(left[-_ENDS:]) == bytes(right[-_ENDS:])
