"""Duplicated code, by our own scan."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from standfast.evidence.duplication.clones import MIN_LINES, SPREAD, WINDOW, find_clones
from standfast.evidence.duplication.scan import scan
from standfast.evidence.duplication.tokens import tokens_of

BLOCK = "\n".join(f"    total_{n} = rate_{n} * amount_{n} + fee_{n}  # note {n}" for n in range(20))


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Path]:
    """Return an empty working directory that is the current one."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


def test_copied_block_is_found_once(inside: Path) -> None:
    """A block that stands in two files is one clone, with what is equal around it, counted in the later file only."""
    (inside / "a.py").write_text(f"def first():\n{BLOCK}\n    return 1\n")
    (inside / "b.py").write_text(f"import os\n\n\ndef second():\n{BLOCK}\n    return 2\n")

    found = scan(["a.py", "b.py"])

    assert (found["clones"], found["duplicated_lines"], found["code_lines"]) == (1, 22, 45)
    assert found["largest"][0] == {
        "first": "a.py",
        "first_line": 1,
        "second": "b.py",
        "second_line": 4,
        "lines": 22,
        "tokens": found["largest"][0]["tokens"],
    }


def test_changed_comments_and_blanks_do_not_hide_a_copy(inside: Path) -> None:
    """Comments and layout make no difference; other names do."""
    (inside / "a.py").write_text(BLOCK.replace("    ", ""))
    (inside / "b.py").write_text(BLOCK.replace("note", "other").replace("\n", "\n\n"))
    (inside / "c.py").write_text(BLOCK.replace("total", "sum"))

    assert scan(["a.py", "b.py"])["clones"] == 1
    assert scan(["a.py", "c.py"])["clones"] == 0


def test_unreadable_file_is_an_error(inside: Path) -> None:
    """A file that is missing, a link, or not UTF-8 is counted as an error."""
    (inside / "a.py").write_bytes(b"\xff\xfe")
    (inside / "b.py").symlink_to("a.py")

    found = scan(["a.py", "b.py", "c.py"])

    assert [error["path"] for error in found["errors"]] == ["a.py", "b.py", "c.py"]


TOKENS = [
    ("a.py", "x = 'a # b'  # c\ny", ["x", "=", "'a # b'", "y"], [1, 1, 1, 2]),
    ("a.py", '"""a\nb"""\nz', ['"""a\nb"""', "z"], [1, 3]),
    ("a.js", "a // b\n/* c\n*/ d", ["a", "d"], [1, 3]),
    ("a.js", "`a ${'b'}\n` + '//'", ["`a ${'b'}\n`", "+", "'//'"], [1, 2, 2]),
    ("a.py", '"""never closed\n\n', ['"""never closed\n\n'], [1]),
]


@pytest.mark.parametrize(("path", "text", "words", "lines"), TOKENS)
def test_text_is_cut_into_tokens(path: str, text: str, words: list[str], lines: list[int]) -> None:
    """Strings are one token each, comments and blanks none, and each token knows its line."""
    numbers: dict[str, int] = {}

    codes, found = tokens_of(text, path, numbers)

    names = {number: word for word, number in numbers.items()}
    assert ([names[code] for code in codes], found) == (words, lines)


def test_repetition_of_itself_is_no_clone_of_itself() -> None:
    """A long run of one token is not found to repeat itself at every offset."""
    codes = [1] * (WINDOW + SPREAD)

    assert list(find_clones([(codes, list(range(len(codes))))])) == []


def test_copy_shorter_than_the_smallest_number_of_lines_is_none() -> None:
    """Many tokens on few lines are no clone."""
    codes = list(range(WINDOW + SPREAD))

    assert list(find_clones([(codes, [1] * len(codes)), (codes, [MIN_LINES - 1] * len(codes))])) == []


class Counting(list[int]):
    """A list that counts how often it is looked at."""

    looks = 0

    def __getitem__(self, index: Any) -> Any:
        """Return what the list has there."""
        self.looks += 1
        return super().__getitem__(index)


REPETITIVE = {
    "one token": [1] * 80_000,
    "one row": [*range(40)] * 2_000,
    "rows that end in another way": [code for row in range(2_000) for code in (*range(40), 100 + row)],
}


@pytest.mark.parametrize("codes", REPETITIVE.values(), ids=REPETITIVE)
def test_endless_rows_are_found_in_bounded_time(codes: list[int]) -> None:
    """Data written as code repeats itself everywhere; the time grows with its length and not with its square."""
    lines, one_line = [number // 10 for number in range(len(codes))], [1] * len(codes)
    compared, again = Counting(codes), Counting(codes)

    matches = list(find_clones([(compared, lines), (compared, lines)]))
    few = list(find_clones([(again, one_line), (again, one_line)]))

    marked = {line for _, (file, begin), length in matches if file == 1 for line in lines[begin : begin + length]}
    assert (marked, few) == (set(lines), [])
    assert max(compared.looks, again.looks) < 40 * len(codes)
