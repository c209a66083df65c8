"""A README in reStructuredText has sections as one in Markdown has."""

import pytest

from standfast.evidence.repository.facts import repository_facts
from standfast.evidence.repository.scan import CountedFile, Scan
from standfast.evidence.runs.texts import TextFile

PROSE = "It takes orders and keeps them safely until somebody has sent every one of them to its customer."
README = f"Shop\n====\n\n{PROSE}\n\nHello, world\n------------\n\n{PROSE}\n\nEmpty\n-----\n"


@pytest.mark.parametrize(("path", "sections"), [("README.rst", ("shop", "hello, world")), ("README.txt", ())])
def test_underlined_titles_are_sections(path: str, sections: tuple[str, ...]) -> None:
    """The filled sections of a README in reStructuredText are those under its underlined titles."""
    scan = Scan(counted=(CountedFile(path, lines=9),), texts=(TextFile(path, text=README),))

    readme = repository_facts(scan).readme

    assert readme is not None
    assert readme.sections == sections
