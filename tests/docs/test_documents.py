"""Every code block of the documents runs and prints what the document shows."""

import re
from pathlib import Path

import pytest
from documents import SYBIL, greeter, with_a_server, without_skipped_python

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_KNOWN = {"python", "console", "toml", "text", "json", "yaml", "xml", "markdown", "gherkin", "mermaid", "diff"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_blocks_hold(page: Path, tmp_path: Path) -> None:
    """What a page tells the reader to run does what the page says."""
    text = without_skipped_python(page.read_text())
    copy = tmp_path / page.name
    copy.write_text(text)
    document = SYBIL.parse(copy)
    document.namespace["folder"] = greeter(tmp_path / "greeter")
    if "postgresql://" in text:
        document.namespace["environment"] = with_a_server()

    for example in document.examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_blocks_name_their_language(page: Path) -> None:
    """Each fenced block says what it is; `sh` is written as a console block, so that it is run."""
    languages = re.findall(r"^```([a-z]*)\n.*?^```$", page.read_text(), flags=re.DOTALL | re.MULTILINE)

    assert not [language for language in languages if language not in _KNOWN]
