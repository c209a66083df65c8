"""Suppressions, their rules and their reasons, by our own scan."""

import subprocess
from pathlib import Path

import pytest

from standfast.evidence.suppressions.find import suppressions_in
from standfast.evidence.suppressions.scan import scan

FOUND = [
    ("a.py", "import os  # noqa", ("ruff", [], "", False)),
    ("a.py", "import os  # noqa: F401, E501 -- kept for users", ("ruff", ["F401", "E501"], "kept for users", False)),
    ("a.py", "import os  # NOQA:F401  # kept for users", ("ruff", ["F401"], "kept for users", False)),
    ("a.py", "# ruff: noqa: F401", ("ruff", ["F401"], "", True)),
    ("a.py", "# flake8: noqa", ("ruff", [], "", True)),
    ("a.py", "x = 1  # type: ignore", ("type-checker", [], "", False)),
    ("a.py", "x = 1  # type: ignore[misc]  # stubs lag 3.2", ("type-checker", ["misc"], "stubs lag 3.2", False)),
    ("a.py", "x = 1  # pyright: ignore[reportX]", ("pyright", ["reportX"], "", False)),
    ("a.py", "# mypy: ignore-errors", ("mypy", ["ignore-errors"], "", True)),
    ("a.py", "x = 1  # nosec", ("bandit", [], "", False)),
    ("a.py", "x = 1  # nosec B608 the name is a constant", ("bandit", ["B608"], "the name is a constant", False)),
    ("a.py", "x = 1  # pragma: no cover", ("coverage", [], "", False)),
    ("a.py", "# the operating system never does this\nx = 1  # pragma: no cover", ("coverage", [], "", False)),
    ("a.py", "x = 1  # pylint: disable=too-many-lines", ("pylint", ["too-many-lines"], "", False)),
    ("a.py", "x = 1  # nosemgrep: own.rule", ("semgrep", ["own.rule"], "", False)),
    ("a.py", "x = 1  # NOSONAR", ("sonar", [], "", False)),
    ("a.ts", "// @ts-ignore", ("ts", [], "", False)),
    ("a.ts", "// @ts-expect-error the library has no types", ("ts", [], "the library has no types", False)),
    ("a.ts", "// @ts-nocheck", ("ts", [], "", True)),
    (
        "a.js",
        "// eslint-disable-next-line no-eval -- input is a constant",
        ("eslint", ["no-eval"], "input is a constant", False),
    ),
    ("a.js", "/* eslint-disable */", ("eslint", [], "", True)),
    ("a.js", "/* istanbul ignore next */", ("coverage", [], "", False)),
    (
        "a.go",
        "x() //nolint:errcheck // the error is logged there",
        ("golangci-lint", ["errcheck"], "the error is logged there", False),
    ),
    ("a.java", "x(); // NOSONAR", ("sonar", [], "", False)),
]


@pytest.mark.parametrize(("path", "text", "expected"), FOUND)
def test_suppression_is_found_with_rules_and_reason(path: str, text: str, expected: tuple[object, ...]) -> None:
    """Each form is found, with the rules that it names and the reason that it gives."""
    (row,) = suppressions_in(text.encode(), path)

    reason = "the operating system never does this" if text.startswith("# the") else expected[2]
    assert (row["tool"], row["rules"], row["reason"], row["whole_file"]) == (*expected[:2], reason, expected[3])


NOT_FOUND = [
    ("a.py", 's = "# noqa"'),
    ("a.py", '"""\n# type: ignore\n"""'),
    ("a.py", "# how to write a noqa comment"),
    ("a.py", "# see the type: ignored values"),
    ("a.js", "const s = '// eslint-disable';"),
    ("a.js", "const s = `\n// @ts-ignore\n`;"),
    ("a.ts", "// the flag ignore is set"),
]


@pytest.mark.parametrize(("path", "text"), NOT_FOUND)
def test_text_in_strings_and_prose_is_none(path: str, text: str) -> None:
    """What stands in a string, or speaks about a suppression, silences nothing."""
    assert suppressions_in(text.encode(), path) == []


def test_two_suppressions_on_a_line_are_two() -> None:
    """Two tools silenced on one line are two suppressions that share a reason."""
    rows = suppressions_in(b"f(x)  # type: ignore[misc]  # noqa: S608  # the name is a constant\n", "a.py")

    assert [(row["tool"], row["reason"]) for row in rows] == [
        ("type-checker", "the name is a constant"),
        ("ruff", "the name is a constant"),
    ]


def git(root: Path, *words: str) -> None:
    """Run git in *root*."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True)


def test_growth_is_counted_against_the_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the base commit did not have is new; a suppression that moves or is removed is not."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("x = 1  # noqa: E501\ny = 1  # nosec B608\n")
    (tmp_path / "gone.py").write_text("x = 1  # noqa: E501\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "one")
    (tmp_path / "a.py").write_text("\n\nx = 1  # noqa: E501\nz = 1  # noqa: F401\n")
    (tmp_path / "gone.py").unlink()

    found = scan(["a.py"], "HEAD")

    assert found["base_total"] == 3
    assert [row.get("added", False) for row in found["found"]] == [False, True]


def test_unknown_base_gives_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base commit that is not there gives no number to compare with."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("x = 1\n")

    assert scan(["a.py"], "f" * 40)["base_total"] is None
