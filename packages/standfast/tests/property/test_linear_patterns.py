"""Patterns that took the square of a hostile text: they do no longer, and say what they said of every other text."""

import configparser
import re
import tomllib
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import msgspec
import pytest
from hostile_growth import MOST_RATIO, STEP, Growth, cost_s, steep
from hypothesis import given
from hypothesis import strategies as st

from standfast.evidence.alert_rules.routing import matches
from standfast.evidence.complexity.importers import lizard
from standfast.evidence.formats.toml import MOST_PARTS, toml_of
from standfast.evidence.runs.tool_tables import ini
from standfast.evidence.test_results.importers import tap
from standfast.model import EvidenceError

Said = Callable[[re.Pattern[str], str], object]


def searched(pattern: re.Pattern[str], text: str) -> object:
    """Return whether the pattern is anywhere in *text*."""
    return pattern.search(text) is not None


def found(pattern: re.Pattern[str], text: str) -> object:
    """Return all that the pattern finds in *text*."""
    return pattern.findall(text)


def began(pattern: re.Pattern[str], text: str) -> object:
    """Return what the pattern takes of the begin of *text*, by name, and where it ends."""
    match = pattern.match(text)
    return match and (match.groupdict(), match.group())


def first(pattern: re.Pattern[str], text: str) -> object:
    """Return the first that the pattern finds in *text*."""
    match = pattern.search(text)
    return match and match.group()


