"""When two reports by one tool cannot both be true."""

import msgspec
import pytest

from standfast.evidence.agreement import contradictions
from standfast.evidence.lint.schema import Lint
from standfast.evidence.secrets.schema import Secrets
from standfast.model import Examination, Finding, Items, Location


def lint(*paths: str, examined: int | None = 3, scope: str = "ruff") -> Lint:
    """Return a report with one finding in each of *paths*; a nameless one is about no file."""
    found = [Finding("unused", Location(path) if path else None, rule="F401") for path in paths]
    return msgspec.convert(
        {"examination": Examination("files", examined), "items": Items.of(found), "scope": scope}, Lint
    )


PAIRS: dict[str, tuple[Lint, Lint, tuple[str, ...]]] = {
    "the same": (lint("a.py"), lint("a.py"), ()),
    "other files": (lint("a.py"), lint("b.py"), ()),
    "another tool": (lint("a.py"), lint("a.py", "a.py", scope="pylint"), ()),
    "another number in one file": (
        lint("a.py"),
        lint("a.py", "a.py"),
        ("a.py: 1 findings in one report of ruff, 2 in another",),
    ),
    "none against some": (lint(), lint("a.py"), ("0 findings in 3 files in one report of ruff, 1 in another",)),
    "none over fewer files": (lint(examined=2), lint("a.py"), ()),
    "none over who knows how many": (lint(examined=None), lint("a.py", examined=None), ()),
    "findings about no file": (lint(""), lint("", ""), ("1 findings in 3 files in one report of ruff, 2 in another",)),
}


@pytest.mark.parametrize(("ours", "theirs", "said"), PAIRS.values(), ids=PAIRS)
def test_contradiction_is_said_in_numbers(ours: Lint, theirs: Lint, said: tuple[str, ...]) -> None:
    """Two reports by one tool over equally many files list equally many findings."""
    assert contradictions(ours, theirs) == said


def test_reports_of_two_kinds_do_not_contradict_each_other() -> None:
    """What different tools look for rightly differs."""
    assert contradictions(lint(scope=""), Secrets(examination=Examination("files", 3))) == ()
