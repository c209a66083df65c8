"""What a repository holds: the inventory that every examination is compared with, and the files people look for."""

from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class LanguageCount(msgspec.Struct, frozen=True):
    """How many files of one language there are, how many of them are tests, and their lines together."""

    language: str
    files: int
    tests: int
    lines: int


class Readme(msgspec.Struct, frozen=True, omit_defaults=True):
    """The README at the top: the titles of its filled sections in lower case, its words and code blocks."""

    path: str
    words: int
    sections: tuple[str, ...] = ()
    code_blocks: int = 0
    filler: bool = False


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that can declare dependencies, and the file that locks them; empty where none does.

    ``declares`` is false where it was read and declares none. ``proven`` is false where the lock pins what it names
    and nothing shows that it names everything: a list without hashes that no resolver says it has written.
    """

    path: str
    ecosystem: str
    lock: str = ""
    declares: bool = True
    proven: bool = True


class Repository(Evidence, frozen=True, kw_only=True):
    """What is tracked. Paths are relative POSIX paths; an empty one means that there is no such file.

    ``items`` are local links of Markdown files that lead nowhere. ``link_count`` counts local links.
    ``test_levels`` gives the number of test files below a folder of that name.
    """

    KIND: ClassVar[str] = "repository"
    TITLE: ClassVar[str] = "Facts about the repository"
    UNITS: ClassVar[dict[str, Unit]] = {
        "file_count": Unit.COUNT,
        "line_count": Unit.COUNT,
        "source_file_count": Unit.COUNT,
        "test_file_count": Unit.COUNT,
        "link_count": Unit.COUNT,
        "broken_link_count": Unit.COUNT,
    }

    file_count: int
    line_count: int
    link_count: int = 0
    languages: tuple[LanguageCount, ...] = ()
    readme: Readme | None = None
    changelog: str = ""
    changelog_fragments: int = 0
    licence: str = ""
    security_policy: str = ""
    contributing: str = ""
    code_owners: str = ""
    manifests: tuple[Manifest, ...] = ()
    pipelines: tuple[str, ...] = ()
    runbooks: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    api_descriptions: tuple[str, ...] = ()
    alert_rule_files: tuple[str, ...] = ()
    image_files: tuple[str, ...] = ()
    infrastructure_files: tuple[str, ...] = ()
    load_tests: tuple[str, ...] = ()
    test_levels: dict[str, int] = {}

    @property
    def source_file_count(self) -> int:
        """How many files are programs."""
        return sum(count.files for count in self.languages)

    @property
    def test_file_count(self) -> int:
        """How many of them are tests."""
        return sum(count.tests for count in self.languages)

    @property
    def broken_link_count(self) -> int:
        """How many local links lead nowhere."""
        return self.items.total

    def language(self, name: str) -> LanguageCount | None:
        """Return the count of one language, or None."""
        return next((count for count in self.languages if count.language == name), None)