class Mended(msgspec.Struct, frozen=True):
    """A pattern as it was (``before``), where it stands now, how it is asked, and what made it slow."""

    module: str
    name: str
    before: str
    said: Said
    hostile: tuple[str, str, str]
    flags: int = 0
    words: tuple[str, ...] = ()

    @property
    def old(self) -> re.Pattern[str]:
        """The pattern as it was."""
        return re.compile(self.before, self.flags)

    @property
    def now(self) -> re.Pattern[str]:
        """The pattern as it is."""
        pattern: re.Pattern[str] = getattr(import_module(f"standfast.{self.module}"), self.name)
        return pattern

    def growing(self) -> Growth:
        """Return the text that made it slow, by its size."""
        begin, unit, end = self.hostile
        return Growth(f"{self.module} {self.name}", lambda size: (begin + unit * (size // len(unit)) + end).encode())


LINES = ("", "\n", "x")
PINNED = r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*={2,3}\s*(?P<version>[^\s;,\\*]+)\s*(?:$|[;\\\s])"
LABEL = r"\s*,?\s*(?P<name>[A-Za-z_]\w*)\s*=\s*\"(?P<value>(?:[^\"\\]|\\.)*)\"\s*,?\s*"
RULES = "evidence.alert_rules.importers.prometheus_rules"
MENDED = (
    Mended(RULES, "_GROUPS", r"^\s*groups\s*:", searched, LINES, re.MULTILINE, ("groups", ":")),
    Mended(
        *(RULES, "_RULES", r"^\s*(?:-\s+)?(?:rules|alert|record)\s*:", searched, LINES, re.MULTILINE),
        ("rules", "alert", "record", ":", "-"),
    ),
    Mended(
        *("evidence.attestations.importers.attestation_toml", "_TABLE", r"^\s*\[attestation\]\s*(?:#.*)?$", searched),
        *(LINES, re.MULTILINE, ("[attestation]", "#")),
    ),
    Mended(
        *("evidence.documents.readers.criteria", "_SCENARIO"),
        r"^\s*(?:Scenario(?: Outline)?|Example):\s*(.*)$",
        said=found,
        hostile=LINES,
        flags=re.MULTILINE,
        words=("Scenario:", "Scenario Outline:", "Example:", "When"),
    ),
    Mended(
        *("evidence.licences.expression", "_TOKEN", r"\s*(\(|\)|[^\s()]+)", found, ("MIT", " ", "")),
        *(0, ("MIT", "AND", "(", ")", "GPL-2.0+")),
    ),
    Mended(
        *("evidence.locked_packages.readers.python", "_PINNED", PINNED, began, ("a", " ", "x")),
        *(0, ("a-b", "[c]", "==", "===", "=", "1.0", "*", ";", ",", "\\", "[", "--hash")),
    ),
    Mended(
        *("evidence.metrics.importers.prometheus_text", "_LABEL", LABEL, began, ("", " ", "1")),
        *(0, ("route", "=", '"', "\\", '"/a"', ",", "1")),
    ),
    Mended(
        *("evidence.repository.manifests", "_INSTALL_REQUIRES"),
        r"^\s*(?:[\"']?install_requires|setup_requires)\b",
        said=searched,
        hostile=LINES,
        flags=re.MULTILINE,
        words=("install_requires", "setup_requires", '"', "'", "="),
    ),
    Mended(
        *("evidence.repository.manifests", "_GO_REQUIRE", r"^\s*require\b", searched, LINES, re.MULTILINE),
        ("require", "requires", "("),
    ),
    Mended(
        *("app.repository.manifests", "_GO", r"^\s*(?:require\s+)?([\w.-]+\.[a-z]+/\S+)\s+v", found, LINES),
        *(re.MULTILINE, ("require", "a.org/b", "v1", "(", ".")),
    ),
    Mended(
        *("evidence.workloads.commands", "_HANDS_OVER", r"^\s*exec\s+[^\s<>0-9&]", searched, LINES, re.MULTILINE),
        ("exec", "run", "2", ">", "&"),
    ),
    Mended(
        *("evidence.workloads.commands", "_TRAPS", r"^\s*trap\s+.*\b(?:SIG)?TERM\b", searched),
        *(("trap", " ", ""), re.MULTILINE, ("trap", "stop", "TERM", "SIGTERM", "'")),
    ),
    Mended(
        *("app.collecting.runner", "_VERSION", r"\d+(?:\.\d+)+[0-9A-Za-z.+-]*", first, ("", "1", "")),
        *(0, ("1", ".", "12", "rc1", "-", "v")),
    ),
)
SEEN_S = 0.004
ATTEMPTS = 4
"""Whoever else works on the machine makes a cost larger and never smaller, so one clear ratio is enough."""

SPACES = (" ", "  ", "\n", "\t", "\r\n", "", "")


def said_of(one: Mended, pattern: re.Pattern[str], data: bytes) -> object:
    """Return what *pattern* says of *data*, asked as it is in the code."""
    return one.said(pattern, data.decode())


def _ratio(read: Callable[[bytes], object], growing: Growth, size: int) -> float:
    """Return how much more it costs to read `STEP` times as much."""
    return cost_s(read, growing.make(size * STEP)) / min(cost_s(read, growing.make(size)) for _ in range(5))


@pytest.mark.parametrize("one", MENDED, ids=lambda one: one.name)
def test_pattern_takes_as_long_as_its_text(one: Mended) -> None:
    """What took the square of a text takes a multiple of it."""
    growing = one.growing()
    size = 512
    before = partial(said_of, one, one.old)
    while min(cost_s(before, growing.make(size)) for _ in range(3)) < SEEN_S:
        size *= 2
    assert any(_ratio(before, growing, size) > MOST_RATIO for _ in range(ATTEMPTS))
    assert steep(partial(said_of, one, one.now), growing, 256, 131_072) is None


@pytest.mark.parametrize("one", MENDED, ids=lambda one: one.name)
@given(data=st.data())
def test_mended_pattern_says_what_it_said(one: Mended, data: st.DataObject) -> None:
    """Of a text made of its own words and any space, the pattern says what it said before it was mended."""
    parts = st.lists(st.one_of(st.sampled_from(one.words), st.sampled_from(SPACES), st.text(max_size=2)), max_size=12)
    text = "".join(data.draw(parts))

    assert one.said(one.now, text) == one.said(one.old, text)


DIRECTIVE = re.compile(r"(?P<name>.*?)\s*(?<!\\)#\s*(?P<word>skip\w*|todo)\b\s*(?P<reason>.*)", re.IGNORECASE)
PIECES = st.lists(
    st.sampled_from(("#", " # ", "\\#", "skip", "SKIPPED", "todo", "todos", "a", " ", "  ", "why", "-")), max_size=10
)


@given(PIECES)
def test_directive_of_tap_is_where_it_was(pieces: list[str]) -> None:
    """A test is skipped with the reason, and under the name, that the expression gave which took the square."""
    line = "ok 1 x" + "".join(pieces)
    match = DIRECTIVE.fullmatch(line.removeprefix("ok 1 "))
    skipped = match and match["word"].casefold().startswith("skip")

    body: Any = tap.read(f"TAP version 14\n1..1\n{line}\n".encode()).body

    assert body.skipped == bool(skipped)
    if match and skipped:
        assert body.skips.listed[0].message.startswith(match["name"].strip())


def test_points_of_tap_take_as_long_as_their_text() -> None:
    """A name with many spaces costs as much as it is long."""
    growing = Growth("spaces", lambda size: b"TAP version 14\n1..1\nok 1 a" + b" " * size + b"x\n")

    assert steep(tap.read, growing, 2048, 131_072) is None


MATCHER = re.compile(r"\s*([A-Za-z_]\w*)\s*(=~|!~|!=|=)\s*\"?(.*?)\"?\s*\Z")


@given(
    st.lists(st.sampled_from(("a", " ", "=", "=~", "!=", "!~", '"', "b", "b|c", "(", ")", "\n", "~")), max_size=9),
    st.sampled_from(("", "b", "c", "a", " ")),
)
def test_matcher_of_a_route_says_what_it_said(pieces: list[str], value: str) -> None:
    """A matcher is met by the labels that met it by the expression which took the square."""
    text = "".join(pieces)
    read = MATCHER.match(text)

    met = matches(text, {"a": value})

    if read is None:
        assert not met
    elif read[2] == "=":
        assert met is ((value if read[1] == "a" else "") == read[3])


def test_matchers_take_as_long_as_their_text() -> None:
    """A matcher with many spaces costs as much as it is long."""
    growing = Growth("spaces", lambda size: b"a=b" + b" " * size + b"x")

    assert steep(lambda data: matches(data.decode(), {"a": "b"}), growing, 2048, 131_072) is None


AT = re.compile(r"(?P<name>.*?)(?:\(\.\.\.\))? at (?P<path>.+):(?P<line>\d{1,9})", re.DOTALL)


def placed(item: str) -> tuple[str, str, int] | None:
    """Return where a function of Lizard is; None where that is refused."""
    try:
        return lizard.place_of(item)
    except EvidenceError:
        return None


@given(st.lists(st.sampled_from((" at ", "at", "(...)", "f", "a.py", ":", ":3", "12", " ", "::")), max_size=9))
def test_place_of_a_function_is_where_it_was(pieces: list[str]) -> None:
    """Lizard's functions keep their names, files and lines; one without a place is still refused."""
    item = "".join(pieces)
    match = AT.fullmatch(item)

    assert placed(item) == (match and (match["name"], match["path"], int(match["line"])))


def test_places_of_functions_take_as_long_as_their_text() -> None:
    """A name with many places costs as much as it is long."""
    growing = Growth("at", lambda size: b" at " * (size // 4))

    assert steep(lambda data: placed(data.decode()), growing, 2048, 131_072) is None


TOML_KEYS = {
    "bare": ("", "a.", "a = 1"),
    "quoted": ("", '"a b".', "a = 1"),
    "in a table": ("[", "'a'.", "a]"),
    "spaced": ("x = { ", "a . ", "a = 1 }"),
}


@pytest.mark.parametrize("parts", TOML_KEYS.values(), ids=TOML_KEYS)
def test_toml_key_of_very_many_parts_is_refused(parts: tuple[str, str, str]) -> None:
    """The library takes the square of the parts of a key: 64 of them are read, more are not TOML to us."""
    begin, part, end = parts

    assert toml_of(begin + part * (MOST_PARTS - 1) + end)
    with pytest.raises(tomllib.TOMLDecodeError, match="more than 64 parts"):
        toml_of("\n" + begin + part * 100_000 + end)


@given(st.lists(st.sampled_from(("a", ".", " = ", "1", '"', "'", "\n", "[", "]", "b-c", " ")), max_size=30))
def test_other_toml_is_what_the_library_reads(pieces: list[str]) -> None:
    """What has only short keys is read, or refused, as the library does."""
    text = "".join(pieces)
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError as refused:
        with pytest.raises(tomllib.TOMLDecodeError, match=re.escape(str(refused))):
            toml_of(text)
    else:
        assert toml_of(text) == expected


def test_ini_line_that_continues_nothing_is_no_ini() -> None:
    """A file with a key without a value that a line continues holds no tables; reading it does not fail."""
    assert ini(b"[flake8]\n- a\n  b\n") == {}


def test_ini_with_many_blanks_takes_as_long_as_its_text() -> None:
    """A long run of tabs in a line of ``setup.cfg`` costs as much as it is long."""
    growing = Growth("tabs", lambda size: b"[flake8]\nmax" + b"\t" * size + b"x\n")

    assert steep(ini, growing, 2048, 131_072) is None


@given(st.lists(st.sampled_from(("[a]", "\n", "\n", " ", "\t", "\r", "=", ":", "b", "c d", "#", ";")), max_size=24))
def test_ini_is_what_the_library_reads(pieces: list[str]) -> None:
    """What the library reads of an INI file is read, key by key; what it refuses holds no tables."""
    text = "[s]\n" + "".join(pieces)
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
        expected = {name: {key: value or "" for key, value in parser.items(name)} for name in parser.sections()}
    except (configparser.Error, AttributeError):
        expected = {}

    assert ini(text.encode()) == expected
