"""No source text makes our own scans fail in another way than by counting an error."""

import ast
import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standfast.evidence.duplication.clones import MIN_LINES, SPREAD, WINDOW, find_clones
from standfast.evidence.duplication.tokens import tokens_of
from standfast.evidence.source.bodies import Printed, bodies
from standfast.evidence.source.printed import decode_printed
from standfast.evidence.source.python_sources import SCANNERS
from standfast.evidence.source.scanning import scan
from standfast.evidence.suppressions.find import suppressions_in
from standfast.evidence.tool_configuration.weaker import weakenings
from standfast.model import EvidenceError, canonical_json

SOURCES = [path.read_bytes() for path in sorted(Path(ast.__file__).parent.glob("[a-c]*.py"))[:12]]
PIECES = st.sampled_from(
    [
        *("def ", "class ", "(", ")", ":", "\n", "\n    ", "#", "noqa", "'", '"', '"' * 3, "`", "/*", "*/", "//"),
        *("except", "try", "if ", "x", "=", "raise ", "Exception", "type: ignore", "[", "]", "\\", "\x00", "\ufeff"),
        *("é", "async ", "match a:", "import requests\n", "requests.get(", "**k", "lambda ", "@", "Args:\n    x: y"),
    ]
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path) -> Iterator[None]:
    """Work in a folder of its own."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield
    os.chdir(before)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return Python source that was cut and had pieces put in."""
    data = draw(st.sampled_from(SOURCES))
    start = draw(st.integers(0, max(0, len(data) - 2000)))
    text = bytearray(data[start : start + draw(st.integers(0, 2000))])
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text[at:at] = draw(PIECES).encode()
    return bytes(text)


ANY_SOURCE = st.one_of(st.binary(max_size=200), damaged(), st.lists(PIECES, max_size=40).map("".join).map(str.encode))
FUNCTION_SCOPED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@given(ANY_SOURCE)
@FUNCTION_SCOPED
def test_scan_examines_or_counts_an_error(data: bytes) -> None:
    """A file is examined by every scanner, or is an error; what is printed can be read again."""
    Path("a.py").write_bytes(data)

    printed = scan(SCANNERS, ["a.py"])

    broken = {error["path"] for error in printed["errors"]}
    assert all(len(rows) == 1 for rows in printed["found"].values()) or broken == {"a.py"}
    for body in bodies(decode_printed(json.dumps(printed).encode(), Printed, "of sources"), 1):
        canonical_json(body)
        assert body.examination.errors == len(broken)


@given(ANY_SOURCE)
@FUNCTION_SCOPED
def test_scanners_hold_for_what_parses(data: bytes) -> None:
    """No scanner fails on source that Python can parse."""
    Path("a.py").write_bytes(data)
    try:
        ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return

    assert scan(SCANNERS, ["a.py"])["errors"] == []


@given(ANY_SOURCE, st.sampled_from(["a.py", "a.ts", "a.go"]))
@FUNCTION_SCOPED
def test_suppressions_are_found_or_refused(data: bytes, path: str) -> None:
    """Any bytes give suppressions on lines that exist, or one of the errors that the scan counts."""
    try:
        rows = suppressions_in(data, path)
    except (SyntaxError, ValueError):
        return

    assert all(1 <= row["line"] <= data.count(b"\n") + data.count(b"\r") + data.count(b"\x0c") + 1 for row in rows)


@given(st.binary(max_size=2000))
@settings(max_examples=150, deadline=None)
def test_printed_garbage_is_refused(data: bytes) -> None:
    """What no scan prints is refused with our own error."""
    with contextlib.suppress(EvidenceError):
        bodies(decode_printed(data, Printed, "of sources"), 1)


@given(st.lists(st.integers(1, 400), max_size=60), st.data())
@settings(max_examples=100, deadline=None)
def test_long_enough_copy_is_always_found(around: list[int], data: st.DataObject) -> None:
    """A run of tokens of the guaranteed length that stands in two files is found, whatever is around it.

    Found at least as far as a window goes: where the run repeats itself it may be matched a little shifted.
    """
    length = WINDOW + SPREAD - 1
    copied = data.draw(st.lists(st.integers(1, 5), min_size=length, max_size=length + 40))
    at = data.draw(st.integers(0, len(around)))
    first = [*around[:at], *copied]
    second = [*copied, *around[at:]]

    found = list(find_clones([(first, list(range(len(first)))), (second, list(range(len(second))))]))

    covered = {index for _, (number, begin), size in found if number == 1 for index in range(begin, begin + size)}
    assert len(covered & set(range(len(copied)))) >= WINDOW or any(
        first_place[0] == second_place[0] for first_place, second_place, _ in found
    )
    assert all(size >= WINDOW and size >= MIN_LINES for _, _, size in found)


@given(st.text(max_size=300), st.sampled_from(["a.py", "a.js"]))
@settings(max_examples=150, deadline=None)
def test_tokens_cover_the_text_in_order(text: str, path: str) -> None:
    """Tokens come in order of lines, each on a line that exists."""
    numbers: dict[str, int] = {}

    codes, lines = tokens_of(text, path, numbers)

    assert len(codes) == len(lines)
    assert lines == sorted(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)


CONFIGURATION = st.one_of(
    st.binary(max_size=120),
    st.sampled_from(
        [b"[tool.ruff]\nselect = ['E']", b"[mypy]\nstrict = true", b'{"strict": ["a"]}', b"[tool.mypy]\noverrides = 3"]
    ),
)


@given(
    CONFIGURATION,
    CONFIGURATION,
    st.sampled_from(["pyproject.toml", "mypy.ini", "setup.cfg", "tsconfig.json", "ruff.toml", ".coveragerc"]),
)
@settings(max_examples=300, deadline=None)
def test_any_two_configurations_can_be_compared(before: bytes, after: bytes, path: str) -> None:
    """Any bytes are compared without an error, and a file is never weaker than itself."""
    weakenings(path, before, after)

    assert weakenings(path, before, before) == ()
