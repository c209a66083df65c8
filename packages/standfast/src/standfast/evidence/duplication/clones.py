"""Find runs of tokens that stand in several places: winnowed fingerprints, then comparison token by token.

(1) A rolling hash is taken over every window of `WINDOW` tokens.
(2) Of each `SPREAD` hashes in a row the smallest is kept (winnowing), so that any common run of at least
    ``WINDOW + SPREAD - 1`` tokens shares a kept hash.
(3) The first place of each kept hash is compared with each later one, and the match grown in both directions.
(4) Deep within a run that was found nothing more is looked for: it is counted already, and a table of a million equal
    rows would otherwise be compared with itself from every row.
"""

from collections import deque
from collections.abc import Iterator, Sequence

WINDOW, SPREAD = 50, 16
MIN_LINES = 6
_BASE, _MODULUS = 1_000_003, (1 << 61) - 1

Place = tuple[int, int]


def find_clones(files: Sequence[tuple[list[int], list[int]]]) -> Iterator[tuple[Place, Place, int]]:
    """Yield (first place, later place, length in tokens) of each match; a place is (index of file, index of token)."""
    first: dict[int, Place] = {}
    for number, (codes, lines) in enumerate(files):
        covered: dict[tuple[int, int], int] = {}
        marked = 0  # where the farthest run that was found ends
        for position, value in fingerprints(codes):
            known = first.setdefault(value, (number, position))
            if known == (number, position) or position + WINDOW + SPREAD <= marked:
                continue
            diagonal = (known[0], position - known[1])
            if covered.get(diagonal, -1) >= position:
                continue
            match = _grown(files, known, (number, position))
            if match is None:
                continue
            begin, length = match
            covered[diagonal] = begin + length - 1
            marked = max(marked, begin + length)
            if lines[begin + length - 1] - lines[begin] + 1 >= MIN_LINES:
                yield (known[0], begin - diagonal[1]), (number, begin), length


def _grown(files: Sequence[tuple[list[int], list[int]]], known: Place, here: Place) -> tuple[int, int] | None:
    """Return (index of the first token at *here*, length) of the match around both places; None where it is none."""
    ours, theirs = files[here[0]][0], files[known[0]][0]
    left, right = here[1], known[1]
    # Within one file a run must not be its own repetition.
    limit = left - right if here[0] == known[0] else len(theirs)
    if ours[left : left + WINDOW] != theirs[right : right + WINDOW] or limit < WINDOW:
        return None
    back = 0
    while back < min(left, right) and ours[left - back - 1] == theirs[right - back - 1]:
        back += 1
    ahead = WINDOW
    end = min(len(ours) - left, len(theirs) - right, limit - back)
    while ahead < end and ours[left + ahead] == theirs[right + ahead]:
        ahead += 1
    return left - back, min(back + ahead, limit)


def fingerprints(codes: Sequence[int]) -> Iterator[Place]:
    """Yield (position, hash) of each kept window, each position once."""
    queue: deque[Place] = deque()
    last = -1
    for position, value in enumerate(_rolling(codes)):
        while queue and queue[-1][1] >= value:
            queue.pop()
        queue.append((position, value))
        if queue[0][0] <= position - SPREAD:
            queue.popleft()
        if position >= SPREAD - 1 and queue[0][0] != last:
            last = queue[0][0]
            yield queue[0]


def _rolling(codes: Sequence[int]) -> Iterator[int]:
    if len(codes) < WINDOW:
        return
    top = pow(_BASE, WINDOW - 1, _MODULUS)
    value = 0
    for code in codes[:WINDOW]:
        value = (value * _BASE + code) % _MODULUS
    yield value
    for leaving, coming in zip(codes, codes[WINDOW:], strict=False):
        value = ((value - leaving * top) * _BASE + coming) % _MODULUS
        yield value
