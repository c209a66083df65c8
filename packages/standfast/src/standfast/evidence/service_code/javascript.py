"""Find routes, servers and endings of a service in JavaScript and TypeScript by the shape of their text; pure."""

import re
from collections.abc import Iterable, Iterator

from standfast.evidence.runs.texts import TextFile
from standfast.evidence.service_code.schema import Server, ServiceCode, Sign
from standfast.evidence.service_code.table import ENDING_PACKAGES, HEALTH_PACKAGES, JAVASCRIPT_FRAMEWORKS
from standfast.model import Examination

SCOPE = "JavaScript"
_COMMENTS = re.compile(r"/\*.*?\*/|^[ \t]*//[^\n]*", re.DOTALL | re.MULTILINE)
_IMPORT = re.compile(r"""(?:\bfrom\s*|\brequire\(\s*|\bimport\(?\s*)(['"])(?P<name>[^'"\n]+)\1""")
_ROUTE = re.compile(
    r"""\.(?:get|post|put|patch|delete|head|options|all|use|route)\(\s*(['"`])(?P<path>/[^'"`\n]*)\1|"""
    r"""\b(?:url|path)\s*:\s*(['"`])(?P<keyed>/[^'"`\n]*)\3"""
)
_UNREAD = re.compile(r"\b(?:app|router|server|fastify|api)\.(?:get|post|all|route)\(\s*(?!['\"`/\s])")
_NEST = re.compile(r"""@(?P<kind>Controller|Get|Post|Put|Patch|Delete|All)\(\s*(?:(['"`])(?P<path>[^'"`\n]*)\2)?""")
_HEARS = re.compile(r"""\bprocess\s*\.\s*(?:on|once|addListener)\(\s*(?P<signal>['"`]SIGTERM['"`]|\w+)""")
_NEST_ENDS = re.compile(r"\benableShutdownHooks\(")
_LISTENS = re.compile(r"\.listen\(")


def service_code_of(files: Iterable[TextFile], *, expected: int | None) -> ServiceCode:
    """Return what *files* show; a file that could not be read is an error of the examination."""
    read = tuple(files)
    errors = [f"{file.path} {file.error}" for file in read if file.error]
    texts = {file.path: _COMMENTS.sub(_blank, file.text) for file in read if not file.error}
    imports = {path: {match["name"]: match.start() for match in _IMPORT.finditer(text)} for path, text in texts.items()}
    serving = any(JAVASCRIPT_FRAMEWORKS & found.keys() for found in imports.values())
    return ServiceCode(
        scope=SCOPE,
        examination=Examination(
            unit="files", examined=len(texts), errors=len(errors), expected=expected, notes=tuple(errors[:1])
        ),
        frameworks=tuple(_imported(texts, imports, JAVASCRIPT_FRAMEWORKS)),
        routes=tuple(sign for path, text in texts.items() for sign in _routes(path, text)) if serving else (),
        unread_routes=sum(len(_UNREAD.findall(text)) for text in texts.values()) if serving else 0,
        health_packages=tuple(_imported(texts, imports, HEALTH_PACKAGES)),
        endings=(*_imported(texts, imports, ENDING_PACKAGES), *_endings(texts)),
        servers=tuple(
            Server("listen", path, _line(text, match.start()), drains=False)
            for path, text in texts.items()
            if JAVASCRIPT_FRAMEWORKS & imports[path].keys()
            for match in _LISTENS.finditer(text)
        ),
    )


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _imported(texts: dict[str, str], imports: dict[str, dict[str, int]], wanted: frozenset[str]) -> Iterator[Sign]:
    for path, found in imports.items():
        for name in sorted(wanted & found.keys()):
            yield Sign(name, path, _line(texts[path], found[name]))


def _routes(path: str, text: str) -> Iterator[Sign]:
    for match in _ROUTE.finditer(text):
        yield Sign(match["path"] or match["keyed"], path, _line(text, match.start()))
    prefix = ""
    for match in _NEST.finditer(text):
        part = (match["path"] or "").strip("/")
        if match["kind"] == "Controller":
            prefix = part
        else:
            yield Sign("/" + "/".join(one for one in (prefix, part) if one), path, _line(text, match.start()))


def _endings(texts: dict[str, str]) -> Iterator[Sign]:
    for path, text in texts.items():
        for match in _HEARS.finditer(text):
            # A loop over several signals names it elsewhere in the file.
            if "SIGTERM" in match["signal"] or ("SIGTERM" in text and match["signal"].isidentifier()):
                yield Sign("SIGTERM handler", path, _line(text, match.start()))
        for match in _NEST_ENDS.finditer(text):
            yield Sign("enableShutdownHooks", path, _line(text, match.start()))
