"""The page on failing closed names tests that exist, and every test file of the theme."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/fails-closed.md").read_text()
NAMED = re.findall(r"\[(test_\w+)\]\(\.\./\.\./([\w/]+\.py)\)", PAGE)


def test_every_row_is_held_by_a_test_that_is_there() -> None:
    """A renamed or deleted test leaves no row behind that nobody holds."""
    assert NAMED
    assert [(name, path) for name, path in NAMED if f"def {name}(" not in (ROOT / path).read_text()] == []


def test_every_file_of_the_theme_is_on_the_page() -> None:
    """What is held is told."""
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/e2e").glob("test_fails_closed_*.py")}

    assert files == {path for _, path in NAMED if path in files or path.startswith("tests/e2e/")}
