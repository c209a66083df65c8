"""Conclude the facts about a repository from what was counted and read; pure."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from standfast.evidence.documents.readers import markdown
from standfast.evidence.repository import layout
from standfast.evidence.repository.manifests import manifests
from standfast.evidence.repository.scan import CountedFile, Scan
from standfast.evidence.repository.schema import LanguageCount, Readme, Repository
from standfast.evidence.wording.places import is_test
from standfast.model import EvidenceError, Examination, Finding, Items, Location

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|<|\{\{|\{%")
_FRAGMENT = re.compile(r"(?:^|/)(?:changelog\.d|newsfragments|changes\.d|\.changeset|changelogs/unreleased)/[^/]+\Z")
_DIRECTIVES = r"\.\. (?:code|code-block|sourcecode|parsed-literal|prompt)::"
_LITERAL = re.compile(rf"^(?:{_DIRECTIVES}|(?!\.\. )\S.*::[ ]*$)", re.MULTILINE)
_UNDERLINED = re.compile(r"^(\S[^\n]{0,200})\n([=~^\"'`#*+.:_-])\2{2,}+[ \t]*+$", re.MULTILINE)
_PROSE = (".md", ".markdown")
_REFERENCE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+\Z")
_FILE_ENDING = re.compile(r"\.(?:md|markdown|rst|txt|html?|pdf|png|svg|jpe?g|gif|ya?ml|json|toml|cfg|ini|py|sh)\Z")


def repository_facts(scan: Scan) -> Repository:
    """Return what *scan* says about the repository."""
    paths = tuple(file.path for file in scan.counted)
    texts = {file.path: file.text for file in scan.texts if not file.error}
    references = _reference_folders(texts)
    links = tuple(one for one in _links(texts) if not _is_reference(*one, references))
    broken = tuple(_broken(links, paths))
    errors = [*_unreadable(scan)]
    return Repository(
        examination=Examination(
            unit="files", examined=len(paths) - len(errors), errors=len(errors), notes=tuple(errors[:5])
        ),
        items=Items.of(broken),
        file_count=len(paths),
        line_count=sum(file.lines for file in scan.counted),
        link_count=len(links),
        languages=_languages(scan.counted),
        readme=_readme(layout.top_file(paths, "readme"), texts),
        changelog=layout.top_file(paths, "changelog", "changes", "history", "news", "releases"),
        changelog_fragments=sum(1 for path in paths if _FRAGMENT.search(path)),
        licence=layout.top_file(paths, "license", "licence", "copying", "unlicense"),
        security_policy=layout.top_file(paths, "security"),
        contributing=layout.top_file(paths, "contributing"),
        code_owners=layout.top_file(paths, "codeowners"),
        manifests=tuple(manifests(paths, texts)),
        pipelines=layout.pipelines(paths),
        runbooks=layout.runbooks(paths),
        decisions=layout.decisions(paths),
        api_descriptions=layout.api_descriptions(paths),
        alert_rule_files=layout.alert_rule_files(paths),
        image_files=layout.image_files(paths),
        infrastructure_files=layout.infrastructure_files(paths),
        load_tests=layout.load_tests(paths),
        test_levels=_test_levels(paths),
    )


def _unreadable(scan: Scan) -> Iterator[str]:
    yield from (f"{file.path} {file.error}" for file in scan.counted if file.error)
    yield from (f"{file.path} {file.error}" for file in scan.texts if file.error)


def _languages(files: Iterable[CountedFile]) -> tuple[LanguageCount, ...]:
    counts: dict[str, list[int]] = {}
    for file in files:
        language = None if file.binary else layout.language_of(file.path)
        if language is not None:
            count = counts.setdefault(language, [0, 0, 0])
            count[0] += 1
            count[1] += is_test(file.path)
            count[2] += file.lines
    return tuple(LanguageCount(name, *counts[name]) for name in sorted(counts))


def _readme(path: str, texts: Mapping[str, str]) -> Readme | None:
    if not path:
        return None
    text = texts.get(path, "")
    parts = markdown.blocks(_hashed(text) if path.endswith(".rst") else text)
    filled = (section.title.casefold() for section in markdown.sections(parts) if section.filled)
    return Readme(
        path,
        words=markdown.count_words(text),
        sections=tuple(filled),
        code_blocks=_code_blocks(path, text),
        filler=markdown.is_filler(text),
    )


def _hashed(text: str) -> str:
    """Return reStructuredText with its underlined titles written as Markdown's; the first underline ranks highest."""
    ranks: dict[str, int] = {}

    def title(found: re.Match[str]) -> str:
        rank = ranks.setdefault(found[2], min(len(ranks) + 1, 6))
        return f"{'#' * rank} {found[1]}\n"

    return _UNDERLINED.sub(title, text)


def _code_blocks(path: str, text: str) -> int:
    if path.endswith(".rst"):
        return len(_LITERAL.findall(text))
    return len(re.findall(r"^\s{0,3}(?:```|~~~)", text, re.MULTILINE)) // 2


def _links(texts: Mapping[str, str]) -> Iterator[tuple[Location, str]]:
    for path, text in texts.items():
        if path.endswith(_PROSE) and layout.is_ours(path):
            for line, target in markdown.located_links(text):
                if not _SCHEME.match(target):
                    yield Location(path, line), target


def _reference_folders(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the folders, each with ``/``, whose Sphinx reads Markdown with MyST."""
    return tuple(
        path.removesuffix("conf.py") for path, text in texts.items() if path.endswith("/conf.py") and "myst" in text
    )


def _is_reference(location: Location, target: str, folders: tuple[str, ...]) -> bool:
    """Return whether MyST looks *target* up among the names that Sphinx knows, as it does with ``package.function``."""
    named = _REFERENCE.match(target) is not None and _FILE_ENDING.search(target) is None
    return named and bool(folders) and location.path.startswith(folders)


def _broken(links: Iterable[tuple[Location, str]], paths: Iterable[str]) -> Iterator[Finding]:
    there = set(paths)
    folders = {"/".join(parts[:end]) for path in there for parts in (path.split("/"),) for end in range(len(parts))}
    for location, target in links:
        resolved = resolve(location.path, target)
        if resolved is None or (resolved not in there and resolved not in folders):
            yield Finding(f"the link to {target} leads nowhere", location, rule="broken-link")


def resolve(path: str, target: str) -> str | None:
    """Return the path that a link in the file at *path* leads to; None where it leaves the repository."""
    plain = unquote(target.partition("#")[0].partition("?")[0])
    start = "" if plain.startswith("/") else posixpath.dirname(path)
    found = posixpath.normpath(posixpath.join(start, plain.lstrip("/"))) if plain else path
    if found == "..":
        return None
    return None if found.startswith("../") else "" if found == "." else found


def _test_levels(paths: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for path in paths:
        level = layout.test_level(path) if is_test(path) and layout.language_of(path) else None
        if level is not None:
            counts[level] = counts.get(level, 0) + 1
    return dict(sorted(counts.items()))


def confirm_scan(scan: Scan, asked: tuple[str, ...]) -> None:
    """Make sure that *scan* is about the files that were asked for.

    Raises:
        EvidenceError: It is about other files.
    """
    if tuple(file.path for file in scan.counted) != asked:
        raise EvidenceError("scan-incomplete", f"{len(scan.counted)} files were counted, {len(asked)} were asked for")
